"""Finds which address means which post: a post has one path, on whichever host it was seen."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import parse_qsl, quote, unquote_to_bytes, urlencode, urljoin

from scraper.translators import strip_language, strip_translator
from scraper.url_reading import SAFE, clean_url, split_address

SITE_HOSTS = frozenset({"usresistnews.org", "usrenewnews.org"})  # without www.; the site was renamed twice
SAMPLE_HOST = "sample-briefs.example"  # of the sample site (demo/): RFC 2606 keeps it from ever being a real one
SITE_START = ("https://www.usresistnews.org/", "https://www.usrenewnews.org/")

_WAYBACK = re.compile(
    r"^(?:(?:https?:)?//[^/]+)?/(?:o/\w{4,8}|(?:[\w.-]+/)*?(?:(?<=/web/)(\d{4,14})|(\d{14}|\d{4}\.\d\d\.\d\d-\d{6}))"
    r"(?:[a-z]{2}_)?)/(?=https?:/|//|www\.|mailto:)",
    re.IGNORECASE,
)
# Each prefix costs a look at all that follows it: what is longer or deeper was made to take time.
_LONGEST, _NESTED = 8000, 5  # characters of an address that is searched for prefixes, and prefixes taken off at once
_ADDRESS_LINE = re.compile(
    r"(?:(?:url|uri|source|link|address|permalink|from)\s*[:=]\s*|(?:saved|copied|retrieved|archived) from:?\s+)?"
    r"<?(https?://[^\s<>]+)>?",
    re.IGNORECASE,
)
_PERMALINK = re.compile(r"^/(\d{4})/(\d{2})/(\d{2})/([^/?]+)/$")
# Other forms of the same post, which WordPress and its plugins append to the permalink.
_PRESENTATION = re.compile(r"^(/\d{4}/\d{2}/\d{2}/[^/?]+/)(?:amp|print|comment-page-\d+)/$")
# A later page of a post that WordPress or a plugin splits: `/slug/2/`, `/slug/page/2/`; `/2019/06/04/page/2/` is none.
_PART = re.compile(r"^(/\d{4}/\d{2}/\d{2}/(?!page/)[^/?]+/)(?:page/)?(\d{1,3})/$")
_SHORT_PART = re.compile(r"^(/\?)p=(\d+)&page=(\d{1,3})$")
_LISTING = re.compile(
    r"^/(?:$|\?s=|page/\d|category/|tag/|author/|search/|blog/$|\d{4}/(?:\d{2}/(?:\d{2}/)?)?(?:page/\d+/)?$)"
    r"|/page/\d+/?(?:\?.*)?$"
)
_INDEX = re.compile(r"^(?:/index\.php)+(?:/|$)|/index\.html?$")  # what servers and mirrors put for a folder
_UNSTORABLE = re.compile(r"[\ud800-\udfff\0]")  # characters that no database stores
# In mirrors relative links lead to files: index.html, index.html@p=12.html (wget), indexc3d4.html?p=12 (HTTrack).
_MIRROR_FILE = re.compile(
    r"/index(?:[0-9a-f]{4}|-\d+)?\.html?(?:(?:\?|@|%3F)([\w-]+=[^#]*?)(?:\.html)?)?(?=#|$)", re.IGNORECASE
)
_SELECTING_KEYS = "p page page_id attachment_id s paged cat author tag m feed rest_route".split()
# Web archives that are believed when they say whose page they show; another one only where the user names its host.
_ARCHIVE_HOST = re.compile(
    r"(?:^|\.)(?:archive\.(?:org|today|ph|is|li|vn|fo|md)|archive-it\.org|arquivo\.pt|perma\.cc|perma-archives\.org"
    r"|webarchive\.loc\.gov|webarchive\.nationalarchives\.gov\.uk|webarchive\.org\.uk|swap\.stanford\.edu|conifer\.rhizome\.org"
    r"|vefsafn\.is|archive\.bibalex\.org|wayback\.archive\.bibalex\.org|webarchive\.bac-lac\.gc\.ca)$"
)


@lru_cache(maxsize=2048)
def strip_wayback(url: str) -> tuple[str, str | None]:
    """Split off a Wayback prefix; returns the original address and the timestamp (4 to 14 digits), None without one.

    Knows the forms of web.archive.org, pywb and archive.today, absolute, site-relative or nested.
    """
    original, stamp, _ = _peel(clean_url(url))
    return original, stamp


@lru_cache(maxsize=2048)  # the same address is made absolute, compared and identified
def _peel(url: str) -> tuple[str, str | None, set[str]]:
    """Split off every Wayback prefix; with the original address and the timestamp come the hosts of the prefixes."""
    stamp: str | None = None
    hosts: set[str] = set()
    for _ in range(_NESTED):
        if not (match := _match_wayback(url)):
            break
        hosts.add(host_of(match[0]))
        stamp = re.sub(r"\D", "", match[1] or match[2] or "") or stamp
        url = url[match.end() :]
        if url.startswith("//"):
            url = "https:" + url
        elif url.startswith("www."):
            url = "https://" + url
        url = clean_url(url)  # some proxies fold the double slash
    return url, stamp, hosts


def _match_wayback(url: str) -> re.Match[str] | None:
    return _WAYBACK.match(url) if len(url) <= _LONGEST else None


def is_believed(url: str, hosts: Collection[str]) -> bool:
    """Whether each Wayback prefix of an address, if it has any, is that of a known web archive or of one of `hosts`."""
    return all(host in hosts or not host or _ARCHIVE_HOST.search(host) for host in _peel(clean_url(url))[2])


def is_storable(text: str) -> bool:
    """Whether SQLite can store every character of the text."""
    return (text.isascii() and "\0" not in text) or _UNSTORABLE.search(text) is None


def replace_unstorable(text: str) -> str:
    """The text without characters that SQLite cannot store, such as those of an undecodable file name."""
    return text if is_storable(text) else _UNSTORABLE.sub("\ufffd", text)


def make_absolute(url: str, base: str | None) -> str:
    """Make `url` absolute and strip any Wayback prefix."""
    original = strip_wayback(replace_unstorable(url))[0]
    if is_web(original) and "/." not in original:
        return original  # fast path: most links are absolute already
    if not base:
        return original
    try:
        return _MIRROR_FILE.sub(_restore_query, strip_wayback(urljoin(base, original))[0])
    except ValueError:  # such as `http://[…`; it stays as written
        return original


def _restore_query(match: re.Match[str]) -> str:
    return "/" + (f"?{match[1]}" if match[1] else "")


@lru_cache(maxsize=2048)
def host_of(url: str) -> str:
    """The host in lower case without `www.` and a last full stop, with its port unless that is 80 or 443.

    It is empty where no web server is meant: `javascript://HOST/` has no host.
    """
    parts = split_address(url)
    if parts.scheme not in ("http", "https", ""):
        return ""
    return re.sub(r"\.?(?::(?:80|443))?$", "", parts.netloc.lower()).removeprefix("www.")


def is_loopback(host: str) -> bool:
    """Whether a host (as `host_of` writes it) is this machine, where a mirror or test server stands for the site."""
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    try:
        return name == "localhost" or ip_address(name.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:  # a host name, even if it begins with 127.
        return False


def is_ours(url: str, hosts: Collection[str] | None) -> bool:
    """Whether an address, or what an archive or translator shows there, is one of the hosts' or the sample site's.

    Without hosts every address is.
    """
    if hosts is None:
        return True
    host = strip_language(host_of(_find_original(url)))
    return (host in hosts or host == SAMPLE_HOST) and is_believed(url, hosts)


def is_web(url: str) -> bool:
    """Whether the scheme is http or https."""
    return url[:8].lower().startswith(("http://", "https://"))


def is_server(url: str) -> bool:
    """Whether an address names a web server: a host, and a port if any, that can be."""
    try:
        return is_web(url) and bool(split_address(url).hostname) and split_address(url).port != 0
    except ValueError:  # no number as its port, for one
        return False


def make_urn(text: bytes) -> str:
    """Make the path of a text without an address: the archive's own name, by its digest."""
    return "urn:sha256:" + hashlib.sha256(text).hexdigest()


@lru_cache(maxsize=8192)
def identity(url: str) -> str:
    """The path that identifies the post (docs/schema.md, `briefs.path`): no scheme, host, fragment or Wayback prefix.

    It keeps a query only where WordPress selects content by it: `/?p=N`, searches, paged feeds, REST.
    """
    if url.startswith("urn:"):
        return url  # the archive's own name for a text without an address
    parts = split_address(_find_original(replace_unstorable(url)))
    raw = b"/" + unquote_to_bytes(parts.path).removeprefix(b"/")
    raw = _resolve_dots(re.sub(rb"/{2,}", b"/", raw) if b"//" in raw else raw)
    path = _INDEX.sub("/", quote(raw, safe=SAFE).lower())
    if _match_wayback(path):
        return identity(path)  # the Wayback prefix was percent-encoded
    if path.startswith("/wp-json/"):
        return path + (f"?{parts.query}" if parts.query else "")
    if not path.endswith("/") and "." not in path.rpartition("/")[2]:
        path += "/"
    if match := _PRESENTATION.match(path):
        path = match[1]
    path = _number_part(path, parts.query)
    if _PERMALINK.match(path) or _PART.match(path):
        return path
    query = sorted((k, v) for k, v in parse_qsl(parts.query) if k in _SELECTING_KEYS)
    if ("page", "1") in query or "p" not in dict(query):
        query = [(k, v) for k, v in query if k != "page"]
    return path + (f"?{urlencode(query)}" if query else "")


def _resolve_dots(path: bytes) -> bytes:
    """Resolve the segments `.` and `..` of a path, as browsers do before they ask for it."""
    if b"/." not in path:
        return path
    resolved = posixpath.normpath(path)
    return resolved + b"/" * (path.endswith((b"/", b"/.", b"/..")) and resolved != b"/")


def _number_part(path: str, query: str) -> str:
    """The path with the number of a post's page at its end, however the address gives it; the first page has none."""
    if "et_blog" in query:  # a page of a list in the post
        return path
    number = dict(parse_qsl(query)).get("page", "") if query else ""
    if number.isdecimal() and _PERMALINK.match(path):
        path += f"{number}/"
    match = _PART.match(path)
    return match[1] + (f"{int(match[2])}/" if int(match[2]) > 1 else "") if match else path


def split_part(path: str) -> tuple[str, int]:
    """Split the path of a page of a post into the path of the post and the number of the page, 1 for the first."""
    if (match := _PART.match(path)) and "/page/" not in path:
        return match[1], int(match[2])
    match = _SHORT_PART.match(path)
    return (f"/?p={match[2]}", int(match[3])) if match else (path, 1)


def strip_part(url: str) -> str:
    """The address of a post's first page, for that of a later one; any other address as it is."""
    path, number = split_part(identity(url))
    parts = split_address(strip_wayback(url)[0])
    return f"{parts.scheme}://{parts.netloc}{path}" if number > 1 and parts.netloc else url


def _find_original(url: str) -> str:
    """The site's own address behind the prefix of a Wayback or the address of a translator, or of both."""
    original = strip_wayback(url)[0]
    translated = strip_translator(original)
    return original if translated == original else strip_wayback(translated)[0]


def permalink_date(path: str) -> str | None:
    """The date `YYYY-MM-DD` in `/YYYY/MM/DD/slug/`, None for any other path and for a day that no month has."""
    match = _PERMALINK.match(path)
    try:
        return date.fromisoformat("-".join(match.groups()[:3])).isoformat() if match else None
    except ValueError:
        return None


def parse_address_line(line: str) -> str | None:
    """Parse a line that holds the address of a post and nothing else, as people put it above a text; else None."""
    match = _ADDRESS_LINE.fullmatch(line.strip())
    return match[1] if match and is_post(identity(match[1])) else None


def is_post(path: str) -> bool:
    """Whether the path has the form of a post's: a dated permalink or `/?p=N`."""
    return bool(_PERMALINK.match(path) or (path.startswith("/?p=") and path[4:].isdecimal()))


def is_part(path: str) -> bool:
    """Whether the path has the form of a later page of a post."""
    return split_part(path)[1] > 1


def is_listing(path: str) -> bool:
    """Whether the path has the form of the front page's or of a list of posts."""
    return bool(_LISTING.search(path))
