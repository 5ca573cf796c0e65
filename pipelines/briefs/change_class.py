"""Whether a change of a published value is of substance, or only of its dress."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Literal

from pipelines.briefs.codec import LISTS

Change = Literal["cosmetic", "substantive"]
_TEXTS = frozenset(("label", "domain", "title", "body", *LISTS))  # any change of a date, a number or a path counts
_DRESS = str.maketrans(
    dict.fromkeys("\"'`´‘’‚‛“”„‟«»‹›′″", "'")
    | dict.fromkeys("-‐‑‒–—―−", "-")
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", "")
)
_DASHES = re.compile(r"\s*-+\s*")  # `--` and ` — ` are typists' dashes
_CLOSING = " .,;:!?-"


def change_of(field: str, old: str | None, new: str | None) -> Change:
    """`cosmetic` where white space, quotes, dashes, case and closing punctuation are all that differs.

    Values as in revisions; lists (JSON) are compared item by item.
    """
    if old is None or new is None or field not in _TEXTS:
        return "substantive"
    if field in LISTS:
        same = [_folded(item) for item in json.loads(old)] == [_folded(item) for item in json.loads(new)]
    else:
        same = _folded(old) == _folded(new)
    return "cosmetic" if same else "substantive"


def _folded(text: str) -> str:
    dressed = unicodedata.normalize("NFKC", text.translate(_DRESS)).casefold().replace("''", "'")
    return " ".join(_DASHES.sub("-", dressed).split()).rstrip(_CLOSING)
