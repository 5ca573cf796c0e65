"""Spelling as people type it in a search: without capitals, accents and double spaces."""

from __future__ import annotations

import unicodedata


def fold_spelling(text: str | None) -> str | None:
    """Fold a text for comparison: `José  ÁLVAREZ` → `jose alvarez`; SQLite's lower() folds ASCII only."""
    if text is None:
        return None
    if text.isascii():
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
