"""Links that lead nowhere because of a slip: an address pasted without its scheme, or behind another one."""

from __future__ import annotations

import re

from scraper.address import SITE_HOSTS

_SITE = "|".join(map(re.escape, sorted(SITE_HOSTS)))
_SHORTEST = len("https://") + min(map(len, SITE_HOSTS)) - 1  # characters of an address of the site without its path
# A browser takes what has no scheme for a path below the page. WordPress has no such paths but those of files.
_BELOW_SITE = re.compile(
    rf"https?://(?:www\.)?(?:{_SITE})/(?!wp-|cdn-)(?:[^?#]*?/)??"
    r"(?P<address>(?:www\.[\w-]+(?:\.[\w-]+)+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|gov|edu))(?:[/?#].*)?"
    r"|(?P<mailbox>[\w.+-]+@[\w-]+(?:\.[\w-]+)+))",
    re.IGNORECASE,
)
_TWICE = re.compile(r"https?://(?P<scheme>https?):?//(?=[\w-]+\.)", re.IGNORECASE)


def mend_link(url: str) -> str:
    """Mend an absolute link in the text of a post; it stays as it is without a certain slip."""
    if "http" in url[7:12].lower() and (twice := _TWICE.match(url)):
        return f"{twice['scheme'].lower()}://{url[twice.end() :]}"
    below = _BELOW_SITE.fullmatch(url) if "." in url[_SHORTEST:] else None  # nearly all end without one
    if below is None:
        return url
    return f"mailto:{below['mailbox']}" if below["mailbox"] else f"http://{below['address']}"
