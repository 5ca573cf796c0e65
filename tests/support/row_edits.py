"""Rows changed as damage changes them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_DROP_TRIGGERS = "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'"
_TRIGGERS = "SELECT sql FROM sqlite_master WHERE type = 'trigger'"


def edit_unseen(database: Path, sql: str) -> int:
    """Change rows as damage does: no trigger notes it, no rule of the tables is asked; return how many."""
    with closing(sqlite3.connect(database)) as db:
        triggers = [sql for (sql,) in db.execute(_TRIGGERS)]
        for (drop,) in db.execute(_DROP_TRIGGERS).fetchall():
            db.execute(drop)
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("PRAGMA ignore_check_constraints = ON")
        rows = db.execute(sql).rowcount
        for trigger in triggers:
            db.execute(trigger)
        db.commit()
        return rows
