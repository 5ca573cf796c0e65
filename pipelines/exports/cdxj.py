"""CDXJ: the index by which a replay finds the records, sorted by its bytes."""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterator
from itertools import islice

from pipelines.exports.surt import surt
from pipelines.exports.warc import Written

_TABLE = "CREATE TEMP TABLE index_lines (line TEXT NOT NULL)"  # SQLite sorts it, however long it is
_ADD = "INSERT INTO index_lines VALUES (?)"
_LINES = "SELECT line FROM index_lines ORDER BY line"
_NO_DIGIT = re.compile(r"\D")
BLOCK = 1024  # lines of a compressed index that are read at once
_GZIP = 16 + zlib.MAX_WBITS


class Index:
    """The lines of one WARC file, kept outside memory in a table of the connection."""

    def __init__(self, db: sqlite3.Connection, file: str) -> None:
        db.execute(_TABLE)
        self._db, self._file = db, file

    def add(self, written: Written) -> None:
        """Index a record by its page's address; one taken in at an unknown time stands under its WARC-Date."""
        url = written.url or written.path
        told = {
            "url": url,
            "mime": written.media_type or "unk",
            **({} if written.status is None else {"status": str(written.status)}),
            "digest": written.digest,
            "length": str(written.place.length),
            "offset": str(written.place.offset),
            "filename": self._file,
        }
        stamp = _NO_DIGIT.sub("", written.captured_at or written.warc_date)[:14]
        self._db.execute(_ADD, (f"{surt(url)} {stamp} {json.dumps(told)}\n",))

    def lines(self) -> Iterator[str]:
        """All lines in the order of their bytes."""
        return (line for (line,) in self._db.execute(_LINES))


def compressed(lines: Iterator[str], name: str) -> Iterator[tuple[bytes, str]]:
    """The index in gzip members of `BLOCK` lines, each with its line of the index of the index; `name` is its file."""
    at = 0
    while block := tuple(islice(lines, BLOCK)):
        packer = zlib.compressobj(wbits=_GZIP)
        member = packer.compress("".join(block).encode()) + packer.flush()
        told = json.dumps({"offset": at, "length": len(member), "filename": name})
        yield member, f"{block[0].partition('{')[0]}{told}\n"
        at += len(member)
