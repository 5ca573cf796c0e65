"""Derives the address of a file from its place: mirrors of wget and HTTrack, downloads from Waybacks."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, unquote

from scraper.address import SITE_HOSTS, host_of, identity, is_post, is_web
from scraper.dates import parse_instant
from scraper.sources.sidecar import is_neighbour

_LOGS = frozenset(("hts-log.txt", "hts-err.txt", "hts-nohup.txt", "cookies.txt", "wget-log"))
_MARKS = ("robots.txt", "index.html", "index.htm", "hts-cache")  # a folder without them is no mirror
_WAYBACK = "web.archive.org"
_INDEX = re.compile(r"(?<![^/])index\.html?$")
_RENAMED = re.compile(r"(?:-\d+|[0-9a-f]{4})\.html?$")  # HTTrack's second file of a name: index-2.html, indexc3d4.html
_ADDED_ENDING = re.compile(r"(?<!index)\.html?$")
# A folder or a file that bears an instant: as Waybacks write it, or in ISO 8601 with what file names allow.
_STAMP = re.compile(
    r"(?:^|(?<=/))(\d{14}(?=\D|$)(?:[a-z]{2}_)?|\d{8}T\d{6}Z|\d{4}-\d\d-\d\dT\d\d[-:_.]\d\d[-:_.]\d\dZ)(?:/|(?:\.\w+)?$)"
)
_QUOTED = re.compile(r"https?%3a(?:%2f|/)", re.IGNORECASE)  # an address in one name
_UNKNOWN_QUERY = re.compile(r"/?__q[0-9a-f]{12}(?=[./]|$)")  # wayback_machine_downloader puts a digest for a query
_ORIGINAL = ".orig"  # wget -K: the page before its links were converted
_SAVED_BESIDE = re.compile(r"(.+)[_-](?:files|Dateien|fichiers|archivos|file|bestanden|arquivos)")
_CACHE = Path("hts-cache", "new.txt")
_MAX_CACHE = 64 * 2**20
_COLUMNS = 9  # of HTTrack's list: time, size, flags, status, message, type, date, address, file


def find_listed_address(path: Path) -> tuple[str, int] | None:
    """Return the file's address and HTTP status from the list that HTTrack wrote in a folder above; None without."""
    path = path.absolute()
    for folder in path.parents:
        if (folder / _CACHE).is_file():
            return _read_cache(folder / _CACHE).get(path.relative_to(folder).as_posix())
    return None


def derive_address(path: Path, hosts: Collection[str] | None) -> str | None:
    """Derive the address that a file of a mirror was saved from; None where its place leaves a doubt.

    A folder above must be named after a host (one of `hosts`, or the Wayback Machine), and the file's place below it
    must be that of a post or of a folder's index. It is an address of a Wayback where a folder bears an instant.
    """
    path = path.absolute()
    for folder in reversed(path.parents):
        host = re.sub(r"[+_](?=\d+$)", ":", folder.name.lower())  # a port; Windows takes no colon
        if host == _WAYBACK or host_of(f"//{host}") in (SITE_HOSTS if hosts is None else hosts):
            return derive_address_below(folder, host, path)
    return None


def derive_address_below(folder: Path, host: str, path: Path) -> str | None:
    """Derive the address of a file below the folder that is named after its host; None where there is a doubt."""
    scheme = _find_scheme(folder) or "https"
    place = path.relative_to(folder).as_posix().removesuffix(_ORIGINAL)
    place = unquote(place) if host == _WAYBACK and _QUOTED.search(place) else place
    stamp, place = (None, place) if host == _WAYBACK else _split_stamp(folder, place)
    bare = _UNKNOWN_QUERY.sub("", place)
    if host != _WAYBACK and not _is_of_post(bare):
        is_of_mirror = any((folder / name).exists() for name in _MARKS) and not _RENAMED.search(place)
        if bare != place or not (_INDEX.search(place) or (place and is_of_mirror)):
            return None
    # A name may hold bytes that are no UTF-8: they are what the address had.
    url = f"{scheme}://{host}/" + quote(os.fsencode(_address_of(bare)), safe="/?=&%:;,+~!$'()*@")
    return f"https://{_WAYBACK}/web/{stamp}/{url}" if stamp else url


def find_stamp(path: Path) -> tuple[str, str] | None:
    """Find the last folder, or the file's own name, that bears an instant; with it the place below, bare of endings."""
    place = path.absolute().as_posix()
    stamps = [(match, stamp) for match in _STAMP.finditer(place) if (stamp := _read_stamp(match))]
    if not stamps:
        return None
    match, stamp = stamps[-1]
    return stamp, _ADDED_ENDING.sub("", _INDEX.sub("", place[match.end() :])).strip("/")


def is_mirror_file(path: Path) -> bool:
    """Whether HTTrack or wget wrote the file about the mirror: a log, a list, a front page of its own."""
    own_index = path.name == "index.html" and (path.parent / _CACHE.parent).is_dir()
    return own_index or path.name in _LOGS or _CACHE.parent.name in path.parts


def has_original_beside(path: Path) -> bool:
    """Whether wget kept the original page beside this one, whose links it converted."""
    names = (path.name + _ORIGINAL, _ADDED_ENDING.sub("", path.name) + _ORIGINAL)
    return path.suffix != _ORIGINAL and any(is_neighbour(path.with_name(name)) for name in names)


def belongs_to_saved_page(path: Path, root: Path) -> bool:
    """Whether the file lies in the folder that a browser made beside `NAME.html` for the parts of the page."""
    folders = (folder for folder in path.parents if folder.is_relative_to(root) and folder != root)
    return any(map(_is_saved_page_folder, folders))


@lru_cache(maxsize=1024)
def _is_saved_page_folder(folder: Path) -> bool:
    match = _SAVED_BESIDE.fullmatch(folder.name)
    return match is not None and any(is_neighbour(folder.with_name(match[1] + end)) for end in (".html", ".htm"))


def _split_stamp(folder: Path, place: str) -> tuple[str | None, str]:
    """Split the instant of the capture off a place: downloaders from Waybacks name a folder or a file by it."""
    match = _STAMP.search(place)
    if match and (stamp := _read_stamp(match)):
        index = "" if match[0].endswith("/") else "index.html"
        return stamp, place[: match.start()] + index + place[match.end() :]
    if match and match.start() == 0 and _is_of_post(place[match.end() :]):  # no such day: the folder says nothing
        return None, place[match.end() :]
    above = _STAMP.fullmatch((folder.parent if _find_scheme(folder) else folder).parent.name)
    return (_read_stamp(above) if above else None), place


def _is_of_post(place: str) -> bool:
    return is_post(identity(f"https://x/{_address_of(place)}"))


def _find_scheme(folder: Path) -> str | None:
    """Find the scheme of which the folder above is what a downloader makes of `https://`."""
    name = folder.parent.name.removesuffix(":")
    return name if name in ("http", "https") else None


def _read_stamp(match: re.Match[str]) -> str | None:
    digits = re.sub(r"\D", "", match[1])
    return digits if parse_instant(digits) else None


def _address_of(place: str) -> str:
    """Turn a file's place into path and query, without what the programs added to names."""
    stem, mark, query = _split_query(place)
    if mark:
        return _INDEX.sub("", stem) + "?" + _ADDED_ENDING.sub("", _INDEX.sub("", query)).rstrip("/")
    if _INDEX.search(place):
        return _INDEX.sub("", place)
    bare = _ADDED_ENDING.sub("", place)
    return bare if is_post(identity(f"https://x/{bare}")) and not _RENAMED.search(place) else place


def _split_query(place: str) -> tuple[str, str, str]:
    """Split a name at its question mark, which is an at sign with wget's --restrict-file-names=windows.

    Other programs escape it, on all systems or on Windows alone.
    """
    place = unquote(place) if "%3f" in place.lower() else place
    if "?" in place:
        return place.partition("?")
    stem, mark, query = place.rpartition("@")
    return (stem, mark, query) if re.match(r"[\w%-]+=", query) else (place, "", "")


@lru_cache(maxsize=2)
def _read_cache(path: Path) -> dict[str, tuple[str, int]]:
    """Map files to their addresses. The times in the list have no day and no zone, so they are not used."""
    files: dict[str, tuple[str, int]] = {}
    text = "" if path.stat().st_size > _MAX_CACHE else path.read_text("utf-8", errors="replace")
    for columns in (line.split("\t") for line in text.splitlines()):
        if len(columns) >= _COLUMNS and is_web(url := columns[7].strip()) and re.fullmatch(r"[1-5]\d\d", columns[3]):
            name, host = columns[8].strip(), url.partition("://")[2].partition("/")[0].replace(":", "_")
            files[name[name.find(f"/{host}/") + 1 :]] = url, int(columns[3])
    return files
