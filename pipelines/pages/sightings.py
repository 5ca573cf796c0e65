"""What was seen at the address of a page, and which of it counts: what saved files say against the site does not."""

from __future__ import annotations

from pipelines.captures.origins import HEARSAY
from pipelines.pages.status_timeline import ALIVE, TRANSIENT


def _list_words(words: frozenset[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))


_SHOWN = f"""SELECT captured_at AS at FROM captures
    WHERE path = :path AND source = 'live' AND outcome NOT IN ({_list_words(TRANSIENT)})
    UNION ALL SELECT checked_at FROM checks WHERE path = :path"""  # noqa: S608 (our own names, here and below)
_DENIAL = f"{HEARSAY} AND outcome NOT IN ({_list_words(ALIVE)})"
# The archive's own captures, and each check that found a page with the same bytes. That a page is gone or has moved
# counts by a file's word until the site itself shows otherwise, and as history once the site was seen after it.
SIGHTINGS = f"""SELECT at, outcome, status, location, url, digest FROM (
    SELECT captured_at AS at, outcome, status, location, url, digest FROM captures
    WHERE path = :path AND NOT ({_DENIAL} AND ifnull(captured_at > (SELECT max(at) FROM ({_SHOWN})), 0))
    UNION ALL
    SELECT checks.checked_at, outcome, status, location, url, digest
    FROM checks JOIN captures ON captures.id = capture_id WHERE checks.path = :path)"""  # noqa: S608
DENIALS = f"SELECT 1 FROM captures WHERE path = :path AND {_DENIAL}"  # noqa: S608
