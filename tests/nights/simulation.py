"""Nights in a row against a site of which the truth is known: what happened, what was expected, what was seen."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.support import warm_start
from tests.support.scrapy_running import ROOT, command, words_of

# What readers should see: a word that only this state of the post has, by path; None for a post that is not there.
Truth = dict[str, str | None]
_PATIENCE = 1800.0  # seconds for a night
_BODIES = (
    "SELECT briefs.path, title || ' ' || body FROM briefs JOIN pages ON pages.path = briefs.path WHERE status = 'live'"
)

_VERSIONS = (
    "SELECT path, count(DISTINCT revisions.capture_id) FROM revisions JOIN briefs ON id = brief_id GROUP BY path"
)


@dataclass(frozen=True)
class Event:
    """What happens before a night."""

    night: int
    name: str
    happen: Callable[[], None]
    level: str = "ok"  # of the report that is expected; with a slash, any of several
    hides: bool = False  # no request could find the truth while this lasts


@dataclass(frozen=True)
class Night:
    """What one night did."""

    number: int
    events: tuple[Event, ...]
    exit_code: int
    level: str
    monitors: tuple[str, ...]  # above ok
    messages: tuple[str, ...]
    requests: int
    wrong: tuple[str, ...]  # paths that readers see otherwise than the site has them
    overwritten: tuple[str, ...]  # among these, posts of which nothing true is shown any more
    false_versions: tuple[str, ...] = ()  # paths that have more versions than there were edits
    false_words: tuple[str, ...] = ()  # paths that show what is true no more, beside what is

    @property
    def levels(self) -> set[str]:
        """The levels of the report that the events allow."""
        return {level for event in self.events for level in event.level.split("/")} or {"ok"}

    @property
    def is_as_expected(self) -> bool:
        """Whether the level of the report is one that the events allow."""
        return self.level in self.levels


@dataclass
class Simulation:
    """Plays events and nights against a site."""

    folder: Path
    start: str
    truth: Truth
    words: tuple[str, ...] = ()
    past: dict[str, set[str]] = field(default_factory=dict)  # every word that was true of a post once
    false_words: Mapping[str, set[str]] = field(default_factory=dict)  # by path: what is true no more
    edits: Counter[str] | None = None  # by path; without it versions are not counted
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    _versions: Counter[str] = field(default_factory=Counter)  # that were false, by path

    def play(self, nights: int, events: Iterable[Event]) -> Iterator[Night]:
        """Play so many nights."""
        by_night: dict[int, list[Event]] = {}
        for event in events:
            by_night.setdefault(event.night, []).append(event)
        for number in range(1, nights + 1):
            here = tuple(by_night.get(number, ()))
            for event in here:
                event.happen()
            yield self.run_night(number, here)

    def list_words(self) -> list[str]:
        """The command line of a night."""
        return command(self.folder, *self._list_arguments())

    def _list_arguments(self) -> list[str]:
        places = {"SNAPSHOT": self.folder / "public/archive.db", "REPORTS_DIR": self.folder / "reports"}
        settings = [f"{name}={value}" for name, value in {**places, "MONITOR_STALE_DAYS": 100000}.items()]
        return ["nightly", "-a", f"start={self.start}", *(w for s in settings for w in ("-s", s)), *self.words]

    def run_night(self, number: int, events: tuple[Event, ...]) -> Night:
        """Run one night after these events, and compare what readers see with the truth."""
        for path, word in self.truth.items():
            self.past.setdefault(path, set()).update({word} if word else ())
        words = words_of(self.folder, *self._list_arguments())
        run = warm_start.run(words, ROOT, _PATIENCE, environment=self.environment)
        report = json.loads((self.folder / "reports/latest.json").read_text())
        findings = [finding for finding in report["findings"] if finding["level"] != "ok"]
        public = self.folder / "public/archive.db"
        shown = _read_rows(public, _BODIES)
        wrong = tuple(path for path, word in sorted(self.truth.items()) if not _is_true(shown.get(path), word))
        lost = tuple(path for path in wrong if not any(word in shown.get(path, "") for word in self.past[path]))
        overwritten = tuple(path for path in lost if path in shown)
        monitors = tuple(finding["monitor"] for finding in findings)
        requests = int(report["main"]["requests"]["count"])
        messages = tuple(finding["message"] for finding in findings)
        old = tuple(p for p, words in self.false_words.items() if any(word in shown.get(p, "") for word in words))
        return Night(
            number, events, run.returncode, report["level"], monitors, messages, requests, wrong, overwritten,
            self._find_false_versions(public), old,
        )  # fmt: skip

    def _find_false_versions(self, public: Path) -> tuple[str, ...]:
        """The posts that have a further version tonight without an edit."""
        if self.edits is None:
            return ()
        versions = {path: int(number) - self.edits[path] for path, number in _read_rows(public, _VERSIONS).items()}
        new = tuple(path for path, number in versions.items() if number > self._versions[path])
        self._versions.update({path: versions[path] - self._versions[path] for path in new})
        return new


def _read_rows(public: Path, sql: str) -> Mapping[str, str]:
    if not public.exists():
        return {}
    with closing(sqlite3.connect(public)) as db:
        return dict(db.execute(sql).fetchall())


def _is_true(shown: str | None, word: str | None) -> bool:
    return shown is None if word is None else shown is not None and word in shown


def list_rows(nights: Iterable[Night]) -> Iterator[str]:
    """The table of events, expected, seen."""
    yield "| night | event | expected | seen | requests | wrong posts | overwritten |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for night in nights:
        events = ", ".join(event.name for event in night.events) or "nothing"
        seen = f"{night.level} {' '.join(sorted(set(night.monitors)))} ({night.exit_code})"
        yield (
            f"| {night.number} | {events} | {', '.join(sorted(night.levels))} | {seen} | {night.requests} "
            f"| {len(night.wrong)} | {len(night.overwritten)} |"
        )


def sum_up(nights: Sequence[Night]) -> dict[str, int]:
    """How many nights and posts were not as they should be."""
    hidden = {night.number for night in nights if any(event.hides for event in night.events)}
    grades = ("ok", "warning", "alarm")
    unexpected = [night for night in nights if not night.is_as_expected]
    missed = [n for n in unexpected if grades.index(n.level) < min(map(grades.index, n.levels))]
    return {
        "missed alarms": len(missed),
        "false alarms": len(unexpected) - len(missed),
        "late": sum(len(night.wrong) + len(night.false_words) for night in nights if night.number not in hidden),
        "lost": len(nights[-1].wrong),
        "overwritten": sum(len(night.overwritten) for night in nights),
        "false versions": sum(len(night.false_versions) for night in nights),
        "ended with 0 and something left": sum(
            bool(night.wrong and night.exit_code == 0 and night.number not in hidden) for night in nights
        ),
    }
