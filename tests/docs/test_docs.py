"""What the documents say is so: help texts written out, links that lead somewhere, README commands that run."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from scraper import errors
from scraper.console.commands_doc import TARGET, render_page
from scraper.console.help_page import render_exit_code_rows
from tests.pywb.history import save_history
from tests.pywb.server import run_pywb
from tests.support.commoncrawl_server import Shelf, serve_common_crawl
from tests.support.loopback import Pages, serve_pages
from tests.support.scrapy_running import run_line
from tests.support.small_site import Post, listing, posts_of, robots, sitemap
from tests.support.warc_writing import html, three

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# What asks the live site is not told who asks, so that no test ever asks it.
_WITHOUT_A_CONTACT = errors.CONFIG
POSTS = [Post(number, "https://www.usresistnews.org") for number in range(1, 6)]
_SERVERS = ("make serve", "make demo", "make crawl")  # tests of their own: test_sample_archive.py, test_room_serve.py


def test_the_commands_are_written_out() -> None:
    assert TARGET.read_text("utf-8") == render_page(), "run `make docs`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), target


def test_each_picture_is_shown_somewhere() -> None:
    texts = "".join(document.read_text("utf-8") for document in DOCUMENTS)
    assert [picture.name for picture in (ROOT / "docs/img").iterdir() if f"img/{picture.name}" not in texts] == []


def test_exit_codes_are_those_of_the_program() -> None:
    codes = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    assert codes == set(errors.EXIT_CODES)
    assert render_exit_code_rows() in README


def _examples() -> list[str]:
    """The commands of README.md, in order."""
    lines = re.findall(r"^    (\S.*)$", README, re.MULTILINE)
    return [line for line in lines if not any(server in line for server in _SERVERS)]


def _desk(folder: Path, sample: Path) -> None:
    """A copy of the checkout as a reader has it, with the files that the README speaks of."""
    for name in ("scrapy.cfg", "scraper", "pipelines", "reading_room", "tests", "demo", ".venv"):
        (folder / name).symlink_to(ROOT / name)
    shutil.copy(sample / "archive.db", folder / "demo.db")
    shutil.copytree(sample / "warcs", folder / "demo-warcs")
    (folder / "saved-pages").mkdir()
    for source in sorted((ROOT / "tests/pages").glob("byline-*")):
        shutil.copy(source, folder / "saved-pages")
    shutil.copy(ROOT / "tests/pages/amp.html", folder / "brief.html")
    three().save(folder, name="old-crawl")


@pytest.fixture
def servers(tmp_path_factory: pytest.TempPathFactory, site: str) -> Iterator[dict[str, str]]:
    """What of the examples' words must be replaced where no server is but those here."""
    folder = tmp_path_factory.mktemp("web-archives")
    shelf = Shelf("CC-MAIN-2019-13", span=("2019-03-18T00:00:00", "2019-03-27T00:00:00"))
    shelf.page("https://www.usresistnews.org/2019/03/01/page-1/", "20190320100001", html(1))
    mirror: Pages = {**posts_of(POSTS), "/robots.txt": robots("User-agent: *\n"), "/wp-sitemap.xml": sitemap(POSTS)}
    with ExitStack() as begun:
        yield {
            "http://127.0.0.1:8642/": site,
            "http://127.0.0.1:8000/": begun.enter_context(serve_pages({**mirror, "/": listing(POSTS)})).url,
            "http://127.0.0.1:8080/web/": begun.enter_context(run_pywb(folder / "pywb", save_history(folder))),
            "briefs commoncrawl": f"briefs commoncrawl --index {begun.enter_context(serve_common_crawl(shelf)).url}",
        }


def test_the_commands_of_the_readme_run(tmp_path: Path, sample: Path, servers: dict[str, str]) -> None:
    _desk(tmp_path, sample)
    environment = {name: value for name, value in os.environ.items() if name != "BRIEFS_CONTACT"}
    ran = 0
    for line in _examples():
        example = line
        for theirs, ours in servers.items():
            example = example.replace(theirs, ours)
        done = run_line(example, tmp_path, environment)
        expected = _WITHOUT_A_CONTACT if "briefs probe" in example else errors.OK
        assert done.returncode == expected, (example, done.stdout, done.stderr)
        if "sqlite-utils query" in example:
            assert len(json.loads(done.stdout)) > 0, example
        ran += 1
    assert ran >= 7
