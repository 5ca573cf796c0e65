"""`scrapy gaps --json`, for programs: whole, chosen from, and with the keys that docs/archivists.md tells."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from pipelines.gaps.find import collect_gaps
from pipelines.gaps.records import KINDS
from scraper.console.verbs import verb_names
from scraper.errors import OK, USAGE
from tests.support.gappy import fill_gappy_archive
from tests.support.scrapy_running import ROOT, scrapy
from tests.support.specimens import make_settings

DOC = (ROOT / "docs/archivists.md").read_text("utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_gappy_archive(tmp_path_factory.mktemp("gappy"))


def read_gaps(folder: Path, *words: str) -> dict[str, Any]:
    ran = scrapy(folder, "gaps", "--json", *words)
    assert (ran.returncode, ran.stderr) == (OK, "")
    data: dict[str, Any] = json.loads(ran.stdout)
    return data


def _verb_on(command: str) -> list[str]:
    """The words of a command from its verb on, without the program and the archive that it names."""
    words = shlex.split(command.partition(" --db ")[0])
    return words[next(place for place, word in enumerate(words) if word in verb_names()) :]


def test_it_has_all_that_is_missing_and_all_that_each_channel_knows(folder: Path) -> None:
    data, known = read_gaps(folder), collect_gaps(make_settings(folder))
    assert [(gap["kind"], gap["what"], _verb_on(gap["next"])) for gap in data["gaps"]] == [
        (gap.kind, gap.what, _verb_on(gap.next)) for gap in known.gaps
    ]
    assert data["totals"] == {kind: known.total(kind) for kind in KINDS}
    assert sum(gap["count"] for gap in data["gaps"]) == sum(data["totals"].values()) > 10
    assert {item["name"]: item["knows"] for item in data["channels"]} == {
        item.name: item.knows for item in known.channels
    }
    assert len(data["posts"]) == len(known.sightings)
    assert data["left_out"] == list(known.notes)
    assert "channel" not in data


def test_a_domain_and_a_kind_choose_gaps(folder: Path) -> None:
    whole = read_gaps(folder)
    domain = next(gap["domain"] for gap in whole["gaps"] if gap["domain"])
    some = read_gaps(folder, "--domain", domain, "--kind", "number")
    assert some["gaps"] == [gap for gap in whole["gaps"] if (gap["domain"], gap["kind"]) == (domain, "number")]
    assert some["channels"] == whole["channels"]


def test_a_channel_adds_how_it_stands_to_posts(folder: Path) -> None:
    data = read_gaps(folder, "--channel", "archive")
    assert data["channel"]["name"] == "archive"
    assert {post["standing"] for post in data["channel"]["posts"]} <= {"unknown", "alone"}
    assert scrapy(folder, "gaps", "--json", "--channel", "gossip").returncode == USAGE


def test_the_document_tells_every_key(folder: Path) -> None:
    table = dict(re.findall(r"^\| `([a-z_]+)` \| (.*) \|$", DOC[DOC.index("gaps --json") :], re.MULTILINE))
    data = read_gaps(folder, "--channel", "archive")
    assert [key for key in table if key in data] == list(data)
    for key, row in (("gaps", data["gaps"][0]), ("channels", data["channels"][0]), ("posts", data["posts"][0])):
        assert set(re.findall(r"`([a-z_]+)`", table[key])) == set(row)
    assert table["format"] == str(data["format"])
