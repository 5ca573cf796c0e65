"""How Datasette is set up for an archive: under which name, with which settings and words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from pipelines.schema.doc import METADATA
from scraper.package_files import read_package_file, require_package_file
from scraper.sample_site import SAMPLE_PUBLISHER

NAME = "archive"  # of the database in every address, whatever the file is called: addresses are cited
PLUGIN = "reading-room"
HERE = Path(__file__).parent
STATIC = "room"  # where the folder static/ is found
_OF_SAMPLE = {
    "title": "Sample archive of invented policy briefs",
    "description": "The briefs of the sample site that comes with the program, to try it on: all of them are invented.",
    "license": "invented text, for nobody's use but trying the program",
    "source": SAMPLE_PUBLISHER,
    "source_url": "",
}
SETTINGS = {
    "suggest_facets": "off",  # they cost more than everything else on a table's page
    "default_page_size": "25",
    "truncate_cells_html": "256",  # characters: bodies do not flood the tables
    "facet_time_limit_ms": "1000",
    "sql_time_limit_ms": "5000",
    "max_returned_rows": "5000",  # of a query, also as CSV: more than the archive has briefs
    "allow_csv_stream": "on",
}


def metadata(*, warcs: Path | None = None, public_url: str | None = None, sample: bool = False) -> dict[str, Any]:
    """metadata.yml, and where the kept pages lie; without `warcs` they are not shown.

    `public_url` is where readers find the room; without it, it is where they say that they found it.
    Of a sample nothing is said to be the publisher's.
    """
    told: dict[str, Any] = yaml.safe_load(read_package_file(METADATA)) | (_OF_SAMPLE if sample else {})
    known = {"warcs": str(warcs) if warcs else None, "public_url": public_url}
    told.setdefault("plugins", {})[PLUGIN] = {name: value for name, value in known.items() if value}
    return told


def arguments(database: Path, told: Path, *, immutable: bool = False, sql: bool = True) -> list[str]:
    """What `datasette` is called with; an `immutable` file is never written to, as snapshots are not."""
    settings = SETTINGS | ({} if sql else {"default_allow_sql": "off"})
    return [
        "serve",
        *(["--immutable"] if immutable else []),
        str(database),
        *("--metadata", str(told), "--template-dir", str(require_package_file(HERE / "templates"))),
        *("--static", f"{STATIC}:{require_package_file(HERE / 'static')}"),
        *(part for name, value in settings.items() for part in ("--setting", name, value)),
    ]
