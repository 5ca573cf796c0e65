"""Every post that the archive knows of, captured or not, and how well: each once, however many addresses it has."""

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
_READINGS = """SELECT readings.path, brief_path, max(CASE held WHEN 0 THEN fidelity ELSE -1 END), layout FROM readings
    JOIN captures ON captures.id = capture_id GROUP BY readings.path, brief_path ORDER BY readings.path, brief_path"""
_NUMBERS = "SELECT DISTINCT wp_id, brief_path FROM readings WHERE wp_id IS NOT NULL ORDER BY brief_path"
_SHORT = "SELECT DISTINCT url, path FROM captures WHERE url LIKE '%?p=%' AND path NOT LIKE '/?p=%'"
_COPIES = """SELECT path, CASE WHEN id IN (SELECT capture_id FROM readings WHERE held = 1) THEN 'held' ELSE outcome END,
        truncated, read, count(*) FROM captures
    GROUP BY 1, 2, 3, 4 ORDER BY path, max(captured_at) DESC, 2"""
_LISTED = "SELECT path, count(*) FILTER (WHERE ifnull(status, 200) < 400) FROM mementos GROUP BY path"
_DOMAINS = "SELECT path, domain FROM briefs"
_MISSING_PARTS = "SELECT path, message FROM problems WHERE kind = 'parts' ORDER BY path"
_NO_POST = frozenset(("page", "listing", "other", "feed", "rest", "sitemap", "robots"))
_INDEXES = frozenset(("wayback", "commoncrawl"))
_GONE = frozenset(("missing", "soft404"))


@dataclass(frozen=True, slots=True)
class CaptureGroup:
    """Captures of one path with the same outcome and completeness."""

    outcome: str
    truncated: bool
    read: bool
    count: int


@dataclass(slots=True)
class Post:
    """A post, known by its home: the path that its brief has or would have."""

    home: str
    paths: list[str] = field(default_factory=list)
    url: str | None = None
    status: str = "live"
    since: str | None = None  # when it was first found gone or missing
    was_seen: bool = False  # whether its address ever showed it
    found_by: set[str] = field(default_factory=set)
    fidelity: int | None = None  # of its best reading; see records.Reading
    look: str | None = None  # of that reading
    captures: list[CaptureGroup] = field(default_factory=list)
    good_mementos: int | None = None  # good captures in indexes of web archives; None where no index has a line
    domain: str | None = None
    leads_to: str | None = None  # where its address redirects to
    missing_parts: str | None = None  # which of its pages no capture holds, in words, if it is split over several

    @property
    def is_whole(self) -> bool:
        """Whether the archive has the post as its page shows it."""
        return self.fidelity is not None and self.fidelity >= WHOLE and self.missing_parts is None

    @property
    def is_no_post(self) -> bool:
        """Whether the address turned out to be no post: a static page, an attachment."""
        if self.fidelity is not None:
            return False
        others = (capture for capture in self.captures if capture.outcome in _NO_POST)
        elsewhere = self.home.startswith("/?p=") and self.leads_to not in (None, "/")
        return elsewhere or any(capture.read and not capture.truncated for capture in others)

    @property
    def channels(self) -> frozenset[str]:
        """The channels that name it; a web archive's index that holds nothing but errors does not count."""
        return frozenset(self.found_by - (_INDEXES if self.good_mementos == 0 else frozenset()))

    @property
    def is_doubtful(self) -> bool:
        """Whether there may never have been a post: no channel names it, and only not-found pages were seen."""
        was_shown = any(capture.outcome not in _GONE for capture in self.captures)
        return self.fidelity is None and not self.channels and not self.was_seen and not was_shown


@dataclass(frozen=True, slots=True)
class Posts:
    """The posts by home, and the home of each path."""

    by_home: dict[str, Post]
    homes: dict[str, str]
    redirects: dict[str, str]
    withdrawn: frozenset[str]  # paths that are kept from readers

    def __iter__(self) -> Iterator[Post]:
        return iter(self.by_home.values())

    def get_post(self, path: str) -> Post | None:
        """Get the post that has this path among its addresses."""
        return self.by_home.get(self.homes.get(path, path))


def follow_redirects(next_paths: dict[str, str], path: str) -> str:
    """Follow a chain to its last path; a circle ends at the alphabetically first of its paths."""
    chain = [path]
    while (following := next_paths.get(chain[-1])) is not None:
        if following in chain:
            return min(chain[chain.index(following) :])
        chain.append(following)
    return chain[-1]


def read_posts(db: sqlite3.Connection) -> Posts:
    """Read the posts of the site, without those withdrawn."""
    rows = db.execute(_PAGES).fetchall()
    hosts = read_site_hosts(db)
    homes_read = {home for _, home, _, _ in db.execute(_READINGS)}
    post_rows = [
        row
        for row in rows
        if row[0] in homes_read or (is_post(row[0]) and (row[1] is None or _is_on_hosts(row[1], hosts)))
    ]
    redirects = dict(db.execute(_REDIRECTS).fetchall())
    next_paths = _read_next_paths(db, redirects)
    homes = {row[0]: follow_redirects(next_paths, row[0]) for row in post_rows}
    withdrawn = {row[0] for row in rows if row[2] == "withdrawn"}
    withdrawn |= {path for path, home in homes.items() if home in withdrawn}
    by_home: dict[str, Post] = {}
    for row in post_rows:
        if row[0] not in withdrawn:
            home = homes[row[0]] if is_post(homes[row[0]]) or homes[row[0]] in homes_read else row[0]
            homes[row[0]] = home
            _add_page(by_home.setdefault(home, Post(home)), row, redirects)
    _add_captures(db, by_home, homes)
    return Posts(by_home, homes, redirects, frozenset(withdrawn))


def read_site_hosts(db: sqlite3.Connection) -> frozenset[str]:
    """Read the site's hosts, and those that runs took for the site by --start and --site."""
    hosts = {word for row in db.execute(_ARGUMENTS) for word in row if word}
    return SITE_HOSTS | {SAMPLE_HOST} | {host_of(word if "//" in word else f"https://{word}") for word in hosts}


def _is_on_hosts(url: str, hosts: frozenset[str]) -> bool:
    host = host_of(url)
    return host in hosts or is_loopback(host)


def _read_next_paths(db: sqlite3.Connection, redirects: dict[str, str]) -> dict[str, str]:
    """Map each path to the next one on the way to its home; readings are believed before redirects."""
    next_paths = dict(redirects)
    next_paths |= {identity(url): path for url, path in db.execute(_SHORT) if is_post(identity(url))}
    next_paths |= {f"/?p={number}": home for number, home in db.execute(_NUMBERS)}
    next_paths |= {path: home for path, home, _, _ in db.execute(_READINGS)}
    return {path: target for path, target in next_paths.items() if path != target}


def _add_page(
    post: Post, row: tuple[str, str | None, str, str, str | None, str | None], redirects: dict[str, str]
) -> None:
    path, url, status, found_by, last_seen, since = row
    post.paths.append(path)
    post.found_by |= {name for name in json.loads(found_by) if name != "redirect"}
    post.was_seen |= last_seen is not None
    if path == post.home:
        post.url, post.status, post.since = url, status, since
        post.leads_to = redirects.get(path)


def _add_captures(db: sqlite3.Connection, by_home: dict[str, Post], homes: dict[str, str]) -> None:
    for _, home, fidelity, look in db.execute(_READINGS):
        if (post := by_home.get(home)) and fidelity > (-1 if post.fidelity is None else post.fidelity):
            post.fidelity, post.look = fidelity, look
    for path, outcome, truncated, read, count in db.execute(_COPIES):
        if post := by_home.get(homes.get(path, path)):
            post.captures.append(CaptureGroup(outcome, bool(truncated), bool(read), count))
    for path, good_mementos in db.execute(_LISTED):
        if post := by_home.get(homes.get(path, path)):
            post.good_mementos = (post.good_mementos or 0) + good_mementos
    for path, domain in db.execute(_DOMAINS):
        if post := by_home.get(path):
            post.domain = domain
    for path, message in db.execute(_MISSING_PARTS):
        if post := by_home.get(homes.get(path, path)):
            post.missing_parts = message.rpartition(": ")[2].rstrip(".")
