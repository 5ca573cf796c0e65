"""Folders of saved pages as browsers, wget and HTTrack leave them: which page is what, from where and when."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.extract import extract
from scraper.address import SITE_HOSTS, identity
from scraper.records import Capture
from scraper.sources import mirror
from scraper.sources.events import Omission, Unreadable
from tests import debian
from tests.support.histories import Post
from tests.support.waiting import LIMIT
from tests.support.warc_writing import read
from tests.support.web_server import Quiet, at_work

SITE = "http://www.usresistnews.org"
RIVER = Post("/2019/03/10/the-rivers-pact/", 41, "The river's pact", host=SITE)
DAM = Post("/2020/05/12/the-dam/", 43, "The dam", host=SITE)
HOME = f'<html><body class="home blog"><a href="{SITE}{RIVER.path}">a</a> <a href="/?p=43">b</a></body></html>'.encode()


def tree(root: Path, files: dict[str, bytes]) -> Path:
    for name, body in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(body)
    return root


def captures(root: Path) -> dict[str, Capture]:
    """The captures of a folder by the place of their files."""
    found = [item for item in read(root) if isinstance(item, Capture)]
    return {Path(item.name or "").relative_to(root).as_posix(): item for item in found}


def addresses(root: Path) -> dict[str, str | None]:
    return {name: capture.url for name, capture in captures(root).items()}


PAGES = {"/": HOME, RIVER.path: RIVER.html(), "/?p=43": DAM.html(named=False), "/robots.txt": b"User-agent: *\n"}


class Proxy(Quiet):
    """The site to whoever asks for it by way of this server."""

    def do_GET(self) -> None:
        body = PAGES.get(self.path.removeprefix(SITE))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/plain" if "robots" in self.path else "text/html; charset=UTF-8")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")


@pytest.fixture(scope="module")
def proxy() -> Iterator[str]:
    with at_work(Proxy) as url:
        yield url.removeprefix("http://")


WGET = [
    (["-k", "-K", "-E"], ["index.html.orig", "index.html?p=43.orig", "robots.txt"], None),
    (["-k", "-E"], ["index.html", "index.html?p=43.html", "robots.txt"], None),
    (["-k", "-E", "--restrict-file-names=windows"], ["index.html", "index.html@p=43.html", "robots.txt"], None),
    (["--save-headers"], ["index.html", "index.html?p=43", "robots.txt"], 200),
    (["--protocol-directories"], ["index.html", "index.html?p=43", "robots.txt"], None),
]


@pytest.mark.parametrize(("options", "names", "status"), WGET, ids=[" ".join(case[0]) for case in WGET])
def test_a_mirror_that_wget_made(
    tmp_path: Path, proxy: str, options: list[str], names: list[str], status: int | None
) -> None:
    debian.WGET.require()
    ways = ["-e", "use_proxy=yes", "-e", f"http_proxy={proxy}"]
    subprocess.run(["wget", "-q", "-m", *options, *ways, SITE + "/"], cwd=tmp_path, check=False, timeout=LIMIT)
    found = captures(tmp_path)
    pages = {"/".join(name.split("/")[name.startswith("http") + 1 :]): page for name, page in found.items()}
    river = next(name for name in pages if name.startswith("2019/03/10/the-rivers-pact/index.html"))
    assert sorted(pages) == sorted([*names, river])
    urls = {(page.url or "").replace("https", "http") for page in found.values()}
    assert urls == {SITE + path for path in ("/", RIVER.path, "/?p=43", "/robots.txt")}
    assert {page.status for page in found.values()} == {status}
    assert all(bool(page.captured_at) == bool(status) for page in found.values())
    read_in = [extract(page) for page in found.values()]
    assert sorted(each.outcome for each in read_in) == ["brief", "brief", "listing", "robots"]
    assert {r.brief.path for each in read_in for r in each.readings} == {RIVER.path, "/?p=43"}
    (listing,) = [each for each in read_in if each.outcome == "listing"]
    assert {identity(found.url) for found in listing.found} == {RIVER.path, "/?p=43"}


# Names, comment and list as HTTrack 3.49-4 wrote them.
_MADE = b"<!-- Mirrored from %s by HTTrack Website Copier/3.x [XR&CO'2014], Sun, 22 Nov 2020 23:57:05 GMT -->"
_LINE = "23:57:04\t1549/1549\t---M--\t{}\t{}\ttext/html\tdate:Sun,%2022%20Nov%202020\t{}\t/home/me/mirror/{}\t(from )\n"


def httrack(root: Path, *, listed: bool = True) -> Path:
    """A mirror of three pages and an error."""
    converted = RIVER.html().replace(f"{SITE}{RIVER.path}".encode(), b"index.html")
    host, river = "www.usresistnews.org", f"www.usresistnews.org{RIVER.path}"
    lines = [
        _LINE.format(200, "added ('OK')", SITE + RIVER.path, river + "index.html"),
        _LINE.format(200, "added ('OK')", SITE + "/?p=43", host + "/indexc3d4.html"),
        _LINE.format(404, "error ('Not%20Found')", SITE + "/gone/", host + "/gone/index.html"),
    ]
    files = {
        "index.html": b"<title>Local index - HTTrack</title>",
        "hts-log.txt": b"HTTrack3.49-4 launched on Sun, 22 Nov 2020 23:57:02",
        river + "index.html": converted + _MADE % river.encode(),
        host + "/indexc3d4.html": DAM.html(named=False),
        host + "/gone/index.html": b"<html>No.</html>",
        host + "/logo.png": b"\x89PNG",
        "hts-cache/new.txt": ("date\tsize\n" + "".join(lines)).encode() if listed else b"",
    }
    return tree(root, files)


def test_a_mirror_that_httrack_made(tmp_path: Path) -> None:
    found = captures(httrack(tmp_path))
    host = "www.usresistnews.org"
    assert {name: (page.url, page.status, page.captured_at) for name, page in found.items()} == {
        f"{host}{RIVER.path}index.html": (SITE + RIVER.path, 200, "2020-11-22T23:57:05Z"),
        f"{host}/indexc3d4.html": (f"{SITE}/?p=43", 200, None),
        f"{host}/gone/index.html": (f"{SITE}/gone/", 404, None),
    }
    (reading,) = extract(found[f"{host}{RIVER.path}index.html"]).readings
    assert (reading.brief.path, reading.brief.url) == (RIVER.path, SITE + RIVER.path)


def test_without_its_list_a_renamed_file_has_no_address(tmp_path: Path) -> None:
    found = addresses(httrack(tmp_path, listed=False))
    assert found["www.usresistnews.org/indexc3d4.html"] is None
    assert found[f"www.usresistnews.org{RIVER.path}index.html"] == "https://www.usresistnews.org" + RIVER.path
    assert found["www.usresistnews.org/gone/index.html"] == "https://www.usresistnews.org/gone/"


STAMP = "https://web.archive.org/web/20190401000000/https://www.usresistnews.org"
PLACES = {
    "www.usresistnews.org/2019/03/10/slug/index.html": "https://www.usresistnews.org/2019/03/10/slug/",
    "usrenewnews.org/2019/03/10/slug.html": "https://usrenewnews.org/2019/03/10/slug",
    "usresistnews.org+8080/2019/03/10/slug": None,
    "www.usresistnews.org/notes.html": None,
    "web.archive.org/web/20190401000000/http:/www.usresistnews.org/2019/03/10/slug/index.html": (
        "https://web.archive.org/web/20190401000000/http:/www.usresistnews.org/2019/03/10/slug/"
    ),
    "www.example.org/2019/03/10/slug/index.html": None,
    "saved/2019/03/10/slug/index.html": None,
    # wayback_machine_downloader, its followers, waybackpack and scrapers of Waybacks.
    "websites/www.usresistnews.org/20190401000000/2019/03/10/slug/index.html": STAMP + "/2019/03/10/slug/",
    "websites/usrenewnews.org/20190401000000/index.html": STAMP.replace("www.usresist", "usrenew") + "/",
    "20190401000000/www.usresistnews.org/2019/03/10/slug": STAMP + "/2019/03/10/slug",
    "20190401000000/www.usresistnews.org/2019/03/10/slug/index.html": STAMP + "/2019/03/10/slug/",
    "www.usresistnews.org/2019/03/10/slug/20190401000000.snapshot": STAMP + "/2019/03/10/slug/",
    "www.usresistnews.org/20190401000000id_/2019/03/10/slug.html": STAMP + "/2019/03/10/slug",
    "www.usresistnews.org/20190401000000/?p=43/index.html": STAMP + "/?p=43",
    "www.usresistnews.org/?p=43/index.html": "https://www.usresistnews.org/?p=43",
    "www.usresistnews.org/%3Fp%3d43/index.html": "https://www.usresistnews.org/?p=43",
    "www.usresistnews.org/2019/03/10/slug/?amp=1/index.html": "https://www.usresistnews.org/2019/03/10/slug/?amp=1",
    "www.usresistnews.org/2019/03/10/slug/__q0123456789ab/index.html": "https://www.usresistnews.org/2019/03/10/slug/",
    "www.usresistnews.org/__q0123456789ab/index.html": None,
    "www.usresistnews.org/index__q0123456789ab.php": None,
    "www.usresistnews.org/99999999999999/index.html": "https://www.usresistnews.org/99999999999999/",
    "www.usresistnews.org/20191301000000/2019/03/10/slug/index.html": "https://www.usresistnews.org/2019/03/10/slug/",
    "wayback.archive-it.org/12/20190401000000/https:/www.usresistnews.org/2019/03/10/slug/index.html": (
        STAMP + "/2019/03/10/slug/"
    ),
    "all/20190401000000id_/http/usrenewnews.org/2019/03/10/slug/index.html": (
        "https://web.archive.org/web/20190401000000/http://usrenewnews.org/2019/03/10/slug/"
    ),
    "web.archive.org/web/20190401000000/https%3A%2F%2Fwww.usresistnews.org%2F2019%2F03%2F10%2Fslug%2F": (
        STAMP + "/2019/03/10/slug/"
    ),
    "20190401000000/2019/03/10/slug/index.html": None,
    "20190401T000000Z/www.usresistnews.org/2019/03/10/slug/index.html": STAMP + "/2019/03/10/slug/",
    "www.usresistnews.org/2019-04-01T00-00-00Z/2019/03/10/slug/index.html": STAMP + "/2019/03/10/slug/",
    "www.usresistnews.org/2019-04-01/2019/03/10/slug.html": None,
    "http/www.usresistnews.org/2019/03/10/caf\u00e9/index.html": "http://www.usresistnews.org/2019/03/10/caf%C3%A9/",
}


@pytest.mark.parametrize(("place", "url"), PLACES.items(), ids=PLACES.keys())
def test_the_address_of_a_place(tmp_path: Path, place: str, url: str | None) -> None:
    tree(tmp_path, {place: b"<html>"})
    assert mirror.derive_address(tmp_path / place, SITE_HOSTS) == url


LAYOUTS = {
    "wayback_machine_downloader": "websites/www.usresistnews.org/{}/2019/03/10/the-rivers-pact/index.html",
    "waybackpack": "{}/www.usresistnews.org/2019/03/10/the-rivers-pact/index.html",
    "pywaybackup": "waybackup_snapshots/www.usresistnews.org/{}id_/2019/03/10/the-rivers-pact/index.html",
    "wayback-machine-scraper": "website/www.usresistnews.org/2019/03/10/the-rivers-pact/{}.snapshot",
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_each_version_of_a_download_has_its_instant(tmp_path: Path, layout: str) -> None:
    page = RIVER.html(named=False)
    found = captures(tree(tmp_path, {layout.format(stamp): page for stamp in ("20190401000000", "20210203040506")}))
    assert sorted(str(each.captured_at) for each in found.values()) == ["2019-04-01T00:00:00Z", "2021-02-03T04:05:06Z"]
    assert {(each.path, each.source) for each in found.values()} == {(RIVER.path, "wayback")}


def test_links_out_of_a_folder_are_told_and_not_followed(tmp_path: Path) -> None:
    """Whoever made the folder may not choose which other files of this machine are kept."""
    page, away = RIVER.html(), tree(tmp_path / "away", {"dam.html": DAM.html(), "passwd": b"root:x:0:0:root:/root\n"})
    root = tree(tmp_path / "given", {"pages/river.html": page})
    for name, target in {"dam.html": away / "dam.html", "notes": away / "passwd", "more": away, "up": tmp_path}.items():
        (root / name).symlink_to(target)
    (root / "chain.html").symlink_to(root / "dam.html")
    (root / "inside").symlink_to("pages")
    (root / "again.html").symlink_to("pages/river.html")
    (root / "circle.html").symlink_to("circle.html")
    items = read(root)
    result = {Path(item.where).name: item.what for item in items if isinstance(item, Unreadable)}
    out = dict.fromkeys(("dam.html", "notes", "more", "up", "chain.html"), "link")
    assert result == out | {"circle.html": "missing"}
    assert {item.body for item in items if isinstance(item, Capture)} == {page}
    assert [Path(item.where).name for item in items if isinstance(item, Omission)] == ["inside"]
    (tmp_path / "named").symlink_to(away)  # a link that the user names is meant
    assert DAM.html() in {item.body for item in read(tmp_path / "named") if isinstance(item, Capture)}


SAID = {
    "canonical": b'<link rel="canonical" href="%s"/>',
    "og:url": b'<meta property="og:url" content="%s"/>',
    "nothing": b"<!-- %s -->",
}
HOSTLESS = {
    "20190401000000/2019/03/10/the-rivers-pact/index.html": True,
    "20190401000000/index.html": True,
    "20190401000000.html": True,
    "2019-04-01T00-00-00Z/the-rivers-pact.html": True,
    "20190401000000/2019/03/10/another/index.html": False,
    "20190401000000/home/pages/index.html": False,
    "20191399000000/index.html": False,
    "pages/index.html": False,
}


@pytest.mark.parametrize("said", SAID)
@pytest.mark.parametrize(("place", "agrees"), HOSTLESS.items(), ids=HOSTLESS.keys())
def test_in_a_folder_of_an_instant_the_page_itself_may_tell_its_address(
    tmp_path: Path, place: str, agrees: bool, said: str
) -> None:
    url = b"https://www.usresistnews.org" + RIVER.path.encode()
    page = RIVER.html(named=False).replace(b"</head>", SAID[said] % url + b"</head>")
    (found,) = captures(tree(tmp_path, {place: page})).values()
    result = (url.decode(), "2019-04-01T00:00:00Z", "file")
    assert (found.url, found.captured_at, found.source) == (
        result if agrees and said != "nothing" else (None, None, "file")
    )


@pytest.mark.parametrize("address", ["https://www.example.org/2019/03/10/the-rivers-pact/", "/2019/03/10/slug/", ""])
def test_an_address_elsewhere_or_in_part_is_none(tmp_path: Path, address: str) -> None:
    head = b'<link rel="canonical" href="%s"/></head>' % address.encode()
    page = RIVER.html(named=False).replace(b"</head>", head)
    (found,) = captures(tree(tmp_path, {"20190401000000/index.html": page})).values()
    assert (found.url, found.captured_at) == (None, None)
