"""Exports of WordPress: what is read in them, what is left out, and how little they may change."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract
from pipelines.extraction.layouts.wordpress_markup import render_content, render_shortcodes, texturize
from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.discovery import wordpress_export
from scraper.errors import OK
from scraper.records import Capture, Extraction
from scraper.sources.events import Omission
from scraper.sources.files import read_page
from scraper.sources.sidecar import make_sidecar
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.filled_archive import query_database
from tests.support.histories import Post
from tests.support.specimens import make_settings

EXPORT = Path(__file__).parents[1] / "pages/wxr-export.xml"  # written by WordPress 6.1.9, then cut to a few items
LIVE = Post("/2019/05/06/the-quay/", 61, "The quay's end", said='They said "no", and that was that.')


def read(body: bytes) -> Extraction:
    return extract(Capture(body, None, "2024-03-05T18:02:11Z", "file"))


def export(*posts: Post, version: str = "1.2", status: str = "publish", more: str = "") -> bytes:
    items = "".join(
        f"""<item><title>{post.title}</title><link>{post.host}{post.path}</link><dc:creator>desk</dc:creator>
<content:encoded><![CDATA[{post.content}]]></content:encoded><excerpt:encoded><![CDATA[Not this.]]></excerpt:encoded>
<wp:post_id>{post.number}</wp:post_id><wp:post_date>{post.day} 09:00:00</wp:post_date><wp:status>{status}</wp:status>
<wp:post_type>post</wp:post_type>{more}<category domain="category" nicename="environment"><![CDATA[{post.category}]]>
</category></item>"""
        for post in posts
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/" xmlns:wp="http://wordpress.org/export/{version}/"
xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<pubDate>Tue, 05 Mar 2024 18:02:11 +0000</pubDate>{items}</channel></rss>""".encode()


def test_published_posts_are_read_and_all_else_is_counted() -> None:
    *left_out, capture = read_page(EXPORT, SITE_HOSTS)
    assert isinstance(capture, Capture)
    assert (capture.captured_at, capture.url) == ("2024-03-05T18:02:11Z", None)
    assert Counter(item.detail for item in left_out if isinstance(item, Omission)) == {
        "draft post": 1,
        "private post": 1,
        "post with a password": 1,
        "page": 1,
        "attachment": 1,
    }
    found = extract(capture)
    assert (found.outcome, found.layout, len(found.readings), found.problems) == ("feed", "wxr", 3, ())
    assert found.path == "urn:" + capture.digest


def test_nothing_of_readers_and_no_address_of_an_account_is_read() -> None:
    result = json.dumps([asdict(reading) for reading in read(EXPORT.read_bytes()).readings])
    assert b"nosy@example.test" in EXPORT.read_bytes() and b"desk2@example.test" in EXPORT.read_bytes()
    assert not any(word in result for word in ("example.test", "Nosy", "A comment of mine", "Not for you", "Only with"))


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.9"])
def test_every_version_is_read(version: str) -> None:
    (reading,) = read(export(LIVE, version=version)).readings
    brief = reading.brief
    assert (brief.path, brief.wp_id, brief.published, brief.posted_by) == (LIVE.path, 61, "2019-05-06", "desk")
    assert (brief.title, [each.name for each in brief.categories]) == ("The quay’s end", ["Environment"])
    assert reading.fidelity == 2 and "Not this" not in (brief.body or "")


def test_a_page_goes_before_an_export_in_any_order_and_a_difference_of_dress_is_no_revision(tmp_path: Path) -> None:
    saved = {
        "export.xml": export(LIVE, Post("/2019/07/08/only-here/", 62, "Only here")),
        "page.html": LIVE.html(),
        "rest.json": json.dumps([LIVE.rest()]).encode(),
    }
    for name, body in saved.items():
        (tmp_path / name).write_bytes(body)
    result = []
    for order in permutations(saved):
        folder = tmp_path / "-".join(order)
        folder.mkdir()
        paths = [tmp_path / name for name in order]
        assert ingest_paths(make_settings(folder), paths, make_sidecar(None, None), SITE_HOSTS) == OK
        result.append(read_tables(folder / "archive.db"))
        revised = query_database(
            folder / "archive.db",
            "select field from revisions where capture_id in (select id from captures where layout = 'wxr')",
        )
        assert not revised
    assert not any(compare_tables(result[0], each) for each in result[1:])
    titles = query_database(folder / "archive.db", "select path, title from briefs order by path")
    assert [path for path, _ in titles] == [LIVE.path, "/2019/07/08/only-here/"]


def test_posts_split_over_several_files_and_a_cut_one(tmp_path: Path) -> None:
    each, other = Post("/2019/01/02/one/", 71, "One"), Post("/2019/01/03/other/", 72, "Other")
    whole = export(each, other)
    cut = whole[: whole.index(b"<wp:post_id>72")]
    found = read(cut)
    assert [reading.brief.path for reading in found.readings] == [each.path]
    assert [problem.kind for problem in found.problems] == ["truncated"]
    assert [len(read(export(post)).readings) for post in (each, other)] == [1, 1]


def test_hostile_and_damaged_exports() -> None:
    bomb = b'<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    body = export(LIVE).replace(b"<rss", bomb + b"<rss", 1).replace(b"<title>", b"<title>&b;&f;", 1)
    (item,) = wordpress_export.read_items(body)
    assert "aaaa" not in item["title"] and len(item["title"]) < 40
    (controlled,) = read(export(LIVE).replace(b"signed", b"sig\x0b\x01ned")).readings
    assert "signed" in (controlled.brief.body or "")
    bare = export(LIVE).replace(b'xmlns:wp="http://wordpress.org/export/1.2/"', b"")
    assert len(read(bare).readings) == 1


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_no_bytes_are_too_strange(noise: bytes, at: int) -> None:
    body = export(LIVE)
    for damaged in (body[:at] + noise + body[at:], body[:at] + noise, noise):
        assert all(isinstance(item, wordpress_export.ExportItem) for item in wordpress_export.read_items(damaged))
        assert read(damaged).outcome


RENDERED = {
    "paragraphs and lines": ("One\ntwo\n\nthree", "One<br>two<br><br>three"),
    "a line ended twice": ("One<br />\ntwo", "One<br />two"),
    "the block editor": ("<!-- wp:paragraph --><p>One\ntwo</p><!-- /wp:paragraph -->",) * 2,
    "code": ('<pre>it\'s\n\n"x"</pre>',) * 2,
    "prose in brackets": ("They [sic] and [his own words] said", "They [sic] and [his own words] said"),
    "a module": ("[et_pb_text x=%22y%22]A[/et_pb_text]", '<div class="et_pb_text">A</div>'),
    "a module that is not closed": ("[et_pb_button text=1]A", '<div class="et_pb_button"></div>A'),
    "a heading in attributes": (
        '[et_pb_blurb title="%22One%22 &amp; two"]A[/et_pb_blurb]',
        '<div class="et_pb_blurb"><h4>“One” &amp; two</h4>A</div>',
    ),
    "a hidden module": (
        '[et_pb_text disabled_on="on|on|on"]A[/et_pb_text]',
        '<div class="et_pb_text" hidden>A</div>',
    ),
    "a caption": (
        '[caption id="a"]<img src="a.jpg"> Photo by Ada[/caption]',
        '<div class="wp-caption"><img src="a.jpg"><p class="wp-caption-text">Photo by Ada</p></div>',
    ),
    "other plugins": ('A[form id="3"][gallery ids="1,2"][embed]http://x[/embed][quote]B[/quote]', "A<br><br>B<br>"),
}


@pytest.mark.parametrize(("typed", "shown"), RENDERED.values(), ids=RENDERED.keys())
def test_what_wordpress_makes_of_what_was_typed(typed: str, shown: str) -> None:
    assert render_content(typed) == shown


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("""It's "his" 'own' (and "hers")...""", "It’s “his” ‘own’ (and “hers”)…"),
        ("the boys' -- in '19, the 1990's -- 'twas", "the boys’ — in ’19, the 1990’s — ’twas"),
        ("1998-99, a--b, c - d, e---f", "1998-99, a–b, c – d, e—f"),
        ("""He said: "nobody 'owns' it".""", "He said: “nobody ‘owns’ it”."),
    ],
)
def test_marks_that_wordpress_prints(typed: str, shown: str) -> None:
    assert texturize(typed) == shown


@given(st.text("ab \n'\"-.[]/<>=&et_pb%1", max_size=200))
def test_rendering_loses_no_letter_outside_brackets(text: str) -> None:
    assert isinstance(render_content(text), str)
    if "[" not in text:
        assert render_shortcodes(text) == text
