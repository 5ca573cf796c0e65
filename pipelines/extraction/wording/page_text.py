"""The text of a whole page, as Common Crawl keeps it: the post without its menu and the theme's lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipelines.extraction.lines import Line, join_lines
from pipelines.extraction.wording.account import read_account_name
from pipelines.extraction.wording.byline import read_byline
from pipelines.extraction.wording.closing_line import read_closing
from pipelines.extraction.wording.credit import read_credit
from pipelines.extraction.wording.dateline import read_dateline
from pipelines.extraction.wording.domains import is_domain_name
from pipelines.extraction.wording.head_lines import have_same_words, prepare_lines
from pipelines.extraction.wording.kicker import is_kicker
from pipelines.extraction.wording.label import read_label
from pipelines.extraction.wording.resource_headings import read_resource_heading
from pipelines.extraction.wording.sections import is_part, read_heading
from pipelines.extraction.wording.site_name import strip_site_name
from scraper.address import permalink_date
from scraper.dates import parse_visible_date
from scraper.discovery.json_posts import make_slug

_MENU = 150  # lines that may stand above a post
_FEW = 2  # words of a menu
_META = 4  # lines of the theme below the headline
_PROSE = 120  # characters
_MENU_WORD = re.compile(
    r"Home|Menu|About(?: Us)?|Contact(?: Us)?|Donate|Jobs|Blogs?|Search|Subscribe|Op[ -]?Eds?|News|Archives?|Log ?in"
    r"|Skip to (?:main )?content",
    re.IGNORECASE,
)
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
    """The lines of the post, the account that the theme names above them, and what was left out around them."""

    lines: list[Line]
    account: str | None = None
    below: tuple[Line, ...] = ()
    menu: tuple[Line, ...] = ()  # where it is told from the text by its words alone


@dataclass(frozen=True, slots=True)
class _Start:
    headline: range  # indexes of its lines
    begin: int  # index of the text below it
    is_guess: bool = False


def cut_out_post(lines: list[Line], path: str | None) -> PagePost:
    """Cut the post out of the text of its page; a text that is no whole page stays as it is.

    `path` is that of the post.
    """
    day = permalink_date(path) if path else None
    start = _find_start(lines, (path or "").rstrip("/").rpartition("/")[2], day) if len(lines) > 1 else None
    if start is None:
        return PagePost(lines)
    above = [lines[index] for index in start.headline]
    headline = [_read_headline(join_lines(above))] if above else []
    rest = lines[start.begin :]
    metas = _count_metas(rest, day)
    accounts = [account for line in rest[:metas] if (account := _read_account(line.text))]
    end = _find_end(rest)
    menu = tuple(lines[: start.headline.start]) if start.is_guess else ()
    post = [*headline, *_drop_contents(rest[metas:end])]
    return PagePost(post, next(iter(accounts), None), tuple(rest[end:]), menu)


def _read_headline(line: Line) -> Line:
    """Read the headline without the site's name; as a heading it would be one of the text."""
    bare = strip_site_name(line.text)
    return replace(line if bare == line.text else line.put_text(bare, ()), kind="p")


def _find_start(lines: list[Line], slug: str, day: str | None) -> _Start | None:
    """Find where the post begins.

    Below the title of the document, `HEADLINE - USRESIST NEWS`, it begins where the headline stands again, else at its
    head; below nothing but a menu or the name of the site, at the headline.
    """
    title = strip_site_name(lines[0].text)
    prose = next((index for index, line in enumerate(lines) if index and len(line.text) > _PROSE), len(lines))
    near = range(1, min(prose, _MENU))
    head = next((index for index in near if _begins_head(lines[index], day)), None)
    again = next((index for index in near if title and have_same_words(lines[index].text, title)), None)
    if title == lines[0].text or not title:
        below = _find_start_below_menu(lines[:_MENU], head, slug, day)
        return below or (_Start(range(0), head) if head is not None and not title else None)
    if again is not None:
        return _Start(range(again, again + 1), again + 1)
    return _Start(range(1), head or 1)


def _find_start_below_menu(lines: list[Line], head: int | None, slug: str, day: str | None) -> _Start | None:
    """Find the headline below a menu: by the words of the address, else above the head."""
    end = next((index for index, line in enumerate(lines) if _is_sentence(line.text)), len(lines))
    last = next((index for index in range(end) if make_slug(lines[index].text) == slug), None)
    if last is None and head is not None and head <= end:
        last = next((i for i in range(head - 1, -1, -1) if not _is_meta(lines[i].text, day)), None)
    if not last or _is_of_menu(lines[last].text):
        return None
    first = next((i for i in range(last, 0, -1) if lines[i - 1].block != lines[last].block), 0)
    menu_words = sum(1 for line in lines[:first] if _is_of_menu(line.text))
    is_menu = menu_words >= (_FEW if strip_site_name(lines[0].text) else 1)
    return _Start(range(first, last + 1), last + 1, is_guess=menu_words > 1) if is_menu else None


def _is_of_menu(text: str) -> bool:
    return bool(_MENU_WORD.fullmatch(text)) or is_domain_name(text) or not strip_site_name(text)


def _is_sentence(text: str) -> bool:
    return len(text) > _PROSE or text.endswith((".", ";", ","))


def _begins_head(line: Line, day: str | None) -> bool:
    """Whether a line is the first of those that stand between headline and text, or heads the text's first part."""
    front = prepare_lines([line], None)[0].text.partition("|")[0].strip()
    byline, heading, dateline = read_byline(front), read_heading(line), read_dateline(front)
    is_dated = dateline is not None and not _is_meta(line.text, day)
    is_byline = byline is not None and byline.shape != "house_name"
    has_part = heading is not None and is_part(heading.text)
    return is_byline or is_dated or has_part or is_kicker(front) or read_label(front) is not None


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
    last = {text: index for index, text in enumerate(texts)}
    count = next((index for index, text in enumerate(texts) if last[text] == index), 0)
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
