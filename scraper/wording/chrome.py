"""Lines of page furniture that stand as text among the editors' lines (site-atlas 2.9)."""

from __future__ import annotations

import re

from scraper.lines import Line
from scraper.wording.closing import read_closing
from scraper.wording.credit import read_credit
from scraper.wording.resources import read_resource_heading

_DASHES = r"\s*[-–—:!]*\s*"
_CHROME = re.compile(
    r"(?:Subscribe Below to Our News Service|Subscribe(?: (?:now|today|here))?|Pin It on Pinterest"
    r"|Share This(?: Post| Article)?"
    r"|Share(?: on)?(?: (?:Facebook|Twitter|X|LinkedIn|Pinterest|Email))*|(?:Facebook|Twitter|Pinterest|LinkedIn"
    r"|Tweet|Email|Print|Pin|Gmail)"
    rf"|GET CONNECTED{_DASHES}.*|Join the Resistance{_DASHES}(?:Your donation.*)?|Donate(?: (?:now|today|here"
    rf"|below))?|DONATE.{{0,60}}"
    r"|We welcome expressions,? support,? and collaboration from like-minded organizations"
    r"|US Renew News: Where Facts Make a Difference.*"
    r"|U\.?\s?S\.?\s?RESIST\s?NEWS(?:Keeping Democracy Alive|Making Democracy Great Again).*"
    r"|Keeping Democracy Alive|Making Democracy Great Again|(?:Keeping"
    r"|Making) Democracy [^:]{5,20}: A Mission We Take To Heart"
    r"|read more|Submit a Comment|Leave a (?:Comment|Reply)|\d+ Comments?|Related (?:Posts|Articles)"
    r"|Latest [\w &]+ Posts"
    r"|Click here to (?:subscribe|donate).{0,60}|Follow us on.{0,60}|Sign up for (?:our|the) (?:newsletter"
    r"|mailing list).{0,60}"
    r"|Skip to (?:main )?content|Home|About|Contact Us|Advertisement|Email Address"
    r"|Your email address will not be published\..*"
    r"|Screenshot \d{4} \d{2} \d{2} \d+ e\d+|[\w ]+ e1\d{12}|(?:Previous|Next) (?:Post|Article)|Search for:|Search)"
    r"[\s:!.…]*",
    re.IGNORECASE,
)
# These close the article on pages that came as bare text: what follows them is no brief any more.
_ENDS = re.compile(
    r"(?:Subscribe Below to Our News Service|Pin It on Pinterest|Share This|GET CONNECTED\b.*|Join the Resistance\b.*"
    r"|Leave a (?:Comment|Reply)|Submit a Comment|Related (?:Posts|Articles)|\d+ Comments?)[\s:!]*",
    re.IGNORECASE,
)
_RULE = re.compile(r"(?:[_\-–—=*~·•.]\s?){3,}")


def is_chrome(line: str) -> bool:
    """Whether the whole line is furniture: menus, share and sign-up words, rules of underscores."""
    return bool(_RULE.fullmatch(line) or (len(line) < 200 and _CHROME.fullmatch(line)))


def ends_article(line: str) -> bool:
    """Whether furniture begins here that usually stands below the article."""
    return bool(_ENDS.fullmatch(line))


def without_chrome(lines: list[Line]) -> list[Line]:
    """The lines that editors wrote; nothing after the closing furniture where no prose follows it."""
    kept: list[Line] = []
    for index, line in enumerate(lines):
        if ends_article(line.text) and kept and not any(_is_written(later) for later in lines[index:]):
            break
        if not is_chrome(line.text):
            kept.append(line)
    return kept


def _is_written(line: Line) -> bool:
    """Whether a line below closing furniture is the editors' after all, so that the furniture stood amid the text."""
    if is_chrome(line.text):
        return False
    return len(line.text) > 120 or bool(read_closing(line) or read_credit(line) or read_resource_heading(line))
