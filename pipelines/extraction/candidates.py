"""A value proposed for a field, and where it was found; the first of a field's candidates wins."""

from __future__ import annotations

from typing import Generic, TypeVar

from scraper.records import Confidence, make_record

T = TypeVar("T")
SNIPPET = 200  # characters of the text that a value was found in


@make_record
class Candidate(Generic[T]):
    value: T
    rule: str  # `<layout>.<method>` or `<wording>.<shape>`
    snippet: str
    confidence: Confidence = "read"
    weak: bool = False  # a value that may differ from the chosen one without being a conflict

    def put_value(self, value: T) -> Candidate[T]:
        """The candidate with another value, or itself where that is the same."""
        return self if value == self.value else Candidate(value, self.rule, self.snippet, self.confidence, self.weak)
