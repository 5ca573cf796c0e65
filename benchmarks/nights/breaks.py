"""Nights on which the site is at fault, for one night, for several or for good."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator

from benchmarks.nights.faults import FAULTS, TEMPLATES, rewrite_text
from benchmarks.nights.story import Scenario, Story, expect
from tests.nights.simulation import Event
from tests.wordpress.theme import break_theme

_REST = "/wp-json/wp/v2/posts?per_page=1&_fields=id"
_EDITED = ("ferry-15", "ferry-22", "ferry-7", "ferry-21", "ferry-23")


def begin_fault(story: Story, name: str) -> None:
    """Let the fault begin; a cache of an earlier one is emptied."""
    for file in story.site.folder.glob("htdocs/wp-content/cached-*"):
        file.unlink()
    if name in TEMPLATES:
        story.faults.enter_context(break_theme(story.site, TEMPLATES[name]))
    else:
        story.plug_in(name.replace(" ", "-").replace(",", "").replace(".", "-"), FAULTS[name])


def last(
    fault: str, nights: int, level: str, *, hides: bool = True, publishes: bool = False, after: str = "ok"
) -> Scenario:
    """The fault lasts so many nights, with an edit before each of them, and a quiet night follows the mended one."""

    def play(story: Story) -> Iterator[Event]:
        begin_fault(story, fault)
        for number in range(1, nights + 1):
            story.edit(_EDITED[number % len(_EDITED)])
            if publishes:
                story.publish()
            yield expect(f"{fault}, night {number}, an edit" + " and a new post" * publishes, level, hides=hides)
        story.mend()
        yield expect(f"{fault}: ended", after)
        yield expect("nothing")

    play.__name__ = fault
    return play


def rest(fault: str, nights: int, level: str, *, hides: bool = False) -> Scenario:
    """The fault comes while nobody edits anything."""

    def play(story: Story) -> Iterator[Event]:
        begin_fault(story, fault)
        for number in range(1, nights + 1):
            yield expect(f"{fault}, night {number}, no edit", level, hides=hides)
        story.mend()
        yield expect(f"{fault}: ended")

    play.__name__ = f"{fault}, quiet"
    return play


def _fetch(story: Story, path: str) -> None:
    try:
        urllib.request.urlopen(story.site.url + path, timeout=60).read()
    except urllib.error.HTTPError as error:
        error.close()


def serve_old(
    fault: str, paths: Iterable[str], change: Callable[[Story, int], object], title: str, *, hides: bool = False
) -> Scenario:
    """What was served at these paths, or to readers of these posts, is served for three nights; the site changes."""

    def play(story: Story) -> Iterator[Event]:
        begin_fault(story, fault)
        for path in paths:
            _fetch(story, story.path(path) if path in story.posts else path)
        for number in range(1, 4):
            change(story, number)
            yield expect(title.format(number), "ok/warning", hides=hides)
        story.mend()
        yield expect("the cache emptied")
        yield expect("nothing")

    play.__name__ = fault
    return play


def _edit_and_publish(story: Story, number: int) -> None:
    story.edit("ferry-9")
    if number == 2:
        story.publish()


def serve_pages_of_last_week(story: Story) -> Iterator[Event]:
    """The page changes under an announced edit, and shows a state before the one that the archive has."""
    begin_fault(story, "cached pages")
    _fetch(story, story.path("ferry-9"))
    story.mend()
    story.edit("ferry-9")
    yield expect("an edit before the cache comes back")
    story.plug_in("cached-pages", FAULTS["cached pages"])
    story.edit("ferry-9")
    for number in range(1, 4):
        yield expect(f"a cache of last week's pages, night {number}", "ok/warning", hides=True)
    story.mend()
    yield expect("the cache emptied")
    yield expect("nothing")


def add_banner(story: Story) -> Iterator[Event]:
    banner = "'<p class=\"donate-banner\">Please give to our bannerfund today.</p>' . $text"
    story.plug_in("banner", rewrite_text(banner))
    yield expect("a plugin's banner in each text", "ok/warning/alarm")
    story.edit("ferry-9")
    # The same new words in every text may as well be spam, with which an edit waits.
    yield expect("and still so, an edit", "ok/warning/alarm", hides=True)
    story.mend()
    yield expect("the banner gone", "ok/warning/alarm")


def relaunch_site(story: Story) -> Iterator[Event]:
    """A look that no rule knows, until the rules are taught."""
    begin_fault(story, "other class names")
    story.edit("ferry-15")
    yield expect("a new theme that no rule knows, an edit", "alarm", hides=True)
    story.edit("ferry-22")
    yield expect("and still so", "alarm", hides=True)
    story.mend()
    yield expect("the rules taught")


# By fault: nights, level, whether it hides what is edited meanwhile.
FAULTY_NIGHTS: tuple[Scenario, ...] = (
    last("texts cut", 1, "alarm"),
    last("newest texts cut", 3, "alarm"),
    last("texts cut by four tenths", 2, "alarm"),
    last("texts gone", 2, "alarm"),
    last("texts of a fatal error", 2, "alarm"),
    last("texts for members", 2, "alarm"),
    last("texts of a script", 1, "alarm"),
    last("texts of lorem", 1, "alarm"),
    last("texts in a wrong encoding", 2, "warning/alarm"),
    last("spam in each text", 2, "warning/alarm"),
    last("a warning of PHP before the page", 2, "ok/warning", hides=False),
    last("titles gone", 2, "ok/warning/alarm"),
    last("bylines gone", 2, "warning/alarm"),
    last("one post everywhere", 2, "alarm"),
    last("the home page everywhere", 1, "alarm"),
    last("posts not found", 2, "warning/alarm"),
    last("posts lead to the home page", 2, "warning/alarm"),
    last("posts lead to a login", 2, "alarm"),
    last("pages cut in the middle", 2, "alarm"),
    last("other class names", 1, "alarm"),
    last("an update without the text", 2, "alarm"),
    last("bot wall", 1, "alarm"),
    last("bot wall of posts", 2, "alarm"),
    last("bot wall of every other post", 2, "warning/alarm"),
    last("bot wall with 200", 2, "alarm"),
    last("maintenance", 2, "alarm"),
    last("maintenance with 200", 2, "alarm"),
    last("coming soon with 200", 1, "alarm"),
    last("a login everywhere", 1, "alarm"),
    last("no database, 500", 1, "alarm"),
    last("no database, 200", 2, "alarm"),
    last("empty answers", 1, "alarm"),
    last("everything 404", 1, "alarm"),
    last("forbidden", 3, "alarm"),
    last("too many requests", 2, "alarm"),
    last("robots.txt 503", 1, "alarm"),
    last("broken gzip", 1, "warning/alarm"),
    last("robots.txt forbids all", 3, "alarm"),
    last("a loop of redirects", 1, "warning/alarm"),
    last("short lengths", 2, "warning/alarm"),
    last("slow answers", 1, "ok", hides=False),
    last("REST shut", 5, "warning"),
    last("REST of HTML", 2, "warning"),
    last("REST empty", 2, "warning"),
    last("REST without dates of change", 2, "ok/warning"),
    last("REST with one post a page", 2, "ok", hides=False, publishes=True),
    last("a total of none", 2, "ok/warning", hides=False, publishes=True),
    last("a doubled total", 2, "ok/warning", hides=False, publishes=True),
    last("no total", 2, "ok", hides=False, publishes=True),
    last("robots.txt forbids REST", 2, "warning"),
    last("feed 500", 7, "warning", hides=False, publishes=True),
    last("feed of HTML", 1, "warning", hides=False),
    last("feed empty", 1, "ok/warning", hides=False, publishes=True),
    last("feed of one post", 1, "ok/warning", hides=False, publishes=True),
    last("feed of summaries", 1, "ok", hides=False, publishes=True),
    last("sitemaps off", 2, "ok/warning", hides=False, publishes=True),
    last("sitemap empty", 2, "ok/warning", hides=False, publishes=True),
    last("sitemap without dates", 2, "ok", hides=False, publishes=True),
    last("a static home page", 1, "ok", hides=False, publishes=True),
    last("comments in the feed", 1, "ok/warning", hides=False, publishes=True),
    rest("texts cut", 1, "alarm"),
    rest("texts cut by four tenths", 1, "alarm"),
    rest("texts in a wrong encoding", 1, "warning/alarm"),
    rest("spam in each text", 1, "warning/alarm"),
    rest("REST shut", 2, "warning"),
    rest("feed 500", 2, "ok/warning"),
    rest("posts not found", 1, "warning/alarm", hides=True),  # those that were asked for are missing
    rest("titles gone", 1, "ok/warning/alarm"),
    rest("one post everywhere", 1, "alarm"),
    serve_old(
        "cached pages",
        ("ferry-9", "ferry-15"),
        lambda story, number: story.edit(("ferry-9", "ferry-15")[number % 2]),
        "a cache of yesterday's pages, night {}, an edit",
        hides=True,
    ),
    serve_old(
        "cached everything",
        ("/feed/", "ferry-9", _REST),
        lambda story, _: story.edit("ferry-9"),
        "a cache of everything, night {}, an edit",
        hides=True,
    ),
    serve_old("cached feed", ("/feed/",), _edit_and_publish, "a cache of the feed, night {}, an edit"),
    serve_old("cached REST", (_REST,), lambda story, _: story.publish(), "a cache of REST, night {}, a new post"),
)
