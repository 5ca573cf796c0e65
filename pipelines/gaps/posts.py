"""Posts that the archive knows of and does not have well: never captured, only broken, or gone before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pipelines.extraction.wording.slug import label_of_slug
from pipelines.gaps import next_command
from pipelines.gaps.known_posts import Copies, Post
from pipelines.gaps.records import Gap, Kind
from pipelines.gaps.waiting import Lines
from scraper.address import is_post

_UNKNOWN_LOOK = "generic"
_ARCHIVES = {"wayback": "a web archive's index", "commoncrawl": "Common Crawl's index"}
_SITE = {"sitemap": "the sitemap", "rest": "REST", "feed": "a feed", "listing": "a listing", "link": "a link"}
_WORDS = {"brief": "page not read yet", "missing": "not found", "soft404": "not found (told with status 200)"}


def post_gaps(posts: Iterable[Post], lines: dict[str, list[Lines]]) -> Iterator[Gap]:
    """One line a post; `lines` are what web archives told of each home."""
    for post in posts:
        if not post.whole and not post.other and not post.doubtful:
            told = lines.get(post.home, [])
            where = "; ".join(filter(None, (_state(post), _named(post), *map(_held, told))))
            yield Gap(
                kind=_kind(post),
                what=post.home,
                where=where,
                next=_next(post, told),
                domain=post.domain or (label_of_slug(post.home) or (None,))[0],
                paths=tuple(post.paths),
                url=post.url,
            )


def _kind(post: Post) -> Kind:
    if post.status in ("missing", "gone") or _leads_away(post):
        return "lost"
    return "broken" if _shown(post) or post.fidelity is not None else "address"


def _shown(post: Post) -> list[Copies]:
    """Its captures but for those that only lead to it."""
    return [copy for copy in post.copies if copy.outcome != "redirect"]


def _leads_away(post: Post) -> str | None:
    """Where its address leads, if that is no post of the site."""
    redirected = post.copies and not _shown(post) and len(post.paths) == 1
    return post.leads_to or ("another site" if redirected else None)


def _state(post: Post) -> str:
    """What is there of it, in words."""
    gone = f"{post.status} since {post.since}" if post.status in ("missing", "gone") and post.since else ""
    leads = f"its address leads to {away}" if (away := _leads_away(post)) else ""
    others = [path for path in post.paths if path != post.home]
    known = f"{', '.join(others)} led to it" if others else ""
    if post.fidelity is not None:
        had = "only a truncated copy" if post.fidelity == 0 else f"only read in the look {post.look}"
    else:
        had = f"only captured as {_copies(_shown(post))}" if _shown(post) and not gone and not leads else ""
    return "; ".join(filter(None, (gone, leads, had, known)))


def _copies(copies: Iterable[Copies]) -> str:
    counts: Counter[str] = Counter()
    for copy in copies:
        word = _WORDS.get(copy.outcome, copy.outcome) if copy.outcome != "brief" or not copy.read else "page"
        counts[f"{word}, truncated" if copy.truncated else word] += copy.count
    return ", ".join(f"{word} ({count})" if count > 1 else word for word, count in counts.items())


def _named(post: Post) -> str:
    """Who names it."""
    words = _SITE | _ARCHIVES
    names = [words.get(name, name) for name in sorted(post.channels)]
    return f"named by {', '.join(names)}" if names else ""


def _held(lines: Lines) -> str:
    return f"{lines.archive}: {lines.count} {lines.state}, {lines.span}"


def _next(post: Post, told: list[Lines]) -> str:
    if not is_post(post.home) or (post.look == _UNKNOWN_LOOK and post.fidelity):  # what lacks is an address, or rules
        return next_command.explain(post.home)
    for lines in told:
        if lines.state == "waiting":
            return next_command.waiting(lines.archive, lines.path, post.url)
    walled = any(copy.outcome in ("challenge", "error", "parked", "maintenance") for copy in post.copies)
    if post.status == "live" and not walled and not _leads_away(post) and post.channels - _ARCHIVES.keys():
        return next_command.crawl(post.url)
    if told:
        return next_command.elsewhere(told[0].archive, post.home, post.url)
    return next_command.wayback(post.home, post.url)
