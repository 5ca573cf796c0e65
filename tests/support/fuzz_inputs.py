"""Files of every kind that people give to `ingest`, and changed bytes of them: no reader may fail on any."""

from __future__ import annotations

import json
import plistlib
import random
from collections.abc import Iterator
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from pipelines.extract import extract
from pipelines.normalise import normalise, normalise_capture
from pipelines.validate import validate
from scraper.records import Capture
from scraper.sources.events import Unreadable
from scraper.sources.paths import SourceReader
from tests.support import dump_forms
from tests.support.small_site import Post
from tests.support.wacz_writing import records
from tests.support.warc_writing import Warc

CORPUS = Path(__file__).parents[1] / "fuzz_corpus"  # inputs that a reader once failed on
_ODD_FILES = Path(__file__).parents[1] / "odd_files"
_LARGEST = 60_000  # bytes of a file to change
_READ = 3  # captures of a file that the rules read
CRUMBS = (
    *(
        b"",
        b"\0",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"\r\n\r\n",
        b"<!--",
        b"]]>",
        b"&#0;",
        b"\\ud800",
        b"99999999999999999999",
    ),
    *(
        b"[" * 300,
        b"<div>" * 300,
        b"-1",
        b"NaN",
        b"WARC/1.0\r\n",
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"{",
        b'"',
        b"'",
        b"http://[",
    ),
    *(b"Content-Length: 0\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"charset=utf-7"),
)


@cache
def make_seeds() -> dict[str, bytes]:
    """Files by their names, one of each kind and the odd ones of other projects."""
    post = Post(7, "https://www.usresistnews.org")
    page, posts = post.page(), dump_forms.list_posts("https://www.usresistnews.org{path}", numbers=True)
    entry = {
        "request": {"url": post.link},
        "response": {"status": 200, "content": {"mimeType": "text/html", "text": page.decode()}},
    }
    mail = EmailMessage()
    mail["Content-Location"], mail["Date"] = post.link, "Tue, 5 Mar 2019 19:02:11 +0100"
    mail.set_content(page.decode(), subtype="html")
    saved = {"WebMainResource": {"WebResourceData": page, "WebResourceURL": post.link}}
    warc = Warc().page(1, page, url=post.link).revisit(2, {"WARC-Refers-To-Target-URI": post.link})
    seeds = {
        "page.html": page,
        "page.txt": b"Brief #7\xe2\x80\x94Foreign Policy\n\nThe harbour master asked for a lamp.\n\nBy Ada Wren\n",
        "page.mhtml": bytes(mail),
        "page.webarchive": plistlib.dumps(saved),
        "page.har": json.dumps({"log": {"entries": [entry]}}).encode(),
        "plain.warc": b"".join(warc.pack_records("plain")),
        "packed.warc.gz": records(warc),
        "index.cdxj": b'org,usresistnews)/ 20190401102030 {"url": "%s", "status": "200"}\n' % post.link.encode(),
        "sitemap.xml": b"<urlset><url><loc>%s</loc></url></urlset>" % post.link.encode(),
    }
    for name, form in dump_forms.FORMS.items():
        ending = "xml" if name in dump_forms.XML_FORMS else "json"
        seeds[f"{name}.{ending}"] = form(posts)
    odd = (path for path in sorted(_ODD_FILES.rglob("*")) if path.is_file() and path.stat().st_size < _LARGEST)
    return seeds | {path.name: path.read_bytes() for path in odd}


def change_file(chance: random.Random) -> tuple[str, bytes]:
    """A file whose bytes are cut, moved, flipped or mixed with others in a few places."""
    name = chance.choice(_list_names())
    data = make_seeds()[name]
    for _ in range(chance.randint(1, 4)):
        start = chance.randint(0, len(data))
        end = min(len(data), start + chance.randint(0, 400))
        crumb = chance.choice((*CRUMBS, chance.randbytes(chance.randint(0, 8))))
        repeated = data[start:end] if chance.random() < 1 / 2 else b""
        data = data[:start] + repeated + crumb + repeated + data[end:]
    return name, data


@cache
def _list_names() -> list[str]:
    return sorted(make_seeds())


def find_faults(folder: Path, name: str, data: bytes) -> Iterator[str]:
    """What a fault of the program says of the file, in its reader or in a rule."""
    path = folder / name
    path.write_bytes(data)
    try:
        yield from _read_file(path)
    except Exception as error:  # none may come out of a reader
        yield f"{name}: {error!r}"
    finally:
        path.unlink()


def _read_file(path: Path) -> Iterator[str]:
    reader, read = SourceReader(None), 0
    for items in (reader.read(path), reader.read_deferred()):
        for item in items:
            if isinstance(item, Unreadable) and item.what == "fault":
                yield str(item)
            elif isinstance(item, Capture) and read < _READ:
                read += 1
                extraction = validate(normalise(extract(normalise_capture(item)[0])))
                yield from (problem.message for problem in extraction.problems if problem.kind == "fault")
