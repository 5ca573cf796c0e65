"""Words as people type them: without the capitals, accents and spaces that they leave out."""

from __future__ import annotations

import unicodedata


def folded(text: str | None) -> str | None:
    """The text for comparing: `José  ÁLVAREZ` → `jose alvarez`; None stays None. SQLite's own knows ASCII only."""
    if text is None:
        return None
    if text.isascii():
        return " ".join(text.lower().split())
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).split())
