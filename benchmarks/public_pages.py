"""How well a look nobody knows is read, field by field, beside peers, over our saved pages and public sets of pages.

`python -m benchmarks.public_pages FOLDER`, after `make bench` has installed the peers. FOLDER holds the sets: a clone
of each repository as `OWNER+NAME`; without one the saved pages are read alone. Every page is read as if it were a post
of the site in an unknown look.
"""

from __future__ import annotations

import argparse
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean

import trafilatura
from htmldate import find_date
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.public_sets import REPOSITORIES, SETS, Example, Truth, locate
from pipelines.extraction.layouts import GenericLayout
from pipelines.extraction.post import read_post
from scraper.address import SITE_HOSTS, identity
from scraper.markup.html_page import Page
from scraper.records import PhotoCredit
from scraper.url_reading import split_address

_CREDIT = re.compile(
    r"^(?:(?:(?:photo|image|picture|credit|source|copyright|illustration)s?\b\W*(?:by|from|courtesy of)?|©|by)\W+)+",
    re.IGNORECASE,
)
_FLAGS = ("guessed", "conflict", "missing", "doubtful", "unread")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program reads in a page; `flags` are the fields that it doubts itself."""

    title: str | None = None
    day: str | None = None
    authors: tuple[str, ...] = ()
    body: str | None = None
    credits: tuple[PhotoCredit, ...] = ()
    flags: frozenset[str] = frozenset()


def read_ours(example: Example) -> Answer:
    """Read the page by the generic look, at its path on our host."""
    url = "https://www.usresistnews.org" + split_address(example.url).path
    layout = GenericLayout(Page(example.html, "text/html", url))
    reading = read_post(layout, url, identity(url), SITE_HOSTS, truncated=False)
    brief = reading.brief
    authors = tuple(author.name for author in brief.authors)
    flags = frozenset(problem.field for problem in reading.problems if problem.field and problem.kind in _FLAGS)
    account = tuple((brief.posted_by or "").split(", "))
    text = "\n\n".join([brief.body or "", *(resource.text for resource in brief.resources)])
    return Answer(brief.title, brief.published, authors or account, text, brief.photo_credits, flags)


def read_by_trafilatura(example: Example) -> Answer:
    """Read the page by trafilatura."""
    found = trafilatura.bare_extraction(example.html, url=example.url, with_metadata=True, include_comments=False)
    if found is None:
        return Answer()
    values = found if isinstance(found, dict) else found.as_dict()
    authors = tuple(name.strip() for name in (values["author"] or "").split(";") if name.strip())
    return Answer(values["title"], values["date"], authors, values["text"])


def read_by_htmldate(example: Example) -> Answer:
    """Read the day by htmldate."""
    return Answer(day=find_date(example.html, url=example.url, original_date=True))


READERS: dict[str, Callable[[Example], Answer]] = {
    "ours": read_ours,
    "trafilatura": read_by_trafilatura,
    "htmldate": read_by_htmldate,
}
Pairs = Sequence[tuple[Truth, Answer]]


def simplify(text: str | None) -> str:
    """The words of a text in lower case."""
    return re.sub(r"\W+", " ", unicodedata.normalize("NFKC", text or "").casefold()).strip()


def is_title(truth: Truth, answer: Answer) -> bool | None:
    """Whether the title is right; None where nobody knows it."""
    return simplify(answer.title) == simplify(truth.title) if truth.title else None


def is_day(truth: Truth, answer: Answer) -> bool | None:
    """Whether the day is right; None where nobody knows it."""
    return (answer.day or "")[:10] == truth.day if truth.day else None


def is_author(truth: Truth, answer: Answer) -> bool | None:
    """Whether the authors are exactly the true ones; None where nobody knows them."""
    return _name_set(answer.authors) == _name_set(truth.authors) if truth.authors else None


def _name_set(names: Iterable[str] | None) -> set[str]:
    return {simplify(name) for name in names or ()} - {""}


def _score_shares(checks: Callable[[Truth, Answer], bool | None], pairs: Pairs) -> float:
    return mean(right for truth, answer in pairs if (right := checks(truth, answer)) is not None)


def _compute_f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _compute_set_f1(sets: Iterable[tuple[set[str], set[str]]]) -> float:
    same = true = found = 0
    for truth, answer in sets:
        same, true, found = same + len(truth & answer), true + len(truth), found + len(answer)
    return _compute_f1(same / max(found, 1), same / max(true, 1))


def score_authors(pairs: Pairs) -> float:
    """F1 of the names over all pages."""
    return _compute_set_f1((_name_set(t.authors), _name_set(a.authors)) for t, a in pairs if t.authors is not None)


def _name_credit(credit: PhotoCredit, truths: set[str]) -> str:
    """The true credit that this one is, by its words or by its name and source; else its own words."""
    readings = (simplify(_CREDIT.sub("", credit.text)), simplify(f"{credit.name or ''} {credit.source or ''}"))
    return next((reading for reading in readings if reading in truths), readings[0])


def score_credits(pairs: Pairs) -> float:
    """F1 of the photo credits over all pages."""
    truths = [(_name_set(truth.credits), answer.credits) for truth, answer in pairs if truth.credits is not None]
    return _compute_set_f1((true, {_name_credit(credit, true) for credit in found}) for true, found in truths)


def _count_shingles(text: str | None) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text or "")
    return Counter(tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3))) if words else Counter()


def score_body(pairs: Pairs) -> float:
    """F1 of mean precision and mean recall of four words in a row, as article-extraction-benchmark computes it."""
    precisions, recalls = [], []
    for truth, answer in pairs:
        true, found = _count_shingles(truth.body), _count_shingles(answer.body)
        if true:
            same = (true & found).total()
            recalls.append(same / true.total())
            precisions += [same / found.total()] if found else []
    return _compute_f1(mean(precisions or [0.0]), mean(recalls or [0.0]))


_CHECKS = {"title": is_title, "published": is_day, "posted_by": is_author}
# The score of each field, and who answers.
SCORES: dict[str, tuple[Callable[[Pairs], float], tuple[str, ...]]] = {
    "body": (score_body, ("ours", "trafilatura")),
    "day": (partial(_score_shares, is_day), ("ours", "trafilatura", "htmldate")),
    "authors": (score_authors, ("ours", "trafilatura")),
    "title": (partial(_score_shares, is_title), ("ours", "trafilatura")),
    "photo credits": (score_credits, ("ours",)),
}
# Set, WordPress pages only, field.
ROWS = (
    ("saved pages", False, "body"),
    ("AEB", False, "body"),
    ("NAEB", True, "body"),
    ("NAEB", False, "body"),
    ("fundus80", False, "body"),
    ("fundus test", False, "body"),
    ("NAEB", True, "day"),
    ("htmldate", True, "day"),
    ("NAEB", True, "authors"),
    ("fundus test", False, "authors"),
    ("NAEB", False, "title"),
    ("trafilatura", True, "title"),
    ("fundus test", False, "photo credits"),
)


def build_table(answers: dict[str, list[tuple[Example, dict[str, Answer]]]]) -> Table:
    """Build the table of all scores."""
    table = Table("set", "pages", "field", *READERS, title="Fields of unknown looks")
    for name, only_wordpress, field in (row for row in ROWS if row[0] in answers):
        score, readers = SCORES[field]
        chosen = [pair for pair in answers[name] if pair[0].is_wordpress or not only_wordpress]
        scores = {reader: score([(e.truth, a[reader]) for e, a in chosen]) for reader in readers}
        cells = (f"{scores[reader]:.3f}" if reader in scores else "" for reader in READERS)
        table.add_row(f"{name} WordPress" if only_wordpress else name, str(len(chosen)), field, *cells)
    return table


def build_flag_table(pairs: Pairs) -> Table:
    """Build the table of what flags are worth: how often values with and without one are wrong."""
    table = Table("field", "flagged", "wrong of them", "unflagged", "wrong of them", title="Our flags")
    for field, check in _CHECKS.items():
        cells = []
        for flagged in (True, False):
            chosen = [p for p in pairs if (field in p[1].flags) is flagged and check(*p) is not None]
            wrong = sum(not check(*pair) for pair in chosen)
            cells += [str(len(chosen)), f"{wrong} ({wrong / max(len(chosen), 1):.0%})"]
        table.add_row(field, *cells)
    return table


def main() -> None:
    """Read every page by every program and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?")
    folder = parser.parse_args().folder
    if folder and (missing := [name for name in REPOSITORIES if not locate(folder, name).is_dir()]):
        commands = (f"git clone --depth 1 https://github.com/{name} {locate(folder, name)}" for name in missing)
        sys.exit("\n".join(("These sets are missing:", *commands)))
    answers = {}
    for name in SETS if folder else ("saved pages",):
        examples = list(SETS[name](folder))
        readers = {reader for row in ROWS if row[0] == name for reader in SCORES[row[2]][1]}
        answers[name] = [(e, {r: READERS[r](e) for r in readers}) for e in track(examples, name, transient=True)]
    console = Console(width=120)
    console.print(build_table(answers))
    if folder:
        console.print(build_flag_table([(e.truth, a["ours"]) for pairs in answers.values() for e, a in pairs]))


if __name__ == "__main__":
    main()
