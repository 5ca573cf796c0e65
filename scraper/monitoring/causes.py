"""What is behind the findings of a night: one finding a cause, with what follows from it; pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from scraper.archive import Run
from scraper.errors import DOUBTFUL, UNAVAILABLE
from scraper.monitoring import figures
from scraper.monitoring.findings import LEVELS, OPEN_POSTS, OPEN_SITE, Finding, Level, worst_level

_TEXT = ("FieldCoverageMonitor", "BodyLengthMonitor", "ZeroItemsMonitor", "VerdictMonitor", "TextMonitor")
_ALL = (
    *_TEXT,
    "LookMonitor",
    "StatusMonitor",
    "ListingMonitor",
    "ItemCountMonitor",
    "StalenessMonitor",
    "ErrorCountMonitor",
)
_CUT = 300  # characters: a text that is as short as a teaser
_PROBE = "run `briefs probe` to see which ways in answer"
_TELL_OWNERS = "a cache serves one page everywhere: tell the site's owners"
_TRY_LATER = "nothing is to be done here; the next night asks again"


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that makes several monitors speak; `find` gives it in words, with its numbers, where it is there."""

    monitor: str  # that reports it
    effects: tuple[str, ...]  # monitors whose findings follow from it
    find: Callable[[Run], str | None]
    advice: str
    most: Level = "alarm"  # its finding is no graver


def _find_false_pages(kind: str, words: str) -> Callable[[Run], str | None]:
    def find(run: Run) -> str | None:
        posts, lists = figures.count_false_pages(run).get(kind, 0), figures.get_count(run, f"lists/{kind}")
        places = [f"{number} {place}" for number, place in ((posts, "posts"), (lists, "lists")) if number]
        return f"{words} in place of {' and '.join(places)}" if places else None

    return find


def _find_server_errors(run: Run) -> str | None:
    statuses = figures.group_counts(run, "status")
    errors = {code: number for code, number in statuses.items() if code.startswith("5")}
    if 2 * sum(errors.values()) < sum(statuses.values()) or not errors:
        return None
    return f"the server answered {sum(errors.values())} of {sum(statuses.values())} requests with {', '.join(errors)}"


def _find_unfound_posts(run: Run) -> str | None:
    number = figures.get_count(run, "unfound")
    return f"{number} posts that the site's own lists name are not found" if number else None


def _find_shut_channels(run: Run) -> str | None:
    """Lists alone: where posts failed as well, the server has another trouble."""
    shut = [name.split("/", 2) for name in run.counts if name.startswith("shut/")]
    if not shut or figures.get_count(run, "outcome/failed"):
        return None
    names = " and ".join(f"{channel} of {host}" for _, host, channel in sorted(shut))
    since = min(str(run.counts["/".join(name)]) for name in shut)
    unseen = "; edits since then cannot be seen" if run.counts.get("edits_unseen_since") else ""
    return f"no good answer of {names}, the last one was of {since}{unseen}"


def _find_unknown_look(run: Run) -> str | None:
    unknown, read = figures.count_unknown_looks(run), figures.count_posts(run)
    words = f"{unknown} of {read} posts have a look that no rule knows: a new theme, or other class names"
    return words if unknown else None


def _find_missing_text(run: Run) -> str | None:
    """A page without its text has no look either; a new look has a text, though a guessed one."""
    read = figures.count_posts(run)
    is_missing = read and not figures.get_count(run, "coverage/body/found")
    return f"the text of the posts is gone: none of {read} has one" if is_missing else None


def _find_lost_text(run: Run) -> str | None:
    """Labels or bylines alone may be missing too: then the text is another than usual, and not lost."""
    read, found = figures.count_posts(run), figures.get_count(run, "coverage/body/found")
    length = figures.get_count(run, "body_median")
    if not read or (found == read and length >= _CUT):
        return None
    return f"the text of the posts is gone or cut: {found} of {read} have one, of {length} characters in the middle"


def _find_bad_pages(run: Run) -> str | None:
    doubt = str(run.counts.get("doubt") or "").partition("; see `")[0]
    return None if figures.count_posts(run) else doubt or None


def _find_text_doubts(run: Run) -> str | None:
    return str(run.counts.get("text_doubts") or "") or None


_CAUSES = (
    Cause("StatusMonitor", _ALL, _find_false_pages("challenge", "a bot wall came"), OPEN_SITE),
    Cause("StatusMonitor", _ALL, _find_false_pages("maintenance", "a note of maintenance came"), _TRY_LATER),
    Cause("StatusMonitor", _ALL, _find_false_pages("parked", "another owner's page came"), OPEN_SITE),
    Cause("StatusMonitor", _ALL, _find_false_pages("other_post", "another post's page came"), _TELL_OWNERS),
    Cause("StatusMonitor", _ALL, _find_server_errors, _TRY_LATER),
    Cause("StatusMonitor", _ALL, _find_unfound_posts, "open one in a browser; its links may be broken on the site"),
    Cause("FieldCoverageMonitor", (*_TEXT, "LookMonitor"), _find_missing_text, OPEN_POSTS),
    Cause("LookMonitor", _TEXT, _find_unknown_look, OPEN_POSTS),
    Cause("FieldCoverageMonitor", _TEXT, _find_lost_text, OPEN_POSTS),
    Cause("TextMonitor", _TEXT, _find_text_doubts, OPEN_POSTS),
    Cause("VerdictMonitor", _ALL, _find_bad_pages, _PROBE),
    Cause("ChannelMonitor", ("StatusMonitor", "ErrorCountMonitor"), _find_shut_channels, _PROBE, "warning"),
)


def merge_findings(run: Run, findings: Sequence[Finding], before: Sequence[Run] = ()) -> tuple[Finding, ...]:
    """The findings with one in the place of all that follow from a cause, gravest first; `before`: newest first."""
    if run.exit_code == UNAVAILABLE:  # SiteMonitor names the cause
        rest = [_subordinate(f, "SiteMonitor") if f.monitor != "SiteMonitor" else f for f in findings]
        return _add_streak(run, rest, before)
    for cause in _CAUSES:
        serious = [f for f in findings if f.level != "ok" and f.monitor in (cause.monitor, *cause.effects)]
        named = [f for f in serious if f.monitor == cause.monitor]
        is_grave = cause.most != "alarm" or worst_level(serious) == "alarm"
        if len(serious) > 1 and named and is_grave and (words := cause.find(run)):
            level = min(cause.most, worst_level(serious), key=LEVELS.index)
            first = Finding(cause.monitor, level, f"{words}; {_join_numbers(serious, cause)}{cause.advice}")
            others = [_subordinate(f, cause.monitor) if f in serious else f for f in findings if f not in named]
            return _add_streak(run, [first, *others], before)
    return _add_streak(run, list(findings), before)


def _join_numbers(serious: Sequence[Finding], cause: Cause) -> str:
    """The numbers of what follows, without the advice of each."""
    numbers = [f.message.partition(": ")[0] for f in serious if f.monitor != cause.monitor]
    return f"so {', '.join(numbers)}: " if numbers else ""


def _subordinate(finding: Finding, monitor: str) -> Finding:
    message = finding.message.partition(": ")[0]
    return finding if finding.level == "ok" else replace(finding, level="ok", message=f"{message} (see {monitor})")


def _add_streak(run: Run, findings: list[Finding], before: Sequence[Run]) -> tuple[Finding, ...]:
    """Add to the first alarm how many nights in a row it is, and that nothing of it is published."""
    findings.sort(key=lambda finding: -LEVELS.index(finding.level))
    if findings and findings[0].level == "alarm":
        nights = 1 + len(list(takewhile(_is_bad, before)))
        notes = [f"{nights} nights in a row"] if nights > 1 and _is_bad(run) else []
        notes += ["what it read is held and not published"] if run.verdict == "held" else []
        if notes:
            findings[0] = replace(findings[0], message=f"{findings[0].message} ({'; '.join(notes)})")
    return tuple(findings)


def _is_bad(run: Run) -> bool:
    return run.verdict == "held" or run.exit_code in (DOUBTFUL, UNAVAILABLE)
