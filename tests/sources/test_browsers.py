"""Pages that browsers and their extensions saved, MHTML files, and texts with their address."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract import extract
from scraper.records import Capture
from scraper.sources import mhtml
from scraper.sources.events import Omission, Unreadable
from tests.support.histories import Post
from tests.support.warc_writing import read

SITE = "https://www.usresistnews.org"
RIVER = Post("/2019/03/10/the-rivers-pact/", 41, "The river's pact", host=SITE)
PAGE = SITE + RIVER.path
BLINK = f"""From: <Saved by Blink>
Snapshot-Content-Location: {PAGE}
Subject: The river's pact - USRESIST NEWS
Date: Tue, 5 Mar 2019 18:02:11 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--abc----"


"""
PARTS = f"""------MultipartBoundary--abc----
Content-Type: text/html
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: quoted-printable
Content-Location: {PAGE}

{{}}
------MultipartBoundary--abc----
Content-Type: text/css
Content-Transfer-Encoding: quoted-printable
Content-Location: cid:css-1@mhtml.blink

p {{{{ color: red }}}}
------MultipartBoundary--abc------
"""


def chrome(body: bytes) -> bytes:
    """An MHTML file as Chrome writes it."""
    quoted = body.decode().replace("=", "=3D").replace("—", "=E2=80=94")
    return (BLINK + PARTS.format(quoted)).replace("\n", "\r\n").encode()


def explorer(body: bytes) -> bytes:
    """An MHTML file as mail programs and old browsers write it."""
    mail = EmailMessage()
    mail["From"], mail["Date"] = "<Saved by Windows Internet Explorer 8>", "Tue, 5 Mar 2019 19:02:11 +0100"
    mail.set_content(body.decode(), subtype="html", cte="base64")
    mail["Content-Location"] = PAGE
    mail.add_related(b"GIF8", "image", "gif")
    return bytes(mail)


def behind_a_mark(body: bytes) -> bytes:
    """An MHTML file behind a mark of UTF-8 and empty lines."""
    return b"\xef\xbb\xbf\r\n\n" + chrome(body)


def store_in_utf16(page: bytes) -> bytes:
    return chrome(page).decode().encode("utf-16")


def without_its_version(body: bytes) -> bytes:
    """An MHTML file as programs write it that state no version of MIME."""
    return chrome(body).replace(b"MIME-Version: 1.0\r\n", b"")


def each(path: Path) -> Capture:
    (found,) = [item for item in read(path) if isinstance(item, Capture)]
    return found


@pytest.mark.parametrize("saved", [chrome, explorer, behind_a_mark, store_in_utf16, without_its_version])
@pytest.mark.parametrize("name", ["page.mhtml", "page.mht", "page.html"])
def test_the_page_in_an_mhtml_file(tmp_path: Path, saved: object, name: str) -> None:
    assert callable(saved)
    (tmp_path / name).write_bytes(saved(RIVER.html()))
    found = each(tmp_path)
    assert (found.url, found.captured_at) == (PAGE, "2019-03-05T18:02:11Z")
    (reading,) = extract(found).readings
    assert (reading.brief.path, reading.brief.label) == (RIVER.path, "Brief #41—Environment")


def test_an_mhtml_file_without_a_page_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "page.mht"
    path.write_bytes(b"MIME-Version: 1.0\r\nContent-Type: image/gif\r\n\r\nGIF8")
    (result,) = read(path)
    assert isinstance(result, Unreadable) and "MHTML" in result.why


def test_a_saved_page_in_thousands_of_wraps_is_one_line(tmp_path: Path) -> None:
    wraps = "".join(f'Content-Type: multipart/related; boundary="b{n}"\n\n--b{n}\n' for n in range(3000))
    (tmp_path / "page.mht").write_text(f"MIME-Version: 1.0\n{wraps}Content-Type: text/html\n\n<p>x</p>\n")
    (result,) = read(tmp_path / "page.mht")
    assert isinstance(result, Unreadable) and "holds no page" in result.why


@given(st.binary(max_size=400))
def test_no_bytes_are_too_strange(noise: bytes) -> None:
    whole = chrome(RIVER.html())
    for body in (noise, b"MIME-Version: 1.0\n" + noise, whole[:300] + noise + whole[300:], whole[: len(noise) * 9]):
        found = mhtml.extract_page(body)
        assert found is None or isinstance(found.payload.body, bytes)


def test_a_page_saved_with_all_it_shows_is_one_capture(tmp_path: Path) -> None:
    saved = f"<!-- saved from url=(0058){PAGE} -->".encode() + RIVER.html()
    for name in ("The river.html", "The river_files/frame.html", "The river_files/app.js.download", "a_files/b.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(saved if name == "The river.html" else RIVER.html())
    result = read(tmp_path)
    assert [Path(item.name or "").name for item in result if isinstance(item, Capture)] == ["The river.html", "b.html"]
    assert {item.reason for item in result if isinstance(item, Omission)} == {"asset"}
    assert [item.url for item in result if isinstance(item, Capture)] == [PAGE, None]


def test_the_metas_of_save_page_we_between_whole_style_sheets(tmp_path: Path) -> None:
    metas = f"""<meta name="savepage-url" content="{PAGE}"><meta name="savepage-title" content="x">
<meta name="savepage-date" content="Tue Mar 05 2019 19:02:11 GMT+0100 (Central European Standard Time)">"""
    style = "<style>p { color: red }" + " " * 200_000 + "</style>"
    (tmp_path / "page.html").write_bytes(RIVER.html().replace(b"<head>", f"<head>{style}{metas}{style}".encode()))
    assert (each(tmp_path).url, each(tmp_path).captured_at) == (PAGE, "2019-03-05T18:02:11Z")


@pytest.mark.parametrize("line", [PAGE, f"URL: {PAGE}", f"Source: <{PAGE}>", f"\ufeff\n  {PAGE}  "])
def test_a_text_may_begin_with_its_address(tmp_path: Path, line: str) -> None:
    (tmp_path / "brief.txt").write_text(f"{line}\n\n" + RIVER.text().decode(), encoding="utf-8")
    found = each(tmp_path)
    (reading,) = extract(found).readings
    assert (found.url, reading.brief.path, reading.brief.title) == (PAGE, RIVER.path, RIVER.title)
    assert "usresistnews.org" not in (reading.brief.body or "") and reading.fidelity == 1


@pytest.mark.parametrize("line", ["https://www.example.org/", f"See {PAGE} for more", f"{SITE}/about/"])
def test_other_first_lines_are_text(tmp_path: Path, line: str) -> None:
    (tmp_path / "brief.txt").write_text(f"{line}\n\n" + RIVER.text().decode(), encoding="utf-8")
    assert extract(each(tmp_path)).path.startswith("urn:sha256:")
