"""No reader and no rule fails on changed files; `python -m benchmarks.attacks fuzz` tries 100,000 of them."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from lxml import etree

from scraper.discovery.xml_items import read_markup
from tests.support.fuzz_inputs import CORPUS, change_file, find_faults, make_seeds

pytestmark = pytest.mark.services


@pytest.mark.parametrize("name", sorted(make_seeds()))
def test_each_kind_of_file_is_read(tmp_path: Path, name: str) -> None:
    assert list(find_faults(tmp_path, name, make_seeds()[name])) == []


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*/*")), ids=lambda path: path.name)
def test_what_once_failed_is_read(tmp_path: Path, path: Path) -> None:
    assert list(find_faults(tmp_path, path.name, path.read_bytes())) == []


@pytest.mark.parametrize("name", ["x:00", "x:", "x:-a", "x:a:b", "00", "x:.", "x:é"])
def test_an_element_of_a_feed_may_have_any_name(name: str) -> None:
    odd = f"<content xmlns:x='urn:x'><p>One <{name}>lamp</{name}> more.</p></content>".encode()
    root = etree.fromstring(odd, etree.XMLParser(recover=True))
    assert read_markup(root).replace("<p>", "").startswith("One ")


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(strategies.randoms(use_true_random=False))
def test_changed_files_are_read_as_far_as_they_go(chance: random.Random) -> None:
    with TemporaryDirectory() as folder:
        assert list(find_faults(Path(folder), *change_file(chance))) == []
