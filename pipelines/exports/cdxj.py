"""CDXJ: the index by which a replay finds the records, sorted by bytes."""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from itertools import islice

from pipelines.captures.warc_writer import GZIP_MEMBER
from pipelines.exports.surt import make_surt
from pipelines.exports.warc import RecordCopy

_TABLE = "CREATE TEMP TABLE index_lines (line TEXT NOT NULL)"  # SQLite sorts it outside memory, however long it is
_ADD = "INSERT INTO index_lines VALUES (?)"
_LINES = "SELECT line FROM index_lines ORDER BY line"
_NO_DIGIT = re.compile(r"\D")
COMPRESSED = "index.cdx.gz"  # name of the file
BLOCK = 1024  # lines in each gzip member of a compressed index


class CdxjIndex:
    """The index of one WARC file, held in a temporary table of the connection."""

    def __init__(self, db: sqlite3.Connection, file: str) -> None:
        db.execute(_TABLE)
        self._db, self._file = db, file

    def add_record(self, record: RecordCopy) -> None:
        """Index a record by its page's address and instant, or by its WARC-Date where the instant is unknown."""
        url = record.url or record.path
        fields = {
            "url": url,
            "mime": record.media_type or "unk",
            **({} if record.status is None else {"status": str(record.status)}),
            "digest": record.digest,
            "length": str(record.place.length),
            "offset": str(record.place.offset),
            "filename": self._file,
        }
        stamp = _NO_DIGIT.sub("", record.captured_at or record.warc_date)[:14]
        self._db.execute(_ADD, (f"{make_surt(url)} {stamp} {json.dumps(fields)}\n",))

    def read_lines(self) -> Iterator[str]:
        """Read all lines in the order of their bytes."""
        return (line for (line,) in self._db.execute(_LINES))


def compress_lines(lines: Iterator[str]) -> Iterator[tuple[bytes, str]]:
    """Compress the index into gzip members; yield each with its line of the secondary index."""
    at = 0
    while block := tuple(islice(lines, BLOCK)):
        member = zlib.compress("".join(block).encode(), wbits=GZIP_MEMBER)
        fields = json.dumps({"offset": at, "length": len(member), "filename": COMPRESSED})
        yield member, f"{block[0].partition('{')[0]}{fields}\n"
        at += len(member)
