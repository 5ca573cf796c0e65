"""The ledger of one reading: which value was chosen, by which rule, and what spoke against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.wording.head import same_words
from scraper.records import Confidence, Evidence, Problem

T = TypeVar("T")


class Ledger:
    """Collects evidence and problems while the fields of a post are read."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []
        self.problems: list[Problem] = []

    def witness(
        self, field: str, value: str, rule: str, snippet: str, confidence: Confidence = "read", *, chosen: bool = True
    ) -> None:
        """Write down one value; a guess is a problem besides."""
        self.evidence.append(Evidence(field, value[:SNIPPET], rule, snippet[:SNIPPET], confidence, chosen))
        if chosen and confidence == "guessed":
            self.problem(field, "guessed", f"{rule} guessed {value[:80]!r}.")

    def problem(self, field: str | None, kind: str, message: str) -> None:
        self.problems.append(Problem(field, kind, message))

    def choose(
        self,
        field: str,
        candidates: Iterable[Candidate[T]],
        *,
        show: Callable[[T], str] = str,
        conflict: bool = True,
    ) -> T | None:
        """The first candidate's value, None without one; others that differ are kept, and told where they conflict."""
        chosen: T | None = None
        seen: list[str] = []
        for candidate in candidates:
            value = show(candidate.value)
            if any(same_words(value, other) for other in seen):
                continue
            if not seen:
                chosen = candidate.value
            elif conflict:
                self.problem(field, "conflict", f"{seen[0]!r} was chosen, {candidate.rule} says {value[:80]!r}.")
            self.witness(field, value, candidate.rule, candidate.snippet, candidate.confidence, chosen=not seen)
            seen.append(value)
        return chosen

    def all(self, field: str, candidates: Iterable[Candidate[T]], show: Callable[[T], str]) -> tuple[T, ...]:
        """All values of a list field, each with its evidence."""
        values: list[T] = []
        for candidate in candidates:
            values.append(candidate.value)
            self.witness(field, show(candidate.value), candidate.rule, candidate.snippet, candidate.confidence)
        return tuple(values)
