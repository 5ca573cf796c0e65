"""The text of a whole page, as Common Crawl keeps it: the post without the menu above it and the theme's lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.account import read_account_name
from pipelines.extraction.wording.byline import read_byline
from pipelines.extraction.wording.closing_line import read_closing
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.dateline import read_dateline
from pipelines.extraction.wording.head import is_kicker
from pipelines.extraction.wording.head_lines import have_same_words
from pipelines.extraction.wording.label import read_label
from pipelines.extraction.wording.resource_headings import read_resource_heading
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.dates import parse_visible_date

_MENU = 150  # lines that may stand above a post
_META = 4  # lines of the theme below the headline
_PROSE = 120  # characters
_SHORT_MONTH = re.compile(r"\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\.? \d")
_BY = re.compile(r"(?:(?:posted|written|published)\s+)?by\s", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:Table of )?Contents:?|In this (?:brief|article|post):?", re.IGNORECASE)
_POSTED = re.compile(r"Posted (?:on|by)\b|Published on\b")
_ACCOUNT = re.compile(r"\bby\s\S.*", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:\d+|no) comments?|leave a comment", re.IGNORECASE)
# What themes print below a post: comments, links to its neighbours, sidebars, who made the theme.
_END = re.compile(
    r"(?:Recent (?:Posts|Comments)|Post navigation|Submit a Comment|Leave a (?:Reply|Comment)(?: Cancel reply)?"
    r"|(?:\d+ )?Comments?|Related (?:Posts|Articles)|Designed (?:by|with) .*|(?:Proudly )?powered by .*"
    r"|Subscribe Below to Our News Service|(?-i:GET CONNECTED).*|Join the Resistance.*|Pin It on Pinterest|Share This"
    r"|(?:Previous|Next) (?:Post|Article)\b.*|[←«].*|.*[→»]|(?:Copyright )?©.*)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PagePost:
    """The lines of the post, the account that the theme names above them, and what was left out below."""

    lines: list[Line]
    account: str | None = None
    below: tuple[Line, ...] = ()


def cut_out_post(lines: list[Line], day: str | None) -> PagePost:
    """Cut the post out of the text of its page, which begins with the document's title: `HEADLINE - USRESIST NEWS`.

    Where the headline stands again the post begins, else at its label, kicker or byline. `day` is the permalink's.
    """
    title = strip_site_name(lines[0].text) if lines else ""
    if not lines or title == lines[0].text:
        return PagePost(lines)
    near = range(1, min(len(lines), _MENU))
    start = next((index for index in near if title and have_same_words(lines[index].text, title)), None)
    head = next((index for index in near if _begins_head(lines[index].text)), None)
    if start is None and head is None:
        return PagePost(lines)
    begin = head if start is None else start + 1
    headline = [replace(lines[start or 0], kind="p")] if title else []  # a heading would be one of the text
    rest = lines[begin:]
    metas = _count_metas(rest, day)
    accounts = [account for line in rest[:metas] if (account := _read_account(line.text))]
    end = _find_end(rest)
    return PagePost([*headline, *_drop_contents(rest[metas:end])], next(iter(accounts), None), tuple(rest[end:]))


def _begins_head(text: str) -> bool:
    byline = read_byline(text.partition("|")[0])
    is_byline = byline is not None and byline.shape != "house_name"
    return is_byline or is_kicker(text) or read_label(text.partition("|")[0]) is not None


def _count_metas(lines: list[Line], day: str | None) -> int:
    """Count the lines below the headline in which a theme says who posted the page, when, and under what."""
    return next((i for i, line in enumerate(lines[:_META]) if not _is_meta(line.text, day)), min(len(lines), _META))


def _is_meta(text: str, day: str | None) -> bool:
    dateline = read_dateline(text)
    if dateline is not None:
        return dateline.day is not None and (dateline.day == day or bool(_SHORT_MONTH.match(text)))
    parts = [part.strip() for part in text.split("|")]
    if any(map(read_label, parts)):
        return False
    has_day = any(parse_visible_date(part) for part in parts)
    is_short = bool(_SHORT_MONTH.search(text))
    is_theme = bool(_BY.match(parts[0])) and (is_short or len(parts) > 2)
    has_category = is_short and len(parts) > 1 and not any(part.startswith("By") for part in parts)
    is_posted = bool(_POSTED.match(text)) or any(map(_COMMENTS.fullmatch, parts))
    return is_posted or (has_day and (is_theme or has_category))


def _drop_contents(lines: list[Line]) -> list[Line]:
    """Drop a table of contents: its heading, and the lines below it that stand again as headings of the text."""
    start = next((index for index, line in enumerate(lines[:_META]) if _CONTENTS.fullmatch(line.text)), None)
    if start is None:
        return lines
    rest = lines[start + 1 :]
    texts = [line.text.strip(" :").casefold() for line in rest]
    count = next((i for i, text in enumerate(texts) if text not in texts[i + 1 :]), len(rest))
    return lines[:start] + rest[count:]


def _read_account(text: str) -> str | None:
    match = _ACCOUNT.search(text.partition("|")[0])
    return read_account_name(match[0].strip()) if match else None


def _find_end(lines: list[Line]) -> int:
    """Find where the theme's lines below the post begin: behind all that editors write."""
    written = max((index for index, line in enumerate(lines) if _is_written(line)), default=-1)
    return next((i for i in range(written + 1, len(lines)) if _END.fullmatch(lines[i].text)), len(lines))


def _is_written(line: Line) -> bool:
    if _END.fullmatch(line.text):
        return False
    return len(line.text) > _PROSE or bool(read_closing(line) or read_credit(line) or read_resource_heading(line))
