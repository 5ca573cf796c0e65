"""At a terminal of 80 columns every value can be read and every path be copied: nothing is cut off in the middle."""

from __future__ import annotations

import json
import os
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scraper.crawl.probe import SAMPLE
from scraper.errors import OK
from tests.maintenance.test_reextract import break_rules
from tests.support import warm_start
from tests.support.archive_history import build_archive
from tests.support.scrapy_running import ROOT, scrapy, words_of
from tests.support.terminals import COLUMNS, open_terminal, read_all
from tests.support.waiting import LIMIT

_PAGES = ("amp", "byline-at-the-end", "bytes-windows-1252-as-latin1")


def at_a_terminal(words: list[str]) -> list[str]:
    """The lines that a command prints at a terminal of 80 columns."""
    leader, follower = open_terminal()
    environment = os.environ | {"COLUMNS": str(COLUMNS), "TERM": "xterm"}
    terminal = Path(os.ttyname(follower))
    with ThreadPoolExecutor() as pool:
        shown = pool.submit(read_all, leader)
        run = warm_start.run(words, ROOT, LIMIT, target=terminal, environment=environment)
        os.close(follower)
    assert run.returncode == OK, run.stderr
    return shown.result().split("\n")


@pytest.fixture(scope="module")
def badly_read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with break_rules():
        return build_archive(tmp_path_factory.mktemp("badly"))


@pytest.mark.parametrize("name", _PAGES)
def test_every_rule_and_every_short_value_is_on_one_line(name: str, tmp_path: Path) -> None:
    page = ROOT / f"tests/pages/{name}.html"
    result = json.loads(scrapy(tmp_path, "explain", page, "--json").stdout)
    lines = at_a_terminal(words_of(tmp_path, "explain", page))
    for reading in result["readings"]:
        for item in reading["evidence"]:
            assert any(line.strip() == f"{item['confidence']} by {item['rule']}" for line in lines), item["rule"]
            if len(item["value"]) < 60:
                assert any(re.match(rf"{item['field']}  +{re.escape(item['value'])} *$", line) for line in lines)
    assert max(len(line) for line in lines if line.startswith(" ")) <= COLUMNS


@pytest.mark.parametrize(
    "words",
    [
        ["gaps", "--channel", "archive"],
        ["gaps", "--all"],
        ["withdraw", "--list"],
        ["reextract", "--dry-run", "--all"],
        ["authors", "--all"],
    ],
    ids=" ".join,
)
def test_nothing_is_cut_off(words: list[str], badly_read: Path) -> None:
    lines = at_a_terminal(words_of(badly_read, *words))
    assert len(lines) > 3
    assert [line for line in lines if "\N{HORIZONTAL ELLIPSIS}" in line] == []


def test_a_probe_shows_whole_paths_and_rules(site: str, tmp_path: Path) -> None:
    lines = at_a_terminal(words_of(tmp_path, "probe", site))
    assert [line for line in lines if "\N{HORIZONTAL ELLIPSIS}" in line] == []
    assert sum(re.fullmatch(r"/\d{4}/\d\d/\d\d/\S+/ *", line) is not None for line in lines) == SAMPLE
    assert any("heading.emdash" in line for line in lines)
