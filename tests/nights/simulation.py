"""Nights in a row against a site of which the truth is known: what happened, what was expected, what was seen."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.scrapy_running import scrapy

# What readers should see: a word that only this state of the post has, by path; None for a post that is not there.
Truth = dict[str, str | None]
_BODIES = (
    "SELECT briefs.path, title || ' ' || body FROM briefs JOIN pages ON pages.path = briefs.path WHERE status = 'live'"
)


@dataclass(frozen=True)
class Event:
    """What happens before a night."""

    night: int
    name: str
    happen: Callable[[], None]
    level: str = "ok"  # of the report that is expected
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

    @property
    def is_as_expected(self) -> bool:
        """Whether the level of the report is that of the gravest event."""
        return self.level in {event.level for event in self.events} or (not self.events and self.level == "ok")


@dataclass
class Simulation:
    """Plays events and nights against a site."""

    folder: Path
    start: str
    truth: Truth
    words: tuple[str, ...] = ()
    past: dict[str, set[str]] = field(default_factory=dict)  # every word that was true of a post once

    def play(self, nights: int, events: Iterable[Event]) -> Iterator[Night]:
        """Play so many nights."""
        by_night: dict[int, list[Event]] = {}
        for event in events:
            by_night.setdefault(event.night, []).append(event)
        for number in range(1, nights + 1):
            here = tuple(by_night.get(number, ()))
            for event in here:
                event.happen()
            for path, word in self.truth.items():
                self.past.setdefault(path, set()).update({word} if word else ())
            yield self._run_night(number, here)

    def _run_night(self, number: int, events: tuple[Event, ...]) -> Night:
        public, reports = self.folder / "public/archive.db", self.folder / "reports"
        places = ["-s", f"SNAPSHOT={public}", "-s", f"REPORTS_DIR={reports}", "-s", "MONITOR_STALE_DAYS=100000"]
        run = scrapy(self.folder, "nightly", "-a", f"start={self.start}", *places, *self.words)
        report = json.loads((reports / "latest.json").read_text())
        findings = [finding for finding in report["findings"] if finding["level"] != "ok"]
        shown = _read_bodies(public)
        wrong = tuple(path for path, word in sorted(self.truth.items()) if not _is_true(shown.get(path), word))
        lost = tuple(path for path in wrong if not any(word in shown.get(path, "") for word in self.past[path]))
        overwritten = tuple(path for path in lost if path in shown)
        monitors = tuple(finding["monitor"] for finding in findings)
        requests = int(report["main"]["requests"]["count"])
        messages = tuple(finding["message"] for finding in findings)
        return Night(number, events, run.returncode, report["level"], monitors, messages, requests, wrong, overwritten)


def _read_bodies(public: Path) -> Mapping[str, str]:
    if not public.exists():
        return {}
    with closing(sqlite3.connect(public)) as db:
        return dict(db.execute(_BODIES).fetchall())


def _is_true(shown: str | None, word: str | None) -> bool:
    return shown is None if word is None else shown is not None and word in shown


def list_rows(nights: Iterable[Night]) -> Iterator[str]:
    """The table of events, expected, seen."""
    yield "| night | event | expected | seen | requests | wrong posts | overwritten |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for night in nights:
        events = ", ".join(event.name for event in night.events) or "nothing"
        expected = ", ".join(sorted({event.level for event in night.events})) or "ok"
        seen = f"{night.level} {' '.join(sorted(set(night.monitors)))} ({night.exit_code})"
        yield (
            f"| {night.number} | {events} | {expected} | {seen} | {night.requests} | {len(night.wrong)} "
            f"| {len(night.overwritten)} |"
        )


def sum_up(nights: list[Night]) -> dict[str, int]:
    """How many nights and posts were not as they should be."""
    hidden = {night.number for night in nights if any(event.hides for event in night.events)}
    return {
        "missed alarms": sum(not night.is_as_expected and night.level == "ok" for night in nights),
        "false alarms": sum(not night.is_as_expected and night.level != "ok" for night in nights),
        "late": sum(len(night.wrong) for night in nights if night.number not in hidden),
        "lost": len(nights[-1].wrong),
        "overwritten": sum(len(night.overwritten) for night in nights),
    }
