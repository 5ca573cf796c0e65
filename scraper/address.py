"""Which address is which post: one post, one path, whatever the host it was seen on."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qsl, quote, unquote_to_bytes, urlencode, urljoin, urlsplit

SITE_HOSTS = frozenset({"usresistnews.org", "usrenewnews.org"})  # without www.; the site was renamed twice
SAMPLE_HOST = "sample-briefs.example"  # of the sample site (demo/): RFC 2606 keeps it from ever being a real one
SITE_START = ("https://www.usresistnews.org/", "https://www.usrenewnews.org/")

_WAYBACK = re.compile(
    r"^(?:(?:https?:)?//[^/]+)?/(?:[\w.-]+/)*?(?:(?<=/web/)(\d{4,14})|(\d{14}))(?:[a-z]{2}_)?/(?=https?:/|//|www\.|mailto:)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:(?:url|uri|source|link|address|permalink|from)\s*[:=]\s*)?<?(https?://[^\s<>]+)>?", re.IGNORECASE
)
_PERMALINK = re.compile(r"^/(\d{4})/(\d{2})/(\d{2})/([^/?]+)/$")
# Other presentations of the same post; WordPress and its plugins append them to the permalink.
_PRESENTATION = re.compile(r"^(/\d{4}/\d{2}/\d{2}/[^/?]+/)(?:amp|print|comment-page-\d+)/$")
_INDEX = re.compile(r"^(?:/index\.php)+(?:/|$)|/index\.html?$")  # what servers and mirrors put for a folder
_HALF_PAIR = re.compile(r"[\ud800-\udfff]")
# Relative links of mirrors lead to files: index.html, index.html@p=12.html (wget), indexc3d4.html?p=12 (HTTrack).
_MIRRORED = re.compile(
    r"/index(?:[0-9a-f]{4}|-\d+)?\.html?(?:(?:\?|@|%3F)([\w-]+=[^#]*?)(?:\.html)?)?(?=#|$)", re.IGNORECASE
)
_SELECTING = ("p", "page_id", "attachment_id", "s", "paged", "cat", "author", "tag", "m", "feed", "rest_route")
_SAFE = "/~!$&'()*+,;=:@-._"


def strip_wayback(url: str) -> tuple[str, str | None]:
    """The original address and the capture's timestamp (4 to 14 digits), None where there is no prefix.

    Reads web.archive.org's and pywb's forms, absolute or site-relative, nested ones too.
    """
    stamp: str | None = None
    while match := _WAYBACK.match(url):
        stamp = match[1] or match[2]
        url = url[match.end() :]
        if url.startswith("//"):
            url = "https:" + url
        elif url.startswith("www."):
            url = "https://" + url
        url = re.sub(r"(?i)^(https?:)/(?=[^/])", r"\1//", url)  # some proxies fold the double slash
    return url, stamp


def absolute(url: str, base: str | None) -> str:
    """`url` as an absolute address free of any Wayback prefix."""
    original = strip_wayback(url.strip())[0]
    if is_web(original) and "/." not in original:
        return original  # nothing to join; most links of a page come so
    if not base:
        return original
    try:
        return _MIRRORED.sub(_as_on_site, strip_wayback(urljoin(base, original))[0])
    except ValueError:  # `http://[…` is no address; it stays as written
        return original


def _as_on_site(match: re.Match[str]) -> str:
    return "/" + (f"?{match[1]}" if match[1] else "")


def split_address(url: str) -> SplitResult:
    """`urlsplit`, where what is no address at all has no part but its path."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", quote(url, safe=_SAFE), "", "")


def host_of(url: str) -> str:
    """The host with its port where it is not the scheme's own, lower-case, without `www.`."""
    netloc = split_address(url).netloc.rpartition("@")[2].lower()
    return re.sub(r":(?:80|443)$", "", netloc).removeprefix("www.")


def is_loopback(host: str) -> bool:
    """Whether a host (as `host_of` gives it) is this machine: a mirror or test server here stands for the site."""
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    try:
        return name == "localhost" or ip_address(name.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:  # the name of some other machine, though it may begin with 127.
        return False


def is_ours(url: str, hosts: Collection[str]) -> bool:
    """Whether an address is of one of the hosts, of this machine, or of the sample site, which runs on this machine."""
    host = host_of(url)
    return host in hosts or host == SAMPLE_HOST or is_loopback(host)


def is_web(url: str) -> bool:
    """Whether the scheme is one the archive follows."""
    return url[:8].lower().startswith(("http://", "https://"))


@lru_cache(maxsize=8192)
def identity(url: str) -> str:
    """The path that names the post (docs/schema.md, `briefs.path`): no scheme, host, fragment or Wayback prefix.

    A query counts only where WordPress selects content by it: `/?p=N`, searches, paged feeds, REST.
    """
    if url.startswith("urn:"):
        return url  # a text without an address has been given this name
    parts = split_address(strip_wayback(_HALF_PAIR.sub("\ufffd", url))[0])
    raw = re.sub(rb"/{2,}", b"/", b"/" + unquote_to_bytes(parts.path))
    path = _INDEX.sub("/", quote(raw, safe=_SAFE).lower())
    if _WAYBACK.match(path):
        return identity(path)  # its prefix was percent-encoded
    if path.startswith("/wp-json/"):
        return path + (f"?{parts.query}" if parts.query else "")
    if not path.endswith("/") and "." not in path.rpartition("/")[2]:
        path += "/"
    if match := _PRESENTATION.match(path):
        path = match[1]
    if _PERMALINK.match(path):
        return path
    chosen = sorted((k, v) for k, v in parse_qsl(parts.query) if k in _SELECTING)
    return path + (f"?{urlencode(chosen)}" if chosen else "")


def permalink_date(path: str) -> str | None:
    """`YYYY-MM-DD` out of `/YYYY/MM/DD/slug/`, None for any other path."""
    match = _PERMALINK.match(path)
    return "-".join(match.groups()[:3]) if match else None


def address_line(line: str) -> str | None:
    """The address of a post that a line consists of, as people put it above a text; None for any other line."""
    named = _NAMED.fullmatch(line.strip())
    return named[1] if named and is_post(identity(named[1])) else None


def is_post(path: str) -> bool:
    """Whether the path has the shape of a post's: a dated permalink or `/?p=N`."""
    return bool(_PERMALINK.match(path) or re.fullmatch(r"/\?p=\d+", path))
