"""Sealing a withdrawn post: its rows go, its readings stay without their text, its paths stay as a tombstone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from pipelines.briefs import codec
from pipelines.briefs.brief_rows import Briefs
from pipelines.captures.capture_rows import add_problems
from pipelines.withdrawals import seals, withdrawn_posts
from scraper.records import Problem

_ADD_PAGE = "INSERT INTO pages (path) VALUES (?) ON CONFLICT DO NOTHING"
_STATUS = "UPDATE pages SET status = 'withdrawn' WHERE path = ? AND status <> 'withdrawn'"
_EVENT = """INSERT INTO page_events (path, at, event, detail) SELECT :path, :at, 'withdrawn', :reason
    WHERE NOT EXISTS (SELECT 1 FROM page_events WHERE path = :path AND event = 'withdrawn' AND at IS :at)"""
_INSTANT_AND_REASON = "SELECT withdrawn_at, reason FROM withdrawals WHERE path = ?"
_ADD = """INSERT INTO withdrawals (path, post, withdrawn_at, reason) VALUES (:path, :post, :at, :reason)
    ON CONFLICT (path) DO UPDATE SET post = excluded.post, withdrawn_at = excluded.withdrawn_at,
    reason = excluded.reason, undone_at = NULL"""
_KEEP_IDS = "UPDATE withdrawals SET brief_id = ?, shared_ids = ? WHERE path = ?"
_TITLES = "SELECT DISTINCT title FROM readings WHERE path = ?"
_RECORDS = "SELECT DISTINCT record_id FROM readings WHERE path = ?"
_SEAL = """UPDATE readings SET record_id = :record, title = :sealed, shown = NULL
    WHERE path = :path AND title IS :title"""
_UNUSED = "DELETE FROM records WHERE id = ? AND id NOT IN (SELECT record_id FROM readings)"
_TEXTS = "SELECT DISTINCT fidelity, record FROM readings JOIN records ON records.id = record_id WHERE path = ?"
_LINKS = """SELECT url FROM brief_resources WHERE brief_id = :id UNION
    SELECT resources.url FROM resources JOIN brief_resources ON resource_id = resources.id WHERE brief_id = :id"""
# A checked address shows what the withdrawn post recommended, unless another brief recommends it too.
_UNLINK = """DELETE FROM link_checks WHERE url = :url AND NOT EXISTS (SELECT 1 FROM brief_resources WHERE url = :url)
    AND NOT EXISTS (SELECT 1 FROM resources WHERE url = :url)"""
KEPT = "shows a copy of the withdrawn post {}, and was not withdrawn with it: `briefs withdraw` does that"
DELETE_KEPT = "DELETE FROM problems WHERE kind = 'kept' AND (path = :path OR message = :message)"
_IS_KEPT = "SELECT 1 FROM problems WHERE kind = 'kept' AND path = ?"
DELETE_DOUBT = "DELETE FROM problems WHERE kind = 'sealed' AND path = ?"
_BY_HAND = f"""SELECT path, (SELECT max(at) FROM page_events WHERE path = pages.path AND event = 'withdrawn'),
        (SELECT max(detail) FROM page_events WHERE path = pages.path AND event = 'withdrawn')
    FROM pages WHERE status = 'withdrawn' AND path NOT IN ({withdrawn_posts.ACTIVE}) ORDER BY path"""  # noqa: S608
_UNKNOWN = "1970-01-01T00:00:00Z", "marked as withdrawn by hand"


@dataclass(frozen=True, slots=True)
class Sealing:
    """The withdrawals of one archive."""

    db: sqlite3.Connection
    briefs: Briefs

    def withdraw_post(self, path: str, at: str, reason: str, copies: Collection[str] = ()) -> set[str]:
        """Withdraw the post of this path with all paths of its brief, and these of its copies; return all of them.

        Its text is in no row afterwards. Copies that are not named stay, each with a problem.
        """
        found = withdrawn_posts.find_copies(self.db, path)
        paths = withdrawn_posts.find_own_paths(self.db, path) | (found & set(copies))
        self._add_withdrawal(path, path, at, reason)
        self._seal_paths(paths, path)
        for kept in sorted(found - paths):
            add_problems(self.db, None, kept, (Problem(None, "kept", KEPT.format(path)),))
        return paths

    def seal_if_withdrawn(self, path: str) -> None:
        """Seal `path` if it belongs to a withdrawn post, after something new was read there or led to it."""
        post = withdrawn_posts.find_withdrawn_post(self.db, path)
        if post is None and self.db.execute(_IS_KEPT, (path,)).fetchone() is None:
            post = withdrawn_posts.match_withdrawn_post(self.db, path)
        if post is not None:
            self._seal_paths(withdrawn_posts.find_own_paths(self.db, path), post)

    def _seal_paths(self, paths: Iterable[str], post: str) -> None:
        at, reason = self.db.execute(_INSTANT_AND_REASON, (post,)).fetchone()
        links = {url for path in paths for url in self._find_links(path)}
        for path in sorted(paths):
            if withdrawn_posts.find_withdrawn_post(self.db, path) is None:
                self._add_withdrawal(path, post, at, reason)
            self.db.execute(_STATUS, (path,))
            self.db.execute(DELETE_KEPT, {"path": path, "message": None})
            self._drop_brief(path)
            self._empty_readings(path)
        self.db.executemany(_UNLINK, [{"url": url} for url in links])
        withdrawn_posts.delete_quoting_problems(self.db)
        self._report_doubtful(post)

    def _report_doubtful(self, post: str) -> None:
        """Add a problem for each path that was sealed too, though it may be another post's."""
        doubtful, sure = withdrawn_posts.divide_paths(self.db, post)
        self.db.executemany(DELETE_DOUBT, [(path,) for path in sorted(sure)])
        message = f"sealed as a copy of a withdrawn post: `briefs withdraw --undo {post}` gives it back"
        for path in sorted(doubtful):
            add_problems(self.db, None, path, (Problem(None, "sealed", message),))

    def _find_links(self, path: str) -> set[str]:
        """The addresses that any version of the post recommends."""
        brief_id = self.briefs.find_id(path)
        links = {url for (url,) in self.db.execute(_LINKS, {"id": brief_id})}
        for fidelity, record in self.db.execute(_TEXTS, (path,)):
            links |= {item.url for item in codec.load_record(record, fidelity).brief.resources}
        return {url for url in links if url}

    def _add_withdrawal(self, path: str, post: str, at: str, reason: str) -> None:
        self.db.execute(_ADD_PAGE, (path,))
        self.db.execute(_ADD, {"path": path, "post": post, "at": at, "reason": reason})
        self.db.execute(_EVENT, {"path": path, "at": at, "reason": reason})

    def _drop_brief(self, path: str) -> None:
        """Remove the brief, but keep the ids that addresses cite: its own, and those of shared rows that go with it."""
        brief_id = self.briefs.find_id(path)
        if brief_id is None:
            return
        before = self.briefs.shared.read_keys(brief_id)
        self.briefs.index.announce_erasure(brief_id)
        self.briefs.drop(path)
        gone = self.briefs.shared.find_missing(before)
        self.db.execute(_KEEP_IDS, (brief_id, json.dumps(gone, sort_keys=True), path))

    def _empty_readings(self, path: str) -> None:
        record_ids = [row[0] for row in self.db.execute(_RECORDS, (path,))]
        if not record_ids:
            return
        record, key = withdrawn_posts.find_sealed_record(self.db), seals.draw_key(self.db)
        for (title,) in self.db.execute(_TITLES, (path,)).fetchall():
            values = {"path": path, "record": record, "title": title, "sealed": seals.seal_title(title, key)}
            self.db.execute(_SEAL, values)
        self.db.executemany(_UNUSED, [(record_id,) for record_id in record_ids])


def add_manual_withdrawals(db: sqlite3.Connection) -> None:
    """Add a withdrawal for each page that was marked as withdrawn by hand, before there was a command for it."""
    for path, at, reason in db.execute(_BY_HAND).fetchall():
        values = {"path": path, "post": path, "at": at or _UNKNOWN[0], "reason": reason or _UNKNOWN[1]}
        db.execute(_ADD, values)
