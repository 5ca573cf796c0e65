"""What is missing, as tables for a terminal and as rows for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rich import box
from rich.console import Console
from rich.table import Table

from pipelines.extraction.wording.domains import to_canonical_domain
from pipelines.gaps.records import KINDS, Channel, Gap, Gaps, Kind, Sighting
from scraper.errors import BadArgument
from scraper.invocation import command_line

ARCHIVE = "archive"
_SHOWN = 5  # lines of a kind, unless all are asked for
_GAP_COLUMNS = ("kind", "domain", "what", "count", "where", "paths", "url", "next")
_SIGHTING_COLUMNS = ("standing", "path", "url", "archived", "channels")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run what begins so


def selected(gaps: Gaps, domain: str | None, kind: Kind | None) -> Gaps:
    """The gaps of one domain, of one kind, or of both; the channels stay as they are."""
    wanted = None if domain is None else to_canonical_domain(domain).casefold()
    kept = (gap for gap in gaps.gaps if kind in (None, gap.kind))
    return replace(gaps, gaps=tuple(gap for gap in kept if wanted in (None, (gap.domain or "").casefold())))


def standings(gaps: Gaps, channel: str) -> list[tuple[str, Sighting]]:
    """How the channel stands to each post that is worth a word: alone, missing or unknown. Raises BadArgument."""
    names = [one.name for one in gaps.channels]
    if channel not in names:
        raise BadArgument(f"--channel {channel}: the archive knows {', '.join(names)}")
    return [(word, one) for one in gaps.sightings if (word := _standing(one, channel))]


def _standing(one: Sighting, channel: str) -> str | None:
    if channel == ARCHIVE:
        return "unknown" if not one.archived else "alone" if not one.channels else None
    if channel not in one.channels:
        return "unknown"
    if not one.archived:
        return "alone, not in the archive" if one.channels == (channel,) else "not in the archive"
    return "alone" if one.channels == (channel,) else None


def totals(gaps: Gaps) -> str:
    """How much of each kind there is, in one line."""
    words = [f"{title[0].lower()}{title[1:]}: {gaps.total(kind)}" for kind, title in KINDS.items() if gaps.total(kind)]
    return "; ".join(words) or "nothing is known to be missing"


def folded(told: Iterable[Gap]) -> list[Gap]:
    """The gaps with numbers that follow each other, and of which the same is known, in one: `Environment 48–49`."""
    found: list[Gap] = []
    for gap in told:
        last = found[-1] if found else None
        if last and gap.kind == "number" and (last.where, last.next, last.domain) == (gap.where, gap.next, gap.domain):
            first, number = last.what.partition("–")[0], gap.what.rpartition(" ")[2]
            found[-1] = replace(last, what=f"{first}–{number}", count=last.count + gap.count)
        else:
            found.append(gap)
    return found


def by_domain(told: Iterable[Gap]) -> str:
    """`Environment 3, Immigration 1`, in the order of the lines."""
    counts: Counter[str] = Counter()
    for gap in told:
        counts[gap.domain or "unknown"] += gap.count
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def show(console: Console, gaps: Gaps, *, everything: bool) -> None:
    """Each kind with its count, its first lines or all, and the command for each."""
    for kind, title in KINDS.items():
        told = folded(gap for gap in gaps.gaps if gap.kind == kind)
        if not told:
            continue
        console.print(f"{title}: {gaps.total(kind)}", style="bold")
        if kind in ("number", "double"):
            console.print(f"  {legible(by_domain(told))}")
        _print(console, told if everything else told[:_SHOWN])
        if not everything and len(told) > _SHOWN:
            console.print(f"  and {len(told) - _SHOWN} more lines: {command_line('gaps', '--kind', kind)}")
        console.print()
    for note in gaps.notes:
        console.print(f"Left out: {legible(note)}")


def show_channels(console: Console, channels: Sequence[Channel]) -> None:
    """A row a channel: what it knows, then how much of that each other one does not."""
    console.print("Posts that each channel knows", style="bold")
    knows = Table("channel", box=box.SIMPLE_HEAD, pad_edge=False)
    lacks = Table("of these", box=box.SIMPLE_HEAD, pad_edge=False)
    for word in ("knows", "in the archive", "alone"):
        knows.add_column(word, justify="right")
    for channel in channels:
        lacks.add_column(f"not in {channel.name}", justify="right")
    for channel in channels:
        knows.add_row(channel.name, str(channel.knows), str(channel.archived), str(channel.alone))
        unknown = ("" if name == channel.name else str(count) for name, count in channel.unknown.items())
        lacks.add_row(channel.name, *unknown)
    console.print(knows)
    console.print(lacks)


def show_standings(console: Console, channel: str, told: Sequence[tuple[str, Sighting]]) -> None:
    """What the channel alone knows, what it does not know, and what of it the archive has not."""
    table = Table("standing", box=box.SIMPLE, title=f"Channel {channel}", title_justify="left")
    table.add_column("post", overflow="fold")
    table.add_column("known by")
    for word, one in sorted(told, key=lambda pair: (pair[0], pair[1].path)):
        known = (*one.channels, ARCHIVE) if one.archived else one.channels
        table.add_row(word, legible(one.path), ", ".join(known))
    console.print(table)


def _print(console: Console, told: Sequence[Gap]) -> None:
    """A row a gap; its command has a line of its own that is never broken, so that it can be copied."""
    width = min(max(len(gap.what) for gap in told), console.width // 3)
    for gap in told:
        table = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
        table.add_column(width=width, overflow="fold", style="cyan")
        table.add_column(overflow="fold")
        table.add_row(legible(gap.what), legible(gap.where))
        console.print(table)
        console.print(f"    $ {legible(gap.next)}", soft_wrap=True, style="dim")


def gap_rows(told: Iterable[Gap]) -> str:
    """The gaps as CSV with a header."""
    values = (
        (gap.kind, gap.domain, gap.what, gap.count, gap.where, " ".join(gap.paths), gap.url, gap.next) for gap in told
    )
    return _csv(_GAP_COLUMNS, values)


def standing_rows(told: Iterable[tuple[str, Sighting]]) -> str:
    """The posts of a channel as CSV with a header."""
    values = ((word, one.path, one.url, int(one.archived), " ".join(one.channels)) for word, one in told)
    return _csv(_SIGHTING_COLUMNS, values)


def _csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[*_cells(row)] for row in rows])
    return text.getvalue()


def _cells(row: Iterable[object]) -> Iterator[object]:
    for value in row:
        yield f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def legible(text: str) -> str:
    """Without what would command the terminal."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
