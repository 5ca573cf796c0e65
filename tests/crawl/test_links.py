"""Recommended addresses are looked at politely, told apart, and those that are lost get their archived copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.pages.link_checks import find_due_links
from scraper import VERSION
from scraper.errors import BUSY, CONFIG, OK, PARTLY, BadInput
from scraper.records import Resource
from tests.support.link_server import Host, Reply, serve_recommended_pages
from tests.support.scrapy_running import scrapy
from tests.support.specimens import ingest_capture, make_brief, make_page, make_settings, open_archive, read_rows

QUICK = (
    "DOWNLOAD_DELAY=0",
    "AUTOTHROTTLE_ENABLED=0",
    "BUSY_PAUSE=0",
    "DOWNLOAD_TIMEOUT=1",
    "CONTACT=me@keepers.org",
    "DOWNLOAD_MAXSIZE=9999",
)
OUTCOMES = "SELECT outcome, status FROM link_checks WHERE url = ?"
PACKED = (("Content-Encoding", "gzip"),)
WALL = b"<html><head><title>Just a moment...</title></head><body><p>Checking your browser.</p></body></html>"
LOST = b"<html><head><title>River Watch</title></head><body><h1>Sorry, we can't find that page</h1></body></html>"
PARKED = b"<html><head><title>river.example</title></head><body><p>This domain name is for sale.</p></body></html>"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
REPLIES = {
    "/wall": Reply(503, body=WALL, headers=HTML),
    "/soft": Reply(body=LOST, headers=HTML),
    "/parked": Reply(body=PARKED, headers=(*HTML, ("Retry-After", "9"))),
    "/head-hangs": Reply(head_wait=20),
    "/fine": Reply(headers=PACKED),
    "/get-only": Reply(head=405),
    "/liar": Reply(head=404),
    "/gone": Reply(410),
    "/lost": Reply(404),
    "/moved": Reply(301, "/moved-again"),
    "/moved-again": Reply(302, "/fine"),
    "/briefly": Reply(302, "/fine"),
    "/home": Reply(301, "/"),
    "/": Reply(),
    "/loop": Reply(302, "/loop-on"),
    "/loop-on": Reply(302, "/loop"),
    "/closed": Reply(403),
    "/failing": Reply(500),
    "/slow": Reply(wait=20),
    "/caf%C3%A9?q=%C3%BC": Reply(),
    "/inwards": Reply(302, "http://169.254.169.254/latest/meta-data/"),
    "/mail": Reply(302, "mailto:a@example.org"),
}
EXPECTED = {
    "/fine": ("ok", 200),
    "/get-only": ("ok", 200),
    "/liar": ("ok", 200),
    "/gone": ("gone", 410),
    "/lost": ("gone", 404),
    "/moved": ("moved", 200),
    "/briefly": ("ok", 200),
    "/home": ("moved", 200),
    "/loop": ("broken", 302),
    "/closed": ("blocked", 403),
    "/failing": ("broken", 500),
    "/slow": ("unreachable", None),
    "/café?q=ü": ("ok", 200),
    "/inwards": ("unchecked", 302),
    "/mail": ("broken", 302),
    "/wall": ("blocked", 503),
    "/soft": ("gone", 200),
    "/parked": ("gone", 200),
    "/head-hangs": ("ok", 200),
}


def fill(folder: Path, *urls: str) -> None:
    """An archive with one brief that recommends the addresses."""
    resources = tuple(Resource("Resources", f"Friends {n}", url, None, url) for n, url in enumerate(urls))
    with open_archive(folder) as opened:
        ingest_capture(opened, *make_page(make_brief(resources=resources)))


def links(folder: Path, *args: str) -> tuple[int, str, str]:
    quick = (word for item in QUICK for word in ("-s", item))
    run = scrapy(folder, "links", *args, *quick)
    return run.returncode, run.stdout, run.stderr


@pytest.fixture(scope="module")
def strict() -> Iterator[Host]:
    with serve_recommended_pages({"/robots.txt": Reply(body=b"User-agent: *\nDisallow: /private/")}) as host:
        yield host


@pytest.fixture(scope="module")
def wall_host() -> Iterator[Host]:
    with serve_recommended_pages({"/robots.txt": Reply(503, body=WALL, headers=HTML)}) as host:
        yield host


@pytest.fixture(scope="module")
def link_run(
    tmp_path_factory: pytest.TempPathFactory, strict: Host, wall_host: Host
) -> Iterator[tuple[Path, Host, str]]:
    """An archive after one run over every kind of address, the host, and what was printed."""
    folder = tmp_path_factory.mktemp("links")
    with serve_recommended_pages(REPLIES) as host:
        for stamp, status in (("20150101000000", "200"), ("20200301000000", "404"), ("20200401000000", "200")):
            row = ["x", stamp, f"{host.url}/lost", "text/html", status, "A" * 32, "9"]
            host.copies.setdefault(f"{host.url}/lost", []).append(row)
        urls = [host.url + path for path in EXPECTED]
        secure = host.url.replace("http:", "https:")  # which speaks no TLS
        more = (
            f"{strict.url}/private/x",
            f"{wall_host.url}/x",
            f"{secure}/x",
            "http://127.0.0.1:9/",
            "mailto:a@example.org",
            "http://10.0.0.1/x",
        )
        fill(folder, *urls, *more)
        code, out, err = links(folder, "--archive", host.url)
        assert (code, err) == (OK, "")
        yield folder, host, out


@pytest.mark.parametrize("path", EXPECTED)
def test_each_kind_of_answer_is_told_apart(link_run: tuple[Path, Host, str], path: str) -> None:
    folder, host, _ = link_run
    assert read_rows(folder, OUTCOMES, host.url + path) == [EXPECTED[path]]


def test_what_is_not_asked_says_why(link_run: tuple[Path, Host, str], strict: Host) -> None:
    folder, _, _ = link_run
    result = dict(read_rows(folder, "SELECT url, outcome || ': ' || detail FROM link_checks"))
    assert result[f"{strict.url}/private/x"] == "unchecked: its robots.txt forbids it"
    assert result["http://127.0.0.1:9/"] == "unreachable: the server refuses connections"
    (secure,) = (detail for url, detail in result.items() if url.startswith("https:"))
    assert secure == "unreachable: no valid certificate, or no encryption that works on both sides"
    assert "blocked: HTTP 503 for its robots.txt, a bot wall: Just a moment" in result.values()
    assert result["http://10.0.0.1/x"].startswith("unchecked: ")
    assert "mailto:a@example.org" not in result
    assert {path for _, path in strict.asked} == {"/robots.txt"}


def test_a_host_has_one_request_at_a_time_and_knows_who_asks(link_run: tuple[Path, Host, str]) -> None:
    _, host, _ = link_run
    assert host.agents == {f"BriefArchive/{VERSION} (+me@keepers.org)"}
    assert len([path for _, path in host.asked if path == "/fine"]) <= 4  # itself, and three that lead there
    assert host.most_at_once <= 3  # its pages, the index that a test has on the same host, the one that hung


def test_the_closing_line_and_the_view_sum_up(link_run: tuple[Path, Host, str]) -> None:
    folder, _, out = link_run
    words = "6 answer, 2 moved, 4 gone, 3 broken, 3 closed to programs, 3 could not be reached, 3 not asked"
    assert out == f"24 addresses: {words}; 1 archived copies found\n"
    seen = read_rows(folder, "SELECT outcome, count(*), max(briefs) FROM resource_links GROUP BY outcome")
    assert ("gone", 4, 1) in seen
    assert (None, 1, 1) in seen  # the mail address
    ((home, detail),) = read_rows(folder, "SELECT final_url, detail FROM link_checks WHERE url LIKE '%/home'")
    assert home.endswith("/")
    assert "home page" in detail


def test_the_copy_is_the_good_one_nearest_to_the_brief(link_run: tuple[Path, Host, str]) -> None:
    folder, host, _ = link_run
    copies = read_rows(folder, "SELECT archived_url, archived_at FROM link_checks WHERE archived_url IS NOT NULL")
    assert copies == [(f"{host.url}/web/20200401000000/{host.url}/lost", "2020-04-01T00:00:00Z")]
    assert not any(path.startswith("/cdx") and "fine" in path for _, path in host.asked)


def test_what_was_seen_lately_is_not_asked_again(link_run: tuple[Path, Host, str]) -> None:
    folder, host, _ = link_run
    asked = len(host.asked)
    assert links(folder) == (OK, "no address is due: all were checked within 30 days\n", "")
    assert len(host.asked) == asked
    assert find_due_links(make_settings(folder), "2020-01-01T00:00:00Z") == []
    due = find_due_links(make_settings(folder), "9999")
    assert len(due) == len(EXPECTED) + 5
    assert {item.published for item in due} == {"2020-03-05"}


def test_a_web_archive_that_refuses_leaves_addresses_due(tmp_path: Path) -> None:
    with serve_recommended_pages({"/fine": Reply(), "/lost": Reply(404)}) as host:
        fill(tmp_path, f"{host.url}/fine", f"{host.url}/lost")
        host.refusals = [429] * 9
        code, out, err = links(tmp_path, "--archive", host.url)
        assert code == BUSY
        assert out == "1 addresses: 1 answer, 0 gone; 0 archived copies found\n"
        assert "1 addresses wait for it" in err
        host.refusals.clear()
        assert links(tmp_path, "--archive", host.url)[0] == OK
    assert read_rows(tmp_path, "SELECT outcome FROM link_checks ORDER BY url") == [("ok",), ("gone",)]


def test_a_web_archive_that_gives_no_index_leaves_addresses_due(tmp_path: Path) -> None:
    with serve_recommended_pages({"/lost": Reply(404), "/gone": Reply(410)}) as host:
        fill(tmp_path, f"{host.url}/lost", f"{host.url}/gone")
        host.no_index = b"<html>Temporarily offline</html>"
        code, _, err = links(tmp_path, "--archive", host.url)
        assert (code, "2 addresses wait for the web archive" in err) == (PARTLY, True)
        host.no_index = b"AdministrativeAccessControlException: Blocked Site Error"
        assert links(tmp_path, "--archive", host.url)[0] == OK
    assert read_rows(tmp_path, "SELECT outcome, archived_url FROM link_checks") == [("gone", None)] * 2


def test_what_cannot_be_done_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no archive yet"):
        find_due_links(make_settings(tmp_path), "9999")
    assert list(tmp_path.iterdir()) == []
    fill(tmp_path, "https://friends.example/")
    run = scrapy(tmp_path, "links", "--dry-run")
    said = "https://friends.example/\n1 addresses would be asked for; nothing was written\n"
    assert (run.returncode, run.stdout) == (OK, said)
    run = scrapy(tmp_path, "links")
    assert (run.returncode, len(run.stderr.splitlines())) == (CONFIG, 1)
    with open_archive(tmp_path):
        run = scrapy(tmp_path, "links", "-s", "CONTACT=me@keepers.org")
        assert (run.returncode, len(run.stderr.splitlines())) == (BUSY, 1)


INSIDE = """localhost 127.0.0.1 127.1 0x7f.1 2130706433 ::1 ::ffff:10.0.0.1 10.1.2.3
64:ff9b::127.0.0.1 64:FF9B::0A00:0001 64:ff9b:1::8.8.8.8 2002:7f00:1:: 2002:a01:203::1 2002:808:808::1
2001:0:4136:e378:8000:63bf:3fff:fdd2
::127.0.0.1 ::ffff:0:192.168.1.1 2606:4700::5efe:10.0.0.1 2606:4700::200:5efe:10.0.0.1 fec0::1 fe80::1%eth0 5f00::1"""
