"""Every post that the archive knows of, captured or not, and how well: each once, whatever its addresses."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field

from scraper.address import SAMPLE_HOST, SITE_HOSTS, host_of, identity, is_loopback, is_post

WHOLE = 3  # the fidelity of a page of a known look, and of REST
_ARGUMENTS = "SELECT DISTINCT json_extract(arguments, '$.start'), json_extract(arguments, '$.site') FROM crawls"
_PAGES = "SELECT path, url, status, found_by, last_seen, coalesce(gone_at, missing_since) FROM pages ORDER BY path"
_REDIRECTS = """SELECT path, target FROM redirects JOIN pages USING (path)
    WHERE ifnull(redirects.last_seen, '') >= ifnull(pages.last_seen, '') ORDER BY redirects.last_seen, target"""
# SQLite takes a bare column beside max() from the row that has it.
_READINGS = """SELECT readings.path, brief_path, max(fidelity), layout FROM readings
    JOIN captures ON captures.id = capture_id GROUP BY readings.path, brief_path ORDER BY readings.path, brief_path"""
_NUMBERS = "SELECT DISTINCT wp_id, brief_path FROM readings WHERE wp_id IS NOT NULL ORDER BY brief_path"
_SHORT = "SELECT DISTINCT url, path FROM captures WHERE url LIKE '%?p=%' AND path NOT LIKE '/?p=%'"
_COPIES = """SELECT path, outcome, truncated, read, source, count(*), max(captured_at) FROM captures
    GROUP BY path, outcome, truncated, read, source ORDER BY path, max(captured_at) DESC, outcome"""
_LISTED = "SELECT path, count(*) FILTER (WHERE ifnull(status, 200) < 400) FROM mementos GROUP BY path"
_DOMAINS = "SELECT path, domain FROM briefs"
_NO_POST = frozenset(("page", "listing", "other", "feed", "rest", "sitemap", "robots"))
_INDEXES = frozenset(("wayback", "commoncrawl"))
_GONE = frozenset(("missing", "soft404"))


@dataclass(frozen=True, slots=True)
class Copies:
    """The captures of a path that are alike."""

    outcome: str
    truncated: bool
    read: bool
    source: str
    count: int
    newest: str | None


@dataclass(slots=True)
class Post:
    """A post by its home, the path that its brief has or would have."""

    home: str
    paths: list[str] = field(default_factory=list)
    url: str | None = None
    status: str = "live"
    since: str | None = None  # when it was found gone or missing
    seen: bool = False  # at its address, at any time
    found_by: set[str] = field(default_factory=set)
    fidelity: int | None = None  # of its best reading
    look: str | None = None  # that read it
    copies: list[Copies] = field(default_factory=list)
    listed: int | None = None  # good captures that indexes of web archives tell; None where none has a line
    domain: str | None = None
    leads_to: str | None = None  # where its address leads, if that is no post

    @property
    def whole(self) -> bool:
        """Whether the archive has it as its page shows it."""
        return self.fidelity is not None and self.fidelity >= WHOLE

    @property
    def other(self) -> bool:
        """Whether what is there was read, and is no post: a static page, an attachment."""
        if self.fidelity is not None:
            return False
        there = (copy for copy in self.copies if copy.outcome in _NO_POST)
        elsewhere = self.home.startswith("/?p=") and self.leads_to not in (None, "/")
        return elsewhere or any(copy.read and not copy.truncated for copy in there)

    @property
    def channels(self) -> frozenset[str]:
        """The ways by which it was found; an index of a web archive that tells only of errors names no post."""
        return frozenset(self.found_by - (_INDEXES if self.listed == 0 else frozenset()))

    @property
    def doubtful(self) -> bool:
        """Whether nothing says that there ever was a post: nobody names it, and nothing but not-found was seen."""
        shown = any(copy.outcome not in _GONE for copy in self.copies)
        return self.fidelity is None and not self.channels and not self.seen and not shown


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts by home, and where each path leads."""

    by_home: dict[str, Post]
    homes: dict[str, str]
    redirects: dict[str, str]
    withdrawn: frozenset[str]  # paths kept from readers

    def __iter__(self) -> Iterator[Post]:
        return iter(self.by_home.values())

    def at(self, path: str) -> Post | None:
        """The post that a path stands for."""
        return self.by_home.get(self.homes.get(path, path))

    def end(self, path: str) -> str:
        """Where redirects lead from a path; a circle leads to the least of its paths."""
        return end(self.redirects, path)


def end(leads: dict[str, str], path: str) -> str:
    """The last path of a chain; a circle leads to the least of its paths."""
    passed = [path]
    while (following := leads.get(passed[-1])) is not None:
        if following in passed:
            return min(passed[passed.index(following) :])
        passed.append(following)
    return passed[-1]


def known_posts(db: sqlite3.Connection) -> Posts:
    """The posts of our hosts, those withdrawn left out."""
    rows = db.execute(_PAGES).fetchall()
    ours = our_hosts(db)
    read = {home for _, home, _, _ in db.execute(_READINGS)}
    told = [row for row in rows if row[0] in read or (is_post(row[0]) and (row[1] is None or _is_of(row[1], ours)))]
    redirects = dict(db.execute(_REDIRECTS).fetchall())
    leads = _leads(db, redirects)
    homes = {row[0]: end(leads, row[0]) for row in told}
    hidden = {row[0] for row in rows if row[2] == "withdrawn"}
    hidden |= {path for path, home in homes.items() if home in hidden}
    by_home: dict[str, Post] = {}
    for row in told:
        if row[0] not in hidden:
            home = homes[row[0]] if is_post(homes[row[0]]) or homes[row[0]] in read else row[0]
            homes[row[0]] = home
            _tell(by_home.setdefault(home, Post(home)), row, redirects)
    _fill(db, by_home, homes)
    return Posts(by_home, homes, redirects, frozenset(hidden))


def our_hosts(db: sqlite3.Connection) -> frozenset[str]:
    """The site's hosts, and those that a run was told to take for the site."""
    named = {word for row in db.execute(_ARGUMENTS) for word in row if word}
    return SITE_HOSTS | {SAMPLE_HOST} | {host_of(word if "//" in word else f"https://{word}") for word in named}


def _is_of(url: str, hosts: frozenset[str]) -> bool:
    host = host_of(url)
    return host in hosts or is_loopback(host)


def _leads(db: sqlite3.Connection, redirects: dict[str, str]) -> dict[str, str]:
    """By path the next one on the way to the post's home; what was read there goes before what a redirect says."""
    leads = dict(redirects)
    leads |= {identity(url): path for url, path in db.execute(_SHORT) if is_post(identity(url))}
    leads |= {f"/?p={number}": home for number, home in db.execute(_NUMBERS)}
    leads |= {path: home for path, home, _, _ in db.execute(_READINGS)}
    return {path: target for path, target in leads.items() if path != target}


def _tell(post: Post, row: tuple[str, str | None, str, str, str | None, str | None], redirects: dict[str, str]) -> None:
    path, url, status, found_by, last_seen, since = row
    post.paths.append(path)
    post.found_by |= {name for name in json.loads(found_by) if name != "redirect"}
    post.seen |= last_seen is not None
    if path == post.home:
        post.url, post.status, post.since = url, status, since
        post.leads_to = redirects.get(path)


def _fill(db: sqlite3.Connection, by_home: dict[str, Post], homes: dict[str, str]) -> None:
    for _, home, fidelity, look in db.execute(_READINGS):
        if (post := by_home.get(home)) and fidelity > (-1 if post.fidelity is None else post.fidelity):
            post.fidelity, post.look = fidelity, look
    for path, outcome, truncated, read, *rest in db.execute(_COPIES):
        if post := by_home.get(homes.get(path, path)):
            post.copies.append(Copies(outcome, bool(truncated), bool(read), *rest))
    for path, listed in db.execute(_LISTED):
        if post := by_home.get(homes.get(path, path)):
            post.listed = (post.listed or 0) + listed
    for path, domain in db.execute(_DOMAINS):
        if post := by_home.get(path):
            post.domain = domain
