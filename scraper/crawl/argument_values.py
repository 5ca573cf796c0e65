"""The arguments of a spider, `-a NAME=VALUE`: fields of a dataclass, each with the parser of its value.

A parser takes name and value, and raises BadArgument for a value that does not fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import Field, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from scraper.address import host_of, is_server, is_web
from scraper.errors import BadArgument

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    D = TypeVar("D", bound=DataclassInstance)

_DAY = re.compile(r"\d{4}(?:-?\d\d(?:-?\d\d)?)?")
_FLAGS = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def argument(parse: Callable[[str, str], object], default: object, option: str = "", metavar: str | None = None) -> Any:  # noqa: ANN401 - of the field's type
    """Make a field of an argument, and the help of its option, if it has one; an empty value means the default."""
    return field(default=default, metadata={"parse": parse, "help": option, "metavar": metavar})


def list_options(kind: type[DataclassInstance], *names: str) -> tuple[Field[Any], ...]:
    """List the arguments, all or these, that are options of a command."""
    return tuple(each for each in fields(kind) if each.metadata["help"] and (not names or each.name in names))


def read_arguments(kind: type[D], words: Mapping[str, str]) -> D:
    """Read the arguments. Raises BadArgument for a name nobody knows or a value that does not fit."""
    parsers = {each.name: each.metadata["parse"] for each in fields(kind)}
    for name in words:
        if name not in parsers:
            raise BadArgument(f"-a {name}: the spider knows {', '.join(parsers)}")
    return kind(**{name: parse(name, words[name]) for name, parse in parsers.items() if words.get(name)})


def list_changed_values(arguments: DataclassInstance) -> dict[str, str]:
    """List the arguments that differ from their defaults, as words."""
    values = ((each.name, getattr(arguments, each.name), each.default) for each in fields(arguments))
    return {
        name: ",".join(value) if isinstance(value, tuple) else str(value)
        for name, value, default in values
        if value != default
    }


def parse_text(_: str, word: str) -> str:
    """Take the value as it is."""
    return word


def parse_flag(name: str, word: str) -> bool:
    """Parse 1 or 0 and their like."""
    if word.lower() not in _FLAGS:
        raise BadArgument(f"-a {name}={word}: give 1 or 0")
    return _FLAGS[word.lower()]


def parse_count(name: str, word: str) -> int:
    """Parse a number from 1."""
    if not (word.isascii() and word.isdigit() and int(word[:9]) > 0):
        raise BadArgument(f"-a {name}={word}: give a number from 1")
    return int(word[:9])


def parse_day(name: str, word: str) -> str:
    """Parse a year, month or day into YYYY, YYYYMM or YYYYMMDD."""
    if not _DAY.fullmatch(word):
        raise BadArgument(f"-a {name}={word}: give a day, month or year such as 2019-03-01, 2019-03 or 2019")
    return word.replace("-", "")


def parse_host(name: str, word: str) -> str:
    """Parse a host into the form of `host_of`."""
    host = host_of(word if is_web(word) else f"https://{word}")
    if not re.fullmatch(r"[\w.-]+(?::\d+)?", host):
        raise BadArgument(f"-a {name}={word}: give a host such as example.org")
    return host


def parse_server(name: str, word: str) -> str:
    """Parse the address of a server, or of a folder on it; it ends with a slash."""
    if not is_server(word):
        raise BadArgument(f"-a {name}={word}: give the address of a server, such as https://archive.example/")
    return word.rstrip("/") + "/"
