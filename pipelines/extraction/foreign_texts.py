"""Which texts are no posts: XML of other programs, tables, logs, lists and code."""

from __future__ import annotations

import csv
import re
from io import StringIO
from itertools import islice

from scraper.discovery.xml_items import find_foreign_root
from scraper.markup.charset import narrow_text
from scraper.records import Brief, Problem

_TABLE = Problem(
    None,
    "unreadable",
    "A table (SQL, CSV or the database's XML), which is not read: save its posts as WordPress's export, "
    "or with `wp post list --format=json --fields=ID,post_title,post_content,post_date,post_status,post_type,url`.",
)
NO_TEXT = Problem(
    None, "format", "What came for this post is no text: packed in an unknown way, damaged, or another file."
)
FOREIGN_JSON = Problem(
    None,
    "unreadable",
    "JSON whose texts are in no shape that WordPress writes: save what /wp-json/wp/v2/posts?per_page=100 answers.",
)
_ADDRESSES = Problem(None, "unreadable", "A list of addresses, without the text of any: give it to a downloader.")
UNMARKED = Problem(
    None,
    "unreadable",
    "A text in which nothing says that it is a post: if it is one, put its address on a line above it.",
)
_STATEMENT = re.compile(
    r"^(?:INSERT INTO [^\s(]+ *(?:\(|VALUES\b)|CREATE TABLE (?:IF NOT EXISTS )?[^\s(]+ *\(|"
    r"COPY \S+ \([^()]*\) FROM stdin;)",
    re.IGNORECASE | re.MULTILINE,
)
_SOURCE = Problem(
    None, "unreadable", "The source of a text (LaTeX, troff), which is not read: save what it was made into, as HTML."
)
_MARKUP = re.compile(
    r"^[ \t]{0,40}\\(?:documentclass|usepackage|begin|(?:sub)*section\*?|chapter\*?|paragraph\*?|title)[ \t]{0,9}[\[{]"
    r"|^\.(?:TH|SH|PP|LP)\b",
    re.MULTILINE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_DELIMITERS = ",;\t|"
_SENTENCES = 20  # words of a paragraph; lists, logs and lines of code have fewer, or end in no full stop
_ROWS = 50  # of a table, which are enough to know it
_LONGEST = 60  # characters in the name of a column


def find_foreign_form(text: str, lines: list[str], url: str | None) -> Problem | None:
    """Find what a text is that is no post's: a list of addresses, or, where it has no address, source or a table."""
    if lines and all(_ADDRESS.fullmatch(line) for line in lines):
        return _ADDRESSES
    if url is None and len(_MARKUP.findall(text)) > 1:
        return _SOURCE
    return _TABLE if url is None and _is_table(text) else None


def _is_table(text: str) -> bool:
    """Whether the text is statements of SQL, or rows with as many fields as the names above them (CSV)."""
    return bool(_STATEMENT.search(text)) or any(_has_even_rows(text, delimiter) for delimiter in _DELIMITERS)


def _has_even_rows(text: str, delimiter: str) -> bool:
    names, *rows = _read_rows(text, delimiter) or [[]]
    if len(names) < 2 or not all(name.strip() and len(name) <= _LONGEST for name in names):
        return False
    return bool(rows) and all(len(row) == len(names) for row in rows)


def _read_rows(text: str, delimiter: str) -> list[list[str]]:
    lines = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [row for row in islice(lines, _ROWS) if row]
    except csv.Error:  # a field that is longer than any in a table of texts
        return []


def doubt_text(brief: Brief) -> Problem | None:
    """Doubt a text without an address; None where it shows that the site made it."""
    if _has_site_marks(brief):
        return None
    if not _has_sentences(brief):
        return UNMARKED
    return Problem(None, "doubtful", "Only its sentences say that this text is a post.")


def _has_site_marks(brief: Brief) -> bool:
    """Whether anything in a text is of the site's making: a label, a part, a byline. Dates stand in logs too."""
    return bool(
        brief.label
        or brief.authors
        or brief.resources
        or brief.photo_credits
        or brief.kind != "post"
        or any(section.heading for section in brief.sections)
    )


def _has_sentences(brief: Brief) -> bool:
    """Whether a paragraph of the text reads as people write."""
    paragraphs = (brief.body or "").split("\n\n")
    return any(len(text.split()) >= _SENTENCES and re.search(r"[.!?…][\"'”’)]*$", text) for text in paragraphs)


def describe_form(kind: str, body: bytes) -> Problem:
    """Say what a table is, or an XML file that holds no posts as WordPress writes them."""
    if kind == "table":
        return _TABLE
    name = find_foreign_root(narrow_text(body))
    return Problem(None, "unreadable", f"XML of another program, <{name}>, is not read: save the page itself, as HTML.")
