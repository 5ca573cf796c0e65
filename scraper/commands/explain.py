"""`briefs explain`: the fields of one page, the rule of each, and the missing ones. Nothing is written."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from itertools import chain
from pathlib import Path
from typing import Any

from rich.console import Console
from scrapy.exceptions import UsageError
from scrapy.settings import BaseSettings

from scraper.address import SITE_HOSTS, host_of, identity, is_web
from scraper.console.command_base import ArchiveCommand
from scraper.console.standard_output import print_text
from scraper.console.terminal import Block, make_printable, print_blocks, stderr, stdout
from scraper.errors import BadInput
from scraper.records import Brief, Capture, Evidence, Extraction, Problem, Reading

_LONG = 300  # characters of a value that are shown


class Command(ArchiveCommand):
    usage = "[options] PAGE [PAGE ...]"
    about = """
        Shows how a page is read: each field with its value, how sure it is (stated by the page in machine-readable
        form, read from an agreed shape, guessed by a fallback), the rule that found it and the text it stood in; then
        the candidates that lost, and what is missing. Nothing is written. PAGE is a saved file or a WARC file; or a
        brief of the archive, by its path, address or id; or an address that is not in the archive, which is then
        fetched.
        """
    examples = (
        ("briefs explain page.html", ""),
        ("briefs explain crawl.warc.gz --url /2019/03/10/slug/", "one page of a WARC file"),
        ("briefs explain /2019/03/10/slug/", "the newest capture of a brief in the archive"),
        ("briefs explain 12 --json", "the brief with the id 12, for programs"),
    )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument("--url", help="the address of a saved page; in a WARC file or a folder, which page to show")
        parser.add_argument("--all", action="store_true", help="every page or capture, not only the first or newest")
        parser.add_argument("--json", action="store_true", help="one JSON object a line, with whole values")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        from pipelines.captures.read_back import read_held_reports

        if not args:
            raise UsageError("explain what? For example: page.html")
        for arg in args:
            with self.report_errors():
                self._explain(find_captures(arg, self.settings, opts.url), opts)
                for line in [] if Path(arg).exists() else read_held_reports(Path(self.settings["ARCHIVE_DB"]), arg):
                    stderr().print(f"held: {line}", soft_wrap=True)

    def _explain(self, captures: Iterator[Capture], opts: argparse.Namespace) -> None:
        from pipelines.extract import extract

        console = stdout()
        for number, capture in enumerate(captures):
            if number and not opts.all:
                stderr().print("There are more pages here: --all shows them, --url chooses one")
                return
            # A saved page of any host can be explained; only ingest asks whose it is.
            extraction = extract(capture, hosts=SITE_HOSTS | {host_of(capture.url or "")})
            if opts.json:
                print_text([json.dumps(_format_json(capture, extraction), ensure_ascii=False), "\n"])
            else:
                print_extraction(capture, extraction, console)


def find_captures(arg: str, settings: BaseSettings, url: str | None) -> Iterator[Capture]:
    """Find the captures of an argument: a file's, the archive's newest first, or a fetched one. Raises ArchiveError."""
    from pipelines.captures.read_back import read_captures
    from scraper.crawl.one_page import fetch_page

    if Path(arg).exists() or Path(arg).is_symlink():  # the reader reports a link that leads nowhere
        return _read_file(Path(arg), url)
    if not (is_web(arg) or arg.startswith("/") or arg.isdecimal()):
        raise BadInput(f"{arg}: no such file; an address begins with https://, a brief's path with /")
    if captures := read_captures(Path(settings["ARCHIVE_DB"]), Path(settings["WARCS_DIR"]), arg):
        return iter(captures)
    if is_web(arg):
        return iter((fetch_page(arg, settings),))
    raise BadInput(f"{arg}: not in {settings['ARCHIVE_DB']}; give its whole address to fetch it, or a saved file")


def _read_file(path: Path, url: str | None) -> Iterator[Capture]:
    from scraper.sources.events import Omission
    from scraper.sources.paths import SourceReader
    from scraper.sources.sidecar import make_sidecar

    reader = SourceReader(None)
    found = 0
    for event in chain(reader.read(path, make_sidecar(url, None)), reader.read_deferred()):
        if isinstance(event, Capture):
            if url is None or identity(event.url or "") == identity(url):
                found += 1
                yield event
        elif not isinstance(event, Omission):
            stderr().print(str(event))
    if not found:
        raise BadInput(f"{path}: no page {'of ' + url if url else 'to explain'} in it")


def print_extraction(capture: Capture, extraction: Extraction, console: Console) -> None:
    """Print everything that was read in one capture."""
    facts = {
        "page": capture.name,
        "address": extraction.url,
        "captured": extraction.captured_at or "no one knows when",
        "outcome": extraction.outcome,
        "look": extraction.layout or "none recognised",
        "charset": extraction.charset,
        "addresses found": len(extraction.found) or None,
    }
    for name, fact in facts.items():
        if fact is not None:
            console.print(f"{name:<16} {fact}", soft_wrap=True)
    _print_problems(extraction.problems, console)
    for reading in extraction.readings:
        _print_reading(reading, console)
    console.print()


def _print_reading(reading: Reading, console: Console) -> None:
    console.print(f"\n{reading.brief.path}", style="bold")
    print_blocks(map(_make_block, (item for item in reading.evidence if item.chosen)), console)
    if rejected := [item for item in reading.evidence if not item.chosen]:
        console.print("\nCandidates that lost", style="bold")
        print_blocks(map(_make_block, rejected), console)
    if missing := list_missing_fields(reading.brief):
        console.print(f"\nMissing: {', '.join(missing)}", soft_wrap=True)
    _print_problems(reading.problems, console)


def list_missing_fields(brief: Brief) -> list[str]:
    """List the fields without a value."""
    return [field.name for field in fields(brief) if getattr(brief, field.name) in (None, ())]


def _make_block(evidence: Evidence) -> Block:
    """Make a block of a field: value, confidence and rule, and the text it stood in if that says more."""
    value, snippet = _shorten(evidence.value), _shorten(evidence.snippet)
    confidence = f"{evidence.confidence} by {evidence.rule}"
    return evidence.field, value, (confidence,) if snippet == value else (confidence, f"in: {snippet}")


def _print_problems(problems: Iterable[Problem], console: Console) -> None:
    rows = [(problem.field or "page", _shorten(problem.message), (problem.kind,)) for problem in problems]
    if rows:
        console.print("\nProblems", style="bold")
        print_blocks(rows, console)


def _shorten(text: str) -> str:
    text = make_printable(" ".join(text.split()))
    return text if len(text) <= _LONG else f"{text[: _LONG - 1]}…"


def _format_json(capture: Capture, extraction: Extraction) -> dict[str, Any]:
    data = asdict(extraction)
    for reading, reading_data in zip(extraction.readings, data["readings"], strict=True):
        reading_data["missing"] = list_missing_fields(reading.brief)
    return {"page": capture.name, "source": capture.source, "digest": capture.digest, **data}
