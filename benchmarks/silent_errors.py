"""How often a value is wrong or lost without a word: the saved pages, changed in ways whose outcome is known.

`python -m benchmarks.silent_errors` makes 20,000 pages and prints a table of the fields. `--pages` and `--seed` choose
others, `--kind` one kind of change, `--show 20` the first silent errors; `--pin` writes the ceilings of the small run
down that `tests/extraction/test_silent_errors.py` holds the program to.
"""

from __future__ import annotations

import argparse
import json
import time
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.mutations import KINDS, POST, Specimen, change, load_specimens
from pipelines.extract import extract
from scraper.records import Extraction, Reading
from tests.support.expected import FIELDS, describe_extraction

PINNED = Path(__file__).with_suffix(".json")
PAGES, SMALL = 20_000, 400
JUDGED = (POST, *FIELDS)
# Fields that are cut out of another: a problem that names the other tells of them too.
_PARTS_OF = {"number": "label", "domain": "label", "kind": "label", "sections": "body", "links": "body"}
_TWICE = 1  # from this round on a page is changed in two ways


@dataclass(frozen=True, slots=True)
class Trial:
    """One page and what happens to it."""

    page: str
    kinds: tuple[str, ...]
    seed: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one field came out: `right`, `wrong` or `lost`, and whether a problem or a guess tells of doubt."""

    trial: Trial
    field: str
    outcome: str
    is_flagged: bool
    expected: Any = None
    found: Any = None

    @property
    def is_silent(self) -> bool:
        return self.outcome != "right" and not self.is_flagged


@cache
def _get_specimens() -> dict[str, Specimen]:
    return load_specimens()


def plan_trials(seed: int, kinds: Iterable[str]) -> Iterator[Trial]:
    """Plan trials without end, round by round: first each kind on each page, later two kinds on one page."""
    names = sorted(kinds)
    for turn in count():
        pairs = [(page, kind) for page in _get_specimens() for kind in names]
        pairs.sort(key=lambda pair: zlib.crc32(f"{seed} {turn} {pair}".encode()))  # a new page moves no other trial
        for page, kind in pairs:
            stem = f"{seed} {turn} {page} {kind}"
            other = (Random(stem).choice(names),) if turn >= _TWICE else ()
            yield Trial(page, (*other, kind), stem)


def change_page(trial: Trial) -> Specimen | None:
    """The page as the trial changes it; None where its last kind of change does not fit."""
    page, random = _get_specimens()[trial.page], Random(trial.seed)
    for kind in trial.kinds[:-1]:
        page = change(page, kind, random) or page
    return change(page, trial.kinds[-1], random)


def judge(trial: Trial) -> list[Verdict] | None:
    """Judge every field of one changed page; None where the change does not fit the page."""
    page = change_page(trial)
    return list(judge_page(trial, page)) if page else None


def judge_page(trial: Trial, page: Specimen) -> Iterator[Verdict]:
    """Judge every field of which it is known what is right."""
    extraction = extract(page.build_capture())
    index = page.index if page.index < len(extraction.readings) else None
    if page.truth[POST]:
        is_post, wanted = index is not None, page.truth[POST][0]
        outcome = "right" if is_post == wanted else "wrong" if is_post else "lost"
        yield Verdict(trial, POST, outcome, bool(extraction.problems), wanted, extraction.outcome)
    if index is None or page.truth[POST] == (False,):
        return
    reading, found = extraction.readings[index], describe_extraction(extraction)["briefs"][index]
    quoted_fields = ("body", "sections") if _quotes_surplus(found.get("body") or "", page, reading) else ()
    for field in FIELDS:
        if values := page.truth[field]:
            value = found.get(field)
            outcome = "right" if value in values else "wrong" if value else "lost"
            is_told = is_flagged(field, reading, extraction) or field in quoted_fields
            yield Verdict(trial, field, outcome, is_told, values, value)


def _quotes_surplus(body: str, page: Specimen, reading: Reading) -> bool:
    """Whether the body is right but for lines that problems of other fields quote as unread."""
    quotes = [problem.message for problem in reading.problems if problem.kind == "unread"]
    kept = [line for line in body.split("\n\n") if not any(repr(line[:80]) in quote for quote in quotes)]
    return body not in page.truth["body"] and "\n\n".join(kept) in page.truth["body"]


def is_flagged(field: str, reading: Reading, extraction: Extraction) -> bool:
    """Whether a problem names the field, or its value is a guess."""
    names = {field, _PARTS_OF.get(field, field)}
    guesses = {evidence.field for evidence in reading.evidence if evidence.chosen and evidence.confidence == "guessed"}
    return bool(names & ({problem.field for problem in (*reading.problems, *extraction.problems)} | guesses))


def judge_pages(
    pages: int, seed: int, kinds: Iterable[str] = KINDS, processes: int | None = 1
) -> Iterator[list[Verdict]]:
    """Judge so many changed pages, on all cores where `processes` is None."""
    trials = plan_trials(seed, kinds)
    if processes == 1:
        yield from islice(filter(None, map(judge, trials)), pages)
        return
    with Pool(processes) as pool:
        yield from islice(filter(None, pool.imap(judge, islice(trials, pages * 10), chunksize=64)), pages)


def judge_unchanged() -> Iterator[list[Verdict]]:
    """Judge the saved pages as they are, without those that have something that must be told."""
    for name, page in _get_specimens().items():
        if not page.is_doubtful:
            yield list(judge_page(Trial(name, (), ""), page))


def count_silent(verdicts: Iterable[Verdict]) -> dict[str, int]:
    """How many silent errors each field has."""
    counts = Counter(verdict.field for verdict in verdicts if verdict.is_silent)
    return {field: counts[field] for field in JUDGED}


def read_ceilings() -> dict[str, int]:
    """The silent errors of the small run as they were written down last."""
    ceilings: dict[str, int] = json.loads(PINNED.read_text("utf-8"))
    return ceilings


def _pin() -> None:
    counts = count_silent(v for verdicts in judge_pages(SMALL, 1, processes=None) for v in verdicts)
    PINNED.write_text(json.dumps(counts, indent=2) + "\n", encoding="utf-8")


def build_table(verdicts: list[Verdict], unchanged: list[Verdict]) -> Table:
    """A row a field: how often it was judged, and the shares that count."""
    table = Table(
        "field",
        "judged",
        "wrong, silent",
        "lost, silent",
        "silent %",
        "wrong or lost, told",
        "right, flagged %",
        "unchanged, flagged %",
    )
    for field in JUDGED:
        own, saved = ([v for v in group if v.field == field] for group in (verdicts, unchanged))
        outcomes = Counter((v.outcome, v.is_flagged) for v in own if v.found or v.outcome != "right")
        wrong, lost = outcomes["wrong", False], outcomes["lost", False]
        noticed = outcomes["wrong", True] + outcomes["lost", True]
        right = outcomes["right", True] + outcomes["right", False]
        kept = [v.is_flagged for v in saved if v.outcome == "right" and v.found]
        shares = ((wrong + lost, len(own)), (outcomes["right", True], right), (sum(kept), len(kept)))
        silent, flagged, at_rest = (f"{100 * part / whole:.2f}" if whole else "-" for part, whole in shares)
        table.add_row(field, str(len(own)), str(wrong), str(lost), silent, str(noticed), flagged, at_rest)
    return table


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.silent_errors")
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=sorted(KINDS), action="append", help="only this kind of change")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first silent errors")
    parser.add_argument("--pin", action="store_true", help="write the ceilings of the small run down")
    return parser.parse_args()


def main() -> None:
    """Make the pages, judge them, print the table."""
    arguments, console, started = _parse_arguments(), Console(width=140), time.monotonic()
    if arguments.pin:
        _pin()
        return
    runs = judge_pages(arguments.pages, arguments.seed, arguments.kind or KINDS, None)
    shown = track(runs, "pages", arguments.pages, console=Console(stderr=True), disable=not console.is_terminal)
    pages = list(shown)
    verdicts = [verdict for page in pages for verdict in page]
    silent = [verdict for verdict in verdicts if verdict.is_silent]
    for verdict in silent[: arguments.show]:
        print(verdict.trial, verdict.field, f"\n    right {verdict.expected!r:.300}\n    found {verdict.found!r:.300}")
    unchanged = [verdict for page in judge_unchanged() for verdict in page]
    console.print(build_table(verdicts, unchanged))
    by_kind = Counter(kind for verdict in silent for kind in verdict.trial.kinds)
    console.print("silent errors by kind:", dict(by_kind.most_common(30)))
    share = 100 * len(silent) / max(1, len(verdicts))
    console.print(
        f"{len(pages)} pages, {len(KINDS)} kinds, {len(verdicts)} values: {len(silent)} silent errors ({share:.3f} %), "
        f"{time.monotonic() - started:.0f} s"
    )


if __name__ == "__main__":
    main()
