"""Addresses of translated copies: those that a translator shows, and those by which a site names a language."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode

from scraper.url_reading import split_address

_TRANSLATOR = re.compile(r"translat|fanyi|papago|turbopages", re.IGNORECASE)  # in the name of its host
_GOOGLE_LABEL = re.compile(r"^([\w-]+)\.translate\.goog$")  # `www-usresistnews-org`, a dash of the name doubled
_GOOGLE_KEYS = "_x_tr_"
_IN_PATH = re.compile(r"/(https?)(?::/{1,2}|/)([\w.-]+\.\w+.*)$", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}/\S*", re.IGNORECASE)
_CODE = r"(?:(?!en\b)[a-z]{2}|ceb|fil|haw|hmn|yue)(?:[-_][a-z]{2,4})?"
_LANGUAGE_PATH = re.compile(rf"^/{_CODE}/(?=\d{{4}}/\d{{2}}/|$)", re.IGNORECASE)
_LANGUAGE_HOST = re.compile(rf"^{_CODE}\.(?=[\w-]+\.\w+$)", re.IGNORECASE)
_LANGUAGE_KEYS = ("lang", "language", "locale", "hl", "tl", "ln", "trp_lang")


@lru_cache(maxsize=2048)  # a page's own address is asked for several times, and those in its furniture recur
def strip_translator(url: str) -> str:
    """The address of the page that a translator shows under an address of its own; any other address as it is."""
    if not _TRANSLATOR.search(url[:100]):  # nearly all
        return url
    parts = split_address(url)
    host = parts.netloc.lower()
    query = parse_qsl(parts.query)
    if label := _GOOGLE_LABEL.match(host):
        name = label[1].replace("--", "\0").replace("-", ".").replace("\0", "-")
        own = urlencode([(key, value) for key, value in query if not key.startswith(_GOOGLE_KEYS)])
        return f"{dict(query).get(f'{_GOOGLE_KEYS}sch', 'https')}://{name}{parts.path}" + (f"?{own}" if own else "")
    if not _TRANSLATOR.search(host):
        return url
    if nested := _IN_PATH.search(parts.path):
        return f"{nested[1]}://{nested[2]}"
    for _, value in query:
        if value.startswith(("http://", "https://")):
            return value
        if _BARE_ADDRESS.fullmatch(value):
            return f"https://{value}"
    return url


def strip_language(host: str) -> str:
    """The host of which this one is a version in another language than English; any other host as it is."""
    return _LANGUAGE_HOST.sub("", host)


@lru_cache(maxsize=2048)  # a page is asked for by its own address and by the one that it states, which often are one
def is_translation(url: str) -> bool:
    """Whether an address is that of a translated copy: by its host, or by a language before the path of a post."""
    if strip_translator(url) != url:
        return True
    parts = split_address(url)
    host = parts.netloc.lower().removeprefix("www.")
    return strip_language(host) != host or bool(_LANGUAGE_PATH.match(parts.path))


def asks_for_translation(url: str) -> bool:
    """Whether the query asks for another language than English, which the site may or may not have."""
    query = parse_qsl(split_address(url).query)
    return any(key.lower() in _LANGUAGE_KEYS and re.fullmatch(_CODE, value, re.IGNORECASE) for key, value in query)
