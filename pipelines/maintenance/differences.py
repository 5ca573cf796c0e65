"""What two readings of one capture say otherwise, value by value: pure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from scraper.records import Brief, Problem, Reading

_FIELDS = tuple(each.name for each in fields(Brief) if each.name not in ("path", "sections"))  # the body has them
POST, PROBLEMS, OUTCOME = "(post)", "(problem)", "(outcome)"


@dataclass(frozen=True, slots=True)
class Change:
    """A value that today's rules read otherwise than it stands in the archive."""

    path: str
    captured_at: str | None
    field: str
    rule: str  # that reads the new value; the old one's where there is none
    old: str | None
    new: str | None


def differences(at: str | None, old: Mapping[str, Reading], new: Mapping[str, Reading]) -> Iterator[Change]:
    """Each value that is another in `new`; both by the path of the post."""
    for path in sorted({*old, *new}):
        before, now = old.get(path), new.get(path)
        if before is None or now is None:
            yield Change(path, at, POST, "", None if before is None else path, None if now is None else path)
            continue
        for name in _FIELDS:
            was, is_now = shown(getattr(before.brief, name)), shown(getattr(now.brief, name))
            if was != is_now:
                yield Change(path, at, name, _rule(now, name) or _rule(before, name), was, is_now)
        yield from _problems(path, at, before, now)


def shown(value: object) -> str | None:
    """A value as text; lists as JSON, None and an empty list as None."""
    if value is None or value == ():
        return None
    if isinstance(value, tuple):
        return json.dumps([_told(item) for item in value], ensure_ascii=False)
    return str(value)


def _told(item: object) -> dict[str, Any]:
    assert is_dataclass(item)
    return {each.name: told for each in fields(item) if (told := getattr(item, each.name)) is not None}


def _rule(reading: Reading, field: str) -> str:
    return next((item.rule for item in reading.evidence if item.chosen and item.field == field), "")


def _problems(path: str, at: str | None, before: Reading, now: Reading) -> Iterator[Change]:
    for problem in before.problems:
        if problem not in now.problems:
            yield Change(path, at, PROBLEMS, problem.kind, _line(problem), None)
    for problem in now.problems:
        if problem not in before.problems:
            yield Change(path, at, PROBLEMS, problem.kind, None, _line(problem))


def _line(problem: Problem) -> str:
    return f"{problem.field}: {problem.message}" if problem.field else problem.message
