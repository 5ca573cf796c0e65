"""`python -m reading_room archive.db --port 8001`: the reading room on an archive or on a snapshot of one."""

from __future__ import annotations

import json
import tempfile
from contextlib import closing
from pathlib import Path

import click

from pipelines.database.opening import open_current_archive
from pipelines.database.reading_connections import is_shareable
from pipelines.sample import is_sample
from reading_room.addresses.public_url import ignore_forwarded_headers
from reading_room.server.pace import set_process_pace
from reading_room.server.port_check import check_port, exit_with_error
from reading_room.server.settings import build_arguments, build_metadata
from scraper.address import is_web
from scraper.errors import ArchiveError, DiskTrouble


def _check_public_url(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """The URL unchanged; raises BadParameter if it is not the root of a web server."""
    if value is not None and (value.rstrip("/").count("/") != 2 or not is_web(value)):
        raise click.BadParameter(
            "give scheme and host, such as https://briefs.example.org; a path goes to --setting base_url"
        )
    return value


def _refuse_read_only_folder(database: Path) -> None:
    """Raise DiskTrouble if SQLite cannot write its files beside the archive."""
    if not is_shareable(database):
        raise DiskTrouble(f"{database}: its folder cannot be written to: add --immutable if nobody else writes there")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("database", type=click.Path(path_type=Path), default="archive.db")
@click.argument("others", nargs=-1, type=click.UNPROCESSED)
@click.option(
    "--warcs", type=click.Path(path_type=Path), help="the folder of kept pages, which readers see as captured"
)
@click.option("--immutable", is_flag=True, help="the file is a snapshot: readers can download it and see its digest")
@click.option(
    "--public-url", callback=_check_public_url, help="the address that citations use: https://briefs.example.org"
)
@click.option("--contact", help="your e-mail address or page for readers; OAI-PMH names the e-mail address")
@click.option("--no-sql", is_flag=True, help="readers cannot run SQL; searches and ready queries stay")
def serve(
    database: Path,
    others: tuple[str, ...],
    warcs: Path | None,
    immutable: bool,
    public_url: str | None,
    contact: str | None,
    no_sql: bool,
) -> None:
    """Open the reading room on an archive; all other options are Datasette's own (--port, --host, --open …)."""
    check_port(others)
    try:
        with closing(open_current_archive(database)) as db:
            sample = is_sample(db)
        if not immutable:
            _refuse_read_only_folder(database)
    except ArchiveError as error:
        exit_with_error(str(error), error.exit_code)
    from datasette.cli import cli  # type: ignore[import-untyped]  # noqa: PLC0415 - takes a second to load

    from reading_room import plugin  # noqa: PLC0415

    plugin.register_plugin()
    ignore_forwarded_headers()
    set_process_pace()
    with tempfile.TemporaryDirectory() as folder:
        metadata_path = Path(folder) / "metadata.json"
        try:
            metadata = build_metadata(warcs=warcs, public_url=public_url, contact=contact, sample=sample)
            arguments = build_arguments(database, metadata_path, immutable=immutable, sql=not no_sql)
        except ArchiveError as error:
            exit_with_error(str(error), error.exit_code)
        metadata_path.write_text(json.dumps(metadata), encoding="utf-8")
        cli([*arguments, *others])


if __name__ == "__main__":
    serve()
