"""What the answers at a recommended address mean. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urljoin, urlsplit

from scraper.address import host_of, is_loopback, is_web

LinkOutcome = Literal[
    "ok",
    "moved",  # it leads to another address for good, and that one answers
    "gone",  # 404 or 410
    "broken",  # any other error, or redirects without an end
    "blocked",  # the server does not tell a program; a person may still see the page
    "unreachable",  # no such host, no answer, no valid certificate
    "unchecked",  # we did not ask: robots.txt forbids it, or it leads where no visitor is sent
]
REDIRECTS = 5  # steps from one address
_GONE = (404, 410)
_BLOCKED = (401, 402, 403, 407, 429, 451, 999)
_FOR_GOOD = (301, 308)
_WORDS = {
    "ok": "answer",
    "moved": "moved",
    "gone": "gone",
    "broken": "broken",
    "blocked": "closed to programs",
    "unreachable": "could not be reached",
    "unchecked": "not asked",
}


@dataclass(frozen=True, slots=True)
class Recommended:
    """An address that briefs recommend."""

    url: str
    published: str | None  # the day of the first brief that does, YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer on the way; `location` as the header has it."""

    url: str
    status: int
    location: str | None = None


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """A look at one address; a row of link_checks."""

    url: str
    checked_at: str  # ISO 8601, UTC
    outcome: LinkOutcome
    status: int | None = None  # of the last answer
    final_url: str | None = None  # where redirects lead
    detail: str | None = None  # what went wrong
    archived_url: str | None = None
    archived_at: str | None = None


class Trouble(Exception):
    """There is no answer, and why."""

    def __init__(self, outcome: LinkOutcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome: LinkOutcome = outcome


def onward(answer: Answer, way: Sequence[Answer]) -> str | None:
    """Where an answer leads, None if it is the last. Raises Trouble where nobody should follow."""
    if not (300 <= answer.status < 400 and answer.location):
        return None
    try:
        target = urljoin(answer.url, answer.location.strip()).partition("#")[0]
        host = host_of(target) if urlsplit(target).port != 0 else ""
    except ValueError:
        target, host = answer.location, ""
    if not (is_web(target) and host):
        raise Trouble("broken", f"leads to {answer.location[:200]}, which is no web address")
    if is_loopback(host) and not is_loopback(host_of(way[0].url)):
        raise Trouble("unchecked", f"leads to {target[:200]}, which is no public address")
    if target in (one.url for one in way):
        raise Trouble("broken", f"leads in circles by {target[:200]}")
    if len(way) > REDIRECTS:
        raise Trouble("broken", f"more than {REDIRECTS} redirects")
    return target


def verdict(url: str, checked_at: str, way: Sequence[Answer], trouble: Trouble | None) -> LinkCheck:
    """What the answers at `url`, in their order, say of it; `trouble` is why there were no more."""
    last = way[-1] if way else None
    status, final = (last.status if last else None), (last.url if len(way) > 1 and last else None)
    if trouble:
        return LinkCheck(url, checked_at, trouble.outcome, status, final, str(trouble)[:500])
    assert last
    outcome = _outcome(last.status, any(one.status in _FOR_GOOD for one in way[:-1]))
    detail = None if outcome in ("ok", "moved") else f"HTTP {last.status}"
    if final and outcome in ("ok", "moved") and _is_home(final) and not _is_home(url):
        detail = "leads to a home page: the page itself may be gone"
    return LinkCheck(url, checked_at, outcome, status, final, detail)


def _outcome(status: int, moved: bool) -> LinkOutcome:
    if 200 <= status < 300:
        return "moved" if moved else "ok"
    if status in _GONE:
        return "gone"
    return "blocked" if status in _BLOCKED else "broken"


def _is_home(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def summed_up(checks: Iterable[LinkCheck]) -> str:
    """The closing line of a run."""
    done = list(checks)
    outcomes = [check.outcome for check in done]
    told = [
        f"{outcomes.count(outcome)} {_WORDS[outcome]}"
        for outcome in get_args(LinkOutcome)
        if outcome in outcomes or outcome in ("ok", "gone")
    ]
    copies = sum(check.archived_url is not None for check in done)
    return f"{len(done)} addresses: {', '.join(told)}; {copies} archived copies found"
