"""An alarm names its cause once, the pages that it concerns, and a night that left no report of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.archive import SqliteArchive
from pipelines.database.lock import hold_lock
from pipelines.pages.runs import read_run_pages
from scraper.archive import Run
from scraper.commands.night_mark import NightMark
from scraper.commands.night_steps import Steps
from scraper.crawl.run_stats import PostCounts
from scraper.crawl.site_explorer import ChannelResult
from scraper.errors import DOUBTFUL, IO, UNAVAILABLE
from scraper.monitoring.markdown import render_text
from scraper.monitoring.report import Report, build_report
from tests.nights import FIELDS, night, settings, week
from tests.nights.test_holding import CUT, LONG, make_version, read_night
from tests.support.specimens import PATH, make_brief, make_extraction, make_reading, make_settings, open_archive

NOTHING = dict.fromkeys(("coverage/read", "look/divi_builder", *(f"coverage/{f}/found" for f in FIELDS)), 0)
NO_POST = {"newest_published": None, "body_median": None}


def report(run: Run, history: list[Run] | None = None) -> Report:
    return build_report(run, week() if history is None else history, settings())


@pytest.mark.parametrize(
    ("counts", "monitor", "words"),
    [
        (
            NOTHING | NO_POST | {"outcome/challenge": 2, "lists/challenge": 19},
            "StatusMonitor",
            "a bot wall came in place of 2 posts and 19 lists",
        ),
        (NOTHING | NO_POST | {"outcome/maintenance": 2}, "StatusMonitor", "a note of maintenance came"),
        (NOTHING | NO_POST | {"skipped/other_post": 3}, "StatusMonitor", "another post's page came"),
        (
            NOTHING | NO_POST | {"status/200": 1, "status/500": 4},
            "StatusMonitor",
            "the server answered 4 of 6 requests with 500",
        ),
        (
            {"look/divi_builder": 0, "look/generic": 2, "body_median": 90},
            "LookMonitor",
            "2 of 2 posts have a look that no rule knows: a new theme, or other class names",
        ),
        (
            {"coverage/body/found": 0, "body_median": 0},
            "FieldCoverageMonitor",
            "the text of the posts is gone: none of 2",
        ),
        (
            {"look/divi_builder": 0, "look/none": 2, "coverage/body/found": 0, "body_median": 0},
            "FieldCoverageMonitor",
            "the text of the posts is gone: none of 2 has one",
        ),
    ],
    ids=["wall", "maintenance", "cache", "errors", "class names", "text", "text and look"],
)
def test_a_cause_is_one_finding(counts: dict[str, object], monitor: str, words: str) -> None:
    result = report(night(8, counts=counts))
    assert [finding.monitor for finding in result.serious_findings] == [monitor]
    assert result.serious_findings[0].message.startswith(words)
    assert (result.level, result.exit_code) == ("alarm", DOUBTFUL)


def test_a_site_that_refuses_is_one_finding() -> None:
    run = night(8, counts=NOTHING | {"unreachable": "/robots.txt: HTTP 503", "status/503": 3}, exit_code=UNAVAILABLE)
    result = report(run, [*week()[:5], replace(run, id=6), replace(run, id=7)])
    (found,) = result.serious_findings
    assert found.monitor == "SiteMonitor"
    assert "robots.txt: HTTP 503" in found.message
    assert found.message.endswith("(3 nights in a row)")


def test_a_held_night_says_so_and_is_no_measure() -> None:
    cut = {"body_median": 260}
    held = replace(night(7, counts=cut), verdict="held")
    result = report(replace(night(8, counts=cut), verdict="held"), [*week()[:6], held])
    assert "2 nights in a row; what it read is held and not published" in result.serious_findings[0].message
    accepted = [replace(night(number, counts=cut), verdict="accepted", exit_code=DOUBTFUL) for number in range(1, 8)]
    assert report(night(8, counts=cut), accepted).level == "ok"


def test_ways_in_that_are_shut_are_named() -> None:
    shut = {"shut/example.org/rest": "2026-03-01T02:00:00Z", "edits_unseen_since": "2026-03-01T02:00:00Z"}
    (found,) = report(night(8, counts=shut)).serious_findings
    assert (found.monitor, found.level) == ("ChannelMonitor", "warning")
    assert "rest of example.org" in found.message
    assert "2026-03-01T02:00:00Z; edits since then cannot be seen" in found.message


def test_a_list_that_fails_is_no_trouble_of_the_whole_server() -> None:
    shut = {"shut/example.org/feed": "2026-03-01T02:00:00Z", "status/500": 3}
    (found,) = report(night(8, counts=shut)).serious_findings
    assert (found.monitor, found.level) == ("ChannelMonitor", "warning")
    assert "feed of example.org" in found.message
    worse = report(night(8, counts=shut | {"outcome/failed": 2}))
    assert {"ChannelMonitor", "StatusMonitor", "ErrorCountMonitor"} == {f.monitor for f in worse.serious_findings}


def test_runs_that_never_ended_are_in_the_next_report() -> None:
    killed = [replace(night(number, 0), outcome=None, exit_code=None, finished_at=None) for number in (6, 7)]
    (found,) = report(night(8), [*week()[:5], *killed]).serious_findings
    assert found.monitor == "LostRunMonitor"
    assert found.message.startswith("run 6 of 2026-03-02T02:17:06Z, run 7 of")


def test_little_that_was_due_is_no_warning_after_busy_nights() -> None:
    asked = {"asked/probe": 1, "asked/new": 1}
    assert report(night(8, 2, asked), week(read=40)).serious_findings == []
    assert report(night(8, 2, asked | {"asked/due": 30}), week(read=40)).serious_findings


def test_one_brief_without_a_label_is_no_warning() -> None:
    history = [night(number, 40, {"coverage/label/found": 40}) for number in range(1, 8)]
    assert report(night(8, 2, {"coverage/label/found": 1, "asked/new": 2}), history).serious_findings == []
    assert report(night(8, 2, {"coverage/label/found": 0, "asked/new": 2}), history).serious_findings


def test_op_eds_and_notices_lack_what_briefs_have() -> None:
    other = "/2020/03/06/other-pact/"
    counts = PostCounts(known_briefs=frozenset([other]))
    opinion = make_brief("/2022/01/01/op-ed/", kind="opinion", body="Short.")
    opinion = replace(opinion, label=None, number=None, domain=None, authors=(), resources=())
    lost = replace(opinion, path=other, kind="post", body="Lost.")
    for brief in (opinion, make_brief(body=LONG), lost):
        counts.add_post(make_extraction(make_reading(brief), path=brief.path))
    figures = counts.compute_figures({}, [ChannelResult("listing", "/", "challenge")], [])
    assert (figures["coverage/read"], figures["coverage/briefs"]) == (3, 2)
    assert (figures["coverage/label/found"], figures["coverage/title/found"]) == (1, 3)
    assert figures["body_median"] == round((len(LONG) + 5) / 2)
    assert (figures["lists/challenge"], figures["listing_pages"]) == (1, 0)


def test_pages_are_named(tmp_path: Path) -> None:
    other, new = "/2020/03/06/other-pact/", "/2022/06/02/new-pact/"
    read_night(tmp_path, 1, make_version(LONG), make_version(LONG, other))
    read_night(tmp_path, 2, make_version(CUT), make_version(LONG, other, "Another title"), make_version(LONG, new))
    pages = read_run_pages(tmp_path / "archive.db", 2)
    assert pages == {"new": (new,), "changed": (other,), "held": (PATH,)}
    result = build_report(night(8), week(), settings(), pages=pages)
    assert f"held: {PATH}" in render_text(result)


def test_a_night_that_did_not_begin_renews_the_latest_report(tmp_path: Path) -> None:
    said: list[str] = []
    steps = Steps(make_settings(tmp_path), said.append, said.append)
    steps.note_failure("preflight", IO, "no room")
    assert steps.report_no_run().exit_code == IO
    result = json.loads((tmp_path / "reports/latest.json").read_text())
    assert (result["level"], result["exit_code"], result["run"]["id"]) == ("alarm", IO, 0)
    assert result["findings"][0]["message"] == "no room"
    assert {path.stem for path in (tmp_path / "reports").iterdir()} == {"latest"}


def test_a_night_that_was_killed_behind_its_crawl_is_told(tmp_path: Path) -> None:
    with open_archive(tmp_path) as archive:
        end_run(archive)
    mark = NightMark.of(make_settings(tmp_path))
    for lost in (0, 1):
        steps = Steps(make_settings(tmp_path), print, print)
        steps.note_lost_night(mark)
        assert len(steps.findings) == lost
    assert "never ended" in steps.findings[0].message


@pytest.mark.parametrize(
    ("begin", "hangs"), [("2026-03-01T02:00:00Z", True), ("9999-01-01T00:00:00Z", False), ("", False), ("\0", False)]
)
def test_a_night_that_hangs_is_seen_by_its_lock_and_its_mark(tmp_path: Path, begin: str, hangs: bool) -> None:
    mark = NightMark.of(make_settings(tmp_path))
    mark.place.write_text(begin)
    assert mark.find_hanging_night() is None  # it was killed: the next night tells of it
    with hold_lock(mark.lock, ""):
        found = mark.find_hanging_night()
    assert bool(found) == hangs
    assert not found or ("2026-03-01T02:00:00Z hangs" in found.message and found.level == "alarm")


def end_run(archive: SqliteArchive) -> None:
    archive.begin_run("briefs", {})
    archive.finish_run("finished", {})
