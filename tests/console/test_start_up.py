"""A help page loads nothing that it does not need: what is imported is looked at, for seconds hang on the machine."""

from __future__ import annotations

import json
import subprocess
import sys

from scraper.console.verbs import verb_names
from tests.support.scrapy_running import ROOT

# Prints the modules that are loaded when each of the help pages is printed.
_HELP = """
import contextlib, io, json, sys
from scraper.console.main import _run_words
for words in json.loads(sys.argv[1]):
    with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
        _run_words(words)
print(json.dumps(sorted(sys.modules)))
"""
_RULES = {"pipelines.extract", "pipelines.extraction.post", "pipelines.extraction.layouts", "nh3", "bs4", "htmldate"}
_WORK = {"pipelines.archive", "scraper.spiders.briefs", "scraper.crawl.fetching_spider", "warcio", "fsspec"}
_OTHERS = {"sqlite_utils", "pandas", "numpy", "dateparser", "datasette"}


def _list_loaded(*words: list[str]) -> set[str]:
    run = [sys.executable, "-c", _HELP, json.dumps(words)]
    return set(json.loads(subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True).stdout))


def test_the_overview_loads_neither_scrapy_nor_the_archive() -> None:
    loaded = _list_loaded([], ["--help"], ["help", "exit-codes"], ["no-such-verb"])
    assert {name.partition(".")[0] for name in loaded} & {"scrapy", "twisted", "lxml", "pipelines", *_OTHERS} == set()


def test_no_help_page_loads_what_the_verb_runs() -> None:
    loaded = _list_loaded(*([verb, "--help"] for verb in verb_names()))
    assert "scrapy" in loaded  # help pages were made
    assert loaded & (_RULES | _WORK | _OTHERS) == set()
