"""What a web archive may hold of a small site: versions, revisits, redirects, errors, both hosts, coded bodies."""

from __future__ import annotations

import gzip
from base64 import b32encode
from dataclasses import replace
from hashlib import sha1
from pathlib import Path

from tests.support.histories import FOREST, NEW, OLD, RIVER, STRANGER, Post
from tests.support.warc_writing import IDENTICAL, Warc

RIVER_1 = Post(RIVER, 41, "The river's pact")
RIVER_2 = replace(RIVER_1, host=OLD, title="The river's new pact")
FOREST_1 = Post(FOREST, 42, "The forest law")
TOLL = Post(STRANGER, 43, "A toll for the harbour", host=OLD)
LOST, MOVED = "/2019/08/08/never-copied/", "/2019/08/09/moved-here/"
NOTHING = b"<html><head><title>Page not found - USRESIST NEWS</title></head><body class='error404'>No.</body></html>"
LISTING = f"""<html><head><title>Foreign Policy - USRESIST NEWS</title></head><body class="archive category">
<article><h2 class="entry-title"><a href="{NEW}{RIVER}">The river</a></h2></article></body></html>""".encode()
FEED = f"""<?xml version="1.0"?><rss version="2.0"><channel><title>USRESIST NEWS</title><link>{NEW}/</link>
<item><title>The forest law</title><link>{NEW}{FOREST}</link></item></channel></rss>""".encode()
SITEMAP = f"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>
<loc>{NEW}{FOREST}</loc></url></urlset>""".encode()
# What the archive is to hold afterwards: path, instant, status.
TAKEN = [
    ("/", "2020-01-01T00:00:00Z", 200),
    ("/?p=41", "2019-04-05T00:00:00Z", 301),
    ("/feed/", "2020-01-02T00:00:00Z", 200),
    ("/old-law/", "2020-06-01T00:00:00Z", 302),
    ("/sitemap.xml", "2020-01-03T00:00:00Z", 200),
    ("/2019/08/09/moved-here/", "2020-06-02T00:00:00Z", 200),
    ("/2019/08/10/closed/", "2021-01-01T00:00:00Z", 404),
    ("/2019/08/10/closed/", "2021-02-01T00:00:00Z", 503),
    (RIVER, "2019-04-01T00:00:00Z", 200),
    (RIVER, "2020-04-01T00:00:00Z", 200),
    (FOREST, "2019-05-01T00:00:00Z", 200),
    (FOREST, "2021-05-01T00:00:00Z", 301),
    (STRANGER, "2020-09-01T00:00:00Z", 200),
]
# Redirects from http to https of one page: pywb, as web.archive.org, steps over them, even to one of the same second.
STEPPED_OVER = [(RIVER, "20190402000000"), (MOVED, "20200602000000")]
SAME = [(RIVER, "20190501000000"), (RIVER, "20210401000000"), (FOREST, "20190601000000"), (FOREST, "20190602000000")]


def base32(body: bytes) -> str:
    """SHA-1 as indexes write it."""
    return b32encode(sha1(body).digest()).decode()


def warc() -> Warc:
    """The records; which of them are worth a request is told by TAKEN and SAME."""
    made = Warc()
    coded = gzip.compress(FOREST_1.html(), mtime=0)
    zipped = [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"), ("Content-Length", str(len(coded)))]
    _add(made, "20190401", f"http://usresistnews.org{RIVER}", RIVER_1.html())
    _add_redirect(made, "20190402", f"http://usresistnews.org{RIVER}", NEW + RIVER)
    _add_redirect(made, "20190405", f"{NEW}/?p=41", NEW + RIVER)
    _again(made, "20190501", NEW + RIVER, RIVER_1.html())
    _add(made, "20200401", OLD + RIVER, RIVER_2.html())
    _add(made, "20210401", NEW + RIVER, RIVER_1.html())
    _add(made, "20190501", NEW + FOREST, coded, http=zipped)
    _add(made, "20190601", f"{NEW}{FOREST}?utm_source=x", coded, http=zipped)
    _again(made, "20190602", NEW + FOREST, coded)
    _add_redirect(made, "20210501", NEW + FOREST, NEW + LOST)
    _add(made, "20200901", OLD.replace("https://www.", "http://") + STRANGER, TOLL.html())
    _add(made, "20200101", f"{NEW}/", LISTING)
    _add(made, "20200102", f"{NEW}/feed/", FEED, content_type="application/rss+xml")
    _add(made, "20200103", f"{NEW}/sitemap.xml", SITEMAP, content_type="text/xml")
    _add_redirect(made, "20200601", f"{NEW}/old-law/", NEW + MOVED, "302 Found")
    _add_redirect(made, "20200602", f"http://usresistnews.org{MOVED}", NEW + MOVED)
    _add(made, "20200602", NEW + MOVED, replace(FOREST_1, path=MOVED, title="The law moved").html())
    _add(made, "20210101", f"{NEW}/2019/08/10/closed/", NOTHING, status="404 Not Found")
    _add(made, "20210201", f"{NEW}/2019/08/10/closed/", b"busy", status="503 Service Unavailable")
    _left_out(made)
    return made


def save_history(folder: Path) -> Path:
    """The records as a file."""
    return warc().save(folder, name="history")


def _left_out(made: Warc) -> None:
    _add(made, "20200101", f"{NEW}/logo.png", b"\x89PNG", content_type="image/png")
    _add(made, "20200101", f"{NEW}/wp-content/themes/x/look.css", b"a{}", content_type="text/css")
    _add(made, "20200101", f"{NEW}/wp-login.php", b"<html>log in</html>")
    _add_redirect(made, "20200101", f"{NEW}{RIVER}?share=tweets", "https://tweets.example/")
    _add(made, "20200101", "https://shop.usresistnews.org/cart/", b"<html>cart</html>")
    _add(made, "20200101", "https://www.stranger.example/", b"<html>another site</html>")


def _add(
    made: Warc,
    day: str,
    url: str,
    body: bytes,
    *,
    http: list[tuple[str, str]] | None = None,
    status: str = "200 OK",
    content_type: str = "text/html; charset=utf-8",
) -> None:
    made.page(0, body, url=url, http=http, status=status, content_type=content_type, warc={"WARC-Date": _date(day)})


def _add_redirect(made: Warc, day: str, url: str, to: str, status: str = "301 Moved Permanently") -> None:
    _add(made, day, url, b"", http=[("Location", to)], status=status)


def _again(made: Warc, day: str, url: str, body: bytes) -> None:
    """A revisit record: the same bytes were seen once more."""
    headers = {"WARC-Date": _date(day), "WARC-Profile": IDENTICAL, "WARC-Payload-Digest": f"sha1:{base32(body)}"}
    made.page(0, b"", url=url, kind="revisit", warc=headers)


def _date(day: str) -> str:
    return f"{day[:4]}-{day[4:6]}-{day[6:8]}T00:00:00Z"
