"""`scrapy explain` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

from scraper.errors import DATA, OK, UNAVAILABLE, USAGE
from tests.support.scrapy_running import TEXT, scrapy, serve_folder
from tests.support.warc_writing import address, three


def test_each_field_is_shown_with_its_rule_and_its_text(tmp_path: Path) -> None:
    page = tmp_path / "brief.txt"
    page.write_text(TEXT)
    done = scrapy(tmp_path, "explain", page)
    assert (done.returncode, done.stderr) == (OK, "")
    words = done.stdout.split()
    for word in ("number", "7", "domain", "read", "Ada", "Wren", "Missing:"):
        assert word in words
    assert sorted(path.name for path in tmp_path.iterdir()) == ["brief.txt"]


def test_json_has_everything_whole(tmp_path: Path) -> None:
    page = tmp_path / "brief.txt"
    page.write_text(TEXT)
    result = json.loads(scrapy(tmp_path, "explain", page, "--json", "--url", address(1)).stdout)
    (reading,) = result["readings"]
    assert (result["outcome"], result["url"], reading["brief"]["number"]) == ("brief", address(1), 7)
    assert "wp_id" in reading["missing"]
    assert {"field", "value", "rule", "snippet", "confidence", "chosen"} <= reading["evidence"][0].keys()


def test_one_page_of_a_warc_or_all(tmp_path: Path) -> None:
    warc = three().save(tmp_path)
    first = scrapy(tmp_path, "explain", warc)
    assert address(1) in first.stdout
    assert "--all" in first.stderr
    chosen = scrapy(tmp_path, "explain", warc, "--url", "/2019/03/02/page-2/", "--json")
    assert [json.loads(line)["url"] for line in chosen.stdout.splitlines()] == [address(2)]
    every = scrapy(tmp_path, "explain", warc, "--all", "--json")
    assert [json.loads(line)["url"] for line in every.stdout.splitlines()] == [address(1), address(2), address(3)]


def test_a_brief_of_the_archive_by_path_address_and_id(tmp_path: Path) -> None:
    assert scrapy(tmp_path, "ingest", three().save(tmp_path)).returncode == OK
    for name in ("/2019/03/02/page-2/", address(2), "2"):
        done = scrapy(tmp_path, "explain", name, "--json")
        assert done.returncode == OK, done.stderr
        assert "ferry number 2" in json.loads(done.stdout)["readings"][0]["brief"]["body"]


def test_what_cannot_be_explained_is_one_line(tmp_path: Path) -> None:
    empty = tmp_path / "empty.html"
    empty.touch()
    for name in (tmp_path / "gone.html", "/2019/03/02/gone/", "12345", "gone", empty):
        done = scrapy(tmp_path, "explain", name)
        assert (done.returncode, done.stdout) == (DATA, "")
        assert str(name) in done.stderr.splitlines()[-1]
    assert not (tmp_path / "archive.db").exists()
    assert scrapy(tmp_path, "explain").returncode == USAGE


def test_an_address_that_is_not_in_the_archive_is_fetched(tmp_path: Path) -> None:
    site = tmp_path / "site"
    page = site / "2019" / "03" / "10" / "lamp" / "index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html><title>The lamp</title><h1>The lamp</h1><p>It burns all night long.</p>")
    (site / "robots.txt").write_text("User-agent: *\nDisallow: /private/\n")
    with serve_folder(site) as start:
        done = scrapy(tmp_path, "explain", f"{start}/2019/03/10/lamp/", "--json")
        assert done.returncode == OK, done.stderr
        result = json.loads(done.stdout)
        assert (result["source"], result["path"]) == ("live", "/2019/03/10/lamp/")
        forbidden = scrapy(tmp_path, "explain", f"{start}/private/")
        assert (forbidden.returncode, "robots.txt" in forbidden.stderr) == (UNAVAILABLE, True)
    nobody = scrapy(tmp_path, "explain", f"{start}/2019/03/10/lamp/")
    assert (nobody.returncode, len(nobody.stderr.splitlines())) == (UNAVAILABLE, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
