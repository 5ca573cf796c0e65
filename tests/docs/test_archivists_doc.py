"""Every command of docs/archivists.md runs, from the empty machine to the bag, against servers that are here."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import bagit
import pytest

from pipelines.exports.request import FORMATS
from pipelines.gaps.records import KINDS
from scraper import settings
from tests.pywb.history import save_history
from tests.pywb.server import BIN, run_pywb
from tests.sources.test_wxr import EXPORT
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.commoncrawl_server import Shelf, serve_common_crawl
from tests.support.filled_archive import query_database
from tests.support.loopback import Pages, serve_pages
from tests.support.scrapy_running import ROOT, TEXT, run_line, scrapy
from tests.support.small_site import Post, listing, posts_of, robots, sitemap
from tests.support.warc_writing import Warc, html, three

DOC = (ROOT / "docs/archivists.md").read_text("utf-8")
COMMANDS = re.findall(r"^    (\S.*)$", DOC, re.MULTILINE)
_MACHINES_OWN = ("sudo ", "git ", "cd ", "make ")  # tests/docs/test_operators_doc.py and CI see to those


def _site() -> Pages:
    """A mirror of the site."""
    posts = [Post(number, "https://www.usresistnews.org") for number in range(1, 31)]
    top: Pages = {"/robots.txt": robots("User-agent: *\n"), "/": listing(posts[:3]), "/wp-sitemap.xml": sitemap(posts)}
    return {**posts_of(posts), **top}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout as an archivist has it, with the files that the document speaks of."""
    desk = tmp_path_factory.mktemp("desk") / "brief-archive"
    (desk / "saved-pages").mkdir(parents=True)
    for name in ("scrapy.cfg", "scraper", "pipelines", ".venv"):
        (desk / name).symlink_to(ROOT / name)
    for page in sorted((ROOT / "tests/pages").glob("byline-and*")):
        shutil.copy(page, desk / "saved-pages")
    shutil.copy(ROOT / "tests/pages/byline-at-the-end.html", desk / "saved-pages/byline-and.html")
    shutil.copy(ROOT / "tests/pages/byline-at-the-end.meta.json", desk / "saved-pages/byline-and.meta.json")
    three().save(desk, name="old-crawl")
    packed = Warc().page(7).page(8).save(desk, name="packed")
    words = [str(BIN / "wacz"), "create", "-f", str(packed), "-o", str(desk / "collection.wacz")]
    subprocess.run(words, check=True, capture_output=True)
    packed.unlink()
    shutil.copy(EXPORT, desk / "export.xml")
    return desk


@pytest.fixture(scope="module")
def elsewhere(desk: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What the commands need besides where neither the site nor a web archive can be asked."""
    shelf = Shelf("CC-MAIN-2019-13", span=("2019-03-18T00:00:00", "2019-03-27T00:00:00"))
    shelf.page("https://www.usresistnews.org/2019/03/09/page-9/", "20190320100001", html(9))
    folder = tmp_path_factory.mktemp("web-archives")
    with ExitStack() as servers:
        site = servers.enter_context(serve_pages(_site())).url
        wayback = servers.enter_context(run_pywb(folder / "pywb", save_history(folder)))
        index = servers.enter_context(serve_common_crawl(shelf)).url
        linked = folder / "linked.txt"
        linked.write_text(TEXT.replace("they keep the light.", site))
        scrapy(folder, "ingest", linked)
        yield {
            "--archive https://wayback.example/web/": "",
            "briefs wayback": f"briefs wayback --archive {wayback}",
            "briefs commoncrawl": f"briefs commoncrawl --index {index}",
            "briefs crawl": f"briefs crawl --start {site}",
            "briefs probe": f"briefs probe {site}",
            "links --limit": f"links --db {folder}/archive.db --warcs {folder}/warcs --limit",
        }


@pytest.fixture(scope="module")
def outputs(desk: Path, elsewhere: dict[str, str]) -> dict[str, str]:
    """What each command said, after all of them ran in their order."""
    said: dict[str, str] = {}
    environment = dict(os.environ)
    for line in COMMANDS:
        if line.startswith("export "):
            name, _, value = line.removeprefix("export ").partition("=")
            environment[name] = value
        elif not line.startswith(_MACHINES_OWN):
            here = line
            for theirs, ours in elsewhere.items():
                here = here.replace(theirs, ours)
            done = run_line(here, desk, environment)
            assert done.returncode == 0, (here, done.stdout, done.stderr)
            said[line] = done.stdout
    return said


def test_the_archive_has_all_that_there_was(desk: Path, outputs: dict[str, str]) -> None:
    sources = {source for (source,) in query_database(desk / "archive.db", "SELECT DISTINCT source FROM captures")}
    assert sources == {"live", "wayback", "commoncrawl", "warc", "wacz", "file"}
    assert query_database(desk / "archive.db", "SELECT count(*) FROM briefs")[0][0] > 30
    assert query_database(desk / "archive.db", "SELECT count(*) FROM mementos WHERE state = 'waiting'") == [(0,)]


def test_it_is_whole_and_can_be_made_again(desk: Path, outputs: dict[str, str]) -> None:
    assert "sound" in outputs[".venv/bin/briefs verify"]
    assert compare_tables(read_tables(desk / "archive.db"), read_tables(desk / "new.db")) == []


def test_the_link_was_looked_at(outputs: dict[str, str]) -> None:
    assert "1 address" in outputs[".venv/bin/briefs links --limit 20"]


def test_every_export_stands_and_the_bag_is_valid(desk: Path, outputs: dict[str, str]) -> None:
    exported = {line.split()[2] for line in outputs if "briefs export" in line}
    assert exported == set(FORMATS)
    assert all((desk / line.split()[4]).exists() for line in outputs if "briefs export" in line)
    assert bagit.Bag(str(desk / "bag")).validate()
    assert "<html" in (desk / "gaps.html").read_text("utf-8")


def test_what_the_tables_tell_is_so() -> None:
    assert set(re.findall(r"^\| ([a-z]+) \| ", DOC, re.MULTILINE)) - {
        "what",
        "kind",
        "key",
        "setting",
        "format",
        "answer",
    } == set(KINDS)
    outputs = {name: int(value) for name, value in re.findall(r"^\| `([A-Z_]+)` \| (\d+) \|", DOC, re.MULTILINE)}
    assert len(outputs) == 3
    assert outputs == {name: getattr(settings, name) for name in outputs}
