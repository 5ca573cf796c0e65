"""`python -m benchmarks.nights [NIGHTS]`: sixty nights on a real WordPress, with a truth that is written first.

Posts are published, edited, shortened, moved, re-dated, deleted and made private; the site is walled, under
maintenance, cut, empty, in another look, served by a cache, and without REST, feed or robots.txt. Prints the table of
events, what was expected and what was seen, and how much was lost, late, false or overwritten.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.nights.simulation import Event, Night, Simulation, Truth, list_rows, sum_up
from tests.wordpress.posts import WordPressPost, wordpress_posts
from tests.wordpress.server import WordPress, running, wait_for_next_second
from tests.wordpress.theme import OTHER_NAMES, broken

_MORE = "<p>The council has heard the harbour master, who counted the ships twice and found as many as before.</p>" * 8
_OF_POSTS = "add_filter('the_content', fn($text) => is_single() ? {} : $text, 99);"
_ANSWER = (
    "add_action('init', function () {{ if ({}) {{ status_header({}); header('Content-Type: text/html'); "
    "echo '{}'; exit; }} }});"
)
_NOT_ROBOTS = "$_SERVER['REQUEST_URI'] !== '/robots.txt'"
_WALL = (
    '<html><head><title>Just a moment...</title></head><body><div id="cf-wrapper">'
    "Checking your browser before accessing the site.</div></body></html>"
)
_PAUSE = (
    "<html><head><title>Maintenance</title></head><body>Briefly unavailable for scheduled maintenance.</body></html>"
)
# Each fault of the site: the code of a plugin, the level of the report, and whether a request could find the truth.
FAULTS: dict[str, tuple[str, str, bool]] = {
    "bot wall": (_ANSWER.format(_NOT_ROBOTS, 403, _WALL), "alarm", True),
    "maintenance": (_ANSWER.format(_NOT_ROBOTS, 503, _PAUSE), "alarm", True),
    "robots.txt 503": (_ANSWER.format("$_SERVER['REQUEST_URI'] === '/robots.txt'", 503, ""), "alarm", True),
    "texts cut": (_OF_POSTS.format("substr(strip_tags($text), 0, 120)"), "alarm", True),
    "texts gone": (_OF_POSTS.format("''"), "alarm", True),
    "one post everywhere": (
        "add_filter('request', fn($asked) => isset($asked['name']) ? ['name' => 'ferry-1'] : $asked);"
        "remove_action('template_redirect', 'redirect_canonical');",
        "alarm",
        True,
    ),
    "REST shut": (
        "add_filter('rest_authentication_errors', fn() => new WP_Error('rest_forbidden', 'No.', ['status' => 401]));",
        "warning",
        True,
    ),
    "feed 500": ("add_action('do_feed_rss2', function () { status_header(500); exit; }, 1);", "warning", False),
}


@dataclass
class Story:
    """The events of the nights, and the truth that they leave."""

    site: WordPress
    posts: dict[str, WordPressPost]  # by slug
    truth: Truth = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))
    faults: ExitStack = field(default_factory=ExitStack)

    def begin(self) -> None:
        """Write the truth of the first night."""
        self.truth |= {post.path: f"number {post.number} &" for post in self.posts.values()}

    def edit(self, slug: str, old: str = "Analysis") -> None:
        """Add a word that no other post and no other state of this one has."""
        word = f"wording{next(self.numbers)}x"
        self.site.edit(slug, f"{old}<", f"{word}</p><!-- /wp:paragraph --><!-- wp:paragraph --><p>{old}<")
        self.truth[self.posts[slug].path] = word

    def edit_two(self) -> None:
        for slug in ("ferry-13", "ferry-14"):
            self.edit(slug)

    def publish(self) -> None:
        number = 500 + next(self.numbers)
        model = self.posts["ferry-7"]
        new = replace(
            model,
            slug=f"news-{number}",
            title=f"News {number} of the quay",
            date=f"2026-02-{1 + number % 28:02} 10:00:00",
        )
        self.site.publish([new])
        self.posts[new.slug], self.truth[new.path] = new, f"News {number} of the quay"

    def move(self, slug: str, **values: str) -> None:
        """Give a post another slug or another day."""
        post = self.posts.pop(slug)
        self.site.update(slug, **values)
        moved = replace(post, slug=values.get("post_name", slug), date=values.get("post_date", post.date))
        self.posts[moved.slug] = moved
        self.truth[moved.path] = self.truth[post.path]
        self.truth[post.path] = None

    def remove(self, slug: str, status: str) -> None:
        self.site.update(slug, post_status=status)
        self.truth[self.posts.pop(slug).path] = None

    def shorten(self, slug: str) -> None:
        """Take most of a text away, as an editor may."""
        self.site.edit(slug, _MORE, "")
        self.edit(slug)

    def break_site(self, name: str) -> None:
        """Let one fault begin, and an edit with it."""
        self.faults.close()
        if name == "other class names":
            self.faults.enter_context(broken(self.site, OTHER_NAMES))
        else:
            plugin = name.replace(" ", "-")
            self.site.plug_in(plugin, FAULTS[name][0])
            self.faults.callback(self.site.plug_in, plugin, None)

    def list_events(self, nights: int) -> Iterator[Event]:
        """A fault each fifth night, mended the next; between them what editors do."""
        works: list[tuple[str, Callable[[], None]]] = [
            ("an edit", lambda: self.edit("ferry-9")),
            ("a new post", self.publish),
            ("a post deleted", lambda: self.remove("ferry-20", "trash")),
            ("a post moved", lambda: self.move("ferry-11", post_name="ferry-eleven")),
            ("an old post edited", lambda: self.edit("ferry-4")),
            ("a post made private", lambda: self.remove("ferry-21", "private")),
            (
                "a post re-dated",
                lambda: self.move(
                    "ferry-12", post_date="2026-02-20 12:00:00", post_date_gmt="2026-02-20 12:00:00", edit_date="1"
                ),
            ),
            ("two edits", self.edit_two),
        ]
        faults = [
            "texts cut",
            "REST shut",
            "bot wall",
            "one post everywhere",
            "feed 500",
            "texts gone",
            "robots.txt 503",
            "maintenance",
            "other class names",
        ]
        for number in range(2, nights + 1):
            if number % 5 == 0 and number < nights:
                fault = faults[(number // 5 - 1) % len(faults)]
                _, level, hides = FAULTS.get(fault, ("", "alarm", True))
                yield Event(number, "an edit meanwhile", lambda: self.edit("ferry-15"), level, hides)
                yield Event(number, fault, lambda fault=fault: self.break_site(fault), level, hides)  # type: ignore[misc]
            elif number % 5 == 1:
                yield Event(number, "mended", self.faults.close)
            elif number % 5 in (2, 4) and works:
                yield Event(number, *works.pop(0))


def main(nights: int) -> int:
    """Play the nights; 1 if anything was lost, late, false or overwritten."""
    posts = [replace(post, content=post.content + _MORE) for post in wordpress_posts(40)]
    with running(posts) as site, TemporaryDirectory() as folder:
        story = Story(site, {post.slug: post for post in posts if post.status == "publish"})
        story.begin()
        simulation = Simulation(Path(folder), site.url, story.truth)
        played: list[Night] = []
        for night in simulation.play(nights, story.list_events(nights)):
            played.append(night)
            wait_for_next_second()
            print(list(list_rows([night]))[-1], flush=True)
            if not night.is_as_expected:
                print(f"  unexpected: {'; '.join(night.messages)}", flush=True)
            if night.wrong:
                print(f"  otherwise: {' '.join(night.wrong[:6])}", flush=True)
    print("\n".join(list_rows(played)))
    figures = sum_up(played)
    quiet = Counter(night.requests for night in played[1:] if not night.events)
    print(f"{nights} nights: {figures}; requests of quiet nights, robots.txt included: {dict(sorted(quiet.items()))}")
    print(f"requests a night: {sum(night.requests for night in played[1:]) / max(1, nights - 1):.1f}")
    return int(any(figures.values()))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
