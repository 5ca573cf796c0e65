"""Reads what a Wayback shows for a line of its index: the capture, checked against the line, or why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from scraper.address import identity, is_web, strip_wayback
from scraper.archive import MementoState
from scraper.dates import parse_instant
from scraper.http_headers import find_content_length, find_header, is_chunked, select_headers
from scraper.records import Capture, Memento
from scraper.sources import digests
from scraper.sources.content_coding import decode_payload
from scraper.url_reading import clean_url, resolve_location, split_address
from scraper.webarchives.wayback_api import WaybackService

_ORIGINAL = "x-archive-orig-"
_UNMARKED = ("content-type", "content-encoding", "location")  # the original's, if the archive marks none
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w*-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s,;]+))*)")
_ORIGINAL_RELATION = re.compile(r"\brel\s*=\s*[\"']?(?:[\w-]+ )*original\b", re.IGNORECASE)
# The words of web.archive.org and OpenWayback for what they may not show; nobody else says so by accident.
_EXCLUDED = re.compile(
    r"AdministrativeAccessControl|RobotAccessControl|Blocked\s+Site\s+Error"
    r"|\b(?:url|site|page|host)\s+(?:has\s+been|is)\s+excluded\s+from\s+the\s+Wayback"
    r"|(?:displayed|blocked) due to robots\.txt",
    re.IGNORECASE,
)
_PYWB_EXCLUDED = re.compile(r"Access Blocked to ", re.IGNORECASE)  # firewalls say so too, with other statuses
# Only who speaks of an archive, and not by its address, knows what is in it; other servers have a 404 as well.
_ABSENT = re.compile(r"archiv|arquiv|wayback|pywb|\bcollection\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s<>\"']+|/[^\s<>\"']*/[^\s<>\"']*|\b[\w-]{1,63}(?:\.[\w-]{1,63}){2,}")
_TAG = re.compile(r"<[^<>]*>")
_OF_NO_COPY = re.compile(  # of a server in front of the archive, which signs its pages, or of a whole collection
    r"<center>\s*(?:nginx|openresty|tengine|cloudflare)|cf-error-details|\bServer at \S+ Port \d|Varnish cache server"
    r"|Collection not found|Static file not found",
    re.IGNORECASE,
)
# What a replay without `id_` puts into a page.
_ADDED = re.compile(
    rb"WAYBACK TOOLBAR INSERT|Wayback Rewrite JS Include|/_static/js/(?:bundle-playback|wombat|ait-client-rewrite)"
    rb"|WB_wombat_Init|wombat\.js|<!-- WB Insert|FILE ARCHIVED ON \d\d:\d\d:\d\d"
)
_ERROR = "x-archive-wayback-runtime-error"


@dataclass(frozen=True)
class WaybackAnswer:
    """One response of a Wayback, as it came over the wire."""

    url: str  # the requested one
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes  # content encoding left on
    is_cut: bool = False  # the connection ended too early

    @cached_property
    def header_values(self) -> Mapping[str, str]:
        """The headers by their names in lower case; of several the first."""
        return {name.lower(): value for name, value in reversed(self.headers)}

    @property
    def is_memento(self) -> bool:
        """Whether it is a capture, rather than a page of the web archive itself."""
        names = self.header_values
        return "memento-datetime" in names or any(name.startswith(_ORIGINAL) for name in names)


@dataclass(frozen=True, slots=True)
class ReplayedCapture:
    """A capture that a Wayback showed."""

    capture: Capture
    timestamp: str  # of the capture itself, which may be another than the requested one
    has_digest: bool | None  # whether the payload has the index's digest; None where they cannot be compared
    is_requested: bool  # False: another instant; or another address in the same second
    is_rewritten: bool  # whether the web archive has put its own into the page, as without `id_`


@dataclass(frozen=True, slots=True)
class ReplayFailure:
    """Why a Wayback shows no capture; a state of None leaves the line waiting."""

    state: MementoState | None
    reason: str
    status: int | None = None  # of the answer


def find_archive_redirect(answer: WaybackAnswer, service: WaybackService) -> str | None:
    """Find where the web archive redirects to another capture of the same page; None without such a redirect."""
    location = answer.header_values.get("location")
    if not 300 <= answer.status < 400 or location is None or answer.is_memento:
        return None
    target = resolve_location(answer.url, location) or ""
    original, stamp = strip_wayback(target)
    is_same = identity(original) == identity(strip_wayback(answer.url)[0])
    return target if stamp and is_same and target.startswith(service.replay) else None


def read_answer(memento: Memento, answer: WaybackAnswer, service: WaybackService) -> ReplayedCapture | ReplayFailure:
    """Read the requested capture or the one shown in its place, or why there is none."""
    if not answer.is_memento:
        return explain_failure(answer)
    timestamp = _find_timestamp(answer)
    if timestamp is None:
        stated = answer.header_values.get("memento-datetime", "")
        return ReplayFailure(None, f"its instant cannot be read: {stated[:60]}")
    headers = _find_original_headers(answer)
    payload = decode_payload(answer.body, [header for header in headers if header[0].lower() in _UNMARKED])
    is_short = max(len(answer.body), len(payload.body)) < find_content_length(headers)
    has_digest = digests.compare_digest(memento.digest, (answer.body, payload.body))
    if _is_cut(
        answer, has_digest, is_short=is_short or (answer.status == 200 and not answer.body), is_whole=payload.whole
    ):
        return ReplayFailure(None, "the answer was cut off")
    if has_digest is False and (payload.body != answer.body or _names_coding(headers)):
        has_digest = None  # the index's is of the payload as it was recorded, chunked or coded in a way that is gone
    url = _find_original_url(memento, answer)
    capture = Capture(
        body=payload.body,
        url=url,
        captured_at=parse_instant(timestamp),
        source="wayback",
        status=answer.status,
        headers=headers,
        content_type=find_header(headers, "content-type"),
        truncated=not has_digest and (is_short or not payload.whole),
        memento=service.build_page_url(timestamp, url),
        wire=_find_wire_body(memento, answer.body, payload.body),
    )
    # Of one second the archive may have both a page and a redirect to it: the digest or the address shows which.
    is_same_address = url.rstrip("/") == clean_url(memento.url).rstrip("/")
    may_be_another = has_digest is not True and memento.status not in (None, answer.status)
    is_other = has_digest is False or (may_be_another and memento.digest is not None)
    is_requested = timestamp == memento.timestamp and (is_same_address or not is_other)
    is_rewritten = has_digest is not True and is_altered(payload.body, service)
    return ReplayedCapture(capture, timestamp, has_digest, is_requested, is_rewritten)


def explain_failure(answer: WaybackAnswer) -> ReplayFailure:
    """Explain a page that is no capture: only the web archive's own words settle a copy, whatever their status."""
    codings = select_headers(answer.headers, "content-encoding")
    text = answer.header_values.get(_ERROR, "") + decode_payload(answer.body, codings).body.decode("utf-8", "replace")
    status = f"HTTP {answer.status}"
    if says_excluded(answer.status, text):
        return ReplayFailure("excluded", f"the web archive may not show it ({status})")
    if answer.status in (404, 410) and not answer.is_cut and _says_missing(text):
        return ReplayFailure("missing", f"the web archive does not have it ({status})")
    if answer.status == 429 or answer.status >= 500:
        return ReplayFailure(None, status, answer.status)
    reason = f"{status} without Memento-Datetime: no copy, nor the web archive's word on it"
    return ReplayFailure(None, reason, answer.status)


def says_excluded(status: int, text: str) -> bool:
    """Whether a web archive says that it may not show something."""
    words = _list_words(text)
    return bool(_EXCLUDED.search(words) or (status == 451 and _PYWB_EXCLUDED.search(words)))


def _says_missing(text: str) -> bool:
    """Whether a web archive says that it does not have something, and not a server in front of it."""
    return not _OF_NO_COPY.search(text) and _ABSENT.search(_ADDRESS.sub(" ", _list_words(text))) is not None


def _list_words(text: str) -> str:
    return unescape(_TAG.sub("", text))


def is_altered(body: bytes, service: WaybackService) -> bool:
    """Whether the web archive has changed the links of a page, or put its own script or banner into it."""
    path = re.escape(split_address(service.replay).path.encode())
    rewritten = rb"=\s*[\"']?(?:https?://[^/\"' ]+)?" + path + rb"\d{14}(?:[a-z]{2}_)?/https?:"
    return bool(_ADDED.search(body) or re.search(rewritten, body))


def _is_cut(answer: WaybackAnswer, has_digest: bool | None, *, is_short: bool, is_whole: bool) -> bool:
    """Whether the copy was cut on its way here; one that the web archive recorded so is taken as it is."""
    is_coded_by_archive = _ORIGINAL + "content-encoding" not in answer.header_values
    is_cut = answer.is_cut or (has_digest is False and is_short) or (is_coded_by_archive and not is_whole)
    return is_cut and not has_digest


def _names_coding(headers: Iterable[tuple[str, str]]) -> bool:
    """Whether the original answer was chunked or coded."""
    coding = find_header(headers, "content-encoding") or ""
    return is_chunked(headers) or coding.strip().lower() not in ("", "identity")


def _find_timestamp(answer: WaybackAnswer) -> str | None:
    """Find when the capture was made, YYYYMMDDhhmmss, by its header or else by the address it is at."""
    stated = answer.header_values.get("memento-datetime")
    if stated is None:
        return strip_wayback(answer.url)[1]
    moment = parse_instant(stated)
    return re.sub(r"\D", "", moment) if moment else None


def _find_original_url(memento: Memento, answer: WaybackAnswer) -> str:
    """Find the captured address, as the archive links it: it may show the page of a slightly different address."""
    links = [match for _, value in select_headers(answer.headers, "link") for match in _LINK.finditer(value)]
    originals = [match[1] for match in links if _ORIGINAL_RELATION.search(match[2])]
    # web.archive.org escapes the header as if it were HTML.
    found = [url for link in originals for url in (link, unescape(link))] or [strip_wayback(answer.url)[0]]
    path = identity(memento.url)
    return clean_url(next((url for url in found if is_web(url) and identity(url) == path), memento.url))


def _find_original_headers(answer: WaybackAnswer) -> tuple[tuple[str, str], ...]:
    """Find the headers of the original answer, without those of the web archive."""
    originals = [(n[len(_ORIGINAL) :], v) for n, v in answer.headers if n.lower().startswith(_ORIGINAL)]
    names = {name.lower() for name, _ in originals}
    others = [(n, v) for n, v in answer.headers if n.lower() in _UNMARKED and n.lower() not in names]
    return tuple((n, strip_wayback(v)[0] if n.lower() == "location" else v) for n, v in (*others, *originals))


def _find_wire_body(memento: Memento, coded: bytes, body: bytes) -> bytes | None:
    """Find the body as the original server sent it; None where the archive removed its coding, or added one."""
    is_decoded, is_coded = (digests.compare_digest(memento.digest, (form,)) for form in (body, coded))
    return None if coded == body or (is_decoded and not is_coded) else coded
