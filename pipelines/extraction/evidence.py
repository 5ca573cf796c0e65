"""The evidence of one reading: which value was chosen, by which rule, and what contradicted it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.wording.head_lines import simplify_words
from scraper.records import Confidence, Evidence, Problem

T = TypeVar("T")


class Ledger:
    """Collects evidence and problems while the fields of a post are read."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []
        self.problems: list[Problem] = []

    def add_evidence(
        self, field: str, value: str, rule: str, snippet: str, confidence: Confidence = "read", *, chosen: bool = True
    ) -> None:
        """Record one value; a guess is recorded as a problem too."""
        self.evidence.append(Evidence(field, value[:SNIPPET], rule, snippet[:SNIPPET], confidence, chosen))
        if chosen and confidence == "guessed":
            self.add_problem(field, "guessed", f"{rule} guessed {value[:80]!r}.")

    def add_problem(self, field: str | None, kind: str, message: str) -> None:
        self.problems.append(Problem(field, kind, message))

    def choose_value(
        self,
        field: str,
        candidates: Iterable[Candidate[T]],
        *,
        show: Callable[[T], str] = str,
        conflict: bool = True,
    ) -> T | None:
        """Choose the first candidate's value; others that differ are evidence too, and a problem if `conflict`."""
        chosen: T | None = None
        first: str | None = None
        seen: set[str] = set()
        for candidate in candidates:
            value = show(candidate.value)
            if first is None:
                chosen, first = candidate.value, value
                self.add_evidence(field, value, candidate.rule, candidate.snippet, candidate.confidence)
                continue
            if value == first:
                continue
            seen = seen or {simplify_words(first)}
            if (words := simplify_words(value)) in seen:
                continue
            seen.add(words)
            if conflict and not candidate.weak:
                self.add_problem(field, "conflict", f"{first!r} was chosen, {candidate.rule} says {value[:80]!r}.")
            self.add_evidence(field, value, candidate.rule, candidate.snippet, candidate.confidence, chosen=False)
        return chosen

    def collect_values(self, field: str, candidates: Iterable[Candidate[T]], show: Callable[[T], str]) -> tuple[T, ...]:
        """Collect all values of a list field, each with its evidence."""
        values: list[T] = []
        for candidate in candidates:
            values.append(candidate.value)
            self.add_evidence(field, show(candidate.value), candidate.rule, candidate.snippet, candidate.confidence)
        return tuple(values)
