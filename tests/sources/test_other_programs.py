"""Files of programs that save no pages: each is one line, and none passes for a post; packed pages are read."""

from __future__ import annotations

import gzip
import itertools
import json
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import brotli  # type: ignore[import-untyped]
import pytest
from backports import zstd

from pipelines.extract import extract
from scraper.records import Capture, Extraction
from scraper.sources.content_coding import decode_payload, join_bare_chunks
from scraper.sources.events import Omission, Unreadable
from scraper.sources.provenance import find_origin
from scraper.sources.saved_page import Origin
from tests.support.warc_writing import address, html, read

URL, AT = address(1), "2019-06-05T10:11:12Z"
LONG = (
    "The harbor council of Port Larkin voted in the spring to close two of its four piers to foreign freight, at last."
)
BRIEF = f"Brief #66—Foreign Policy\nBy Mara Whitlock\n\nPolicy Summary\n\n{LONG}\n\nAnalysis\n\n{LONG}"
QUOTED = f'"Piers, Closed","{BRIEF}"'
SEMICOLONS, TABS = (QUOTED.replace('","', f'"{mark}"') for mark in ";\t")


def extract_text(text: str, content_type: str = "text/plain") -> Extraction:
    return extract(Capture(text.encode(), None, AT, "file", content_type=content_type))


NO_POSTS = {
    "a dump whose table of posts comes late": f"-- MySQL dump 10.13\nINSERT INTO `wp_options` VALUES (1,'{LONG}');",
    "statements": f"CREATE TABLE wp_terms (\n  id INT\n);\nINSERT INTO wp_terms (id, name) VALUES (1, '{BRIEF}');",
    "of PostgreSQL": f"SET x = 0;\nCOPY public.posts (id, text) FROM stdin;\n1\t{LONG}\n\\.\n",
    "commas": f"Title,Content\n{QUOTED}\n{QUOTED}\n",
    "semicolons": f"Title;Content\n{SEMICOLONS}\n",
    "tabs": f"title\tcontent\n{TABS}\n",
    "bookmarks": f"url,title,time_added\n{URL},Two Piers Close,1559729472\n{URL},Two More,1559729473\n",
    "addresses": f"{URL}\n{address(2)}\n\n{address(3)}\n",
    "an address": URL,
    "a log": f"10.0.0.1 - - [05/Jun/2019:10:11:12 +0000] \"GET {URL} HTTP/1.1\" 200 12345 \"-\" \"Mozilla/5.0\"\n" * 3,
    "a log of wget": f"--2019-06-05 10:11:12--  {URL}\nSaving to: 'x'\n\n2019-06-05 10:11:13 - saved [12345]\n",
    "robots.txt": "User-agent: *\nDisallow: /wp-admin/\n\nSitemap: https://www.usresistnews.org/sitemap.xml\n",
    "LaTeX": f"\\documentclass{{article}}\n\\begin{{document}}\n{BRIEF}\n\\end{{document}}\n",
    "a chapter of LaTeX": f"% of 3\n\\section*{{Policy Summary}}\n{LONG}\n\n\\subsection{{Analysis}}\n{BRIEF}\n",
    "a page of a manual": f".TH PIERS 1\n.SH NAME\n.PP\n{LONG}\n.SH {BRIEF}\n",
    "a citation": f"TY  - BLOG\nTI  - Two Piers Close\nUR  - {URL}\nER  - \n",
    "Evernote's": f"<?xml version='1.0'?>\n<!DOCTYPE en-export>\n<en-export><note><content>"
    f"<![CDATA[<en-note><h1>Two Piers</h1><p>{LONG}</p></en-note>]]></content></note></en-export>",
    "a word processor's": f'<?xml version="1.0"?><office:text xmlns="o"><body><p>{BRIEF}</p></body></office:text>',
}  # fmt: skip

NO_POSTS |= {
    name: json.dumps(value)
    for name, value in {
        "ActivityPub": {"type": "Note", "object": {"name": "Two Piers", "url": URL, "content": LONG * 3}},
        "JSON-LD": {"@type": "NewsArticle", "headline": "Two Piers", "articleBody": LONG * 3},
        "a scraper's": [{"url": URL, "headline": "Two Piers", "text": LONG * 3}] * 2,
    }.items()
}


@pytest.mark.parametrize("text", NO_POSTS.values(), ids=NO_POSTS.keys())
def test_what_is_no_post_gives_no_row_and_one_problem(text: str) -> None:
    extraction = extract_text(text)
    assert (extraction.outcome, extraction.readings) == ("unreadable", ())
    assert [problem.kind for problem in extraction.problems] == ["unreadable"]


POSTS = {
    "a brief": (BRIEF, []),
    "commas in each line": (f"Piers, Ports\n\n{BRIEF}", []),
    "no mark of the site": (f"A Letter\n\n{LONG}\n\n{LONG}", ["doubtful"]),
}


@pytest.mark.parametrize(("text", "kinds"), POSTS.values(), ids=POSTS.keys())
def test_a_text_that_people_wrote_stays_a_post(text: str, kinds: list[str]) -> None:
    extraction = extract_text(text)
    assert (extraction.outcome, len(extraction.readings)) == ("brief", 1)
    assert [problem.kind for problem in extraction.problems] == kinds


PAGE = html(1)
MHTML = (
    f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {URL}\r\nDate: Wed, 5 Jun 2019 10:11:12 -0000\r\n"
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n--b\r\n'
    "Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n"
).encode() + b64encode(PAGE) + b"\r\n--b--\r\n"  # fmt: skip
VISIT = {
    "startedDateTime": AT,
    "request": {"method": "GET", "url": URL},
    "response": {"status": 200, "headers": [], "content": {"mimeType": "text/html", "text": PAGE.decode()}},
}
HAR = json.dumps({"log": {"version": "1.2", "creator": {"name": "x"}, "entries": [VISIT]}}).encode()
COMMENT = f"<!-- saved from url=({len(URL):04d}){URL} -->\r\n".encode()
ANSWER = b"HTTP/1.1 200 OK\r\nDate: Wed, 05 Jun 2019 10:11:12 GMT\r\nContent-Type: text/html\r\n\r\n" + PAGE
PACKED = {
    "page.mhtml.gz": (gzip.compress(MHTML), URL, AT),
    "page.mhtml": (gzip.compress(MHTML), URL, AT),
    "page.mhtml.zst": (zstd.compress(MHTML), URL, AT),
    "visit.har.gz": (gzip.compress(HAR), URL, AT),
    "answer.html.gz": (gzip.compress(ANSWER), None, AT),
    "marked.html": ((COMMENT + PAGE).decode().encode("utf-16"), URL, None),
    "text.txt": (f"{URL}\n\n{BRIEF}".encode("utf-16"), URL, None),
    "from.txt": (f"Saved from {URL}\n\n{BRIEF}".encode(), URL, None),
    "text-32.txt": (f"{URL}\n\n{BRIEF}".encode("utf-32"), URL, None),
}


@pytest.mark.parametrize("name", PACKED)
def test_what_a_packed_or_wide_file_says_of_itself(tmp_path: Path, name: str) -> None:
    data, url, at = PACKED[name]
    (tmp_path / name).write_bytes(data)
    (found,) = read(tmp_path / name)
    assert isinstance(found, Capture), found
    assert (found.url, found.captured_at, found.truncated) == (url, at, False)
    assert len(extract(found).readings) == 1 or url is None


def test_half_of_a_packed_page_is_cut_off(tmp_path: Path) -> None:
    (tmp_path / "page.mhtml.gz").write_bytes(gzip.compress(MHTML)[:-12])
    (found,) = read(tmp_path / "page.mhtml.gz")
    assert isinstance(found, Capture)
    assert (found.url, found.truncated) == (URL, True)


def pack(*names: str) -> bytes:
    """Make a ZIP with files of these names."""
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        for name in names:
            packed.writestr(name, BRIEF)
    return out.getvalue()


REFUSALS = {
    "Inbox.mbox": b"From news@x Wed Jun  5 10:11:12 2019\nSubject: x\n\nText\n",
    "news.txt": b"From 18@xxx Wed Jun 05 10:11:12 +0000 2019\r\nX-GM-THRID: 18\r\n\r\nText\r\n",
    "text.rtf": b"{\\rtf1\\ansi Brief #66}",
    "page.html.xz": b"\xfd7zXZ\0\0",
    "page.html.bz2": b"BZh91AY&SY",
    "crawl.lz4": b"\x04\x22\x4d\x18",
    "brief.docx": pack("[Content_Types].xml", "word/document.xml"),
    "briefs.xlsx": pack("[Content_Types].xml", "xl/workbook.xml"),
    "brief.odt": pack("mimetype", "content.xml"),
    "briefs.epub": pack("mimetype", "META-INF/container.xml", "OEBPS/1.xhtml"),
    "message.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0",
    "pages": b"7z\xbc\xaf\x27\x1c\0\4",
}


@pytest.mark.parametrize("name", REFUSALS)
def test_what_is_not_read_says_what_helps(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(REFUSALS[name])
    (refusal,) = read(tmp_path / name)
    assert isinstance(refusal, Unreadable)
    assert "ingest" in str(refusal) or "save" in str(refusal)
    assert name == "pages" or "a ZIP or the like" not in str(refusal)


def test_a_document_in_a_folder_is_named(tmp_path: Path) -> None:
    for name in ("brief.docx", "notes.tex", "packed.bz2"):
        (tmp_path / name).write_bytes(REFUSALS.get(name, b"BZh91AY" if "bz2" in name else BRIEF.encode()))
    document, source, packed = read(tmp_path)
    assert [item.reason for item in (document, source) if isinstance(item, Omission)] == ["document", "unknown"]
    assert isinstance(packed, Unreadable)
    assert "bunzip2" in packed.why


@pytest.mark.parametrize("data", [PAGE + b"\0" * 512, PAGE.replace(b">", b">\0", 3)], ids=["behind", "amid"])
def test_a_page_with_zero_bytes_is_read(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "page.html").write_bytes(data)
    (found,) = read(tmp_path / "page.html")
    assert isinstance(found, Capture), found
    assert extract(found).outcome == extract(Capture(PAGE, None, None, "file")).outcome


def chunk(body: bytes, *sizes: int) -> bytes:
    """Write a body in chunks of these sizes, as it came over the wire."""
    cuts = [0, *(sum(sizes[: n + 1]) for n in range(len(sizes))), len(body)]
    parts = [body[begin:end] for begin, end in itertools.pairwise(cuts)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


POST = {"id": 66, "link": URL, "title": {"rendered": "Two Piers"}, "content": {"rendered": f"<p>{LONG}</p>" * 3}}
CHUNKED = {
    "posts.json": (json.dumps([POST]).encode(), [200, 31]),
    "page.html": (PAGE, [64]),
    "packed.html": (gzip.compress(PAGE), [10, 10]),
}


@pytest.mark.parametrize("name", CHUNKED)
def test_chunks_that_were_saved_as_they_came_are_joined(tmp_path: Path, name: str) -> None:
    body, sizes = CHUNKED[name]
    (tmp_path / name).write_bytes(chunk(body, *sizes))
    (found,) = read(tmp_path / name)
    assert isinstance(found, Capture), found
    assert found.body == (PAGE if name.startswith("p") and name.endswith("html") else body)


@pytest.mark.parametrize("text", ["66\r\nBriefs\r\n0", "a\r\nb\r\n", "0\r\n\r\n0"])
def test_a_text_that_begins_with_a_number_is_not_chunked(text: str) -> None:
    assert join_bare_chunks(text.encode()) == text.encode()


WHEN = "as it appeared on Jun 5, 2019 10:11:12 GMT."
CACHES = {
    "Google's of 2009": (f'<base href="x"><div>This is Google&#39;s cache of <a href="{URL}">it</a> {WHEN}</div>', AT),
    "Google's of 2005": (f"<p>This is Google's <a href='http://a.com/'>cache</a> of <A HREF='{URL}'>it</A> {WHEN}", AT),
    "Bing's": (f'<base href="{URL}"/><p>You have reached the cached page for <a href="{URL}">it</a></p>', None),
}  # fmt: skip


@pytest.mark.parametrize(("banner", "at"), CACHES.values(), ids=CACHES.keys())
def test_the_banner_of_a_cache_names_address_and_instant(banner: str, at: str | None) -> None:
    assert find_origin(banner.encode() + PAGE) == Origin(URL, at)


TITLE = "Two Piers: Closed"
HEADS = {
    "Hugo": f'---\ntitle: "{TITLE}"\ndate: 2019-06-04\nurl: {URL}\ntags:\n  - piers\n---\n\n',
    "Obsidian": f'---\r\ntitle: "{TITLE}"\r\nsource: "{URL}"\r\nauthor:\r\n  - "[[Desk]]"\r\n---\r\n# {TITLE}\r\n\r\n',
    "TOML": f"+++\ntitle = '{TITLE}'\npermalink = '{URL}'\n+++\n",
    "a reader": f"Title: {TITLE}\n\nURL Source: {URL}\n\nPublished Time: 2019-06-04\n\nMarkdown Content:\n",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS.keys())
def test_fields_above_a_text_are_no_part_of_it(tmp_path: Path, head: str) -> None:
    (tmp_path / "post.md").write_text(head + BRIEF)
    (found,) = read(tmp_path / "post.md")
    assert isinstance(found, Capture)
    (reading,) = extract(found).readings
    brief = reading.brief
    assert (found.url, brief.title, brief.label) == (URL, TITLE, "Brief #66—Foreign Policy")
    assert brief.body == BRIEF.partition("Whitlock")[2].strip()


@pytest.mark.parametrize("head", ["Title: none\n\n", "---\n\n", "Author: Desk\nDate: June 4\n\n"])
def test_what_only_looks_like_such_fields_stays(head: str) -> None:
    assert len(extract_text(head + BRIEF).readings) == 1


PADDING = [b"\0" * 20, b"\r\n", b"<!-- cached -->"]


@pytest.mark.parametrize("padding", PADDING)
@pytest.mark.parametrize(
    ("coding", "pack"), [("br", brotli.compress), ("zstd", zstd.compress), ("gzip", gzip.compress)]
)
def test_bytes_behind_a_coded_page_spoil_nothing(coding: str, pack: Callable[[bytes], bytes], padding: bytes) -> None:
    payload = decode_payload(pack(PAGE) + padding, [("content-encoding", coding)])
    assert payload.body == PAGE


def test_what_came_for_a_post_and_is_no_text_is_told() -> None:
    lost = extract(Capture(b"\x8f\0\0\0" * 100, URL, AT, "warc", 200, content_type="text/html"))
    assert (lost.outcome, [problem.kind for problem in lost.problems]) == ("other", ["format"])
    missing = extract(Capture(b"\x8f\0\0\0" * 100, URL, AT, "warc", 404, content_type="text/html"))
    assert (missing.outcome, missing.problems) == ("missing", ())
