"""E-mail addresses are in no page of the reading room: most of those that a brief names are a writer's own."""

from __future__ import annotations

import re

from pipelines.maintenance.contacts import LEFT_OUT

# From a word's beginning only: a text of one endless word costs no more than any other.
ADDRESS = re.compile(r"(?:mailto:)?(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


def hidden(text: str) -> str:
    """The text with its e-mail addresses blotted out."""
    return ADDRESS.sub(LEFT_OUT, text) if "@" in text or "%40" in text else text
