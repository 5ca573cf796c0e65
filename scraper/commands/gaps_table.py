"""Prints what is missing as tables for a terminal, and formats it as CSV for a spreadsheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rich import box
from rich.console import Console
from rich.table import Table

from pipelines.exports.csv_tables import format_table
from pipelines.extraction.wording.domains import to_canonical_domain
from pipelines.gaps.records import KINDS, Channel, Gap, Gaps, Kind, Sighting
from scraper.console.invocation import command_line
from scraper.console.terminal import make_printable
from scraper.errors import BadArgument

ARCHIVE = "archive"
_SHOWN = 5  # lines of a kind, without --all
Standings = tuple[str, Sequence[tuple[str, Sighting]]]  # a channel, and how it stands to each post
_GAP_COLUMNS = ("kind", "domain", "what", "count", "where", "paths", "url", "next")
_SIGHTING_COLUMNS = ("standing", "path", "url", "archived", "channels")


def select_gaps(gaps: Gaps, domain: str | None, kind: Kind | None) -> Gaps:
    """Select the gaps of one domain, of one kind, or of both; the channels stay as they are."""
    wanted = None if domain is None else to_canonical_domain(domain).casefold()
    of_kind = (gap for gap in gaps.gaps if kind in (None, gap.kind))
    return replace(gaps, gaps=tuple(gap for gap in of_kind if wanted in (None, (gap.domain or "").casefold())))


def list_standings(gaps: Gaps, channel: str) -> list[tuple[str, Sighting]]:
    """List the posts that only this channel knows, that it lacks, or that the archive lacks. Raises BadArgument."""
    names = [sighting.name for sighting in gaps.channels]
    if channel not in names:
        raise BadArgument(f"--channel {channel}: the archive knows {', '.join(names)}")
    return [(word, sighting) for sighting in gaps.sightings if (word := _find_standing(sighting, channel))]


def _find_standing(sighting: Sighting, channel: str) -> str | None:
    if channel == ARCHIVE:
        return "unknown" if not sighting.archived else "alone" if not sighting.channels else None
    if channel not in sighting.channels:
        return "unknown"
    if not sighting.archived:
        return "alone, not in the archive" if sighting.channels == (channel,) else "not in the archive"
    return "alone" if sighting.channels == (channel,) else None


def format_totals(gaps: Gaps) -> str:
    """Format the number of gaps of each kind in one line."""
    words = [f"{title[0].lower()}{title[1:]}: {gaps.total(kind)}" for kind, title in KINDS.items() if gaps.total(kind)]
    return "; ".join(words) or "nothing is known to be missing"


def join_numbers(gaps: Iterable[Gap]) -> list[Gap]:
    """Join gaps of consecutive numbers that are alike in everything else: `Environment 48–49`."""
    joined: list[Gap] = []
    for gap in gaps:
        last = joined[-1] if joined else None
        if last and gap.kind == "number" and (last.where, last.next, last.domain) == (gap.where, gap.next, gap.domain):
            first, number = last.what.partition("–")[0], gap.what.rpartition(" ")[2]
            joined[-1] = replace(last, what=f"{first}–{number}", count=last.count + gap.count)
        else:
            joined.append(gap)
    return joined


def count_by_domain(gaps: Iterable[Gap]) -> str:
    """Count gaps by domain, in the order of the lines: `Environment 3, Immigration 1`."""
    counts: Counter[str] = Counter()
    for gap in gaps:
        counts[gap.domain or "unknown"] += gap.count
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def print_gaps(console: Console, gaps: Gaps, *, everything: bool) -> None:
    """Print each kind with its count, and its first lines or all, each with the command to look for it."""
    for kind, title in KINDS.items():
        joined = join_numbers(gap for gap in gaps.gaps if gap.kind == kind)
        if not joined:
            continue
        console.print(f"{title}: {gaps.total(kind)}", style="bold")
        if kind in ("number", "double"):
            console.print(f"  {make_printable(count_by_domain(joined))}")
        _print_rows(console, joined if everything else joined[:_SHOWN])
        if not everything and len(joined) > _SHOWN:
            console.print(f"  and {len(joined) - _SHOWN} more lines: {command_line('gaps', '--kind', kind)}")
        console.print()
    for note in gaps.notes:
        console.print(f"Left out: {make_printable(note)}")


def print_channels(console: Console, channels: Sequence[Channel]) -> None:
    """Print a row per channel: what it knows, and how much of that each other channel does not."""
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


def print_standings(console: Console, channel: str, standings: Sequence[tuple[str, Sighting]]) -> None:
    """Print what only the channel knows, what it does not know, and what the archive lacks of it."""
    table = Table("standing", box=box.SIMPLE, title=f"Channel {channel}", title_justify="left")
    table.add_column("post", overflow="fold")
    table.add_column("known by")
    for word, sighting in sorted(standings, key=lambda pair: (pair[0], pair[1].path)):
        channels = (*sighting.channels, ARCHIVE) if sighting.archived else sighting.channels
        table.add_row(word, make_printable(sighting.path), ", ".join(channels))
    console.print(table)


def _print_rows(console: Console, gaps: Sequence[Gap]) -> None:
    """Print a row per gap; its command has a line of its own that is never wrapped, so that it can be copied."""
    width = min(max(len(gap.what) for gap in gaps), console.width // 3)
    for gap in gaps:
        table = Table(box=None, show_header=False, padding=(0, 0, 0, 2))
        table.add_column(width=width, overflow="fold", style="cyan")
        table.add_column(overflow="fold")
        table.add_row(make_printable(gap.what), make_printable(gap.where))
        console.print(table)
        console.print(f"    $ {make_printable(gap.next)}", soft_wrap=True, style="dim")


def format_gaps_csv(gaps: Iterable[Gap]) -> str:
    """Format the gaps as CSV with a header."""
    values = (
        (gap.kind, gap.domain, gap.what, gap.count, gap.where, " ".join(gap.paths), gap.url, gap.next) for gap in gaps
    )
    return "".join(format_table(_GAP_COLUMNS, values, "\n"))


def format_standings_csv(standings: Iterable[tuple[str, Sighting]]) -> str:
    """Format the posts of a channel as CSV with a header."""
    values = (
        (word, sighting.path, sighting.url, int(sighting.archived), " ".join(sighting.channels))
        for word, sighting in standings
    )
    return "".join(format_table(_SIGHTING_COLUMNS, values, "\n"))
