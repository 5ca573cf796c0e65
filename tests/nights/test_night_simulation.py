"""A few nights in a row: the newest posts come cut, and one is gone; `benchmarks.nights` plays sixty on WordPress."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.nights.simulation import Event, Simulation, list_rows, sum_up
from tests.support.loopback import NOT_FOUND, Answer, Pages, serve_pages
from tests.support.small_site import JSON, Post, feed, listing, posts_of, rest, robots, sitemap

POSTS = [Post(number) for number in range(1, 7)]
_TEXT = re.compile(rb"(<p>Policy Summary</p><p>).*?(</p>)\s*<p>Analysis</p>.*?(<p>Engagement)", re.DOTALL)


class SmallSite(Pages):
    """A site whose lists always agree with its posts."""

    def __init__(self) -> None:
        super().__init__({"/robots.txt": robots("User-agent: *\nDisallow: /private/\n")})
        self.posts = list(POSTS)
        self.cuts = False
        self.instead: Answer | None = None  # what comes for the newest post

    def get(self, path: str, default: object = None) -> Answer:
        """The answer for a path, made of the posts as they are now."""
        total = {**JSON, "X-WP-Total": str(len(self.posts)), "X-WP-TotalPages": "1"}
        if path.startswith("/wp-json/wp/v2/posts"):
            return Answer(rest(self.posts).body, headers=total)
        pages = {"/": listing(self.posts[:3]), "/feed/": feed(self.posts), "/wp-sitemap.xml": sitemap(self.posts)}
        posts = {name: Answer(self._cut(page.body)) for name, page in posts_of(self.posts).items()}  # type: ignore[union-attr]
        posts |= {self.posts[-1].path: self.instead} if self.instead else {}
        return (dict(self) | pages | posts).get(path, NOT_FOUND)  # type: ignore[return-value]

    def _cut(self, body: bytes) -> bytes:
        return _TEXT.sub(rb"\1The council.\2\3", body) if self.cuts else body

    def remove(self) -> None:
        self.posts.remove(POSTS[2])


def test_a_cut_night_and_a_post_that_goes_cost_nothing_true(tmp_path: Path) -> None:
    site = SmallSite()
    truth: dict[str, str | None] = {post.path: "Neither plan says who pays" for post in POSTS}

    def cut() -> None:
        site.cuts = True

    def mend_and_remove() -> None:
        site.cuts = False
        site.remove()
        truth[POSTS[2].path] = None

    events = [Event(2, "texts come cut", cut, "alarm", hides=True), Event(3, "mended, one post gone", mend_and_remove)]
    with serve_pages(site) as server:
        nights = list(Simulation(tmp_path, server.url, truth).play(3, events))
        asked = set(server.asked)
    table = "\n".join(list_rows(nights))
    assert not any(sum_up(nights).values()), table
    assert POSTS[2].path in asked
    assert table.count("\n") == 4


@pytest.mark.parametrize(
    ("instead", "left"), [(NOT_FOUND, 1), (Answer(b"", status=301, headers={"Location": "/"}), 0)], ids=["404", "301"]
)
def test_a_listed_post_that_cannot_be_read_is_asked_for_again(tmp_path: Path, instead: Answer, left: int) -> None:
    """A redirect to the home page, though it says that it is for good, moves no post. A 404 has a day to end."""
    site, new = SmallSite(), Post(26)
    truth: dict[str, str | None] = {post.path: "Neither plan says who pays" for post in (*POSTS, new)}

    def publish() -> None:
        site.posts.append(new)
        site.instead = instead

    def mend() -> None:
        site.instead = None

    events = [Event(2, "a post that is not there", publish, "warning", hides=True), Event(3, "mended", mend)]
    with serve_pages(site) as server:
        nights = list(Simulation(tmp_path, server.url, truth).play(3, events))
    table = "\n".join(list_rows(nights))
    assert [night.level for night in nights] == ["ok", "warning", "ok"], table
    assert [len(night.wrong) for night in nights] == [1, 1, left], table
