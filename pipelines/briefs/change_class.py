"""Whether a change of a published value is of substance, or formatting only."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Literal

from pipelines.briefs.codec import LISTS

Change = Literal["cosmetic", "substantive"]
_TEXTS = frozenset(("label", "domain", "title", "body", *LISTS))  # any change of a date, a number or a path counts
_PLAIN_CHARACTERS = str.maketrans(
    dict.fromkeys("\"'`´‘’‚‛“”„‟«»‹›′″", "'")
    | dict.fromkeys("-‐‑‒–—―−", "-")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", "")
)
_DASHES = re.compile(r"(?:(?<!\s)\s+)?-+\s*")  # `--` and ` — ` are typists' dashes
_CLOSING = " .,;:!?-"


def classify_change(field: str, old: str | None, new: str | None) -> Change:
    """`cosmetic` where white space, quotes, dashes, case and closing marks are all that differs, in lists by item."""
    if old is None or new is None or field not in _TEXTS:
        return "substantive"
    if field in LISTS:
        same = list(map(_strip_formatting, json.loads(old))) == list(map(_strip_formatting, json.loads(new)))
    else:
        same = _strip_formatting(old) == _strip_formatting(new)
    return "cosmetic" if same else "substantive"


def _strip_formatting(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(_PLAIN_CHARACTERS)).casefold().replace("''", "'")
    return " ".join(_DASHES.sub("-", plain).split()).rstrip(_CLOSING)
