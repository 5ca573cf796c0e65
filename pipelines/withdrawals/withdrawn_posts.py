"""Which posts are withdrawn from readers, and how another capture of them is known again though their text is gone.

A post is withdrawn with all its paths. Another path is of the same post if readings show one title and one day, one
WordPress number and one day, or count for one brief; where a permanent redirect joins the two, one title, one number
or one day is enough. In doubt, one title with one number or without a day, it is sealed too, and a problem tells of it.
What is known so has a row of its own, so that later rules of reading bring nothing back.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote

from pipelines.briefs import codec
from scraper.records import Brief, Reading

ACTIVE = "SELECT path FROM withdrawals WHERE undone_at IS NULL"
SEALED = b""  # the digest of the one record that all readings of withdrawn posts share; it says nothing
# Not to be asked for: the withdrawn paths, and short links that are known to lead to them.
UNASKED = f"""{ACTIVE}
    UNION SELECT '/?p=' || wp_id FROM readings WHERE wp_id IS NOT NULL AND path IN ({ACTIVE})
    UNION SELECT captures.path FROM captures JOIN readings ON capture_id = captures.id
    WHERE captures.path LIKE '/?p=%' AND readings.path IN ({ACTIVE})"""  # noqa: S608 - our own names
_ANY = f"{ACTIVE} LIMIT 1"
_POST = "SELECT post FROM withdrawals WHERE path = ? AND undone_at IS NULL"
_SAID = "SELECT DISTINCT title, published, wp_id, brief_path FROM readings WHERE path = ?"
_JOINED = """other.path IN (SELECT target FROM redirects WHERE path = :path AND permanent = 1
    UNION ALL SELECT path FROM redirects WHERE target = :path AND permanent = 1)"""
_TITLED = "sealed_title(other.title) = :title"  # last in each line: it is the dearest to compare
_SURE = f"""(other.brief_path = :brief_path OR other.path = :brief_path
    OR (other.published = :published AND (other.wp_id = :wp_id OR {_TITLED}))
    OR ({_JOINED} AND (other.wp_id = :wp_id OR {_TITLED}
        OR (other.published = :published AND (other.wp_id IS NULL OR :wp_id IS NULL)))))"""
_SAME = f"""({_SURE} OR ((other.wp_id = :wp_id OR other.published IS NULL OR :published IS NULL) AND {_TITLED}))"""
_TOUCHED = f"""SELECT min(post) FROM withdrawals JOIN readings AS other USING (path)
    WHERE undone_at IS NULL AND {_SAME}"""  # noqa: S608
_ALIKE = f"SELECT DISTINCT path FROM readings AS other WHERE path <> :path AND {_SAME}"  # noqa: S608
_OF_POST = "FROM withdrawals JOIN readings AS other USING (path) WHERE undone_at IS NULL AND post = :post"
_READ_OF = f"SELECT DISTINCT path {_OF_POST}"
_COUNTED = f"SELECT DISTINCT path {_OF_POST} AND brief_path = :post"
_SURELY = f"SELECT DISTINCT path {_OF_POST} AND {_SURE}"
_HIDDEN = f"""SELECT 1 FROM captures WHERE id = :id AND (path IN ({ACTIVE})
    OR id IN (SELECT capture_id FROM readings WHERE capture_id = :id AND path IN ({ACTIVE})))"""  # noqa: S608
# What extraction tells is told again when a withdrawal is undone; the rest quotes no text.
_HUSH = f"""DELETE FROM problems WHERE {{which}}
    AND ifnull(field, '') NOT IN ('captured_at', 'digest') AND kind <> 'sealed'
    AND (path IN ({ACTIVE}) OR capture_id IN (SELECT capture_id FROM readings JOIN captures ON id = capture_id
        WHERE outcome = 'brief' AND readings.path IN ({ACTIVE})))"""  # noqa: S608
_RECORD = "SELECT id FROM records WHERE digest = ?"
_ADD_RECORD = "INSERT INTO records (digest, record) VALUES (?, ?)"
_DIGEST = "sha256:"


def paths_not_to_ask(db: sqlite3.Connection) -> frozenset[str]:
    """Paths that nobody asks the site or a web archive for."""
    return frozenset(path for (path,) in db.execute(UNASKED))


def any_active(db: sqlite3.Connection) -> bool:
    """Whether anything is withdrawn."""
    return db.execute(_ANY).fetchone() is not None


def post_of(db: sqlite3.Connection, path: str) -> str | None:
    """The post that was withdrawn, if this path is one of its paths."""
    row = db.execute(_POST, (path,)).fetchone()
    return None if row is None else str(row[0])


def hides(db: sqlite3.Connection, capture_id: int) -> bool:
    """Whether a capture is of a withdrawn post, or tells of one among others."""
    return db.execute(_HIDDEN, {"id": capture_id}).fetchone() is not None


def touched(db: sqlite3.Connection, path: str) -> str | None:
    """The withdrawn post that this path turns out to be another path of; None for all others."""
    found = (db.execute(_TOUCHED, said).fetchone()[0] for said in _said(db, path))
    return min(filter(None, found), default=None)


def paths_of_post(db: sqlite3.Connection, path: str) -> set[str]:
    """All paths that are of one post with `path`, itself among them; those already withdrawn are left out."""
    active = {row[0] for row in db.execute(ACTIVE)}
    found, new = {path}, [path]
    while new:
        one = new.pop()
        for said in _said(db, one):
            others = {said["brief_path"], *(row[0] for row in db.execute(_ALIKE, said))} - found - active
            found |= others
            new += others
    return found - active


def doubtful(db: sqlite3.Connection, post: str) -> tuple[set[str], set[str]]:
    """Of the paths sealed with a withdrawn post those that may be of another one, and those that are not."""
    sure = {post, *(path for (path,) in db.execute(_COUNTED, {"post": post}))}
    new = sorted(sure)
    while new:
        for said in _said(db, new.pop()):
            more = {path for (path,) in db.execute(_SURELY, said | {"post": post})} - sure
            sure |= more
            new += more
    return {path for (path,) in db.execute(_READ_OF, {"post": post})} - sure, sure


def _said(db: sqlite3.Connection, path: str) -> Iterator[dict[str, str | None]]:
    for title, published, wp_id, brief_path in db.execute(_SAID, (path,)).fetchall():
        yield {
            "path": path,
            "title": sealed_title(title),
            "published": published,
            "wp_id": wp_id,
            "brief_path": brief_path,
        }


@lru_cache(maxsize=2**14)
def sealed_title(title: str | None) -> str | None:
    """What is kept of a title: a digest, by which it is known again in other capitals and with other white space."""
    if title is None or title.startswith(_DIGEST):
        return title
    folded = " ".join(title.casefold().split())
    return _DIGEST + hashlib.sha256(folded.encode()).hexdigest() if folded else None


def teach(db: sqlite3.Connection) -> None:
    """Let the connection compare titles that are shown with sealed ones."""
    db.create_function("sealed_title", 1, sealed_title, deterministic=True)


def sealed_record(db: sqlite3.Connection) -> int:
    """The id of the record that says nothing."""
    row = db.execute(_RECORD, (SEALED,)).fetchone()
    if row is None:
        nothing = codec.packed(codec.dumped(Reading(Brief(path=""), (), (), 0)))[1]
        return int(db.execute(_ADD_RECORD, (SEALED, nothing)).lastrowid or 0)
    return int(row[0])


def hush(db: sqlite3.Connection, capture_id: int | None = None) -> None:
    """Let go of problems that may quote withdrawn text: those of one capture, or all of them."""
    which = "1" if capture_id is None else "capture_id = :capture"
    db.execute(_HUSH.format(which=which), {} if capture_id is None else {"capture": capture_id})


def names(db: sqlite3.Connection) -> re.Pattern[bytes] | None:
    """What matches pages that name a withdrawn path, and may show a part of its text; None if nothing is withdrawn.

    To be searched in the decoded bytes with `\\/` read as `/`, as JSON writes it.
    """
    found = set()
    for (path,) in db.execute(UNASKED).fetchall():
        for form in {path, unquote(path)}:
            number = form.startswith("/?p=")
            found.add(
                re.escape((form if number else form.rstrip("/")).encode()) + (rb"(?!\d)" if number else rb"(?![\w-])")
            )
    return re.compile(b"|".join(sorted(found)), re.IGNORECASE) if found else None
