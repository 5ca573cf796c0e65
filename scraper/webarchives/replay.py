"""What a Wayback shows for a line of its index: the capture, or why there is none; nothing is believed unseen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urljoin

from scraper.address import identity, is_web, strip_wayback
from scraper.archive import MementoState
from scraper.dates import parse_instant
from scraper.records import Capture, Memento
from scraper.sources import digests
from scraper.sources.content_coding import decode_payload
from scraper.webarchives.wayback_api import Service

_ORIGINAL = "x-archive-orig-"
_GIVEN = ("content-type", "content-encoding", "location")  # the original's, where the archive does not tell them apart
_LINK = re.compile(r"<([^>]*)>\s*;\s*rel=\"?original\"?(?=\s*[,;]|\s*$)")
_EXCLUDED = re.compile(r"AdministrativeAccessControl|RobotAccessControl|Blocked Site|excluded from the Wayback", re.I)
_DEFAULT_PORT = re.compile(r"^(http://[^/?#]+):80(?=[/?#]|$)")  # web.archive.org's old captures have it
_ERROR = "x-archive-wayback-runtime-error"


@dataclass(frozen=True)
class Answer:
    """One response of a Wayback, as it came over the wire."""

    url: str  # that was asked for
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes  # content encoding left on
    cut: bool = False  # the connection ended too early

    @cached_property
    def named(self) -> Mapping[str, str]:
        """The headers by their names in small letters; of several the first."""
        return {name.lower(): value for name, value in reversed(self.headers)}

    @property
    def is_memento(self) -> bool:
        """Whether it is what was archived, and not the archive's own word."""
        return "memento-datetime" in self.named or any(name.startswith(_ORIGINAL) for name in self.named)


@dataclass(frozen=True, slots=True)
class Shown:
    """A capture out of a Wayback."""

    capture: Capture
    timestamp: str  # of the capture itself, which may be another than the one asked for
    agrees: bool | None  # whether the payload has the index's digest; None where there is no telling
    itself: bool  # whether it is the one asked for; of one second a page and a redirect to it may both be there


@dataclass(frozen=True, slots=True)
class NotShown:
    """Why there is no capture; a state of None leaves the line waiting."""

    state: MementoState | None
    reason: str


def onward(answer: Answer, service: Service) -> str | None:
    """Where the archive itself sends us for another copy of the same page; None for anything else."""
    location = answer.named.get("location")
    if not 300 <= answer.status < 400 or location is None or answer.is_memento:
        return None
    target = urljoin(answer.url, location)
    original, stamp = strip_wayback(target)
    same = identity(original) == identity(strip_wayback(answer.url)[0])
    return target if stamp and same and target.startswith(service.replay) else None


def judge(memento: Memento, answer: Answer, service: Service) -> Shown | NotShown:
    """The capture that was asked for or the one shown in its place, or why there is none."""
    if not answer.is_memento:
        return own_word(answer)
    timestamp = _timestamp(answer)
    if timestamp is None:
        return NotShown("failed", f"its instant cannot be read: {answer.named.get('memento-datetime', '')[:60]}")
    headers = _original_headers(answer)
    payload = decode_payload(answer.body, [header for header in headers if header[0].lower() in _GIVEN])
    agrees = _agrees(memento, answer.body, payload.body)
    if answer.cut and not agrees:
        return NotShown(None, "the answer was cut off")
    url = _original_url(memento, answer)
    stated = next((value for name, value in headers if name.lower() == "content-length"), "")
    short = stated.isdecimal() and max(len(answer.body), len(payload.body)) < int(stated[:18])
    capture = Capture(
        body=payload.body,
        url=url,
        captured_at=parse_instant(timestamp),
        source="wayback",
        status=answer.status,
        headers=headers,
        content_type=next((value for name, value in headers if name.lower() == "content-type"), None),
        truncated=not agrees and (short or not payload.whole),
        memento=service.citable(timestamp, url),
        wire=_wire(memento, answer.body, payload.body),
    )
    same_address = url.rstrip("/") == _DEFAULT_PORT.sub(r"\1", memento.url).rstrip("/")
    return Shown(capture, timestamp, agrees, timestamp == memento.timestamp and (agrees is not False or same_address))


def own_word(answer: Answer) -> NotShown:
    """What the archive says of itself: no capture, whatever the status."""
    told = answer.named.get(_ERROR, "") + answer.body[:20_000].decode("utf-8", "replace")
    status = f"HTTP {answer.status}"
    if answer.status in (403, 451) or (answer.status >= 400 and _EXCLUDED.search(told)):
        return NotShown("excluded", f"the web archive may not show it ({status})")
    if answer.status in (404, 410):
        return NotShown("missing", f"the web archive does not have it ({status})")
    if answer.status == 429 or answer.status >= 500:
        return NotShown(None, status)
    return NotShown("failed", f"{status} without Memento-Datetime: a page of the web archive itself")


def _timestamp(answer: Answer) -> str | None:
    """YYYYMMDDhhmmss of the capture, by its header or else by the address it is at."""
    told = answer.named.get("memento-datetime")
    if told is None:
        return strip_wayback(answer.url)[1]
    moment = parse_instant(told)
    return re.sub(r"\D", "", moment) if moment else None


def _original_url(memento: Memento, answer: Answer) -> str:
    """The address that was captured, as the archive links it; it finds a page by more than its very address."""
    links = [value for name, value in answer.headers if name.lower() == "link"]
    found = next((match[1] for value in links if (match := _LINK.search(value))), strip_wayback(answer.url)[0])
    url = found if is_web(found) and identity(found) == identity(memento.url) else memento.url
    return _DEFAULT_PORT.sub(r"\1", url)


def _original_headers(answer: Answer) -> tuple[tuple[str, str], ...]:
    """The headers of the original answer, those that its archive put there left out."""
    told = [(name[len(_ORIGINAL) :], value) for name, value in answer.headers if name.lower().startswith(_ORIGINAL)]
    there = {name.lower() for name, _ in told}
    kept = [(n, v) for n, v in answer.headers if n.lower() in _GIVEN and n.lower() not in there]
    return tuple((n, strip_wayback(v)[0] if n.lower() == "location" else v) for n, v in (*kept, *told))


def _agrees(memento: Memento, coded: bytes, body: bytes) -> bool | None:
    named = digests.parse_digest(memento.digest or "")
    return any(digests.has_digest(named, form) for form in (coded, body)) if named else None


def _wire(memento: Memento, coded: bytes, body: bytes) -> bytes | None:
    """The body as the original server sent it; not where the archive took its coding off, or put one on."""
    named = digests.parse_digest(memento.digest or "")
    by_archive = named is not None and digests.has_digest(named, body) and not digests.has_digest(named, coded)
    return None if coded == body or by_archive else coded
