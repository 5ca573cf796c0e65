"""Words of `-a NAME=VALUE` that spiders over web archives share; each raises BadArgument for what does not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from scraper.address import host_of, is_web
from scraper.errors import BadArgument

_DAY = re.compile(r"\d{4}(?:-?\d\d(?:-?\d\d)?)?")


def day(name: str, words: Mapping[str, str]) -> str:
    """A year, month or day as YYYY, YYYYMM or YYYYMMDD; empty if none is given."""
    word = words.get(name, "")
    if word and not _DAY.fullmatch(word):
        raise BadArgument(f"-a {name}={word}: give a day, month or year such as 2019-03-01, 2019-03 or 2019")
    return word.replace("-", "")


def host(name: str, words: Mapping[str, str]) -> str:
    """A host as `host_of` gives it; empty if none is given."""
    word = words.get(name, "")
    found = host_of(word if is_web(word) else f"https://{word}") if word else ""
    if word and not re.fullmatch(r"[\w.-]+(?::\d+)?", found):
        raise BadArgument(f"-a {name}={word}: give a host such as example.org")
    return found


def server(name: str, url: str) -> str:
    """The address of a server, or of a folder on it, with a slash at its end."""
    try:
        if is_web(url) and urlsplit(url).hostname and urlsplit(url).port != 0:
            return url.rstrip("/") + "/"
    except ValueError:
        pass
    raise BadArgument(f"-a {name}={url}: give the address of a server, such as https://archive.example/")
