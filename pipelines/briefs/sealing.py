"""Taking a post from readers: its rows go, its readings stay without their text, its paths stay as a tombstone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from pipelines.briefs import codec
from pipelines.briefs.brief_rows import Briefs
from pipelines.briefs.search_index import SearchIndex
from pipelines.briefs.shared_rows import Shared
from pipelines.captures.capture_rows import add_problems
from pipelines.withdrawals import withdrawn_posts
from scraper.records import Problem

_KNOWN = "INSERT INTO pages (path) VALUES (?) ON CONFLICT DO NOTHING"
_STATUS = "UPDATE pages SET status = 'withdrawn' WHERE path = ? AND status <> 'withdrawn'"
_EVENT = """INSERT INTO page_events (path, at, event, detail) SELECT :path, :at, 'withdrawn', :reason
    WHERE NOT EXISTS (SELECT 1 FROM page_events WHERE path = :path AND event = 'withdrawn' AND at IS :at)"""
_FOR = "SELECT withdrawn_at, reason FROM withdrawals WHERE path = ?"
_ADD = """INSERT INTO withdrawals (path, post, withdrawn_at, reason) VALUES (:path, :post, :at, :reason)
    ON CONFLICT (path) DO UPDATE SET post = excluded.post, withdrawn_at = excluded.withdrawn_at,
    reason = excluded.reason, undone_at = NULL"""
_HAD = "UPDATE withdrawals SET brief_id = ?, shared_ids = ? WHERE path = ?"
_TITLES = "SELECT DISTINCT title FROM readings WHERE path = ?"
_RECORDS = "SELECT DISTINCT record_id FROM readings WHERE path = ?"
_SEAL = """UPDATE readings SET record_id = :record, title = :sealed, shown = NULL
    WHERE path = :path AND title IS :title"""
_UNUSED = "DELETE FROM records WHERE id = ? AND id NOT IN (SELECT record_id FROM readings)"
_TEXTS = "SELECT DISTINCT fidelity, record FROM readings JOIN records ON records.id = record_id WHERE path = ?"
_LINKS = """SELECT url FROM brief_resources WHERE brief_id = :id UNION
    SELECT resources.url FROM resources JOIN brief_resources ON resource_id = resources.id WHERE brief_id = :id"""
_UNLINK = """DELETE FROM link_checks WHERE url = :url AND NOT EXISTS (SELECT 1 FROM brief_resources WHERE url = :url)
    AND NOT EXISTS (SELECT 1 FROM resources WHERE url = :url)"""
UNDOUBTED = "DELETE FROM problems WHERE kind = 'sealed' AND path = ?"
_BY_HAND = f"""SELECT path, (SELECT max(at) FROM page_events WHERE path = pages.path AND event = 'withdrawn'),
        (SELECT max(detail) FROM page_events WHERE path = pages.path AND event = 'withdrawn')
    FROM pages WHERE status = 'withdrawn' AND path NOT IN ({withdrawn_posts.ACTIVE}) ORDER BY path"""  # noqa: S608
_UNTOLD = "1970-01-01T00:00:00Z", "marked as withdrawn by hand"


@dataclass(frozen=True, slots=True)
class Sealing:
    """The withdrawals of one archive."""

    db: sqlite3.Connection
    briefs: Briefs

    def withdraw(self, path: str, at: str, reason: str) -> set[str]:
        """Withdraw the post of this path from readers; all its paths. Its text is in no row afterwards."""
        paths = withdrawn_posts.find_paths(self.db, path)
        self._add(path, path, at, reason)
        self._seal(paths, path)
        return paths

    def spread(self, path: str) -> None:
        """After something new was read at `path` or led to it: seal it too, if it is of a withdrawn post."""
        if not withdrawn_posts.has_withdrawals(self.db):
            return
        post = withdrawn_posts.find_post(self.db, path) or withdrawn_posts.match_post(self.db, path)
        if post is not None:
            self._seal(withdrawn_posts.find_paths(self.db, path) | {path}, post)

    def _seal(self, paths: Iterable[str], post: str) -> None:
        at, reason = self.db.execute(_FOR, (post,)).fetchone()
        links = {url for path in paths for url in self._links(path)}
        for path in sorted(paths):
            if withdrawn_posts.find_post(self.db, path) is None:
                self._add(path, post, at, reason)
            self.db.execute(_STATUS, (path,))
            self._drop(path)
            self._empty(path)
        self.db.executemany(_UNLINK, [{"url": url} for url in links])
        withdrawn_posts.delete_quoting_problems(self.db)
        self._doubt(post)

    def _doubt(self, post: str) -> None:
        """Tell of what was sealed too, though it may be another post."""
        doubtful, sure = withdrawn_posts.divide_paths(self.db, post)
        self.db.executemany(UNDOUBTED, [(path,) for path in sorted(sure)])
        told = f"sealed as a copy of a withdrawn post: `briefs withdraw --undo {post}` gives it back"
        for path in sorted(doubtful):
            add_problems(self.db, None, path, (Problem(None, "sealed", told),))

    def _links(self, path: str) -> set[str]:
        """The addresses that any version of it recommends."""
        brief_id = self.briefs.id_of(path)
        found = {url for (url,) in self.db.execute(_LINKS, {"id": brief_id})}
        for fidelity, record in self.db.execute(_TEXTS, (path,)):
            found |= {item.url for item in codec.loaded(codec.unpacked(record), fidelity).brief.resources}
        return {url for url in found if url}

    def _add(self, path: str, post: str, at: str, reason: str) -> None:
        self.db.execute(_KNOWN, (path,))
        self.db.execute(_ADD, {"path": path, "post": post, "at": at, "reason": reason})
        self.db.execute(_EVENT, {"path": path, "at": at, "reason": reason})

    def _drop(self, path: str) -> None:
        """Remove the brief, keeping the numbers that addresses cite: its own, and those of rows that go with it."""
        brief_id = self.briefs.id_of(path)
        if brief_id is None:
            return
        before = self.briefs.shared.keys(brief_id)
        self.briefs.index.forgets(brief_id)
        self.briefs.drop(path)
        gone = self.briefs.shared.gone(before)
        self.db.execute(_HAD, (brief_id, json.dumps(gone, sort_keys=True), path))

    def _empty(self, path: str) -> None:
        once = [row[0] for row in self.db.execute(_RECORDS, (path,))]
        if not once:
            return
        record = withdrawn_posts.find_sealed_record(self.db)
        for (title,) in self.db.execute(_TITLES, (path,)).fetchall():
            told = {"path": path, "record": record, "title": title, "sealed": withdrawn_posts.seal_title(title)}
            self.db.execute(_SEAL, told)
        self.db.executemany(_UNUSED, [(one,) for one in once])


def note_by_hand(db: sqlite3.Connection) -> None:
    """Have a row for each page that people marked as withdrawn when there was no command for it."""
    for path, at, reason in db.execute(_BY_HAND).fetchall():
        told = {"path": path, "post": path, "at": at or _UNTOLD[0], "reason": reason or _UNTOLD[1]}
        db.execute(_ADD, told)


def adopt(db: sqlite3.Connection) -> None:
    """Seal what people marked so by hand, all that an older schema has of it."""
    withdrawn_posts.register_functions(db)  # sqlite-utils migrates over a connection of its own
    shared, index = Shared(db), SearchIndex(db)
    sealing = Sealing(db, Briefs(db, shared, index))
    for path, at, reason in db.execute(_BY_HAND).fetchall():
        sealing.withdraw(path, at or _UNTOLD[0], reason or _UNTOLD[1])
    shared.settle()
    index.update()
