"""Keep from readers what texts bring along.

These are e-mail addresses, most of them a writer's own, characters that XML forbids, and signs that turn the direction
of writing, which must not reach beyond the text in which they stand.
"""

from __future__ import annotations

import re

from pipelines.maintenance.contacts import LEFT_OUT

# Matches start at the beginning of a word only, so that one endless word does not cost quadratic time.
EMAIL = re.compile(r"(?:mailto:)?(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ISOLATES = re.compile("[\u2066-\u2068]")
_BEGIN, _END = "\u2068", "\u2069"  # FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE


def redact_emails(text: str) -> str:
    """The text with a placeholder for each e-mail address."""
    return EMAIL.sub(LEFT_OUT, text) if "@" in text or "%40" in text else text


def isolate_direction(text: str) -> str:
    """The text, closed off where it has such signs; in HTML the style sheet does it for elements."""
    ends = _END * (1 + len(_ISOLATES.findall(text)))
    return f"{_BEGIN}{text}{ends}" if _TURNS.search(text) else text
