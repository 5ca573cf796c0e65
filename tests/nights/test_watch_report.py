"""The report: what stands in it, that hostile text stays text, that it is written whole."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st
from lxml import etree
from scrapy.settings import Settings

from pipelines.archive import SqliteArchive
from scraper.archive import Run, Summary
from scraper.errors import DATA, DOUBTFUL, OK, PARTLY, DiskTrouble
from scraper.monitoring.chart import build_charts
from scraper.monitoring.markdown import render_markdown, render_text
from scraper.monitoring.report import Report, build_report, report_as_data
from scraper.monitoring.report_files import render_html, write_report
from tests.nights import night, settings, week
from tests.support.scrapy_running import ROOT, scrapy

SUMMARY = Summary(612, "2017-02-01", "2026-03-01", 143, 5120, 1403, 88, 0)
HOSTILE = "</title><script>alert(1)</script>]]>&lt;|`x`\n# top ![](http://evil.example/x.png)\x00\x1b[31m\ud800<!--"
BROKEN = {"coverage/body/found": 0, "look/divi_builder": 0, "look/generic": 2}


def report(run: Run | None = None, **known: object) -> Report:
    return build_report(run or night(8), week(), settings(), **({"summary": SUMMARY} | known))  # type: ignore[arg-type]


def page(result: Report) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(render_html(result).encode("utf-8"), parser)


def words(element: etree._Element) -> str:
    return " ".join(str(text).strip() for text in element.itertext() if str(text).strip())


def test_json_has_the_keys_that_are_documented() -> None:
    result = report_as_data(report())
    documented = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/report.md").read_text("utf-8"), re.MULTILINE)
    assert list(result) == documented
    assert json.loads(json.dumps(result)) == result
    assert (result["level"], result["exit_code"], result["posts_read"]) == ("ok", OK, 2)
    assert result["run"] == {
        "id": 8,
        "spider": "briefs",
        "mode": "night",
        "started_at": "2026-03-02T02:17:08Z",
        "finished_at": "2026-03-02T02:18:30Z",
        "seconds": 82,
        "outcome": "finished",
    }
    assert result["main"]["requests"] == {"count": 4, "usual": 4}
    assert result["coverage"]["body"] == {"found": 2, "read": 2, "usual_share": 1.0}
    assert result["archive"]["briefs"] == 612
    assert [past["id"] for past in result["history"]] == [7, 6, 5, 4, 3, 2, 1]


def test_every_monitor_and_setting_of_it_is_documented() -> None:
    text = (ROOT / "docs/report.md").read_text("utf-8")
    for name in {finding.monitor for finding in report().findings} | set(re.findall(r"MONITOR_\w+", text)):
        assert name in text
        assert not name.startswith("MONITOR_") or name in settings()


def test_an_alarm_is_told_first_everywhere() -> None:
    result = report(night(8, counts=BROKEN), facts={"snapshot": "briefs-8.db"})
    assert (result.level, result.exit_code) == ("alarm", DOUBTFUL)
    title = "Run 8 of 2026-03-02: alarm, exit code 3"
    assert render_text(result).startswith(
        f"{title}\nalarm: FieldCoverageMonitor: the text of the posts is gone: none of 2"
    )
    markdown = render_markdown(result)
    assert markdown.startswith(f"# {title}\n")
    assert markdown.index("**alarm** FieldCoverageMonitor") < markdown.index("## Monitors without a warning")
    for row in ("| requests | 4 | 4 |", "| body | 0 of 2 | 100% |", "| generic | 2 |", "| snapshot | briefs-8.db |"):
        assert row in markdown
    body = page(result).find("{*}body")
    assert body is not None
    assert body.get("class") == "is-alarm"
    assert words(body).startswith(f"{title} briefs (night), begun 2026-03-02T02:17:08Z, finished after 82 s alarm")


def test_the_exit_code_follows_the_crawls() -> None:
    assert report(night(8, exit_code=PARTLY)).exit_code == PARTLY
    assert report(night(8, counts=BROKEN, exit_code=PARTLY)).exit_code == DOUBTFUL
    assert report(night(8, exit_code=None)).exit_code == OK
    assert report(night(8, exit_code=None, outcome="shutdown")).exit_code == PARTLY


def test_the_page_stands_alone_and_its_charts_are_told_in_words() -> None:
    root = page(report())
    assert not root.xpath(
        "//*[local-name() = 'script' or local-name() = 'link' or @src or @href or @*[starts-with(name(), 'on')]]"
    )
    assert "url(" not in render_html(report())
    drawings = root.findall(".//{*}svg")
    assert [drawing.get("role") for drawing in drawings] == ["img"] * 3
    for drawing in drawings:
        title, desc = drawing[0], drawing[1]
        assert drawing.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
        assert "8 runs" in words(desc) or "The last run read 2 posts" in words(desc)
    assert not page(build_report(night(1), [], settings())).findall(".//{*}svg")


def test_charts_hold_extremes() -> None:
    drawn = build_charts([night(1, 60_000), night(2, 0), *(night(number, 2) for number in range(3, 40))])
    for chart in drawn:
        for box in chart.boxes:
            assert 0 <= box.x <= box.x + box.width <= 720.5
            assert 0 <= box.y <= box.y + box.height <= chart.height + 0.5
    assert [mark.text for mark in drawn[1].scale] == ["0", "1", "10", "100", "1,000", "10,000"]


def test_hostile_names_stay_text() -> None:
    counts: dict[str, object] = {f"{group}/{HOSTILE}": 1 for group in ("skipped", "problems", "look", "status")}
    counts |= {f"coverage/{HOSTILE}/found": 1, "newest_published": HOSTILE, HOSTILE: HOSTILE}
    result = report(night(8, counts=counts, outcome=HOSTILE, started_at=HOSTILE), facts={HOSTILE: HOSTILE})
    root = page(result)
    assert not root.findall(".//{*}script")
    assert not root.findall(".//{*}img")
    assert "<script>alert(1)</script>" in words(root)
    markdown = render_markdown(result)
    assert not re.search(r"(?<!\\)<|(?<!\\)!?\[|[\x00-\x08\x1b]", markdown)
    assert [line for line in markdown.splitlines() if line.startswith("#")] == re.findall(r"^##? .*$", markdown, re.M)
    assert not any(line.startswith("# top") for line in markdown.splitlines())
    for row in re.findall(r"^\|.*", markdown, re.MULTILINE):
        assert len(re.findall(r"(?<!\\)\|", row)) in (3, 4), row


@trying(deadline=None, max_examples=40)
@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_text_there_is_the_page_is_well_formed(name: str, value: str) -> None:
    result = report(night(8, counts={f"skipped/{name}": 1, "newest_published": value}, outcome=name or "x"))
    assert page(result) is not None
    assert render_markdown(result).startswith("# Run 8")


def test_files_are_written_whole_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = tmp_path / "step.md"
    summary.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    folder = tmp_path / "var" / "reports"
    for run in (night(8), night(9, counts=BROKEN)):
        write_report(report(run), folder)
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(f"{name}.{ending}" for name in ("8", "9", "latest") for ending in ("json", "md", "html"))
    assert json.loads((folder / "latest.json").read_text("utf-8"))["run"]["id"] == 9
    assert (folder / "latest.html").read_bytes() == (folder / "9.html").read_bytes()
    assert re.findall(r"^before|^# Run \d", summary.read_text("utf-8"), re.M) == ["before", "# Run 8", "# Run 9"]
    (tmp_path / "file").touch()
    with pytest.raises(DiskTrouble, match="file"):
        write_report(report(), tmp_path / "file")


def _add_crawls(folder: Path, *counts: dict[str, object]) -> None:
    places = Settings({"ARCHIVE_DB": str(folder / "archive.db"), "WARCS_DIR": str(folder / "warcs")})
    archive = SqliteArchive.open(places)
    for item in counts:
        archive.begin_run("briefs", {"nightly": "1"})
        archive.finish_run("finished", item)
    archive.begin_run("ingest", {})
    archive.close()


def test_the_command_prints_the_last_run_of_the_spider_and_only_reads(tmp_path: Path) -> None:
    _add_crawls(tmp_path, {"requests": 3, "coverage/read": 2}, {"requests": 4, "coverage/read": 2, "briefs_new": 1})
    before = {path: path.read_bytes() for path in (tmp_path / "archive.db", *tmp_path.glob("warcs/*"))}
    done = scrapy(tmp_path, "report")
    assert (done.returncode, done.stderr) == (OK, "")
    assert done.stdout.startswith("# Run 2 of ")
    result = json.loads(scrapy(tmp_path, "report", "--run", "1", "--json").stdout)
    assert (result["run"]["id"], result["run"]["mode"], result["counts"]["requests"]) == (1, "night", 3)
    assert result["archive"]["briefs"] == 0
    assert scrapy(tmp_path, "report", "--html").stdout.startswith("<!DOCTYPE html>")
    assert {path: path.read_bytes() for path in before} == before
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["warcs"]
    folder = tmp_path / "out"
    assert scrapy(tmp_path, "report", "--write", "-s", f"REPORTS_DIR={folder}").returncode == OK
    assert (folder / "latest.md").read_text("utf-8") == done.stdout


def test_the_command_without_such_a_run(tmp_path: Path) -> None:
    for args in ((), ("--run", "7"), ("--run", "9" * 30)):
        done = scrapy(tmp_path, "report", *args)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (DATA, "", 1)
    _add_crawls(tmp_path, {})
    for number in ("7", "-7", "9" * 30):
        assert scrapy(tmp_path, "report", "--run", number).returncode == DATA
    assert not list(tmp_path.glob("reports"))


def test_a_run_that_never_ended(tmp_path: Path) -> None:
    killed = replace(night(8), finished_at=None, outcome=None, exit_code=None, counts={})
    assert "no end" in render_markdown(report(killed))
    assert report(killed).exit_code == DOUBTFUL
    assert "no end" in words(page(report(killed)))
