"""The sample archive: made by one command, marked for ever, and never mixed with real pages."""

from __future__ import annotations

import json
import shutil
import socket
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from demo.posts import list_older_copies, list_posts
from pipelines.maintenance.rebuild import rebuild_archive
from pipelines.maintenance.snapshot import make_snapshot
from pipelines.sample import is_sample_file
from scraper.errors import CONFIG, OK, UNAVAILABLE
from tests.maintenance.test_rebuild import members, plain, warcs
from tests.support.filled_archive import query_database
from tests.support.loopback import Pages, serve_pages
from tests.support.sample_making import BRIEFS, make_sample
from tests.support.scrapy_running import ROOT, scrapy
from tests.support.small_site import Post, listing, posts_of, robots, sitemap
from tests.support.specimens import make_settings

GONE = "/2019/02/20/harbor-fees-return/"
PATHS = {GONE} | {post.path for post in list_posts()}
_REAL_PAGE = ROOT / "tests/pages/em-dash-2018.html"


@pytest.fixture
def folder(sample: Path, tmp_path: Path) -> Path:
    """A copy of the sample archive."""
    return Path(shutil.copytree(sample, tmp_path / "sample"))


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of a real page."""
    folder = tmp_path_factory.mktemp("real")
    assert scrapy(folder, "ingest", _REAL_PAGE).returncode == OK
    return folder


def rows(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table but `crawls`, which has more rows after every run, and without the instant of the last list."""
    with closing(sqlite3.connect(folder / "archive.db")) as db:
        names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table' order by name")]
        db.execute("update pages set listed_at = null")  # not committed
        return {name: sorted(db.execute(f'select * from "{name}"'), key=repr) for name in names if name != "crawls"}


def pages_kept(folder: Path) -> list[bytes]:
    """The records of pages, in the order in which they were written."""
    records = (plain(member) for path in warcs(folder) for member in members(path))
    return [record for record in records if b"WARC-Type: response" in record or b"WARC-Type: resource" in record]


def test_it_has_every_post_and_what_was_saved_of_them(sample: Path) -> None:
    assert {path for (path,) in query_database(sample / "archive.db", "select path from briefs")} == PATHS
    saved = "select count(*) from captures where source = 'file' and name like 'saved-pages/%'"
    assert query_database(sample / "archive.db", saved) == [(len(list_older_copies()),)]
    changed = {field for (field,) in query_database(sample / "archive.db", "select distinct field from revisions")}
    assert changed >= {"label", "title", "body", "authors", "resources", "photo_credits"}
    assert is_sample_file(sample / "archive.db")


def test_what_is_wrong_in_it_is_what_is_meant(sample: Path) -> None:
    assert query_database(sample / "archive.db", "select path from pages where status <> 'live'") == [(GONE,)]
    gaps = query_database(sample / "archive.db", "select domain, number, kind from number_gaps")
    assert gaps == [("Environment", 48, "gap"), ("Environment", 50, "double")]
    assert len(query_database(sample / "archive.db", "select * from problems")) < 5


def test_it_ends_with_the_command_that_shows_it_and_says_what_is_meant(folder: Path, tmp_path: Path) -> None:
    ran = make_sample(tmp_path)
    lines = ran.stdout.splitlines()
    assert (ran.returncode, lines[-1]) == (OK, make_serve_command(tmp_path))
    assert f"a sample archive of {len(PATHS)} invented posts" in lines[-2]
    (missing,) = (line for line in lines if " missing" in line)
    assert "1 missing (the sample site has one on purpose)" in missing
    (problems,) = (line for line in lines if "problems noted" in line)
    assert problems.endswith("problems noted (the sample site has some on purpose)")
    again = make_sample(folder)
    assert (again.returncode, again.stdout.splitlines()[-1]) == (OK, make_serve_command(folder))


def make_serve_command(folder: Path) -> str:
    return f"{BRIEFS} serve --db {folder / 'archive.db'} --warcs {folder / 'warcs'}"


@pytest.mark.parametrize("port", ["usual", "another"])
def test_a_second_run_changes_nothing_whatever_the_port(folder: Path, port: str) -> None:
    before, kept = rows(folder), pages_kept(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        another = str(free.getsockname()[1])
    ran = make_sample(folder, *(["--port", another] if port == "another" else []))
    assert ran.returncode == OK, ran.stderr
    after = rows(folder)
    assert [name for name in before if before[name] != after[name]] == []
    assert pages_kept(folder) == kept


def test_a_port_that_was_asked_for_and_is_taken_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = make_sample(tmp_path, "--port", str(taken.getsockname()[1]))
    assert (ran.returncode, ran.stderr.count("\n")) == (UNAVAILABLE, 1)
    assert "--port" in ran.stderr


@pytest.mark.parametrize(
    "words",
    [
        "crawl briefs",
        "crawl briefs -a start=https://www.usresistnews.org/",
        "crawl briefs -a recheck=1",
        "probe",
        "nightly",
        "nightly --dry-run",
        "nightly --full",
        "crawl wayback",
        "crawl wayback -a match=/2019/",
        "crawl commoncrawl",
        "links",
    ],
)
@pytest.mark.parametrize("contact", ["", "you@example.net"])
def test_nobody_else_is_asked_for_a_sample(sample: Path, words: str, contact: str) -> None:
    before = query_database(sample / "archive.db", "select count(*) from crawls")
    ran = scrapy(sample, *words.split(), "-s", f"CONTACT={contact}")
    assert (ran.returncode, ran.stderr.count("\n")) == (CONFIG, 1), ran.stderr
    assert "a sample archive, of invented briefs" in ran.stderr
    assert "name another with --db FILE" in ran.stderr
    assert query_database(sample / "archive.db", "select count(*) from crawls") == before


def mirror() -> Pages:
    """A server here that stands for the real site."""
    posts = [Post(number, "https://www.usresistnews.org") for number in range(1, 6)]
    top: Pages = {"/robots.txt": robots("User-agent: *\n"), "/": listing(posts), "/wp-sitemap.xml": sitemap(posts)}
    return {**posts_of(posts), **top}


@pytest.mark.parametrize("kind", ["page", "folder", "warc", "crawl", "night"])
def test_a_sample_takes_no_real_page(folder: Path, real: Path, kind: str) -> None:
    before = rows(folder)
    if kind in ("crawl", "night"):
        with serve_pages(mirror()) as site:
            ran = scrapy(
                folder, *{"crawl": ["crawl", "briefs"], "night": night(folder)}[kind], "-a", f"start={site.url}"
            )
    else:
        ran = scrapy(
            folder, "ingest", {"page": _REAL_PAGE, "folder": ROOT / "tests/pages", "warc": real / "warcs"}[kind]
        )
    assert (ran.returncode, ran.stderr.count("\n")) == (CONFIG, 1), ran.stderr
    assert "is real: name another with --db FILE" in ran.stderr
    after = rows(folder)
    assert {name for name in before if before[name] != after[name]} <= {"memory"}  # where the journal stands


def night(folder: Path) -> list[str]:
    return ["nightly", "-s", f"SNAPSHOT={folder / 'public/archive.db'}", "-s", f"REPORTS_DIR={folder / 'reports'}"]


@pytest.mark.parametrize("kind", ["crawl", "probe", "night", "warc", "wacz", "page", "feed", "rest"])
def test_an_archive_of_real_pages_takes_no_invented_one(
    sample: Path, real: Path, site: str, tmp_path: Path, kind: str
) -> None:
    folder = Path(shutil.copytree(real, tmp_path / "real"))
    before = rows(folder)
    saved = {"page": "2021/04/04/harbour-levy/", "feed": "feed/", "rest": "wp-json/wp/v2/posts?per_page=50"}
    if kind in saved:
        name = {"page": "page.html", "feed": "feed.xml", "rest": "dump.json"}[kind]
        with urlopen(site + saved[kind]) as answer:
            (tmp_path / name).write_bytes(answer.read())
        ran = scrapy(folder, "ingest", tmp_path / name)
    elif kind == "warc":
        ran = scrapy(folder, "ingest", sample / "warcs")
    elif kind == "wacz":
        assert scrapy(sample, "export", "wacz", "-o", tmp_path / "sample.wacz").returncode == OK
        ran = scrapy(folder, "ingest", tmp_path / "sample.wacz")
    elif kind == "probe":
        ran = scrapy(folder, "probe", site)
    else:
        ran = scrapy(folder, *(["crawl", "briefs"] if kind == "crawl" else night(folder)), "-a", f"start={site}")
    assert (ran.returncode, ran.stderr.count("\n")) == (CONFIG, 1), ran.stderr
    assert "of the sample site: name another with --db FILE" in ran.stderr
    after = rows(folder)
    assert {name for name in before if before[name] != after[name]} <= {"memory"}
    assert not (folder / "public").exists()


def test_the_demo_is_not_made_in_an_archive_of_real_pages(real: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(real, tmp_path / "real"))
    ran = make_sample(folder)
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (CONFIG, "", 1), ran.stderr
    assert not is_sample_file(folder / "archive.db")


def test_an_empty_archive_becomes_what_its_first_page_is(sample: Path, tmp_path: Path) -> None:
    assert scrapy(tmp_path, "ingest", sample / "warcs").returncode == OK
    assert is_sample_file(tmp_path / "archive.db")
    briefs = "select path, url, title, label from briefs order by path"
    assert query_database(tmp_path / "archive.db", briefs) == query_database(sample / "archive.db", briefs)


def test_the_mark_is_in_copies_and_in_what_is_made_again(folder: Path) -> None:
    assert is_sample_file(make_snapshot(make_settings(folder)).path)
    rebuild_archive(make_settings(folder), into=str(folder / "new.db"))
    assert is_sample_file(folder / "new.db")
    assert scrapy(folder, "reextract", "--all").returncode == OK
    assert scrapy(folder, "withdraw", GONE, "--reason", "to try it").returncode == OK
    assert is_sample_file(folder / "archive.db")
    assert is_sample_file(folder / "public/archive.db")


@pytest.mark.parametrize("lost", ["all of it", "the part that tells it"])
def test_the_mark_outlives_a_lost_journal(folder: Path, lost: str) -> None:
    marks = b"vnd.brief-archive" if lost == "all of it" else b'["sample","SAMPLE'
    for path in warcs(folder):
        path.write_bytes(b"".join(member for member in members(path) if marks not in plain(member)))
    rebuild_archive(make_settings(folder), into=str(folder / "new.db"))
    assert is_sample_file(folder / "new.db")
    assert query_database(folder / "new.db", "select count(*) from briefs") == [(len(PATHS),)]


def test_a_copy_of_real_briefs_is_not_replaced_by_invented_ones(folder: Path, real: Path) -> None:
    public = folder / "public/archive.db"
    assert scrapy(real, "snapshot", "-s", f"SNAPSHOT={public}").returncode == OK
    before = public.read_bytes()
    ran = scrapy(folder, "snapshot", "-s", f"SNAPSHOT={public}")
    assert (ran.returncode, ran.stderr.count("\n")) == (CONFIG, 1)
    assert "choose another SNAPSHOT" in ran.stderr
    assert public.read_bytes() == before


def test_healthy_nights_on_the_sample_site_end_with_0(folder: Path, site: str) -> None:
    for number in range(3):
        ran = scrapy(folder, *night(folder), "-a", f"start={site}")
        assert (ran.returncode, ran.stderr) == (OK, ""), number
        report = json.loads((folder / "reports/latest.json").read_text())
        assert (report["level"], report["title"].startswith("SAMPLE")) == ("ok", True)
        assert len(report["findings"]) > 8  # no monitor is left out


def test_a_first_night_on_the_sample_site_ends_with_0_too(tmp_path: Path, site: str) -> None:
    ran = scrapy(tmp_path, *night(tmp_path), "-a", f"start={site}")
    assert (ran.returncode, ran.stderr) == (OK, "")
    assert is_sample_file(tmp_path / "public/archive.db")
