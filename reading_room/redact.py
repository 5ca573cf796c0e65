"""Remove from texts what the room must not show: e-mail addresses, most of them a writer's own, and odd characters."""

from __future__ import annotations

import re

from pipelines.maintenance.contacts import LEFT_OUT

# Matches start at the beginning of a word only, so that one endless word does not cost quadratic time.
EMAIL = re.compile(r"(?:mailto:)?(?<![\w.+-])[\w.+-]+(?:@|%40)[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)


# No XML may hold them.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def redact_emails(text: str) -> str:
    """The text with a placeholder for each e-mail address."""
    return EMAIL.sub(LEFT_OUT, text) if "@" in text or "%40" in text else text
