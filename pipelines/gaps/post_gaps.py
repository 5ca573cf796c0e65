"""Posts that the archive knows of and has no good capture of: never captured, only broken, or gone before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pipelines.extraction.wording.slug_label import read_slug_label
from pipelines.gaps import next_command
from pipelines.gaps.known_posts import CaptureGroup, Post
from pipelines.gaps.records import Gap, Kind
from pipelines.gaps.waiting_gaps import MementoGroup
from scraper.address import is_post
from scraper.console.invocation import command_line

_UNKNOWN_LOOK = "generic"
_ARCHIVES = {"wayback": "a web archive's index", "commoncrawl": "Common Crawl's index"}
_SITE = {"sitemap": "the sitemap", "rest": "REST", "feed": "a feed", "listing": "a listing", "link": "a link"}
_WORDS = {
    "brief": "page not read yet",
    "held": "page that is held",
    "missing": "not found",
    "soft404": "not found (answered with status 200)",
}


def find_post_gaps(posts: Iterable[Post], mementos_by_home: dict[str, list[MementoGroup]]) -> Iterator[Gap]:
    """Yield a gap for each post; `mementos_by_home` holds what web archives list for each home."""
    for post in posts:
        if not post.is_whole and not post.is_no_post and not post.is_doubtful:
            mementos = mementos_by_home.get(post.home, [])
            held = (f"{group.archive}: {group.count} {group.state}, {group.span}" for group in mementos)
            facts = (_describe_state(post), _describe_channels(post), *held)
            yield Gap(
                kind=_classify_post(post),
                what=post.home,
                where="; ".join(filter(None, facts)),
                next=_suggest_command(post, mementos),
                domain=post.domain or (read_slug_label(post.home) or (None,))[0],
                paths=tuple(post.paths),
                url=post.url,
            )


def _classify_post(post: Post) -> Kind:
    if post.status in ("missing", "gone") or _find_foreign_target(post):
        return "lost"
    return "broken" if _list_captures(post) or post.fidelity is not None else "address"


def _list_captures(post: Post) -> list[CaptureGroup]:
    """List the captures of the post itself, without redirects that lead to it."""
    return [capture for capture in post.captures if capture.outcome != "redirect"]


def _find_foreign_target(post: Post) -> str | None:
    is_redirect = post.captures and not _list_captures(post) and len(post.paths) == 1
    return post.leads_to or ("another site" if is_redirect else None)


def _describe_state(post: Post) -> str:
    gone = f"{post.status} since {post.since}" if post.status in ("missing", "gone") and post.since else ""
    leads = f"its address leads to {away}" if (away := _find_foreign_target(post)) else ""
    others = [path for path in post.paths if path != post.home]
    former = f"{', '.join(others)} led to it" if others else ""
    captures = _list_captures(post)
    if post.missing_parts:
        held = f"only a part of it: {post.missing_parts}"
    elif post.fidelity is not None:
        held = "only a copy without all of its text" if post.fidelity == 0 else f"only read in the look {post.look}"
    else:
        held = f"only captured as {_describe_captures(captures)}" if captures and not gone and not leads else ""
    return "; ".join(filter(None, (gone, leads, held, former)))


def _describe_captures(captures: Iterable[CaptureGroup]) -> str:
    counts: Counter[str] = Counter()
    for capture in captures:
        is_read = capture.outcome == "brief" and capture.read
        word = "page" if is_read else _WORDS.get(capture.outcome, capture.outcome)
        counts[f"{word}, truncated" if capture.truncated else word] += capture.count
    return ", ".join(f"{word} ({count})" if count > 1 else word for word, count in counts.items())


def _describe_channels(post: Post) -> str:
    words = _SITE | _ARCHIVES
    names = [words.get(name, name) for name in sorted(post.channels)]
    return f"named by {', '.join(names)}" if names else ""


def _suggest_command(post: Post, mementos: list[MementoGroup]) -> str:
    # An address is missing, or a rule for the look.
    if not is_post(post.home) or (post.look == _UNKNOWN_LOOK and post.fidelity):
        return command_line("explain", post.home)
    for group in mementos:
        if group.state == "waiting":
            return next_command.suggest_fetch(group.archive, group.path, post.url)
    is_walled = any(capture.outcome in ("challenge", "error", "parked", "maintenance") for capture in post.captures)
    if post.status == "live" and not is_walled and not _find_foreign_target(post) and post.channels - _ARCHIVES.keys():
        return next_command.suggest_crawl(post.url)
    if mementos:
        return next_command.suggest_other_archive(mementos[0].archive, post.home, post.url)
    return next_command.suggest_wayback(post.home, post.url)
