"""Values of the spiders' arguments, `-a NAME=VALUE`; each parser raises BadArgument for a value that does not fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING

from scraper.address import host_of, is_server, is_web
from scraper.errors import BadArgument

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_DAY = re.compile(r"\d{4}(?:-?\d\d(?:-?\d\d)?)?")
_YES, _NO = {"1", "true", "yes"}, {"0", "false", "no", ""}


def check_names(words: Iterable[str], names: Iterable[str]) -> None:
    """Raise BadArgument for a word that is none of the spider's arguments."""
    names = list(names)
    for word in words:
        if word not in names:
            raise BadArgument(f"-a {word}: the spider knows {', '.join(names)}")


def list_changed_values(arguments: DataclassInstance) -> dict[str, str]:
    """List the arguments that differ from their defaults, as words."""
    values = ((field.name, getattr(arguments, field.name), field.default) for field in fields(arguments))
    return {
        name: ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value, default in values
        if value != default
    }


def parse_flag(name: str, words: Mapping[str, str]) -> bool:
    """Parse 1 or 0 and their like; False without the argument."""
    word = words.get(name, "").lower()
    if word not in _YES | _NO:
        raise BadArgument(f"-a {name}={word}: give 1 or 0")
    return word in _YES


def parse_count(name: str, words: Mapping[str, str]) -> int | None:
    """Parse a number from 1; None without the argument."""
    word = words.get(name, "")
    if not word:
        return None
    if not (word.isascii() and word.isdigit() and int(word[:9]) > 0):
        raise BadArgument(f"-a {name}={word}: give a number from 1")
    return int(word[:9])


def parse_day(name: str, words: Mapping[str, str]) -> str:
    """Parse a year, month or day into YYYY, YYYYMM or YYYYMMDD; empty without the argument."""
    word = words.get(name, "")
    if word and not _DAY.fullmatch(word):
        raise BadArgument(f"-a {name}={word}: give a day, month or year such as 2019-03-01, 2019-03 or 2019")
    return word.replace("-", "")


def parse_host(name: str, words: Mapping[str, str]) -> str:
    """Parse a host into the form of `host_of`; empty without the argument."""
    word = words.get(name, "")
    host = host_of(word if is_web(word) else f"https://{word}") if word else ""
    if word and not re.fullmatch(r"[\w.-]+(?::\d+)?", host):
        raise BadArgument(f"-a {name}={word}: give a host such as example.org")
    return host


def parse_server(name: str, words: Mapping[str, str], default: str) -> str:
    """Parse the address of a server, or of a folder on it; it ends with a slash."""
    url = words.get(name) or default
    if not is_server(url):
        raise BadArgument(f"-a {name}={url}: give the address of a server, such as https://archive.example/")
    return url.rstrip("/") + "/"
