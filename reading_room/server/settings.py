"""How Datasette is started for an archive: name, settings, metadata, command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipelines.schema.doc import read_metadata
from scraper.package_files import require_package_file
from scraper.sample_site import SAMPLE_PUBLISHER

NAME = "archive"  # of the database in every address, whatever its file is called: addresses are cited
PLUGIN = "reading-room"
HERE = Path(__file__).parents[1]
STATIC = "room"  # the path of the folder static/ in addresses
_SAMPLE_METADATA = {
    "title": "Sample archive of invented policy briefs",
    "description": "Invented briefs of the sample site that comes with the program, to try it out.",
    "license": "invented text, only to try the program with",
    "source": SAMPLE_PUBLISHER,
    "source_url": "",
}
# Plumbing of the search index, bytes that no page can show, and SQLite's notes for its planner.
_INTERNAL = (*(f"briefs_fts_{part}" for part in ("config", "data", "docsize", "idx")), "sqlite_stat1")
SETTINGS = {
    "suggest_facets": "off",  # suggestions cost more than everything else on a table's page
    "default_page_size": "25",
    "truncate_cells_html": "256",  # characters, so that bodies do not flood the tables
    "facet_time_limit_ms": "1000",
    "sql_time_limit_ms": "5000",
    "max_returned_rows": "5000",  # of a query, also as CSV: more than the archive has briefs
    "allow_csv_stream": "on",
    "num_sql_threads": "8",  # more than the request gate lets in, so that one is free for a brief's page
}


def build_metadata(
    *, warcs: Path | None = None, public_url: str | None = None, contact: str | None = None, sample: bool = False
) -> dict[str, Any]:
    """The metadata for Datasette: metadata.yml and the options of our plugin.

    Without `warcs` no kept pages are shown; without `public_url` absolute URLs name the socket of the server.
    `contact` is the operator's address for readers.
    The metadata of a sample does not name the real publisher.
    """
    values = read_metadata() | (_SAMPLE_METADATA if sample else {})
    options = {"warcs": str(warcs) if warcs else None, "public_url": public_url, "contact": contact}
    values["databases"][NAME]["tables"] |= {name: {"allow": False} for name in _INTERNAL}
    if public_url:  # robots.txt takes nothing but whole addresses
        robots = values["plugins"]["datasette-block-robots"]
        robots["literal"] += f"\nSitemap: {public_url.rstrip('/')}/sitemap.xml\n"
    values.setdefault("plugins", {})[PLUGIN] = {name: value for name, value in options.items() if value}
    return values


def build_arguments(database: Path, metadata_path: Path, *, immutable: bool = False, sql: bool = True) -> list[str]:
    """The arguments of `datasette`; an `immutable` file is never written to, such as a snapshot."""
    settings = SETTINGS | ({} if sql else {"default_allow_sql": "off"})
    return [
        "serve",
        *(["--immutable"] if immutable else []),
        str(database),
        *("--metadata", str(metadata_path), "--template-dir", str(require_package_file(HERE / "templates"))),
        *("--static", f"{STATIC}:{require_package_file(HERE / 'static')}"),
        *(part for name, value in settings.items() for part in ("--setting", name, value)),
    ]
