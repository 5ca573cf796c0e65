"""What the documents say is so: help texts written out, links that lead somewhere, README commands that run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from scraper import errors
from scraper.commands_doc import TARGET, page
from tests.commoncrawl_server import Shelf, common_crawl
from tests.pywb.history import saved
from tests.pywb.server import pywb
from tests.warc_writing import html, three

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
# What asks the live site is not told who asks, so that no test ever asks it.
_WITHOUT_A_CONTACT = errors.CONFIG
# Those of test_demo.py and test_room_serve.py.
_SERVERS = ("make serve", "make demo", "make crawl", "--start http://127.0.0.1:8642/")


def test_the_commands_are_written_out() -> None:
    assert TARGET.read_text("utf-8") == page(), "run `make docs`"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", document.read_text("utf-8")):
        assert (document.parent / target).exists(), target


def test_exit_codes_are_those_of_the_program() -> None:
    told = set(map(int, re.findall(r"^\| (\d+) \|", README, re.MULTILINE)))
    assert told == {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}


def _examples() -> list[str]:
    """The commands of README.md, in order."""
    lines = re.findall(r"^    (\S.*)$", README, re.MULTILINE)
    return [line for line in lines if not any(server in line for server in _SERVERS)]


def _desk(folder: Path) -> None:
    """A copy of the checkout as a reader has it, with the files that the README speaks of."""
    for name in ("scrapy.cfg", "scraper", "pipelines", "reading_room", "tests", "demo", ".venv"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "saved-pages").mkdir()
    for source in sorted((ROOT / "tests/pages").glob("byline-*")):
        shutil.copy(source, folder / "saved-pages")
    shutil.copy(ROOT / "tests/pages/amp.html", folder / "brief.html")
    three().save(folder, name="old-crawl")


@pytest.fixture
def web_archives(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What of the examples' words must be replaced where neither web.archive.org nor Common Crawl can be asked."""
    folder = tmp_path_factory.mktemp("web-archives")
    shelf = Shelf("CC-MAIN-2019-13", span=("2019-03-18T00:00:00", "2019-03-27T00:00:00"))
    shelf.page("https://www.usresistnews.org/2019/03/01/page-1/", "20190320100001", html(1))
    with pywb(folder / "pywb", saved(folder)) as wayback, common_crawl(shelf) as crawl:
        yield {"http://127.0.0.1:8080/web/": wayback, "briefs commoncrawl": f"briefs commoncrawl --index {crawl.url}"}


def test_the_commands_of_the_readme_run(tmp_path: Path, web_archives: dict[str, str]) -> None:
    _desk(tmp_path)
    environment = {name: value for name, value in os.environ.items() if name != "BRIEFS_CONTACT"}
    ran = 0
    for line in _examples():
        example = line
        for theirs, ours in web_archives.items():
            example = example.replace(theirs, ours)
        words = ["sh", "-c", example]
        done = subprocess.run(words, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        expected = _WITHOUT_A_CONTACT if "briefs probe" in example else errors.OK
        assert done.returncode == expected, (example, done.stdout, done.stderr)
        ran += 1
    assert ran >= 7
