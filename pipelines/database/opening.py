"""Opening archive.db: whose file it is, whether it is free, whether its schema is ours."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from pipelines.database.db_errors import explain_db_errors
from pipelines.database.lock import take_lock
from pipelines.database.open_files import OpenFile
from pipelines.database.reading_connections import connect_read_only, get_log_path
from pipelines.schema.tables import APPLICATION_ID, OLDEST, SCHEMA
from pipelines.withdrawals.seals import register_functions
from scraper.console.invocation import command_line
from scraper.errors import ArchiveBusy, ArchiveError, BadInput, DiskTrouble, ForeignDatabase, NewerSchema, OlderSchema

_STATISTICS = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4'"
_log = logging.getLogger(__name__)
_FILE_HEADER = b"SQLite format 3\0"
LOG_ENDINGS = ("-journal", "-wal", "-shm")  # of the files that SQLite keeps beside a database
LOG_LIMIT = 2**26  # bytes of the write-ahead log
_NOT_ERASED = "what is withdrawn is hidden from readers, but its bytes may lie unused in the file"
_AGAIN = "withdraw it again"
_BUSY_TIMEOUT = "PRAGMA busy_timeout = 10000"
_PRAGMAS = (
    _BUSY_TIMEOUT,
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA secure_delete = ON",  # withdrawn text leaves no trace in free pages
    "PRAGMA cache_size = -65536",  # KiB: the search index's upper levels stay in memory
    "PRAGMA temp_store = MEMORY",  # what a savepoint saves of each capture: a file for it takes a tenth of the time
)


def open_database(path: Path) -> tuple[sqlite3.Connection, int, tuple[OpenFile, ...]]:
    """Open the archive at `path` for writing, with today's schema; it is created if it is missing.

    Returns the only connection that may write, in autocommit mode; the descriptor of its lock, which is held until that
    is closed; and its files: database, log and lock.
    Raises ForeignDatabase, NewerSchema, ArchiveBusy, DamagedArchive, DiskTrouble.
    """
    with explain_db_errors(path):
        _refuse_other_files(path)
        busy = f"{path}: another command writes to it: wait for it, or stop it, and run again"
        lock = take_lock(Path(f"{path}-lock"), busy)
        try:
            db = _connect(path)
            names = (path, get_log_path(path), Path(f"{path}-lock"))
            return db, lock, tuple(OpenFile.from_path(name) for name in names if name.exists())
        except BaseException:
            os.close(lock)
            raise


def open_read_only(path: Path) -> sqlite3.Connection:
    """Connect for reading, without a lock. Raises ForeignDatabase, NewerSchema, DamagedArchive, DiskTrouble."""
    with explain_db_errors(path):
        _refuse_other_files(path)
        db = connect_read_only(path)
        try:
            _refuse_other_schemas(db, path)
            register_functions(db)
        except BaseException:
            db.close()
            raise
        return db


@contextmanager
def read_archive(path: Path) -> Iterator[sqlite3.Connection]:
    """Connect for reading while inside, and explain what SQLite raises there. Raises what `open_read_only` raises."""
    with explain_db_errors(path), closing(open_read_only(path)) as db:
        yield db


@contextmanager
def read_current_archive(path: Path) -> Iterator[sqlite3.Connection]:
    """The same of an archive of today's schema. Raises what `open_current_archive` raises."""
    with explain_db_errors(path), closing(open_current_archive(path)) as db:
        yield db


def has_archive(path: Path) -> bool:
    """Whether there is an archive; a full disk leaves a file without a table. Raises what `open_read_only` raises."""
    if not path.exists():
        return False
    with read_archive(path) as db:
        return not _is_empty(db)


def require_archive(path: Path) -> None:
    """Raise BadInput if there is no archive, and what `open_read_only` raises."""
    if not has_archive(path):
        makers = f"{command_line('ingest')} or {command_line('crawl')}; {command_line('demo')} makes a sample"
        raise BadInput(f"{path}: no archive yet: make one with {makers}")


def open_current_archive(path: Path) -> sqlite3.Connection:
    """Connect for reading to an archive of today's schema; raises BadInput if it is missing or older."""
    require_archive(path)
    db = open_read_only(path)
    version = _read_pragma(db, "user_version")
    if version < SCHEMA:
        db.close()
        raise BadInput(f"{path}: its schema is {version}, not {SCHEMA}: to renew it: {command_line('ingest', 'PAGES')}")
    return db


def update_statistics(db: sqlite3.Connection) -> None:
    """Sample some rows of each index, so that SQLite plans the queries of Datasette's facets well."""
    with suppress(sqlite3.OperationalError):  # a full disk: all else is committed
        db.execute("PRAGMA analysis_limit = 400")
        db.execute("PRAGMA optimize")


def remove_database(path: Path) -> None:
    """Remove a database that nobody uses, if it is there, with the files beside it."""
    for ending in ("", *LOG_ENDINGS):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def shorten_log(db: sqlite3.Connection, path: Path, limit: int = LOG_LIMIT) -> int:
    """Move a write-ahead log of more than `limit` bytes into the database; return the length at which to try again.

    SQLite does so by itself, but not while one reader follows another: this waits a moment for a gap.
    """
    log = get_log_path(path)
    length = log.stat().st_size if log.exists() else 0
    if length <= limit:
        return limit
    db.execute("PRAGMA busy_timeout = 3000")
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    db.execute(_BUSY_TIMEOUT)
    return 2 * length if busy else LOG_LIMIT


def erase_free_pages(db: sqlite3.Connection, path: Path) -> ArchiveError | None:
    """Rewrite the file, so that nothing deleted is left in it, and empty its -wal; return the error if that failed."""
    try:
        if db.execute(_STATISTICS).fetchone():
            db.execute("DELETE FROM sqlite_stat4")  # it samples the indexed columns
        db.execute("PRAGMA temp_store = FILE")  # it writes all of the archive there
        db.execute("VACUUM")
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        return DiskTrouble(f"{path}: {_NOT_ERASED}: free room, and then {_AGAIN}: {error}")
    if busy:
        return ArchiveBusy(f"{path}: {_NOT_ERASED}, for a reader keeps it open: when it is done, {_AGAIN}")
    return None


def _refuse_other_files(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise DiskTrouble(f"{path}: there is no folder {path.absolute().parent}: make it, or name another with --db")
    if not path.exists():
        return
    if not path.is_file():
        raise ForeignDatabase(f"{path}: it is no file: name another with --db FILE")
    with path.open("rb") as file:
        if file.read(len(_FILE_HEADER)) not in (b"", _FILE_HEADER):
            raise ForeignDatabase(f"{path}: it is no SQLite database: name another with --db FILE")


def _connect(path: Path) -> sqlite3.Connection:
    # Scrapy may close the archive from another thread than it was opened in; the lock keeps the writer single.
    db = sqlite3.connect(path, isolation_level=None, cached_statements=512, check_same_thread=False)
    try:
        _refuse_other_schemas(db, path)
        for pragma in _PRAGMAS:
            db.execute(pragma)
        register_functions(db)
        if _read_pragma(db, "user_version") < SCHEMA:
            _migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def _refuse_other_schemas(db: sqlite3.Connection, path: Path) -> None:
    """Raise ForeignDatabase, NewerSchema or OlderSchema unless it is an archive of ours, or an empty database."""
    application = _read_pragma(db, "application_id")
    if application != APPLICATION_ID and not (application == 0 and _is_empty(db)):
        raise ForeignDatabase(f"{path}: it is a database of another program: name another with --db FILE")
    version = _read_pragma(db, "user_version")
    if version > SCHEMA:
        raise NewerSchema(f"{path}: its schema is {version}, this program knows {SCHEMA}: update the checkout")
    if 0 < version < OLDEST:
        again = f"make it again from the pages kept in warcs/: {command_line('rebuild', '--replace')}"
        raise OlderSchema(f"{path}: its schema is {version}, of a time before the first release: {again}")


def _is_empty(db: sqlite3.Connection) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE tbl_name <> '_sqlite_migrations'").fetchone() is None


def _read_pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _migrate(db: sqlite3.Connection) -> None:
    # Imported here: sqlite-utils takes as long to load as a small archive to open.
    from sqlite_utils import Database  # noqa: PLC0415

    from pipelines.schema.migrations import migrations  # noqa: PLC0415

    migrations.apply(Database(db))
