"""What `briefs export` is asked for, and its result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

Format = Literal[
    "warc", "wacz", "jsonl", "csv", "csv-tables", "parquet", "jsonld", "dublincore", "bibtex", "csl", "bagit"
]
Shape = Literal["text", "file", "folder"]  # text may go to standard output
FORMATS: Mapping[Format, tuple[Shape, str]] = {
    "warc": ("file", "WARC 1.1: the stored records of every capture, listings and errors too"),
    "wacz": ("file", "WACZ 1.1.1: the same records with index and page list, for ReplayWeb.page and pywb"),
    "jsonl": ("text", "JSON Lines: one brief a line, with everything that belongs to it"),
    "csv": ("text", "one table, one row for each brief, lists joined by `; `"),
    "csv-tables": ("folder", "a folder of CSV files: the briefs, and one for each of their lists"),
    "parquet": ("folder", "the same tables typed, as Parquet"),
    "jsonld": ("text", "JSON-LD in the words of schema.org"),
    "dublincore": ("text", "Dublin Core as Archivematica's metadata.csv"),
    "bibtex": ("text", "BibTeX, to cite in LaTeX and to import into Zotero"),
    "csl": ("text", "CSL-JSON, to cite with citeproc, pandoc and Zotero"),
    "bagit": ("folder", "a BagIt bag: database, WACZ, pages and their metadata.csv, with a digest of each"),
}
NAMES: tuple[Format, ...] = get_args(Format)
RECORDS = ("warc", "wacz")  # formats that hold captures and no values
Captures = Literal["all", "newest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which briefs are wanted: the values of one condition are alternatives; no condition selects everything."""

    domains: tuple[str, ...] = ()  # case and accents do not count
    kinds: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()  # as published or as merged; case and accents do not count
    numbers: tuple[int, ...] = ()
    paths: tuple[str, ...] = ()
    since: str | None = None  # published: YYYY, YYYY-MM or YYYY-MM-DD, the first one wanted
    until: str | None = None  # the last one wanted, all of that year, month or day
    captures: Captures = "all"  # newest: of each brief only the capture that its values are from

    @property
    def is_everything(self) -> bool:
        """Whether the whole archive is wanted, with the captures that belong to no brief."""
        return self == Selection()


_PAGELESS = "no page in it: WordPress exports need --with-contacts, and what names a withdrawn post is left out"


@dataclass(frozen=True, slots=True)
class ExportResult:
    """What was exported, and where it is."""

    path: Path | None  # None: standard output
    briefs: int
    captures: int | None  # None where the format holds no captures
    size: int  # bytes
    sha256: str  # of the file; of a bag: of its tagmanifest, which covers the rest; "" for other folders
    pageless: int = 0  # of the briefs those of which no record is in it

    def __str__(self) -> str:
        """The result as one line for people."""
        captures = "" if self.captures is None else f", {self.captures:,} captures"
        digest = f", sha256 {self.sha256}" if self.sha256 else ""
        pageless = f"; {self.pageless:,} briefs have {_PAGELESS}" if self.pageless else ""
        size = "" if self.path is None else f", {self.size / 1e6:.1f} MB"
        return f"{self.path or 'standard output'}: {self.briefs:,} briefs{captures}{size}{digest}{pageless}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What to export, and where to."""

    format: Format
    selection: Selection
    target: Path | None  # None: standard output
    with_contacts: bool = False
