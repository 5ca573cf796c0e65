"""Pages that programs wrap in a ZIP, a property list or a view of their source, and what Reader Views leave of them."""

from __future__ import annotations

import gzip
import json
import plistlib
from base64 import b64encode
from html import escape
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest

from pipelines.extract import extract
from scraper.records import Capture
from scraper.sources.events import Omission, Unreadable
from scraper.sources.provenance import find_origin
from scraper.sources.saved_page import Origin
from tests.support.warc_writing import address, html, read

URL, PAGE, AT = address(1), html(1), "2019-06-05T10:11:12Z"
COMMENT = f"""<!--
 Page saved with SingleFile
 url: {URL}
 saved date: Wed Jun 05 2019 12:11:12 GMT+0200 (Central European Summer Time)
-->"""
RDF = f"""<RDF:RDF><RDF:Description><MAF:originalurl RDF:resource="{URL}"/>
<MAF:archivetime RDF:resource="Wed, 05 Jun 2019 12:11:12 +0200"/></RDF:Description></RDF:RDF>""".encode()
SAVED = f"<!DOCTYPE html> <html>{COMMENT}<head><title>Page 1 - USRESIST NEWS</title></head>é</html>".encode()
FRAME = {"frames/0/index.html": b"<html>a frame"}


def pack(members: dict[str, bytes], method: int = ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", method) as file:
        for name, body in members.items():
            file.writestr(name, body)
    return out.getvalue()


def self_extracting(body: bytes, head: bytes = b"<!doctype html><html data-sfz><meta charset=windows-1252>") -> bytes:
    return head + b"<body hidden><!--" + body + b"--><sfz-extra-data>AA" + b"A" * 70_000 + b"</sfz-extra-data></html>"


ZIPS = {
    "self-extracting.html": self_extracting(pack({"index.html": SAVED, "manifest.json": b"{}"})),
    "self-extracting, stored.html": self_extracting(pack({"index.html": SAVED} | FRAME, ZIP_STORED)),
    "self-extracting, older.zip.html": self_extracting(pack({"index.html": SAVED}), b"<html data-sfz>"),
    "its index cut off.html": self_extracting(pack({"index.html": SAVED, "manifest.json": b"{}"})[:-100]),
    "page.zip": pack({"index.html": SAVED, "images/0.png": b"\x89PNG"} | FRAME),
    "page.maff": pack({"1559729472_1/index.html": SAVED, "1559729472_1/index.rdf": b"<RDF/>"}),
    "page.htz": pack({"index.html": SAVED, "index_files/part.html": b"<html>"}),
}


@pytest.mark.parametrize(("name", "data"), ZIPS.items(), ids=ZIPS.keys())
def test_the_page_in_a_zip(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    for path in (tmp_path / name, tmp_path):
        (found,) = read(path)
        assert isinstance(found, Capture), found
        assert (found.body, found.url, found.captured_at, found.content_type) == (SAVED, URL, AT, "text/html")


def test_a_zip_of_maff_says_where_and_when_its_page_was_saved(tmp_path: Path) -> None:
    (tmp_path / "page.maff").write_bytes(pack({"1/index.html": PAGE, "1/index.rdf": RDF}))
    (found,) = read(tmp_path / "page.maff")
    assert isinstance(found, Capture), found
    assert (found.url, found.captured_at) == (URL, AT)


PLAIN = b"PK\x03\x04\x14\0\0"  # a header up to its flags
REFUSALS = {
    "site.zip": (pack({"index.html": PAGE, "2019/03/02/page-2/index.html": PAGE}), "unpack it and ingest the folder"),
    "pictures.zip": (pack({"one.png": b"\x89PNG"}), "unpack it and ingest the folder"),
    "broken.zip": (b"PK\x03\x04", "unpack it and ingest the folder"),
    "page.html": (self_extracting(pack({"note.txt": b"a"})), "unpack it and ingest the folder"),
    "odd.html": (self_extracting(pack({"index.html": SAVED}, ZIP_BZIP2)), "unpack it and ingest the folder"),
    "secret.html": (self_extracting(pack({"index.html": SAVED}).replace(PLAIN, PLAIN[:-1] + b"\1")), "a password"),
    "empty.webarchive": (plistlib.dumps({"WebMainResource": {}}), "a web archive of Safari that holds no page"),
    "damaged.webarchive": (b"bplist00WebMainResource", "a web archive of Safari that holds no page"),
}


@pytest.mark.parametrize(("name", "refusal"), REFUSALS.items(), ids=REFUSALS.keys())
def test_what_holds_no_single_page_is_told(tmp_path: Path, name: str, refusal: tuple[bytes, str]) -> None:
    (tmp_path / name).write_bytes(refusal[0])
    (result,) = read(tmp_path / name)
    assert isinstance(result, Unreadable)
    assert (result.what, result.lost) == ("format", True)
    assert refusal[1] in result.why


def test_a_bomb_in_a_zip_is_cut_off(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_bytes(self_extracting(pack({"index.html": b"<html>" + bytes(2**25)})))
    (found,) = read(tmp_path / "page.html")
    assert isinstance(found, (Capture, Unreadable))


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML])
def test_a_web_archive_of_safari(tmp_path: Path, form: plistlib.PlistFormat) -> None:
    resource = {"WebResourceData": PAGE, "WebResourceURL": URL, "WebResourceMIMEType": "text/html"}
    part = {"WebResourceData": b"\x89PNG", "WebResourceURL": URL + "a.png", "WebResourceMIMEType": "image/png"}
    data = {"WebMainResource": resource | {"WebResourceTextEncodingName": "UTF-8"}, "WebSubresources": [part]}
    for name in ("page.webarchive", "page", "page.html"):
        (tmp_path / name).write_bytes(plistlib.dumps(data, fmt=form))
    found = read(tmp_path)
    assert [(c.body, c.url, c.content_type) for c in found if isinstance(c, Capture)] == [
        (PAGE, URL, "text/html; charset=UTF-8")
    ] * 3


def test_another_property_list_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "settings.plist").write_bytes(plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY))
    assert [type(item) for item in read(tmp_path)] == [Omission, Unreadable]


SOURCE = '<!DOCTYPE html>\n<html>\n<head><title>A "é"</title></head>\n\n<p>The ferry &amp; pier.</p></html>'
ROWS = "".join(
    f'<tr><td class="line-number" value="{n}"></td><td class="line-content">{escape(line)}</td></tr>'
    for n, line in enumerate(SOURCE.split("\n"), 1)
)
VIEWS = {
    "Chrome": f'<html><head><meta name="color-scheme"></head><body><div class="line-gutter-backdrop">'
    f"</div><table><tbody>{ROWS}</tbody></table></body></html>",
    "Chrome, with marks": "<html><body><table>"
    + ROWS.replace("&lt;p&gt;", '<span class="html-tag">&lt;p&gt;</span>')
    + "</table></body></html>",
    "Firefox": '<html><head><title>view</title></head><body id="viewsource" class="highlight" style="tab-size: 4">'
    f'<pre id="line1"><span></span><span class="doctype">{escape(SOURCE)}</span></pre></body></html>',
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_a_view_of_the_source(tmp_path: Path, view: str) -> None:
    saved = f"<!-- saved from url=(0059)view-source:{URL} -->\n"
    (tmp_path / "page.html").write_text(saved + view, encoding="utf-8")
    (found,) = read(tmp_path / "page.html")
    assert isinstance(found, Capture)
    assert (found.body.decode(), found.url) == (SOURCE, URL)


def entry(n: int, **content: object) -> dict[str, object]:
    response = {"status": 200, "headers": [{"name": "Content-Encoding", "value": "br"}], "content": content}
    return {"startedDateTime": "2019-06-05T12:11:12.345+02:00", "request": {"url": address(n)}, "response": response}


def test_the_pages_of_a_visit(tmp_path: Path) -> None:
    coded = b64encode(html(2)).decode()
    to_first = [{"name": "Location", "value": URL}]
    moved = {"status": 301, "headers": to_first, "content": {"mimeType": "text/html"}}
    entries = [
        entry(1, mimeType="text/html; charset=iso-8859-1", text=PAGE.decode()),
        entry(2, mimeType="text/html", text=coded, encoding="base64"),
        entry(3, mimeType="text/html"),
        entry(5, mimeType="image/png", text="iVBO", encoding="base64"),
        *({"request": {"url": address(4)}, "response": moved}, {"request": 1}, 2),
    ]
    (tmp_path / "visit.har").write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}), "utf-8")
    found = [item for item in read(tmp_path) if isinstance(item, Capture)]
    assert [page.url for page in found] == [address(n) for n in (1, 2, 3, 4)]
    assert [page.body for page in found] == [PAGE, html(2), b"", b""]
    assert [page.captured_at for page in found] == [AT, AT, AT, None]
    assert [(page.status, page.location) for page in found[2:]] == [(200, None), (301, URL)]
    assert found[0].content_type == "text/html; charset=utf-8"
    (problem, *_) = extract(found[2]).problems
    assert problem.kind == "empty"


def test_a_visit_without_pages_is_told(tmp_path: Path) -> None:
    for text in ('{"log": {"entries": []}}', '{"log": {"entries": 1}}', '{"log": {"entries": [{}, 1]}}', '{"log": {'):
        (tmp_path / "visit.har").write_text(text)
        (result,) = read(tmp_path / "visit.har")
        assert isinstance(result, Unreadable)
        assert "a HAR that " in result.why


@pytest.mark.parametrize("form", ["plain", "gzip", "utf-16"])
@pytest.mark.parametrize(("cut", "whole"), [(-1, 2), (-40, 1), (-1200, 0)])
def test_of_a_visit_that_breaks_off_the_whole_answers_are_read(tmp_path: Path, cut: int, whole: int, form: str) -> None:
    entries = [entry(n, mimeType="text/html", text=html(n).decode()) for n in (1, 2)]
    raw = json.dumps({"log": {"version": "1.2", "entries": entries}}).encode()[:cut]
    raw = gzip.compress(raw) if form == "gzip" else raw.decode().encode("utf-16") if form == "utf-16" else raw
    (tmp_path / ("visit.har.gz" if form == "gzip" else "visit.har")).write_bytes(raw)
    *pages, result = read(tmp_path)
    assert [page.body for page in pages if isinstance(page, Capture)] == [html(n) for n in range(1, whole + 1)]
    assert isinstance(result, Unreadable)
    assert f"cut off: what stands behind its first {whole} answers is not read" in result.why


def test_a_page_that_never_came_is_told(tmp_path: Path) -> None:
    (tmp_path / "visit.har").write_text(json.dumps({"log": {"entries": [{"request": {"url": URL}, "response": None}]}}))
    (page,) = read(tmp_path / "visit.har")
    assert isinstance(page, Capture)
    assert [problem.kind for problem in extract(page).problems][:1] == ["empty"]


ORIGINS = {
    "WebScrapBook": (
        f'<!DOCTYPE html><html lang="en" data-scrapbook-source="{URL}" data-scrapbook-create="20190605101112345">',
        Origin(URL, AT),
    ),
    "monolith": (f"<!-- Saved from {URL} at {AT} using monolith v2.6.1 -->", Origin(URL, AT)),
    "Firefox's Reader View": (f'<a class="domain reader-domain" href="{URL}">usresistnews.org</a>', Origin(URL)),
    "Firefox's, from a Wayback": (
        f'<a href="https://web.archive.org/web/20190605101112/{URL}" class="reader-domain">a</a>',
        Origin(URL, AT, wayback=True),
    ),
    "Evernote": (
        f'<meta itemprop="source-url" content="{URL}"/><meta itemprop="created" content="20190605T101112Z"/>',
        Origin(URL, AT),
    ),
    "Evernote, without an instant": (
        f'<meta itemprop="created" content="lately"/><meta itemprop="source-url" content="{URL}"/>',
        Origin(URL),
    ),
    "a note of one's own": ('<meta itemprop="created" content="20190605T101112Z"/>', Origin()),
    "a reader elsewhere": (f'<a class="reader" href="{URL}">read</a>', Origin()),
}


@pytest.mark.parametrize(("text", "expected"), ORIGINS.values(), ids=ORIGINS.keys())
def test_what_other_programs_write_of_the_address(text: str, expected: Origin) -> None:
    assert find_origin(text.encode()) == expected


@pytest.mark.parametrize("mark", ["itemprop", "name"])
def test_whoever_keeps_a_note_did_not_post_the_page(tmp_path: Path, mark: str) -> None:
    metas = f'<meta name="exporter-version" content="Evernote 10"/><meta {mark}="author" content="Pat Kemp"/>'
    metas += f'<meta itemprop="source-url" content="{URL}"/>'
    text = "<p>By Ada Fenn</p><p>The council stops the ferry in winter, and the islands wait for the spring.</p>"
    (tmp_path / "note.html").write_text(
        f"<html><head>{metas}<title>The Ferry Stops</title></head><body><en-note>{text}</en-note></body></html>"
    )
    (found,) = read(tmp_path / "note.html")
    assert isinstance(found, Capture)
    (reading,) = extract(found).readings
    brief = reading.brief
    assert (brief.posted_by, [author.name for author in brief.authors]) == (None, ["Ada Fenn"])


def test_a_readers_page_without_an_address_is_a_post_if_it_has_the_parts_of_a_brief(tmp_path: Path) -> None:
    words = "<p>The council stops the ferry in winter, and the islands wait for the spring and for the courts.</p>"
    page = '<html><body><div id="article" role="article"><h1 class="title">The Ferry Stops</h1>'
    page += f"<p><b>Policy Summary:</b></p>{words}<p><b>Analysis</b></p>{words}</div></body></html>"
    (tmp_path / "page.html").write_text(page)
    (found,) = read(tmp_path / "page.html")
    assert isinstance(found, Capture)
    (reading,) = extract(found).readings
    assert (reading.brief.title, reading.brief.kind) == ("The Ferry Stops", "brief")
