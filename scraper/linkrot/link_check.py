"""The outcome of a check of a recommended address, by the answers there; pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from urllib.parse import urljoin

from scraper.address import host_of, is_loopback, is_web
from scraper.linkrot.page_notice import PageNotice
from scraper.url_reading import clean_url, split_address

LinkOutcome = Literal[
    "ok",
    "moved",  # it leads to another address for good, and that one answers
    "gone",  # 404 or 410, or the page says that it is not there, or that its domain is for sale
    "broken",  # any other error, or redirects without an end
    "blocked",  # the server refuses programs, or shows them a bot wall; a person may still see the page
    "unreachable",  # no such host, no answer, no valid certificate
    "unchecked",  # not requested: robots.txt forbids it, or it leads to no public address
]
_NOTICES = {"challenge": "a bot wall", "parked": "a parked domain", "lost": "and the page says that it is not there"}
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
class RecommendedLink:
    """An address that briefs recommend."""

    url: str
    published: str | None  # the day of the first brief that does, YYYY-MM-DD


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """One answer of a chain of redirects; `location` as the header has it."""

    url: str
    status: int
    location: str | None = None
    notice: PageNotice | None = None  # what it says in place of the page


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """A check of one address; a row of link_checks."""

    url: str
    checked_at: str  # ISO 8601, UTC
    outcome: LinkOutcome
    status: int | None = None  # of the last answer
    final_url: str | None = None  # where redirects lead
    detail: str | None = None  # what went wrong
    archived_url: str | None = None
    archived_at: str | None = None


class LinkProblem(Exception):
    """Why there is no further answer."""

    def __init__(self, outcome: LinkOutcome, detail: str) -> None:
        super().__init__(detail)
        self.outcome: LinkOutcome = outcome


def find_next_url(answer: LinkAnswer, answers: Sequence[LinkAnswer]) -> str | None:
    """Find where an answer redirects, None if it is the last. Raises LinkProblem where nobody should follow."""
    if not (300 <= answer.status < 400 and answer.location):
        return None
    try:
        target = clean_url(urljoin(answer.url, clean_url(answer.location))).partition("#")[0]
        host = host_of(target) if split_address(target).port != 0 else ""
    except ValueError:
        target, host = answer.location, ""
    if not (is_web(target) and host):
        raise LinkProblem("broken", f"leads to {answer.location[:200]}, which is no web address")
    if is_loopback(host) and not is_loopback(host_of(answers[0].url)):
        raise LinkProblem("unchecked", f"leads to {target[:200]}, which is no public address")
    if target in (earlier.url for earlier in answers):
        raise LinkProblem("broken", f"leads in circles by {target[:200]}")
    if len(answers) > REDIRECTS:
        raise LinkProblem("broken", f"more than {REDIRECTS} redirects")
    return target


def build_check(url: str, checked_at: str, answers: Sequence[LinkAnswer], problem: LinkProblem | None) -> LinkCheck:
    """Build the check of `url` from its answers, in their order; `problem` is why there were no more."""
    last = answers[-1] if answers else None
    status, final_url = (last.status if last else None), (last.url if len(answers) > 1 and last else None)
    if problem:
        return LinkCheck(url, checked_at, problem.outcome, status, final_url, str(problem)[:500])
    assert last
    outcome = _find_outcome(last, any(earlier.status in _FOR_GOOD for earlier in answers[:-1]))
    detail = None if outcome in ("ok", "moved") else f"HTTP {last.status}"
    if last.notice:
        detail = f"HTTP {last.status}, {_NOTICES[last.notice.kind]}: {last.notice.words[:200]}"
    if final_url and outcome in ("ok", "moved") and _is_home(final_url) and not _is_home(url):
        detail = "leads to a home page: the page itself may be gone"
    return LinkCheck(url, checked_at, outcome, status, final_url, detail)


def _find_outcome(answer: LinkAnswer, has_moved: bool) -> LinkOutcome:
    status = answer.status
    if answer.notice:
        return "blocked" if answer.notice.kind == "challenge" else "gone"
    if 200 <= status < 300:
        return "moved" if has_moved else "ok"
    if status in _GONE:
        return "gone"
    return "blocked" if status in _BLOCKED else "broken"


def _is_home(url: str) -> bool:
    parts = split_address(url)
    return parts.path in ("", "/") and not parts.query


def summarise_checks(checks: Iterable[LinkCheck]) -> str:
    """Summarise a run in one line."""
    done = list(checks)
    outcomes = [check.outcome for check in done]
    parts = [
        f"{outcomes.count(outcome)} {_WORDS[outcome]}"
        for outcome in get_args(LinkOutcome)
        if outcome in outcomes or outcome in ("ok", "gone")
    ]
    copies = sum(check.archived_url is not None for check in done)
    return f"{len(done)} addresses: {', '.join(parts)}; {copies} archived copies found"
