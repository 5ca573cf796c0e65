"""How many fields come out right over all saved pages: `python -m tests.accuracy` shows it, `--pin` writes it down."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.support.expected import FIELDS, differences, list_saved_pages, load_expectation

PINNED = Path(__file__).with_name("accuracy.json")
_OF_PAGES = ("outcome", "briefs")  # counted once a page, every other field once a post

Tally = dict[str, tuple[int, int]]


def tally() -> Tally:
    """(right, total) of each field; the fields of a post that was not read at all are wrong."""
    wrong = dict.fromkeys((*_OF_PAGES, *FIELDS), 0)
    posts = 0
    for page in list_saved_pages():
        expected = len(load_expectation(page)["briefs"])
        posts += expected
        for each in differences(page):
            if each.field in wrong:
                wrong[each.field] += 1
            if each.field == "briefs" and isinstance(each.found, list):
                lost = max(0, expected - len(each.found))
                wrong |= {field: wrong[field] + lost for field in FIELDS}
    totals = {field: len(list_saved_pages()) if field in _OF_PAGES else posts for field in wrong}
    return {field: (totals[field] - wrong[field], totals[field]) for field in wrong}


def read_pin() -> Tally:
    """What was written down last."""
    return {field: (right, total) for field, (right, total) in json.loads(PINNED.read_text("utf-8")).items()}


def pin(counts: Tally) -> None:
    """Write the counts down, a line a field."""
    lines = [f"  {json.dumps(field)}: [{right}, {total}]" for field, (right, total) in counts.items()]
    PINNED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def main(arguments: list[str]) -> None:
    """Print the counts; with `--pin` they become what the tests hold the program to."""
    counts = tally()
    for field, (right, total) in counts.items():
        print(f"{field:15}{right:6} of {total}{'' if right == total else '   <--'}")
    if "--pin" in arguments:
        pin(counts)


if __name__ == "__main__":
    main(sys.argv[1:])
