"""Nights on which our own machine is at fault: kills, clocks, two nights at once, no time."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator

from benchmarks.nights.clock import DAY
from benchmarks.nights.story import Story, expect
from tests.nights.simulation import Event
from tests.support.scrapy_running import ROOT
from tests.support.waiting import wait_for


def _begin_night(story: Story) -> subprocess.Popen[bytes]:
    assert story.simulation
    quiet = subprocess.DEVNULL
    words, environment = story.simulation.list_words(), story.clock.environment
    return subprocess.Popen(words, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)


def kill_night(story: Story) -> Iterator[Event]:
    story.edit("ferry-9")
    posts = [story.publish() for _ in range(3)]
    story.plug_in("slow", "usleep(300000);")
    story.site.take_requests()
    process = _begin_night(story)
    asked: list[str] = []

    def has_post() -> bool:
        asked.extend(story.site.take_requests())
        return any(post.path in asked for post in posts)

    wait_for(has_post, "a post asked for")
    process.kill()
    process.wait()
    story.mend()
    story.clock.advance()
    yield expect("a night killed in its middle, then a whole one", "warning", hides=False)
    yield expect("nothing")


def kill_late(story: Story) -> Iterator[Event]:
    """The crawl is done, the snapshot is not."""
    story.edit("ferry-9")
    process = _begin_night(story)
    mark = story.simulation.folder / "archive.db-nightly-begun" if story.simulation else None
    wait_for(lambda: bool(mark and mark.exists()), "the night's begin")
    story.site.take_requests()
    wait_for(lambda: story.path("ferry-9") in story.site.take_requests(), "the edit asked for")
    time.sleep(1.0)
    process.send_signal(signal.SIGKILL)
    process.wait()
    story.clock.advance()
    yield expect("a night killed late", "ok/warning")
    yield expect("nothing")


def hang_site(story: Story) -> Iterator[Event]:
    assert story.simulation
    story.edit("ferry-9")
    os.kill(story.site.process_id, signal.SIGSTOP)
    story.simulation.words = ("-s", "DOWNLOAD_TIMEOUT=1", "-s", "RETRY_TIMES=1")
    yield expect("the server accepts and never answers", "alarm", hides=True)
    os.kill(story.site.process_id, signal.SIGCONT)
    story.simulation.words = ()
    yield expect("it answers again")


def shift_clocks(story: Story) -> Iterator[Event]:
    story.clock.set(own=DAY)
    yield expect("our clock a day ahead")
    story.clock.set()
    story.edit("ferry-9")
    yield expect("and right again, an edit", "ok/warning")
    story.clock.set(own=-3600)
    story.edit("ferry-13")
    yield expect("our clock an hour behind, an edit")
    story.clock.set(site=DAY)
    story.edit("ferry-14")
    story.publish()
    yield expect("the site's clock a day ahead, an edit and a post", "ok/warning")
    story.clock.set(site=-DAY)
    story.edit("ferry-9")
    yield expect("the site's clock a day behind, an edit", "ok/warning")
    story.clock.set()
    story.edit("ferry-14")
    yield expect("all clocks right, an edit")


def overlap_nights(story: Story) -> Iterator[Event]:
    story.edit("ferry-9")
    story.plug_in("slow", "usleep(300000);")
    process = _begin_night(story)
    story.site.take_requests()
    wait_for(lambda: bool(story.site.take_requests()), "a request of the first night")
    second = _begin_night(story)
    assert second.wait(), "a second night began beside the first"
    process.wait()
    story.mend()
    yield expect("two nights at once, then another")


def lower_budget(story: Story) -> Iterator[Event]:
    assert story.simulation
    for slug in ("ferry-9", "ferry-13", "ferry-14"):
        story.edit(slug)
    for _ in range(4):
        story.publish()
    story.simulation.words = ("-s", "NIGHTLY_REQUEST_BUDGET=6")
    yield expect("seven changes and a budget of six requests", "ok/warning", hides=True)
    yield expect("the rest, with the same budget", "ok/warning", hides=True)
    story.simulation.words = ()
    yield expect("the rest")
