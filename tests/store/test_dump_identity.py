"""Posts of one file are rows of their own, with an address of the site, with another's, and with none."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from pipelines.extract import extract
from pipelines.ingest import run_steps
from scraper.address import SITE_HOSTS
from scraper.archive import CaptureItem
from scraper.commands.ingest_paths import ingest_paths
from scraper.errors import OK
from scraper.records import Capture, Extraction
from scraper.sources.sidecar import make_sidecar
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.dump_forms import FORMS, PostEntry, drop_link, list_posts, make_posts, rest, rest_object
from tests.support.filled_archive import query_database
from tests.support.histories import Post
from tests.support.specimens import make_settings, open_archive

_SITE = "https://www.usresistnews.org"
_FEED_URL = "https://www.usresistnews.org/feed/"


def _read(body: bytes, url: str | None = None) -> Extraction:
    return extract(Capture(body, url, "2024-01-01T00:00:00Z", "file"))


def _paths(found: Extraction) -> list[str]:
    return [reading.brief.path for reading in found.readings]


# What the file gives as address and as guid, whether it gives a number, and the path of the post with number N.
_ADDRESSES = {
    "its permalink": (_SITE + "{path}", _SITE + "/?p={number}", True, "{path}"),
    "the old host": ("http://usrenewnews.org{path}", "", True, "{path}"),
    "its number's address": (_SITE + "/?p={number}", "", True, "/?p={number}"),
    "a guid of the site": ("", _SITE + "/?p={number}", False, "/?p={number}"),
    "a guid that is its permalink": ("", _SITE + "{path}", False, "{path}"),
    "a staging host": (
        "https://staging.example.net{path}",
        "https://staging.example.net/?p={number}",
        True,
        "/?p={number}",
    ),
    "this machine": ("http://localhost:8080/wp{path}", "http://localhost:8080/wp/?p={number}", False, "/?p={number}"),
    "a proxy": (
        "https://feedproxy.google.com/~r/site/~3/a{number}/",
        _SITE + "/?p={number}",
        False,
        "/?p={number}",
    ),
    "the front page": (_SITE + "/", _SITE + "/?p={number}", False, "/?p={number}"),
    "a category": (_SITE + "/category/environment/", "", True, "/?p={number}"),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", _ADDRESSES)
@pytest.mark.parametrize("url", [None, _FEED_URL])
def test_each_post_has_its_own_path(form: str, case: str, url: str | None) -> None:
    link, guid, has_number, path = _ADDRESSES[case]
    found = _read(FORMS[form](list_posts(link, guid, numbers=has_number)), url)
    assert _paths(found) == [path.format(path=post.path, number=post.number) for post in make_posts()]
    assert [reading.brief.number for reading in found.readings] == [71, 72, 73]
    assert {reading.brief.published for reading in found.readings} == {"2019-01-01", "2019-01-02", "2019-01-03"}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("guid", ["", "tag:example.org,2019:{number}", "https://other.example/{number}"])
def test_a_post_that_nothing_names_is_known_by_a_digest_that_stays(form: str, guid: str) -> None:
    posts = list_posts("", guid)
    paths = _paths(_read(FORMS[form](posts)))
    assert len(set(paths)) == 3
    assert all(path.startswith("urn:sha256:") for path in paths)
    assert _paths(_read(FORMS[form](posts[::-1]))) == paths[::-1]
    result = [problem.field for reading in _read(FORMS[form](posts)).readings for problem in reading.problems]
    assert result.count("url") == 3


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("link", [_SITE + "/2019/01/01/post-1/", _SITE + "/some-page/"])
@pytest.mark.parametrize("numbers", [True, False])
def test_posts_that_claim_one_address_stay_apart(form: str, link: str, numbers: bool) -> None:
    found = _read(FORMS[form](list_posts(link, numbers=numbers)))
    assert len(set(_paths(found))) == 3
    assert {reading.brief.title for reading in found.readings} == {post.title for post in make_posts()}
    assert [any(p.field == "url" for p in reading.problems) for reading in found.readings] == [False, True, True]


@pytest.mark.parametrize("form", FORMS)
def test_one_number_in_two_posts_joins_them_not(form: str) -> None:
    first, other, _ = list_posts()
    found = _read(FORMS[form]([PostEntry(first.post, number=5), PostEntry(other.post, number=5)]))
    assert len(set(_paths(found))) == 2 and _paths(found)[0] == "/?p=5"


@pytest.mark.parametrize("form", FORMS)
def test_a_post_that_stands_twice_is_one_and_told(form: str) -> None:
    posts = list_posts(_SITE + "{path}", numbers=True)
    found = _read(FORMS[form]([*posts, posts[0]]))
    assert len(found.readings) == 3
    assert [problem.kind for problem in found.problems] == ["repetition"]


def test_of_two_states_of_a_post_the_latest_is_read() -> None:
    (listed, *_) = list_posts(_SITE + "{path}", numbers=True)
    old = rest_object(listed)
    new = old | {"modified_gmt": "2019-02-01T00:00:00", "title": {"rendered": "Tolls of the lower river"}}
    for order in permutations([old, new]):
        (reading,) = _read(json.dumps(order).encode()).readings
        assert reading.brief.title == "Tolls of the lower river"


def test_feedburner_keeps_the_address_that_it_replaces() -> None:
    link = "http://feedproxy.google.com/~r/site/~3/Xyz/"
    body = FORMS["RSS"](list_posts(link, "{number}@site"))
    for post in make_posts():
        own = f"<feedburner:origLink>{_SITE}{post.path}</feedburner:origLink></item>"
        body = body.replace(f"<guid isPermaLink='false'>{post.number}@site</guid>".encode(), b"<guid>g</guid>", 1)
        body = body.replace(b"</item>", own.encode(), 1).replace(b"</item>", b"</Item>", 1)
    body = body.replace(b"</Item>", b"</item>").replace(
        b"<rss ", b'<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    )
    found = _read(body)
    assert _paths(found) == [post.path for post in make_posts()]
    assert {address.url for address in found.found} == {_SITE + post.path for post in make_posts()}


def test_a_single_post_without_an_address_is_the_one_that_the_file_was_saved_from() -> None:
    (listed, *_) = list_posts()
    body = json.dumps(rest_object(listed)).encode()
    assert _paths(_read(body, _SITE + listed.post.path)) == [listed.post.path]
    assert _paths(_read(body, _SITE + "/wp-json/wp/v2/posts/71"))[0].startswith("urn:")


def test_the_same_posts_with_their_addresses_meet_them_in_any_order(tmp_path: Path) -> None:
    posts = list_posts(_SITE + "{path}", _SITE + "/?p={number}", numbers=True)
    saved = {"with.json": rest(posts), "without.json": rest([drop_link(listed) for listed in posts])}
    for name, body in saved.items():
        (tmp_path / name).write_bytes(body)
    tables_of_orders = []
    for order in permutations(saved):
        folder = tmp_path / "-".join(order)
        folder.mkdir()
        files = [tmp_path / name for name in order]
        assert ingest_paths(make_settings(folder), files, make_sidecar(None, None), SITE_HOSTS) == OK
        tables_of_orders.append(read_tables(folder / "archive.db"))
        paths = query_database(folder / "archive.db", "select path from briefs order by path")
        assert [path for (path,) in paths] == [post.path for post in make_posts()]
    assert not compare_tables(*tables_of_orders)


def test_a_strange_number_joins_no_post_of_another_day(tmp_path: Path) -> None:
    own, other, _ = list_posts(_SITE + "{path}", numbers=True)
    strange = PostEntry(make_posts(9)[8], "https://staging.example.net/x/", number=own.number)
    for name, listed in (("own.json", own), ("staging.json", strange)):
        (tmp_path / name).write_bytes(rest([listed, other]))
    files = [tmp_path / "own.json", tmp_path / "staging.json"]
    assert ingest_paths(make_settings(tmp_path), files, make_sidecar(None, None), SITE_HOSTS) == OK
    titles = query_database(tmp_path / "archive.db", "select title from briefs order by path")
    assert {title for (title,) in titles} == {own.post.title, other.post.title, strange.post.title}


def _save(post: Post, host: str, number: int = 5, link: str = "") -> Capture:
    """A dump of one post, by a host that is not the site's."""
    return Capture(rest([PostEntry(post, link or f"https://{host}/x/", number=number)]), None, None, "file")


_TOLL = Post("/2019/01/01/toll/", 5, "Tolls of the river")
_LAMP = Post("/2020/06/07/lamp/", 5, "A school without a lamp", said="Children walk home in the dark.")
_SAND = Post("/2018/03/04/sand/", 5, "Sand for the bay", said="The bay has had enough of it.")
_EDITED = Post("/2019/01/01/toll/", 5, "Tolls of the lower river")
_OWN = Capture(_LAMP.html(named=False), f"{_SITE}/?p=5", "2024-01-01T00:00:00Z", "live", 200)
_REWRITTEN = Post("/2020/06/09/lamp/", 5, "Lamps for each school", said="The county buys a lamp for each of them now.")
_LATER = Capture(_REWRITTEN.html(named=False), f"{_SITE}/?p=5", "2025-01-01T00:00:00Z", "live", 200)
_TWICE = Capture(
    rest([PostEntry(post, "https://b.example/x/", number=5) for post in (_TOLL, _LAMP, _LAMP)]), None, None, "file"
)
_LINKED = Capture(_LAMP.html(), _SITE + _LAMP.path, "2024-01-01T00:00:00Z", "live", 200)
SHARERS = {
    "two hosts": ([_save(_TOLL, "a.example"), _save(_LAMP, "b.example")], {"/?p=5": _TOLL, "urn": _LAMP}),
    "three hosts": (
        [_save(_TOLL, "a.example"), _save(_LAMP, "b.example"), _save(_SAND, "c.example")],
        {"/?p=5": _SAND, "urn": _TOLL, "urn:": _LAMP},
    ),
    "another state": (
        [_save(_EDITED, "a.example"), _save(_TOLL, "a.example"), _save(_LAMP, "b.example")],
        {"/?p=5": _TOLL, "urn": _LAMP},
    ),
    "the site's own": ([_save(_TOLL, "a.example"), _OWN], {"/?p=5": _LAMP, "urn": _TOLL}),
    "the site's own, written anew": ([_save(_TOLL, "a.example"), _OWN, _LATER], {"/?p=5": _REWRITTEN, "urn": _TOLL}),
    "twice in one file": ([_save(_TOLL, "a.example"), _TWICE], {"/?p=5": _TOLL, "urn": _LAMP}),
    "a permalink": ([_save(_TOLL, "a.example"), _save(_LAMP, "b.example"), _LINKED], {_LAMP.path: _LAMP, "urn": _TOLL}),
}


@pytest.mark.parametrize(("captures", "rows"), SHARERS.values(), ids=SHARERS.keys())
def test_posts_of_two_hosts_with_one_number_are_two_rows_in_any_order(
    tmp_path: Path, captures: list[Capture], rows: dict[str, Post]
) -> None:
    tables_of_orders = []
    for number, order in enumerate(permutations(captures)):
        folder = tmp_path / str(number)
        folder.mkdir()
        with open_archive(folder) as opened:
            for capture in order:
                run_steps(opened, CaptureItem(capture, SITE_HOSTS))
        found = query_database(folder / "archive.db", "SELECT path, published FROM briefs")
        assert {(path if path[0] == "/" else "urn", day) for path, day in found} == {
            (path.rstrip(":"), post.day) for path, post in rows.items()
        }
        tables_of_orders.append(read_tables(folder / "archive.db"))
    for other in tables_of_orders[1:]:
        assert compare_tables(tables_of_orders[0], other) == []
