"""`python -m pipelines.serve archive.db --port 8001`: Datasette on an archive, with its metadata and settings."""

from __future__ import annotations

import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import yaml

from pipelines.opening import reading_connection
from scraper.errors import ArchiveError

METADATA = Path(__file__).parent.parent / "metadata.yml"
SETTINGS = {
    "suggest_facets": "off",  # they cost more than everything else on a table's page
    "default_page_size": "25",
    "truncate_cells_html": "256",  # characters: bodies do not flood the tables
    "facet_time_limit_ms": "1000",
    "sql_time_limit_ms": "5000",
    "max_returned_rows": "2000",
}


def metadata_for(database: Path) -> dict[str, Any]:
    """metadata.yml for a database file of any name: Datasette knows databases by the file's stem."""
    told: dict[str, Any] = yaml.safe_load(METADATA.read_text(encoding="utf-8"))
    told["databases"] = {database.stem: told["databases"]["archive"]}
    return told


def arguments(database: Path, metadata: Path, *, immutable: bool = False) -> list[str]:
    """What `datasette` is called with; an `immutable` file is never written to, as snapshots are not."""
    settings = [part for name, value in SETTINGS.items() for part in ("--setting", name, value)]
    opened = ["--immutable"] if immutable else []
    return ["serve", *opened, str(database), "--metadata", str(metadata), *settings]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("database", type=click.Path(path_type=Path), default="archive.db")
@click.argument("others", nargs=-1, type=click.UNPROCESSED)
@click.option("--immutable", is_flag=True, help="the file is a snapshot: it can be downloaded, its digest is shown")
def serve(database: Path, others: tuple[str, ...], immutable: bool) -> None:
    """Open Datasette on an archive; all other options are Datasette's own (--port, --host, --open …)."""
    if not database.exists():
        raise click.ClickException(f"{database}: no archive yet: make demo, make crawl or scrapy ingest make one")
    try:
        with closing(reading_connection(database)):
            pass
    except ArchiveError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(error.exit_code)
    from datasette.cli import cli  # type: ignore[import-untyped]  # noqa: PLC0415 - takes a second to load

    with tempfile.TemporaryDirectory() as folder:
        metadata = Path(folder) / "metadata.yml"
        metadata.write_text(yaml.safe_dump(metadata_for(database), allow_unicode=True), encoding="utf-8")
        cli([*arguments(database, metadata, immutable=immutable), *others])


if __name__ == "__main__":
    serve()
