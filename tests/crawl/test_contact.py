"""Who asks strangers must say who it is: every command that asks looks at that first, on each machine alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from scraper import errors
from tests.support.scrapy_running import scrapy

_NOBODY = "http://brief-archive.invalid/"  # a name that no server ever has (RFC 2606)
_ASKING = {
    "crawl": ["crawl", "briefs", "-a", f"start={_NOBODY}"],
    "probe": ["probe", _NOBODY],
    "nightly": ["nightly", "-a", f"start={_NOBODY}"],
    "dry run": ["nightly", "--dry-run", "-a", f"start={_NOBODY}"],
    "wayback": ["crawl", "wayback", "-a", f"archive={_NOBODY}web/"],
    "commoncrawl": ["crawl", "commoncrawl", "-a", f"index={_NOBODY}"],
    "explain": ["explain", f"{_NOBODY}2019/03/10/slug/"],
}


@pytest.mark.parametrize("words", _ASKING.values(), ids=_ASKING)
@pytest.mark.parametrize("contact", ["", "   ", "somebody"])
def test_without_a_contact_nothing_is_asked_or_made(words: list[str], contact: str, tmp_path: Path) -> None:
    ran = scrapy(tmp_path, *words, "-s", f"CONTACT={contact}")
    assert (ran.returncode, ran.stdout) == (errors.CONFIG, "")
    assert len(ran.stderr.splitlines()) == 1
    assert "BRIEFS_CONTACT in the environment" in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["crawl", "probe", "dry run", "explain"])
def test_with_one_it_is_the_network_that_is_missing(name: str, tmp_path: Path) -> None:
    ran = scrapy(tmp_path, *_ASKING[name], "-s", "CONTACT=archivist@keepers.org")
    assert ran.returncode == errors.UNAVAILABLE
    assert "Traceback" not in ran.stderr


def test_addresses_of_strangers_are_not_looked_at_without_one(archive: Path) -> None:
    ran = scrapy(archive, "links", "-s", "CONTACT=")
    assert (ran.returncode, len(ran.stderr.splitlines())) == (errors.CONFIG, 1)
