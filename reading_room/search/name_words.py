"""The words of names, by which names are found whatever their capitals, accents and signs."""

from __future__ import annotations

import re

from pipelines.people.spelling import fold_spelling


def split_words(text: str) -> list[str]:
    """The words of a name, folded: `Dr. José Álvarez` → dr, jose, alvarez."""
    return re.findall(r"[^\W_]+", fold_spelling(text) or "")


def slugify_domain(name: str) -> str:
    """A domain's name as short addresses have it: `Health & Gender` and `health-and-gender` → `health-gender`."""
    return "-".join(word for word in split_words(name) if word != "and")
