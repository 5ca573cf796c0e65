"""The differences between two readings of one capture, value by value: pure."""

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
    """A value that today's rules read differently from the archive's."""

    path: str
    captured_at: str | None
    field: str
    rule: str  # that reads the new value; the old one's if there is none
    old: str | None
    new: str | None


def find_differences(at: str | None, old: Mapping[str, Reading], new: Mapping[str, Reading]) -> Iterator[Change]:
    """Each value that differs in `new`; both are by the path of the post."""
    for path in sorted({*old, *new}):
        before, now = old.get(path), new.get(path)
        if before is None or now is None:
            yield Change(path, at, POST, "", None if before is None else path, None if now is None else path)
            continue
        for name in _FIELDS:
            old_value, new_value = render_value(getattr(before.brief, name)), render_value(getattr(now.brief, name))
            if old_value != new_value:
                yield Change(path, at, name, _find_rule(now, name) or _find_rule(before, name), old_value, new_value)
        yield from _compare_problems(path, at, before, now)


def render_value(value: object) -> str | None:
    """A value as text; lists as JSON, None and an empty list as None."""
    if value is None or value == ():
        return None
    if isinstance(value, tuple):
        return json.dumps([_get_known_fields(item) for item in value], ensure_ascii=False)
    return str(value)


def _get_known_fields(item: object) -> dict[str, Any]:
    assert is_dataclass(item)
    values = {each.name: getattr(item, each.name) for each in fields(item)}
    return {name: value for name, value in values.items() if value is not None}


def _find_rule(reading: Reading, field: str) -> str:
    return next((item.rule for item in reading.evidence if item.chosen and item.field == field), "")


def _compare_problems(path: str, at: str | None, before: Reading, now: Reading) -> Iterator[Change]:
    for problem in before.problems:
        if problem not in now.problems:
            yield Change(path, at, PROBLEMS, problem.kind, _render_problem(problem), None)
    for problem in now.problems:
        if problem not in before.problems:
            yield Change(path, at, PROBLEMS, problem.kind, None, _render_problem(problem))


def _render_problem(problem: Problem) -> str:
    return f"{problem.field}: {problem.message}" if problem.field else problem.message
