"""Green but broken must raise an alarm; a quiet night must not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from scrapy.settings import Settings

from scraper.archive import Run
from scraper.errors import BUSY, DOUBTFUL, FAILED, IO, OK, PARTLY, UNAVAILABLE, BadArgument
from scraper.monitoring.findings import LEVELS, Finding, night_exit_code, worst_level
from scraper.monitoring.monitors import assess_run
from scraper.monitoring.report import build_report
from tests.nights import FIELDS, levels, night, settings, week

SETTINGS = settings()
MONITORS = {
    *("ItemCountMonitor", "ZeroItemsMonitor", "FieldCoverageMonitor", "LookMonitor", "ListingMonitor"),
    *(
        "BodyLengthMonitor",
        "StalenessMonitor",
        "StatusMonitor",
        "FinishReasonMonitor",
        "ErrorCountMonitor",
        "SiteMonitor",
    ),
}


def grade(run: Run, history: list[Run] | None = None) -> dict[str, str]:
    """Monitors that are not content, and how grave it is."""
    result = levels(assess_run(run, week() if history is None else history, SETTINGS))
    return {monitor: level for monitor, level in result.items() if level != "ok"}


def test_every_monitor_speaks_and_a_quiet_night_is_quiet() -> None:
    findings = assess_run(night(8), week(), SETTINGS)
    assert {finding.monitor for finding in findings} == MONITORS
    assert worst_level(findings) == "ok"
    assert all("\n" not in finding.message and finding.message for finding in findings)


def test_the_first_night_of_all_is_quiet_and_so_is_the_second() -> None:
    first = night(1, 600)
    assert grade(first, []) == {}
    assert grade(night(2), [first]) == {}


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"coverage/body/found": 0}, {"FieldCoverageMonitor": "alarm"}),
        ({"coverage/body/found": 1}, {"FieldCoverageMonitor": "warning"}),
        ({"coverage/authors/found": 1}, {}),
        ({"look/divi_builder": 0, "look/generic": 2}, {"LookMonitor": "alarm"}),
        ({"look/divi_builder": 0, "look/none": 2}, {"LookMonitor": "alarm"}),
        ({"look/divi_builder": 1, "look/gutenberg": 1}, {"LookMonitor": "warning"}),
        ({"listing_items": 0}, {"ListingMonitor": "alarm", "ItemCountMonitor": "alarm"}),
        ({"listing_items": 3}, {"ItemCountMonitor": "warning"}),
        ({"listing_items": 0, "edits_listed": 1}, {"ListingMonitor": "warning", "ItemCountMonitor": "warning"}),
        ({"coverage/body/found": 0, "coverage/body/lacked": 2}, {}),
        ({"body_median": 700}, {"BodyLengthMonitor": "alarm"}),
        ({"body_median": 2000}, {}),
        ({"newest_published": "2026-02-01"}, {"StalenessMonitor": "alarm"}),
        ({"newest_published": "2062-03-01"}, {"StalenessMonitor": "warning"}),
        ({"newest_published": "soon"}, {"StalenessMonitor": "warning"}),
        ({"status/403": 2}, {"StatusMonitor": "alarm"}),
        ({"status/503": 1}, {"StatusMonitor": "warning"}),
        ({"status/401": 1, "closed/401": 1}, {}),  # REST is not for everybody, and never was
        ({"status/401": 2, "closed/401": 1}, {"StatusMonitor": "warning"}),
        ({"skipped/challenge": 2}, {"StatusMonitor": "alarm"}),
        ({"skipped/soft404": 1}, {"StatusMonitor": "warning"}),
        ({"missing": 9}, {"StatusMonitor": "warning"}),
        ({"errors": 2}, {"ErrorCountMonitor": "alarm"}),
        ({"outcome/failed": 2}, {"ErrorCountMonitor": "alarm"}),
        ({"outcome/unreadable": 2, "skipped/unreadable": 2}, {"StatusMonitor": "alarm"}),
        ({"look/divi_builder": 0, "look/unknown": 2}, {"LookMonitor": "alarm"}),
        ({"errors": 1}, {"ErrorCountMonitor": "warning"}),
    ],
    ids=str,
)
def test_what_can_be_wrong_with_two_posts(counts: dict[str, object], expected: dict[str, str]) -> None:
    assert grade(night(8, counts=counts)) == expected


def test_a_broken_theme_is_an_alarm_without_any_history() -> None:
    broken = {"look/divi_builder": 0, "look/generic": 2, "coverage/body/found": 0, "body_median": 0}
    assert grade(night(1, counts=broken), []) == dict.fromkeys(
        ("FieldCoverageMonitor", "LookMonitor", "BodyLengthMonitor"), "alarm"
    )


def test_a_field_that_was_always_there_and_is_not_even_counted_any_more() -> None:
    gone = {name: count for name, count in night(8).counts.items() if name != "coverage/authors/found"}
    assert grade(replace(night(8), counts=gone)) == {
        "FieldCoverageMonitor": "warning"
    }  # of 14 posts, all that there is
    assert grade(replace(night(8), counts=gone), week(read=4)) == {"FieldCoverageMonitor": "alarm"}


def test_one_odd_post_is_no_alarm_however_long_the_history() -> None:
    history = [night(number, 40) for number in range(1, 31)]
    for name in ("coverage/authors/found", "coverage/body/found", "look/divi_builder"):
        odd = {name: 1} | ({"look/generic": 1} if name.startswith("look/") else {})
        assert "alarm" not in grade(night(40, counts=odd | {"briefs_new": 0}), history).values()


def test_nothing_read_is_an_alarm_but_not_by_hand_when_all_is_known() -> None:
    nothing = dict.fromkeys(("coverage/read", "look/divi_builder", *(f"coverage/{f}/found" for f in FIELDS)), 0)
    assert grade(night(8, counts=nothing))["ZeroItemsMonitor"] == "alarm"
    assert "ZeroItemsMonitor" not in grade(night(8, counts=nothing | {"argument/nightly": "0"}))
    assert (
        grade(night(8, counts=nothing | {"argument/nightly": "0", "listing_items": 0}))["ZeroItemsMonitor"] == "alarm"
    )


def test_fewer_posts_than_usual() -> None:
    full = {"argument/full": "1"}
    rechecks = [night(number, 600, full) for number in range(1, 4)]
    assert grade(night(8, 200, full), rechecks)["ItemCountMonitor"] == "alarm"
    assert grade(night(8, 590, full), rechecks) == {}
    busy = week(read=40)
    assert grade(night(8, 2), busy)["ItemCountMonitor"] == "warning"  # little was due, and all of it was read
    assert grade(night(8, 2, {"errors": 1}), busy)["ItemCountMonitor"] == "alarm"
    for gone in ("missing-check", "unlisted"):  # these are asked whether they are there at all
        assert grade(night(8, 2, {"asked/probe": 2, f"asked/{gone}": 3}), busy) == {}
    assert grade(night(8, 2, {"asked/probe": 2, "asked/edited": 3}), busy) == {"ItemCountMonitor": "warning"}


def test_a_full_recheck_among_quiet_nights_is_no_measure_for_them() -> None:
    assert grade(night(9), [*week(), night(8, 600, {"argument/full": "1"})]) == {}


def test_runs_that_are_no_measure() -> None:
    bad = {"look/divi_builder": 0, "look/generic": 2}
    history = [night(number, counts=bad, exit_code=DOUBTFUL) for number in range(1, 20)]
    assert grade(night(20, counts=bad), history)["LookMonitor"] == "alarm"
    others = [replace(past, spider="other", exit_code=0) for past in history]
    assert grade(night(20, counts=bad), others)["LookMonitor"] == "alarm"


def test_a_long_pause_that_history_knows_is_no_alarm() -> None:
    quiet = night(8, counts={"newest_published": "2026-02-10"})
    assert grade(quiet) == {"StalenessMonitor": "alarm"}
    paused = [night(number, counts={"newest_published": day}) for number, day in ((1, "2026-01-01"), (2, "2026-01-20"))]
    assert grade(quiet, paused) == {}


def test_a_run_that_did_not_come_to_its_end() -> None:
    stopped = night(8, 0, outcome="shutdown", exit_code=PARTLY)
    assert grade(stopped) == {"FinishReasonMonitor": "warning"}
    assert grade(replace(stopped, outcome="archive_error")) == {"FinishReasonMonitor": "alarm"}
    killed = Run(8, "briefs", "2026-03-02T02:17:00Z", None, None, None, {})
    assert [finding.monitor for finding in assess_run(killed, week(), SETTINGS)] == ["FinishReasonMonitor"]
    assert grade(killed) == {"FinishReasonMonitor": "alarm"}


def unreachable(**counts: object) -> Run:
    """A night that could ask for nothing."""
    nothing = dict.fromkeys(night(1).counts, 0) | {"argument/nightly": "1", "requests": 6, "outcome/failed": 2}
    answered = {name: 0 for name in nothing if name.startswith("status/")}
    known = {name: value for name, value in nothing.items() if name not in answered and name != "newest_published"}
    return Run(8, "briefs", "2026-03-02T02:17:00Z", "2026-03-02T02:18:00Z", "finished", UNAVAILABLE, known | counts)


def test_a_site_that_cannot_be_reached_is_one_alarm() -> None:
    for history in ([], week()):
        for reason in ({}, {"unreachable": "https://site.example/robots.txt: no such name"}):
            (found,) = assess_run(unreachable(**reason), history, SETTINGS)
            assert (found.monitor, found.level) == ("SiteMonitor", "alarm")
            assert found.message.startswith("the site could not be reached: ")
            assert "network" in found.message
            assert not reason or reason["unreachable"] in found.message


@pytest.mark.parametrize("answers", [{"status/503": 6}, {"status/403": 2, "status/429": 4}, {"status/200": 1}])
def test_a_site_that_only_refuses_says_by_which_answers(answers: dict[str, object]) -> None:
    found = assess_run(unreachable(**answers), week(), SETTINGS)
    assert {finding.monitor for finding in found} == {"SiteMonitor", "StatusMonitor"}
    assert found[0].level == "alarm"
    assert "could not be reached" not in found[0].message


def test_a_log_is_named_where_there_is_one() -> None:
    def explain(settings_: Settings, **counts: int) -> str:
        found = assess_run(night(8, counts=counts), [], settings_)
        return next(finding.message for finding in found if finding.monitor == "ErrorCountMonitor")

    silent, faulty = {"outcome/failed": 2}, {"errors": 2}
    assert explain(SETTINGS, **silent).endswith("see the table problems")
    assert explain(SETTINGS, **faulty).endswith("see what the run wrote to standard error")
    assert explain(settings(LOG_FILE="night.log"), **silent | faulty).endswith("see the table problems and night.log")
    assert explain(settings(LOG_FILE="night.log")).endswith("requests")


def test_thresholds_are_settings() -> None:
    short = night(8, counts={"body_median": 150})
    assert levels(assess_run(short, [], settings(MONITOR_BODY_MIN="100")))["BodyLengthMonitor"] == "ok"
    numbers = {"MONITOR_" + name: 0 for name in ("HISTORY_MIN", "MEDIAN_OF", "CHANCE", "DOUBT", "DROP", "ITEMS_SHARE")}
    for known_looks in (0, 1):
        assert assess_run(short, week(), settings(**numbers | {"MONITOR_KNOWN_LOOKS": known_looks}))
    with pytest.raises(BadArgument, match="MONITOR_"):
        assess_run(short, [], settings(MONITOR_CHANCE="often"))


def test_pages_that_no_edit_explains_are_a_warning_and_a_doubtful_night_an_alarm() -> None:
    alone = night(9, counts={"unexplained": "2: /2020/01/01/quay/, /2020/01/02/quay/"})
    assert levels(assess_run(alone, week(), settings()))["TextMonitor"] == "warning"
    both = night(9, counts={**alone.counts, "text_doubts": "3 of 4 posts lost words"})
    assert levels(assess_run(both, week(), settings()))["TextMonitor"] == "alarm"


def test_exit_codes() -> None:
    alarm, warning = Finding("X", "alarm", "x"), Finding("X", "warning", "x")
    assert night_exit_code(OK, ()) == OK
    assert night_exit_code(OK, (warning,)) == OK
    assert night_exit_code(PARTLY, (warning,)) == PARTLY
    assert {night_exit_code(code, (warning, alarm)) for code in (OK, PARTLY, DOUBTFUL)} == {DOUBTFUL}
    for code in (FAILED, UNAVAILABLE, IO, BUSY):
        assert night_exit_code(code, (alarm,)) == code


@st.composite
def healthy(draw: st.DrawFn) -> Run:
    """A run that no floor objects to, however it looks otherwise."""
    read = draw(st.integers(1, 700))
    counts: dict[str, object] = {f"coverage/{field}/found": draw(st.integers(0, read)) for field in FIELDS[3:]}
    counts["look/divi_builder"] = read - (odd := draw(st.integers(0, read // 50)))
    counts |= {"look/generic": odd, "body_median": draw(st.integers(200, 60_000))}
    counts |= {"listing_items": draw(st.integers(1, 5000)), "argument/full": draw(st.sampled_from("01"))}
    return night(100, read, counts)


@trying(deadline=None)
@given(healthy(), st.integers(0, 30))
def test_never_an_alarm_on_identical_history(run: Run, copies: int) -> None:
    history = [replace(run, id=number) for number in range(1, copies + 1)]
    assert worst_level(assess_run(run, history, SETTINGS)) != "alarm"


COUNTS = st.one_of(
    st.integers(0, 50), st.text(max_size=12), st.none(), st.booleans(), st.sampled_from([-1, 1e300, float("nan"), 1.5])
)


@trying(deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(sorted(night(1).counts)), COUNTS), min_size=1, max_size=9))
def test_no_counts_are_so_odd_that_a_monitor_breaks(counted: list[dict[str, object]]) -> None:
    run, *history = [night(100 - number, counts=counts) for number, counts in enumerate(counted)]
    assert levels(assess_run(run, history, SETTINGS)).keys() >= {"ZeroItemsMonitor", "ItemCountMonitor"}
    assert build_report(run, history, SETTINGS).exit_code in (OK, DOUBTFUL)


@trying(deadline=None)
@given(st.integers(0, 60), st.sampled_from([f"coverage/{field}/found" for field in FIELDS]), st.integers(1, 60))
def test_fewer_found_is_never_better(more: int, name: str, read: int) -> None:
    more = min(more, read)
    item, other = (night(9, read, {name: found}) for found in (more, more // 2))
    assert _rank(item, "FieldCoverageMonitor") <= _rank(other, "FieldCoverageMonitor")


@trying(deadline=None)
@given(st.integers(0, 900), st.integers(1, 400), st.sampled_from(["ItemCountMonitor", "ListingMonitor"]))
def test_fewer_listed_is_never_better(listed: int, usual: int, monitor: str) -> None:
    history = [night(number, counts={"listing_items": usual}) for number in range(1, 8)]
    item, other = (night(9, counts={"listing_items": count}) for count in (listed, listed // 3))
    assert _rank(item, monitor, history) <= _rank(other, monitor, history)


@trying(deadline=None)
@given(st.integers(0, 900), st.integers(1, 900), st.integers(0, 3), st.sampled_from("01"))
def test_fewer_posts_are_never_better(read: int, usual: int, errors: int, full: str) -> None:
    counts = {"argument/full": full, "errors": errors}
    history = [night(number, usual, {"argument/full": full}) for number in range(1, 8)]
    for monitor in ("ItemCountMonitor", "ZeroItemsMonitor"):
        ranks = [_rank(night(9, posts, counts), monitor, history) for posts in (read, read // 2, 0)]
        assert ranks == sorted(ranks)


def _rank(run: Run, monitor: str, history: list[Run] | None = None) -> int:
    return LEVELS.index(levels(assess_run(run, history or week(), SETTINGS))[monitor])
