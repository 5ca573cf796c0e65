"""What editors do to the site between two nights, and the truth that it leaves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from inspect import isgeneratorfunction
from types import ModuleType

from benchmarks.nights.clock import Clock
from tests.nights.simulation import Event, Simulation, Truth
from tests.wordpress.posts import WordPressPost
from tests.wordpress.server import WordPress, wait_for_next_second

MORE = "<p>The council has heard the harbour master, who counted the ships twice and found as many as before.</p>" * 8
_BREAK = "</p><!-- /wp:paragraph --><!-- wp:paragraph --><p>"


@dataclass
class Story:
    """The site with its faults, and the truth of its posts."""

    site: WordPress
    clock: Clock
    posts: dict[str, WordPressPost]  # by slug
    truth: Truth = field(default_factory=dict)
    false_words: dict[str, set[str]] = field(default_factory=dict)  # by path: what readers must not see there now
    edits: Counter[str] = field(default_factory=Counter)  # versions that there should be, by path
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 10_000)))
    faults: ExitStack = field(default_factory=ExitStack)
    simulation: Simulation | None = None

    def begin(self) -> None:
        """Write the truth of the first night."""
        self.truth |= {post.path: f"number {post.number} &" for post in self.posts.values()}

    def path(self, slug: str) -> str:
        return self.posts[slug].path

    def replace(self, slug: str, old: str, new: str) -> None:
        """Replace words of a text."""
        self.site.edit(slug, old, new)
        self.edits[self.path(slug)] += 1

    def edit(self, slug: str, old: str = "Analysis") -> str:
        """Add a word that no other post and no other state of this one has."""
        word = f"wording{next(self.numbers)}x"
        self.replace(slug, f"{old}<", f"{word}{_BREAK}{old}<")
        self.truth[self.path(slug)] = word
        return word

    def revert(self, slug: str, word: str) -> None:
        """Take the word of an edit away again."""
        self.replace(slug, f"{word}{_BREAK}", "")
        self.truth[self.path(slug)] = f"number {self.posts[slug].number} &"
        self.false_words[self.path(slug)] = {word}

    def publish(self, *, date: str = "", model: str = "ferry-6", slug: str = "", content: str = "") -> WordPressPost:
        """Publish a post of today, or of another day."""
        number = 500 + next(self.numbers)
        day = date or self.read_day()
        slug = slug or f"news-{number}"
        title = f"News {number} of the quay"
        new = replace(self.posts[model], slug=slug, title=title, date=day, number=number)
        new = replace(new, content=content or new.content)
        self.site.publish([new])
        if date:  # a draft was saved today, whatever day it is given
            self.site.update(new.slug, post_status="publish")
        self.posts[new.slug], self.truth[new.path] = new, title
        return new

    def read_day(self) -> str:
        """An instant of today by the site's clock."""
        return (datetime.now(UTC) + timedelta(seconds=self.clock.seconds - 60)).strftime("%Y-%m-%d %H:%M:%S")

    def move(self, slug: str, **values: str) -> None:
        """Give a post another slug or another day."""
        post = self.posts.pop(slug)
        self.site.update(slug, **values)
        moved = replace(post, slug=values.get("post_name", slug), date=values.get("post_date", post.date))
        self.posts[moved.slug] = moved
        self.edits[moved.path] += 1 + self.edits[post.path]
        word = self.truth[post.path]
        self.truth[post.path] = None
        self.truth[moved.path] = word

    def remove(self, slug: str, status: str) -> str | None:
        """Take a post from the readers; returns the word it had."""
        self.site.update(slug, post_status=status)
        word, self.truth[self.path(slug)] = self.truth[self.path(slug)], None
        return word

    def restore(self, slug: str, word: str | None) -> None:
        self.site.update(slug, post_status="publish")
        self.truth[self.path(slug)] = word

    def plug_in(self, name: str, code: str) -> None:
        """Let a fault begin that ends with the next `mend`."""
        behind = "if (PHP_SAPI === 'cli') return; // editors write behind the fault"
        self.site.plug_in(name, f"{behind}\n{code}")
        self.faults.callback(self.site.plug_in, name, None)

    def mend(self) -> None:
        """End all faults."""
        self.faults.close()
        wait_for_next_second()


# The steps of a scenario: what it does before a night, then what is expected of the night.
Scenario = Callable[[Story], Iterator[Event]]


def list_scenarios(module: ModuleType) -> Iterator[Scenario]:
    """The scenarios of a module as they are written: its public generators."""
    for name, scenario in vars(module).items():
        if isgeneratorfunction(scenario) and scenario.__module__ == module.__name__ and name[0] != "_":
            yield scenario


def expect(name: str, level: str = "ok", *, hides: bool = False) -> Event:
    """What a night should say."""
    return Event(0, name, lambda: None, level, hides)
