"""Opening archive.db for writing: whose file is it, is it free, is its schema ours."""

from __future__ import annotations

import fcntl
import logging
import os
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.db_errors import explain_db_errors
from pipelines.reading_connections import connect_to_read, log_of
from pipelines.schema.tables import APPLICATION_ID, SCHEMA
from pipelines.withdrawals.withdrawn_posts import has_withdrawals, register_functions
from scraper.errors import ArchiveBusy, BadInput, DiskTrouble, ForeignDatabase, NewerSchema
from scraper.invocation import command_line

_STATISTICS = "SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat4'"
_log = logging.getLogger(__name__)
_MAGIC = b"SQLite format 3\0"
LOG = 2**26  # bytes of the write-ahead log
_PATIENCE = "PRAGMA busy_timeout = 10000"
_PRAGMAS = (
    _PATIENCE,
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",
    "PRAGMA secure_delete = ON",  # what is withdrawn leaves no trace in pages that fell free
    "PRAGMA cache_size = -65536",  # KiB: the search index's upper levels stay in memory
)


@dataclass(frozen=True, slots=True)
class Opened:
    """A connection that alone may write, in autocommit mode; the lock is held until its descriptor is closed."""

    db: sqlite3.Connection
    lock: int


def open_database(path: Path) -> Opened:
    """The archive at `path`, made if it is not there, with today's schema.

    Raises ForeignDatabase, NewerSchema, ArchiveBusy, DamagedArchive, DiskTrouble.
    """
    with explain_db_errors(path):
        _refuse_other_files(path)
        lock = _locked(path)
        try:
            return Opened(_connected(path), lock)
        except BaseException:
            os.close(lock)
            raise


def reading_connection(path: Path) -> sqlite3.Connection:
    """A connection to an archive that is there, which can only read; it takes no lock.

    Raises ForeignDatabase, NewerSchema, DamagedArchive, DiskTrouble.
    """
    with explain_db_errors(path):
        _refuse_other_files(path)
        db = connect_to_read(path)
        try:
            _refuse_other_schemas(db, path)
            register_functions(db)
        except BaseException:
            db.close()
            raise
        return db


def refuse_missing(path: Path) -> None:
    """Raise BadInput where no archive is."""
    if not path.exists():
        makers = f"{command_line('ingest')} or {command_line('crawl')}; {command_line('demo')} makes a sample"
        raise BadInput(f"{path}: no archive yet: make one with {makers}")


def archive_to_read(path: Path) -> sqlite3.Connection:
    """A connection that only reads, to an archive that is there and of today's schema; raises BadInput for others."""
    refuse_missing(path)
    db = reading_connection(path)
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    if version < SCHEMA:
        db.close()
        raise BadInput(f"{path}: its schema is {version}, not {SCHEMA}: to renew it: {command_line('ingest', 'PAGES')}")
    return db


def measure(db: sqlite3.Connection) -> None:
    """A glance at some rows of each index, after which Datasette's facets choose well among them."""
    with suppress(sqlite3.OperationalError):  # no room for it: all else is committed
        db.execute("PRAGMA analysis_limit = 400")
        db.execute("PRAGMA optimize")


def shorten_log(db: sqlite3.Connection, path: Path, limit: int = LOG) -> int:
    """Take a log of more than `limit` bytes into the database; above which length to try again.

    SQLite does so by itself, but not while readers follow each other without a gap: this waits a moment for a gap.
    """
    log = log_of(path)
    length = log.stat().st_size if log.exists() else 0
    if length <= limit:
        return limit
    db.execute("PRAGMA busy_timeout = 3000")
    busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    db.execute(_PATIENCE)
    return 2 * length if busy else LOG


def sweep(db: sqlite3.Connection) -> tuple[str, ...]:
    """Write the whole file anew, so that nothing deleted is left in it, and empty its -wal; what could not be done."""
    try:
        if db.execute(_STATISTICS).fetchone():
            db.execute("DELETE FROM sqlite_stat4")  # samples of what stood in indexed columns
        db.execute("VACUUM")
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        return (
            f"readers see nothing of it, yet its bytes may lie unused in the file until this is run again: {error}",
        )
    if busy:
        return ("a reader keeps the file open: run this again when it is done, to empty what lies in the -wal file",)
    return ()


def _refuse_other_files(path: Path) -> None:
    if not path.absolute().parent.is_dir():
        raise DiskTrouble(f"{path}: there is no folder {path.absolute().parent}: make it, or name another with --db")
    if not path.exists():
        return
    if not path.is_file():
        raise ForeignDatabase(f"{path}: it is no file: name another with --db FILE")
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) not in (b"", _MAGIC):
            raise ForeignDatabase(f"{path}: it is no SQLite database: name another with --db FILE")


def _locked(path: Path) -> int:
    lock = os.open(f"{path}-lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise ArchiveBusy(f"{path}: another command writes to it: wait for it, or stop it, and run again") from error
    return lock


def _connected(path: Path) -> sqlite3.Connection:
    # Scrapy may close the archive from another thread than it was opened in; the lock keeps the writer single.
    db = sqlite3.connect(path, isolation_level=None, cached_statements=256, check_same_thread=False)
    try:
        _refuse_other_schemas(db, path)
        for pragma in _PRAGMAS:
            db.execute(pragma)
        register_functions(db)
        if _pragma(db, "user_version") < SCHEMA:
            _migrate(db)
    except BaseException:
        db.close()
        raise
    return db


def _refuse_other_schemas(db: sqlite3.Connection, path: Path) -> None:
    """Raise ForeignDatabase or NewerSchema for what is no archive of ours; an empty database may become one."""
    application = _pragma(db, "application_id")
    empty = db.execute("SELECT count(*) FROM sqlite_master WHERE tbl_name <> '_sqlite_migrations'").fetchone()[0] == 0
    if application != APPLICATION_ID and not (empty and application == 0):
        raise ForeignDatabase(f"{path}: it is a database of another program: name another with --db FILE")
    version = _pragma(db, "user_version")
    if version > SCHEMA:
        raise NewerSchema(f"{path}: its schema is {version}, this program knows {SCHEMA}: update the checkout")


def _pragma(db: sqlite3.Connection, name: str) -> int:
    return int(db.execute(f"PRAGMA {name}").fetchone()[0])


def _migrate(db: sqlite3.Connection) -> None:
    # Imported here: sqlite-utils takes as long to load as a small archive to open.
    from sqlite_utils import Database  # noqa: PLC0415

    from pipelines.schema.migrations import migrations  # noqa: PLC0415

    migrations.apply(Database(db))
    if has_withdrawals(db):  # what people had marked by hand was sealed just now
        for line in sweep(db):
            _log.warning(line)
