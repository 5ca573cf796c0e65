"""What is missing is told, with the right numbers, and what only looks missing is not."""

from __future__ import annotations

import csv
import io
import re
import shlex
import sqlite3
from argparse import ArgumentParser
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from pipelines.extraction.wording.slug_label import read_slug_label
from pipelines.gaps import next_command
from pipelines.gaps.find import collect_gaps
from pipelines.gaps.records import Gap, Gaps
from pipelines.gaps.waiting_gaps import MementoGroup
from scraper.commands.gaps_files import render_gaps_html
from scraper.commands.gaps_table import format_gaps_csv, join_numbers, list_standings, select_gaps
from scraper.console.loader import load_command
from scraper.crawl.arguments import Arguments
from scraper.errors import DATA, OK, USAGE, BadArgument, BadInput
from scraper.webarchives.selection import CommonCrawlSelection, WaybackSelection
from tests.support.gappy import HOSTILE, fill_gappy_archive, make_numbered_page, make_redirect, note_channel
from tests.support.scrapy_running import scrapy
from tests.support.specimens import ingest_capture, make_settings, open_archive


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill_gappy_archive(tmp_path_factory.mktemp("gappy"))


@pytest.fixture(scope="module")
def report(folder: Path) -> Gaps:
    return collect_gaps(make_settings(folder))


def what(report: Gaps, kind: str) -> dict[str, Gap]:
    return {gap.what: gap for gap in report.gaps if gap.kind == kind}


def test_numbers_missing_between_first_and_last(report: Gaps) -> None:
    missing = what(report, "number")
    assert list(missing) == ["Environment 46", "Environment 48", "Environment 49", "US Renew News Blog 2"]
    assert missing["Environment 48"].where == "between 2018-11-20 and 2018-12-01"
    assert report.total("number") == 4
    assert "TBA: 2 numbers from 3 to 30, too few to be a series, so its gaps are not listed" in report.notes


def test_a_missing_number_is_told_where_it_is_named(report: Gaps) -> None:
    gap = what(report, "number")["Environment 46"]
    named = "its address may be /2018/11/10/marsh-environment-policy-brief-46/ (not captured well)"
    assert (
        gap.where
        == f"between 2018-11-02 and 2018-11-20; {named}; of that time and without a number: /2018/11/11/unnumbered/"
    )
    assert gap.next == "briefs crawl"


def test_doubled_numbers_are_those_of_two_briefs(report: Gaps) -> None:
    doubled = what(report, "double")
    assert list(doubled) == ["Environment 50"]  # not 44, whose second path leads to the first, nor a withdrawn one
    assert doubled["Environment 50"].paths == ("/2018/12/01/reefs/", "/2018/12/02/reefs-again/")
    assert doubled["Environment 50"].where.startswith("2018-12-01 /2018/12/01/reefs/ Title")


def test_posts_never_captured(report: Gaps) -> None:
    assert list(what(report, "address")) == [
        "/2017/07/07/listed/",
        "/2017/07/09/crawled/",
        "/2018/05/05/%3cscript%3ealert(1)%3c/",
        "/2018/11/10/marsh-environment-policy-brief-46/",
        "/2020/02/02/never/",
    ]
    listed = what(report, "address")["/2017/07/07/listed/"]
    assert listed.where == "named by a web archive's index; https://web.archive.org/: 1 missing, 2018-11-15"


def test_posts_captured_only_broken_and_lost_ones(report: Gaps) -> None:
    broken, lost = what(report, "broken"), what(report, "lost")
    assert {name: gap.where.partition(";")[0] for name, gap in broken.items()} == {
        "/2020/02/03/walled/": "only captured as challenge",
        "/2020/02/04/cut/": "only a copy without all of its text",
    }
    assert {name: gap.where.partition(";")[0] for name, gap in lost.items()} == {
        "/2020/02/05/gone/": "missing since 2021-06-01T12:00:00Z",
        "/2020/02/08/homeward/": "missing since 2021-06-01T12:00:00Z",
    }


def test_what_waits(report: Gaps) -> None:
    waiting = [(gap.what, gap.where.partition(": ")[2]) for gap in report.gaps if gap.kind == "memento"]
    assert waiting == [
        ("/2017/07/09/crawled/", "1 waiting, 2018-11-15"),
        ("/2018/11/02/dams/", "1 waiting, 2018-11-15"),
        ("/2018/11/02/dams/", "1 failed (the digest is another), 2019-01-05"),
    ]
    assert [*what(report, "revisit"), *what(report, "refused")] == ["/2018/11/02/dams/", "/2021/01/01/odd/"]


def test_nothing_withdrawn_foreign_or_resolved_is_shown(report: Gaps, folder: Path) -> None:
    shown = repr(report.gaps) + repr(report.sightings)
    resolved = ("secret/", "elsewhere", "/about/", "/tag/", "p=77", "p=78", "typing-mistake", "attachment", "never-was")
    assert [word for word in resolved if word in shown] == []
    assert report.notes[1:] == (
        "1 addresses of a post's shape that are no posts: static pages, attachments, listings",
        "2 addresses that were only ever seen as not found, and that nobody names",
        "1 pages withdrawn from readers",
    )


def test_every_command_is_one_that_can_be_typed(report: Gaps) -> None:
    arguments = {"wayback": WaybackSelection.read, "commoncrawl": CommonCrawlSelection.read, "crawl": Arguments.read}
    seen = set()
    for gap in report.gaps:
        program, verb, *words = shlex.split(gap.next)
        assert program == "briefs"
        command, parser = load_command(verb), ArgumentParser()
        command.settings = get_project_settings()
        command.add_options(parser)
        opts, rest = parser.parse_known_args(words)
        command.process_options(rest, opts)  # raises UsageError for an option that nobody knows
        seen.add(verb)
        if verb in arguments:  # raises BadArgument for a value that the spider does not take
            arguments[verb](opts.spargs)
    assert seen >= {"wayback", "commoncrawl", "crawl", "reextract"}


def test_commands_for_other_servers() -> None:
    there, index = "http://127.0.0.1:8000/2020/01/01/a/", "http://127.0.0.1:8001/CC-MAIN-2020-05-index"
    path = "/2020/01/01/a'b/"
    assert next_command.suggest_crawl(there) == "briefs crawl --start http://127.0.0.1:8000/"
    quoted = shlex.quote(path)
    assert next_command.suggest_fetch(index, path, there) == (
        "briefs commoncrawl --index http://127.0.0.1:8001/ --crawls CC-MAIN-2020-05 "
        f"--site 127.0.0.1:8000 --match {quoted}"
    )
    pywb = "http://127.0.0.1:8002/briefs/"
    assert next_command.suggest_fetch(pywb, path) == f"briefs wayback --archive {pywb} --match {quoted}"
    assert next_command.suggest_other_archive(pywb, path) == f"briefs commoncrawl --match {quoted}"


def test_what_an_index_beside_warc_files_lists_may_be_had_elsewhere() -> None:
    assert next_command.suggest_fetch("saved files/index.cdx", "/a/") == "briefs wayback --match /a/"
    group = MementoGroup("/a/", "saved files/index.cdx", "waiting", 1, "20190101", "20190101", None, "", "old.warc.gz")
    assert group.place == "saved files/index.cdx (old.warc.gz was not given; ingest both together)"
    assert replace(group, archive="https://x.example/").place == "https://x.example/"


def test_channels_are_reconciled(report: Gaps) -> None:
    channels = {item.name: item for item in report.channels}
    assert list(channels) == ["sitemap", "rest", "feed", "listing", "link", "wayback", "commoncrawl", "archive"]
    sitemap, home = channels["sitemap"], channels["archive"]
    assert (sitemap.knows, sitemap.archived, sitemap.alone) == (3, 2, 1)
    assert (sitemap.unknown["feed"], sitemap.unknown["archive"], home.unknown["sitemap"]) == (2, 1, home.knows - 2)
    stands = {item.path: word for word, item in list_standings(report, "sitemap")}
    assert stands["/2018/10/20/wells/"] == "alone"
    assert stands["/2020/02/02/never/"] == "not in the archive"
    assert stands["/2018/03/03/numbered/"] == "unknown"
    assert "/2018/11/02/dams/" not in stands
    assert {item.path for word, item in list_standings(report, "archive") if word == "alone"} >= {"/2018/12/01/reefs/"}
    with pytest.raises(BadArgument, match="knows sitemap, rest"):
        list_standings(report, "radio")


def test_numbers_of_which_the_same_is_known_are_shown_in_one(report: Gaps) -> None:
    assert [(gap.what, gap.count) for gap in join_numbers(report.gaps)[:3]] == [
        ("Environment 46", 1),
        ("Environment 48–49", 2),
        ("US Renew News Blog 2", 1),
    ]


def test_a_misprint_makes_one_line(tmp_path: Path) -> None:
    with open_archive(tmp_path, batch=9) as opened:
        for number, day in ((5, "01"), (6, "02"), (1380, "03")):
            opened.store_capture(*make_numbered_page(f"/2020/01/{day}/a/", "Education", number))
    (gap,) = collect_gaps(make_settings(tmp_path)).gaps
    assert (gap.what, gap.count, gap.next) == ("Education 7–1379", 1373, "briefs explain /2020/01/03/a/")
    assert "is 1380 a misprint? /2020/01/03/a/" in gap.where


def test_dates_out_of_order_and_none(tmp_path: Path) -> None:
    with open_archive(tmp_path, batch=9) as opened:
        opened.store_capture(*make_numbered_page("/2020/03/01/a/", "Education", 1))
        opened.store_capture(*make_numbered_page("/2020/02/01/b/", "Education", 3))
        opened.store_capture(*make_numbered_page("/2020/04/01/c/", "Education", 5, published=None))
    report = what(collect_gaps(make_settings(tmp_path)), "number")
    assert report["Education 2"].where == "between 2020-02-01 and 2020-03-01"
    assert report["Education 4"].where == "after 2020-02-01"


def test_where_addresses_lead(tmp_path: Path) -> None:
    with open_archive(tmp_path, batch=9) as opened:
        ingest_capture(opened, *make_redirect("/2020/01/01/old/", "/2020/01/02/new/"))
        page, seen = make_redirect("/2020/01/03/away/", "")
        opened.store_capture(page, replace(seen, location="https://elsewhere.example/"))
    report = {gap.what: (gap.kind, gap.where) for gap in collect_gaps(make_settings(tmp_path)).gaps}
    assert report == {
        "/2020/01/02/new/": ("address", "/2020/01/01/old/ led to it"),
        "/2020/01/03/away/": ("lost", "its address leads to another site"),
    }


def test_a_circle_of_redirects_ends(tmp_path: Path) -> None:
    with open_archive(tmp_path, batch=9) as opened:
        ingest_capture(opened, *make_redirect("/2020/01/01/a/", "/2020/01/01/b/"))
        ingest_capture(opened, *make_redirect("/2020/01/01/b/", "/2020/01/01/a/"))
        note_channel(opened, "feed", "/2020/01/01/b/")
    assert [gap.kind for gap in collect_gaps(make_settings(tmp_path)).gaps] == ["lost"]


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/2018/11/10/marsh-environmental-policy-brief-46/", ("Environment", 46)),
        ("/2018/11/10/brief-46-environment/", ("Environment", 46)),
        ("/2024/01/01/policy-brief-174-health-and-gender-2/", ("Health & Gender", 174)),
        ("/2024/01/01/elections-politics-138/", ("Elections & Politics", 138)),
        ("/2024/01/01/on-immigration-2/", None),
        ("/2024/01/01/brief-news/", None),
        ("/?p=46", None),
    ],
)
def test_labels_in_addresses(path: str, label: tuple[str, int] | None) -> None:
    assert read_slug_label(path) == label


def test_the_page_shows_hostile_text_as_text(report: Gaps) -> None:
    hostile = Gap(
        kind="lost", what='<script>alert("1")</script>\x00\x1b', where="a & b", next="x", url="javascript:alert(1)"
    )
    page = render_gaps_html(
        Gaps((hostile, *report.gaps), report.channels, report.sightings, report.notes), "t", ("feed", [])
    )
    tree = etree.fromstring(page.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    names = {str(element.tag).rpartition("}")[2] for element in tree.iter(etree.Element)}
    assert not names & {"script", "img", "link", "iframe", "object"}
    links = [str(value) for element in tree.iter() for name, value in element.items() if name in ("href", "src")]
    assert links
    assert all(re.match(r"https?://|#\w+$", link) for link in links)
    assert any(HOSTILE in link for link in links)


def test_rows_are_for_spreadsheets(report: Gaps) -> None:
    rows = list(
        csv.DictReader(io.StringIO(format_gaps_csv((*report.gaps, Gap(kind="lost", what="=cmd()", where="", next="")))))
    )
    assert len(rows) == len(report.gaps) + 1
    assert (rows[0]["what"], rows[0]["domain"], rows[-1]["what"]) == ("Environment 46", "Environment", "'=cmd()")


def test_one_domain_or_kind(report: Gaps) -> None:
    assert {gap.domain for gap in select_gaps(report, "the environment", None).gaps} == {"Environment"}
    assert {gap.kind for gap in select_gaps(report, None, "lost").gaps} == {"lost"}
    assert select_gaps(report, "Fishing", None).gaps == ()


def test_the_command(folder: Path, tmp_path: Path) -> None:
    before = (folder / "archive.db").read_bytes()
    with open_archive(folder):  # another command writes meanwhile
        short = scrapy(folder, "gaps", "--domain", "Environment")
    assert (short.returncode, short.stderr) == (OK, "")
    assert "Environment 48–49" in short.stdout
    assert short.stdout.splitlines()[0] == "Numbers that no brief carries: 3"
    files = ("--csv", tmp_path / "g.csv", "--html", tmp_path / "g.html")
    assert scrapy(folder, "gaps", *files).stdout.count("numbers that no brief carries: 4") == 1
    assert (tmp_path / "g.csv").read_text("utf-8").startswith("kind,domain,what")
    assert "</html>" in (tmp_path / "g.html").read_text("utf-8")
    assert scrapy(folder, "gaps", "--channel", "radio").returncode == USAGE
    assert (folder / "archive.db").read_bytes() == before


def test_no_archive_or_one_of_old(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no archive yet") as raised:
        collect_gaps(make_settings(tmp_path))
    assert raised.value.exit_code == DATA
    with open_archive(tmp_path):
        pass
    with closing(sqlite3.connect(tmp_path / "archive.db")) as db:
        db.execute("PRAGMA user_version = 5")
    with pytest.raises(BadInput, match="its schema is 5"):
        collect_gaps(Settings({"ARCHIVE_DB": str(tmp_path / "archive.db")}))
