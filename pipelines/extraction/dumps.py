"""Files that hold many posts: each is a reading of its own, and what is none is reported, so that the count adds up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from pipelines.extraction.layouts.dump_post import DumpPost
from pipelines.extraction.layouts.feed import FeedItem
from pipelines.extraction.layouts.rest import build_rest_layout
from pipelines.extraction.layouts.wxr import WxrPost
from pipelines.extraction.post import read_post
from scraper.address import identity, is_post
from scraper.discovery import wordpress_export
from scraper.discovery.json_posts import read_posts
from scraper.discovery.json_values import Dump
from scraper.discovery.xml_items import count_lost_beginnings, is_whole_document, read_xml_items
from scraper.records import Brief, Problem, Reading


class PostCollection:
    """The posts of one file, of which no two may become one; `problems` names those that are no readings."""

    def __init__(self, hosts: frozenset[str]) -> None:
        self._hosts = hosts
        self._readings: dict[str, Reading] = {}
        self._repeat_count = 0
        self._cut_count = 0
        self.problems: list[Problem] = []

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(self._readings.values())

    def add(self, layout: DumpPost, url: str | None = None, *, truncated: bool = False) -> None:
        """Read a post; `url` is the address that the file was saved from, where that is the post's."""
        own_paths = layout.list_own_paths()
        path = identity(url) if url else next(own_paths)
        reading = _read(layout, url, path, self._hosts, truncated=truncated)
        known = self._readings.get(reading.brief.path)
        if known is not None and not _is_same_post(known.brief, reading.brief):
            free_path = next((path for path in layout.list_own_paths() if path not in self._readings), None)
            if free_path is not None:  # else another item has these very words
                reading = _read(layout, None, free_path, frozenset(), truncated=truncated)
                known = None
        self._repeat_count += known is not None
        self._cut_count += layout.is_cut
        if known is None or (known.brief.modified or "") < (reading.brief.modified or ""):
            self._readings[reading.brief.path] = reading

    def add_problem(self, field: str | None, kind: str, message: str) -> None:
        self.problems.append(Problem(field, kind, message))

    def report_lost(self, count: int) -> None:
        """Report the items whose beginning is not in the file."""
        if count:
            self.add_problem(None, "unread", f"{count} items have lost their beginning and are not read.")

    def report_counts(self) -> None:
        """Report the posts that the file holds more than once, and those that cannot be read to their end."""
        if self._cut_count:
            message = f"{self._cut_count} posts have elements too deep in one another to be read to their end."
            self.add_problem("body", "truncated", message)
        if self._repeat_count:
            self.add_problem(
                None, "repetition", f"{self._repeat_count} posts stand in it once more: the latest of each is read."
            )


def collect_json_posts(dump: Dump, url: str | None, hosts: frozenset[str]) -> PostCollection:
    """Collect the published posts of a REST answer, a dump or a JSON Feed; `url` is the file's."""
    collection = PostCollection(hosts)
    objects = read_posts(dump)
    posts = [post for post in objects if post.content is not None and post.reason_left_out is None]
    own_url = url if url and len(objects) == 1 and is_post(identity(url)) else None
    for post in posts:
        collection.add(build_rest_layout(post, is_feed=dump.is_feed), own_url)
    left_out = Counter(post.reason_left_out for post in objects if post.reason_left_out)
    if left_out:
        kinds = ", ".join(f"{reason} {count}" for reason, count in left_out.most_common())
        collection.add_problem(None, "unpublished", f"{left_out.total()} objects are no published posts: {kinds}.")
    if count := len(objects) - len(posts) - left_out.total():
        message = f"{count} of {len(objects)} posts are here without their text; save them with their content."
        collection.add_problem("body", "unread", message)
    if not dump.is_whole:
        message = (
            f"Not all of it is JSON: of {len(dump.items)} objects that are whole, {len(posts)} are posts with text."
        )
        collection.add_problem(None, "truncated", message)
    collection.report_counts()
    return collection


def collect_feed_posts(body: bytes, hosts: frozenset[str], *, truncated: bool) -> PostCollection:
    """Collect the items of a feed that hold their whole text; `body` is UTF-8."""
    collection = PostCollection(hosts)
    all_items = [FeedItem(item) for item in read_xml_items(body)]
    collection.report_lost(count_lost_beginnings(body, len(all_items)))
    items = [item for item in all_items if not item.is_comment]
    without_text = [item for item in items if item.is_whole and not item.has_text]
    for item in items:
        if item.has_text:
            collection.add(item, truncated=not item.is_whole or truncated)
    if without_text:
        # No title: the row stays when the post is withdrawn, for it is the feed's.
        first = without_text[0].find_address() or f"number {items.index(without_text[0]) + 1}"
        message = f"{len(without_text)} of {len(items)} items have no full text, the first is {first}."
        is_known = all(is_post(identity(item.find_address() or "")) for item in without_text)
        collection.add_problem("body", "excerpt" if is_known else "unread", message)
    if not is_whole_document(body):
        collection.add_problem(
            None, "truncated", f"The feed is cut off: what follows its {len(items)} items is not in the file."
        )
    collection.report_counts()
    return collection


def collect_export_posts(body: bytes, hosts: frozenset[str], *, truncated: bool) -> PostCollection:
    """Collect the published posts in a site's WordPress export; the reader of files counts the other items."""
    collection = PostCollection(hosts)
    item_count = 0
    for item in wordpress_export.read_items(body):
        item_count += 1
        if item.reason_left_out is None:
            collection.add(WxrPost(item))
    collection.report_lost(count_lost_beginnings(body, item_count))
    if truncated or not is_whole_document(body):
        count = len(collection.readings)
        message = f"The export is cut off: {count} posts are whole, what follows is not in the file."
        collection.add_problem(None, "truncated", message)
    collection.report_counts()
    return collection


def _read(layout: DumpPost, url: str | None, path: str, hosts: frozenset[str], *, truncated: bool) -> Reading:
    reading = read_post(layout, url, path, hosts, truncated=truncated)
    problems = list(reading.problems)
    if reading.brief.url is None and not any(problem.field == "url" for problem in problems):
        problems.append(Problem("url", "missing", f"The file names no address of it: it is {reading.brief.path} here."))
    if truncated:
        problems.append(Problem("body", "truncated", "The file breaks off in this post."))
    return replace(reading, problems=tuple(problems))


def _is_same_post(brief: Brief, other: Brief) -> bool:
    """Whether two items of one file with one address are one post, in two states or twice."""
    numbers = {brief.wp_id, other.wp_id}
    if len(numbers - {None}) > 1:
        return False
    same_title, same_day = brief.title == other.title, brief.published == other.published
    same_label = None not in numbers and brief.label == other.label
    return (same_title and same_day) or (same_label and (same_title or same_day))
