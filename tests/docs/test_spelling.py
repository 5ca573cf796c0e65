"""Names are found however they are typed: one fold, in the room and in exports."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.people.spelling import fold_spelling
from scraper.records import Author
from tests.support.scrapy_running import scrapy
from tests.support.specimens import ingest_capture, make_brief, make_page, open_archive


@pytest.mark.parametrize("typed", ["josé  álvarez", "JOSÉ ÁLVAREZ", "Jose\u0301 Alvarez", " jose alvarez\n"])
def test_one_name_has_one_fold(typed: str) -> None:
    assert fold_spelling(typed) == "jose alvarez"


@given(st.text())
def test_what_is_folded_stays(text: str) -> None:
    once = fold_spelling(text)
    assert fold_spelling(once) == once == fold_spelling(f" {text}\n")


def test_an_export_knows_an_author_without_accents(tmp_path: Path) -> None:
    with open_archive(tmp_path) as there:
        ingest_capture(there, *make_page(make_brief(title="Mist", authors=(Author("José Álvarez"),))))
    result = scrapy(tmp_path, "export", "csv", "--author", "jose alvarez")
    assert (result.returncode, "Mist" in result.stdout) == (0, True), result.stderr
