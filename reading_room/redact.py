"""Remove e-mail addresses from all that the room shows: most of those in a brief are a writer's own."""

from __future__ import annotations

import re

from pipelines.maintenance.contacts import LEFT_OUT

# Matches start at the beginning of a word only, so that one endless word does not cost quadratic time.
EMAIL = re.compile(r"(?:mailto:)?(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


def redact_emails(text: str) -> str:
    """The text with a placeholder for each e-mail address."""
    return EMAIL.sub(LEFT_OUT, text) if "@" in text or "%40" in text else text
