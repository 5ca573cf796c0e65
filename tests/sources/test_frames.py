"""Pages in the frame of another web archive or of a search engine's cache: what is the frame's, and what the page's."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.extract import extract
from scraper.address import strip_wayback
from scraper.dates import parse_worded_instant
from scraper.records import Capture
from scraper.sources.provenance import find_origin
from tests.support.warc_writing import read

URL = "https://www.usresistnews.org/2019/06/04/the-ferry-stops/"
AT = "2020-02-11T06:08:25Z"
WORDS = (
    "<p><b>Policy Summary</b></p><p>The council stops the ferry in the winter, and the islands wait for the spring "
    "with what they have in their cellars and in their boats, as they did before the ferry came.</p>"
    "<p><b>Analysis</b></p><p>Whether the council may do so is for the courts to say, and what is plain already is "
    "that the islands will pay for it with the longest road.</p><p><b>Resistance Resources</b></p><ul><li>"
    '<a href="{prefix}https://islands.example.org/">Island Alliance</a>: An alliance of islands.</li></ul>'
)
BOOKMARK = f'<link rel="bookmark" href="http://archive.today/20200211060825/{URL}"/>'
FORM = f'<input style="x" type="text" name="q" value="{URL}"/><time datetime="{AT}">11 Feb 2020</time>'


def archive_today(*, host: str = "archive.ph", head: str = BOOKMARK, form: str = FORM, above: str = "") -> str:
    return f"""<!DOCTYPE html><html><head>{above}<title>The Ferry Stops - USRESIST NEWS</title>
<link rel="canonical" href="https://{host}/Ab1Cd"/><meta property="og:url" content="https://{host}/Ab1Cd"/>
<meta property="article:published_time" content="{AT}"/>
<meta property="article:modified_time" content="{AT}"/>{head}</head><body><center>
<div id="HEADER"><form action="https://{host}/search/">Saved from {form}</form>
<p>Share what you have found with those who may want to read all of it today.</p></div>
<div id="SOLID"><div id="CONTENT"><div class="html1"><div class="body"><h1>The Ferry Stops</h1>
<div><p>Brief #66—Foreign Policy<br>By Mara Whitlock</p>{WORDS.format(prefix=f"https://{host}/o/Ab1Cd/")}</div>
</div></div></div></div><div id="FOOTER"><p>A mirror of the page, kept for you.</p></div></center></body></html>"""


FRAMES = {
    "as it is": archive_today(),
    "another of its hosts": archive_today(host="archive.is", head=BOOKMARK.replace("archive.today", "archive.is")),
    "a stamp with dots": archive_today(head=BOOKMARK.replace("20200211060825", "2020.02.11-060825")),
    "without the link to itself": archive_today(head=""),
    "the link alone": archive_today(form="<b>a form</b>"),
    "no form": archive_today().replace('id="HEADER"', 'id="hashtags"'),
    "saved by a browser": archive_today(above="<!-- saved from url=(0024)https://archive.ph/Ab1Cd -->"),
    "saved by SingleFile": archive_today(
        above="<!--\n Page saved with SingleFile \n url: https://archive.ph/Ab1Cd \n saved date: "
        "Fri Apr 05 2024 18:02:11 GMT+0200 (Central European Summer Time)\n-->"
    ).replace('"HEADER"', "HEADER"),
}


def capture(path: Path, text: str) -> Capture:
    path.write_text(text, encoding="utf-8", newline="")
    (found,) = read(path)
    assert isinstance(found, Capture), found
    return found


@pytest.mark.parametrize("text", FRAMES.values(), ids=FRAMES.keys())
def test_a_copy_of_archive_today(tmp_path: Path, text: str) -> None:
    found = capture(tmp_path / "index.html", text)
    assert (found.url, found.captured_at, found.source) == (URL, AT, "wayback")
    (reading,) = extract(found).readings
    brief = reading.brief
    assert (brief.path, brief.url, brief.title) == ("/2019/06/04/the-ferry-stops/", URL, "The Ferry Stops")
    assert (brief.label, brief.published, brief.modified) == ("Brief #66—Foreign Policy", "2019-06-04", None)
    assert [item.name for item in brief.authors] == ["Mara Whitlock"]
    assert [item.url for item in brief.resources] == ["https://islands.example.org/"]
    assert (brief.body or "").startswith("Policy Summary\n\nThe council")
    assert (brief.body or "").endswith("the longest road.")


def test_a_copy_of_archive_today_in_an_mhtml_file(tmp_path: Path) -> None:
    head = "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://archive.ph/Ab1Cd\r\nMIME-Version: 1.0\r\n"
    head += "Date: Fri, 5 Apr 2024 18:02:11 -0000\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
    found = capture(tmp_path / "page.mhtml", head + archive_today())
    assert (found.url, found.captured_at) == (URL, AT)


GOOGLE = {
    "en": "It is a snapshot of the page as it appeared on Jun 20, 2019 07:08:09 GMT. The <a>current page</a>",
    "de": "Es handelt sich dabei um ein Abbild der Seite, wie diese am 20. Juni 2019 07:08:09 GMT angezeigt wurde.",
    "fr": "Il s'agit d'un instantané de la page telle qu'elle était affichée le 20 juin 2019 07:08:09 GMT.",
    "es": "Se trata de una captura de la página tal y como se mostraba el 20 de junio de 2019 07:08:09 GMT.",
    "ja": "これは <b>2019年6月20日 07:08:09 GMT</b> に取得されたページのスナップショットです。",
}
PAGE = f"<!DOCTYPE html><html><head><title>The Ferry Stops</title></head><body>{WORDS.format(prefix='')}</body></html>"


@pytest.mark.parametrize("words", GOOGLE.values(), ids=GOOGLE.keys())
def test_the_cache_of_google(tmp_path: Path, words: str) -> None:
    banner = f'<div id="bN15-google-cache-hdr"><div>Google <a href="{URL}">{URL}</a>. <span>{words}</span></div></div>'
    saved = "<!-- saved from url=(0099)https://webcache.googleusercontent.com/search?q=cache:a:b -->"
    found = capture(tmp_path / "page.html", f'{saved}<base href="{URL}">{banner}<div style="x">{PAGE}</div>')
    assert (found.url, found.captured_at) == (URL, "2019-06-20T07:08:09Z")
    (reading,) = extract(found).readings
    assert "Google" not in (reading.brief.body or "")


def test_the_cache_of_bing_knows_the_day_alone(tmp_path: Path) -> None:
    banner = f'<!-- Banner:Start --><!--InvariantDate:06/20/2019--><base href="{URL}"/><p>Bing keeps a page.'
    found = capture(tmp_path / "page.html", f"{banner}<!-- Banner:End --><div class=cacheContent>{PAGE}</div>")
    assert (found.url, found.captured_at) == (URL, None)
    (reading,) = extract(found).readings
    assert "Bing" not in (reading.brief.body or "")


def test_a_page_that_tells_of_frames_has_none() -> None:
    prose = f'<div id="HEADER"><input name="q" value="{URL}"><time datetime="{AT}"></div><div id="CONTENT">A page</div>'
    assert find_origin(prose.encode()).url is None
    assert find_origin(f'<a href="https://archive.ph/Ab1Cd">copy</a>{WORDS}'.encode()).url is None


@pytest.mark.parametrize(
    ("url", "original"),
    [
        ("https://archive.ph/o/Ab1Cd/https://islands.example.org/", "https://islands.example.org/"),
        ("https://archive.ph/2020.02.11-060825/" + URL, URL),
        ("http://archive.today/20200211060825/" + URL, URL),
        ("https://www.example.org/o/report/", "https://www.example.org/o/report/"),
    ],
)
def test_addresses_of_archive_today(url: str, original: str) -> None:
    assert strip_wayback(url) == (original, "20200211060825" if "2020" in url else None)


def test_no_words_are_no_instant() -> None:
    assert [parse_worded_instant(text) for text in ("", "at 07:08:09 GMT", "Someday 07:08:09 GMT")] == [None] * 3
