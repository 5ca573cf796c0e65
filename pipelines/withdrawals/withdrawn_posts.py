"""Which posts are withdrawn from readers, and how another capture of one is recognised though its text is gone.

A post is withdrawn with all paths of its brief. Another path shows a copy of it if its newest reading has the same
title and day, or the same WordPress number and day, as the newest of the post; if a permanent redirect joins the two,
the same title, number or day is enough. The same title with the same number or without a day leaves a doubt, which is
reported. Copies of copies are none, and older readings count for nothing: a stranger's capture must not withdraw other
posts. Each withdrawn path gets a row of its own, so that later rules of extraction bring nothing back.
"""

from __future__ import annotations

import re
import sqlite3
from typing import Any
from urllib.parse import unquote

from pipelines.briefs import codec
from pipelines.withdrawals import seals
from scraper.records import Brief, Reading

ACTIVE = "SELECT path FROM withdrawals WHERE undone_at IS NULL"
SEALED = b""  # the digest of the one empty record that all readings of withdrawn posts share
# Not to be requested: the withdrawn paths, and short links that are known to lead to them.
UNASKED = f"""{ACTIVE}
    UNION SELECT '/?p=' || wp_id FROM readings WHERE wp_id IS NOT NULL AND path IN ({ACTIVE})
    UNION SELECT captures.path FROM captures JOIN readings ON capture_id = captures.id
    WHERE captures.path LIKE '/?p=%' AND readings.path IN ({ACTIVE})"""  # noqa: S608 - our own names
_ANY_ACTIVE = f"{ACTIVE} LIMIT 1"
_POST_OF_PATH = "SELECT post FROM withdrawals WHERE path = ? AND undone_at IS NULL"
_IDENTITIES = "SELECT DISTINCT title, published, wp_id, brief_path FROM readings WHERE path = ?"
_JOINED = """other.path IN (SELECT target FROM redirects WHERE path = :path AND permanent = 1
    UNION ALL SELECT path FROM redirects WHERE target = :path AND permanent = 1)"""
_TITLED = "seal_title(other.title, :key) = :title"  # last in each line: it is the most expensive comparison
_SURE = f"""(other.brief_path = :brief_path OR other.path = :brief_path
    OR (other.published = :published AND (other.wp_id = :wp_id OR {_TITLED}))
    OR ({_JOINED} AND (other.wp_id = :wp_id OR {_TITLED}
        OR (other.published = :published AND (other.wp_id IS NULL OR :wp_id IS NULL)))))"""
_SAME = f"""({_SURE} OR ((other.wp_id = :wp_id OR other.published IS NULL OR :published IS NULL) AND {_TITLED}))"""
_ALIKE_POSTS = f"""SELECT DISTINCT post, path FROM withdrawals JOIN readings AS other USING (path)
    WHERE undone_at IS NULL AND {_SAME} ORDER BY post, path"""  # noqa: S608
# What the site itself showed goes before what others say of it.
_NEWEST = """SELECT title, published, wp_id, brief_path FROM readings JOIN captures ON captures.id = capture_id
    WHERE readings.path = ?
    ORDER BY fidelity DESC, source = 'live' DESC, captured_at DESC, captures.digest DESC LIMIT 1"""
_OF_BRIEF = "SELECT DISTINCT path FROM readings WHERE brief_path = ?"
_IS_JOINED = """SELECT 1 FROM redirects WHERE permanent = 1
    AND ((path = :newest AND target = :other) OR (path = :other AND target = :newest)) LIMIT 1"""
_SAME_PATHS = f"SELECT DISTINCT path FROM readings AS other WHERE path <> :path AND {_SAME}"  # noqa: S608
_OF_POST = "FROM withdrawals JOIN readings AS other USING (path) WHERE undone_at IS NULL AND post = :post"
_READ_OF = f"SELECT DISTINCT path {_OF_POST}"
_COUNTED = f"SELECT DISTINCT path {_OF_POST} AND brief_path = :post"
_SURELY = f"SELECT DISTINCT path {_OF_POST} AND {_SURE}"
# Extraction finds its problems again when a withdrawal is undone; the other kinds quote no text. Earlier rules named
# posts by their titles in problems of feeds and of other posts.
_DELETE_PROBLEMS = f"""DELETE FROM problems WHERE {{which}}
    AND ifnull(field, '') NOT IN ('captured_at', 'digest') AND kind NOT IN ('sealed', 'claim', 'kept')
    AND (path IN ({ACTIVE}) OR capture_id IN (SELECT capture_id FROM readings JOIN captures ON id = capture_id
        WHERE outcome = 'brief' AND readings.path IN ({ACTIVE}))
        OR message GLOB '*the first is [''"]*' OR message GLOB 'Another post, [''"]*')"""  # noqa: S608
_RECORD = "SELECT id FROM records WHERE digest = ?"
_ADD_RECORD = "INSERT INTO records (digest, record) VALUES (?, ?)"


def paths_not_to_ask(db: sqlite3.Connection) -> frozenset[str]:
    """Paths that no command requests from the site or a web archive."""
    return frozenset(path for (path,) in db.execute(UNASKED))


def has_withdrawals(db: sqlite3.Connection) -> bool:
    """Whether anything is withdrawn."""
    return db.execute(_ANY_ACTIVE).fetchone() is not None


def find_withdrawn_post(db: sqlite3.Connection, path: str) -> str | None:
    """The post that was withdrawn, if this path is one of its paths."""
    row = db.execute(_POST_OF_PATH, (path,)).fetchone()
    return None if row is None else str(row[0])


def match_withdrawn_post(db: sqlite3.Connection, path: str) -> str | None:
    """The withdrawn post that this path, itself not withdrawn, shows today; None if there is none."""
    if (newest := _read_newest(db, path)) is None:
        return None
    for post, other_path in db.execute(_ALIKE_POSTS, newest).fetchall():
        other = _read_newest(db, other_path)
        if other and (_is_alike(db, newest, other) or other["brief_path"] == path):
            return str(post)
    return None


def find_own_paths(db: sqlite3.Connection, path: str) -> set[str]:
    """The path of a post, and the others that lead to its brief."""
    return {path, *(row[0] for row in db.execute(_OF_BRIEF, (path,)))}


def find_copies(db: sqlite3.Connection, post: str) -> set[str]:
    """Paths of other briefs, not withdrawn, that show a copy of this post today."""
    own, active = find_own_paths(db, post), {row[0] for row in db.execute(ACTIVE)}
    found: set[str] = set()
    for newest in filter(None, (_read_newest(db, path) for path in sorted(own))):
        for (path,) in db.execute(_SAME_PATHS, newest).fetchall():
            other = _read_newest(db, path)
            if path not in own | active and other and _is_alike(db, newest, other):
                found |= find_own_paths(db, path)
    return found - own - active


def _read_newest(db: sqlite3.Connection, path: str) -> dict[str, Any] | None:
    row = db.execute(_NEWEST, (path,)).fetchone()
    return None if row is None else _build_identity(seals.find_key(db), path, *row)


def _build_identity(
    key: str, path: str, title: str | None, published: str | None, wp_id: int | None, brief_path: str
) -> dict[str, Any]:
    known = {"path": path, "key": key, "title": seals.seal_title(title, key)}
    return known | {"published": published, "wp_id": wp_id, "brief_path": brief_path}


def _is_alike(db: sqlite3.Connection, newest: dict[str, Any], other: dict[str, Any]) -> bool:
    title, day, number = (
        newest[name] is not None and newest[name] == other[name] for name in ("title", "published", "wp_id")
    )
    if newest["brief_path"] in (other["brief_path"], other["path"]) or (day and (number or title)):
        return True
    is_day_unknown = newest["published"] is None or other["published"] is None
    if title and (number or is_day_unknown):
        return True
    is_joined = db.execute(_IS_JOINED, {"newest": newest["path"], "other": other["path"]}).fetchone() is not None
    return is_joined and bool(title or number or (day and (newest["wp_id"] is None or other["wp_id"] is None)))


def divide_paths(db: sqlite3.Connection, post: str) -> tuple[set[str], set[str]]:
    """Divide the paths sealed with a withdrawn post into those that may be another post's, and those that are not."""
    sure = {post, *(path for (path,) in db.execute(_COUNTED, {"post": post}))}
    unvisited, key = sorted(sure), seals.find_key(db)
    while unvisited:
        path = unvisited.pop()
        for row in db.execute(_IDENTITIES, (path,)).fetchall():
            identity = _build_identity(key, path, *row) | {"post": post}
            more = {other for (other,) in db.execute(_SURELY, identity)} - sure
            sure |= more
            unvisited += more
    return {path for (path,) in db.execute(_READ_OF, {"post": post})} - sure, sure


def find_sealed_record(db: sqlite3.Connection) -> int:
    """The id of the empty record."""
    row = db.execute(_RECORD, (SEALED,)).fetchone()
    if row is None:
        nothing = codec.pack_text(codec.dump_reading(Reading(Brief(path=""), (), (), 0)))[1]
        return int(db.execute(_ADD_RECORD, (SEALED, nothing)).lastrowid or 0)
    return int(row[0])


def delete_quoting_problems(db: sqlite3.Connection, capture_id: int | None = None) -> None:
    """Delete problems that may quote withdrawn text, of one capture or of all."""
    which = "1" if capture_id is None else "capture_id = :capture"
    db.execute(_DELETE_PROBLEMS.format(which=which), {} if capture_id is None else {"capture": capture_id})


def compile_path_pattern(db: sqlite3.Connection) -> re.Pattern[bytes] | None:
    """A pattern for pages that name a withdrawn path, and so may show a part of its text; None if nothing is withdrawn.

    Search with it in the decoded bytes, with `\\/`, as JSON writes it, replaced by `/`.
    """
    found = set()
    for (path,) in db.execute(UNASKED).fetchall():
        for form in {path, unquote(path)}:
            end = rb"(?!\d)" if form.startswith("/?p=") else rb"(?![\w-])"
            found.add(re.escape(form.rstrip("/").encode()) + end)
    return re.compile(b"|".join(sorted(found)), re.IGNORECASE) if found else None
