"""briefs.toml and `BRIEFS_…` in the environment: what a user would otherwise say with each command."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from scraper.console.configuration_keys import KEYS, Key, Value
from scraper.errors import BadConfiguration

FILE = "briefs.toml"
_BY_NAME = {key.name: key for key in KEYS}
_BY_VARIABLE = {key.variable: key for key in KEYS}
# Stronger than scraper/settings.py, weaker than the command line; the environment is nearer to the user than the file.
_FROM_FILE, _FROM_ENVIRONMENT = SETTINGS_PRIORITIES["project"] + 2, SETTINGS_PRIORITIES["project"] + 4


@dataclass(frozen=True, slots=True)
class Entry:
    """One value that somebody configured, and where."""

    key: Key
    value: Value
    source: str  # `briefs.toml` with its folder, or the variable's name
    priority: int  # Scrapy's


def configure(settings: BaseSettings, environment: Mapping[str, str] = os.environ) -> list[Entry]:
    """Put what is configured into the settings; returns it, the weaker first.

    briefs.toml is looked for beside the archive that the command line or the environment names, else in this folder;
    relative paths in it start from its own folder. Raises BadConfiguration.
    """
    variables = list(_read_environment(environment))
    entries = [*_read_file(_folder(settings, variables) / FILE), *variables]
    for entry in entries:
        settings.set(entry.key.setting, entry.value, priority=entry.priority)
    return entries


def _folder(settings: BaseSettings, variables: list[Entry]) -> Path:
    """The folder of an archive that was named, this one where none was."""
    if settings.getpriority("ARCHIVE_DB") == SETTINGS_PRIORITIES["cmdline"]:
        return Path(settings["ARCHIVE_DB"]).parent
    named = [str(entry.value) for entry in variables if entry.key.name == "db"]
    return Path(named[0]).parent if named else Path()


def _read_file(path: Path) -> Iterator[Entry]:
    for name, value in _load(path).items():
        key = _BY_NAME.get(name)
        if key is None:
            raise BadConfiguration(f"{path}: unknown key {name!r}{_suggest(name, list(_BY_NAME))}")
        yield Entry(key, _beside(path, key, _value(key, value, str(path))), str(path), _FROM_FILE)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise BadConfiguration(f"{path}: {error.strerror}: make it readable, or move it away") from error
    except UnicodeDecodeError as error:
        raise BadConfiguration(f"{path}: it is not UTF-8 at byte {error.start}: save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadConfiguration(
            f"{path}: {error or 'nested too deeply'}: it must be TOML, lines of key = value"
        ) from error


def _read_environment(environment: Mapping[str, str]) -> Iterator[Entry]:
    for variable in sorted(name for name in environment if name.startswith("BRIEFS_")):
        key = _BY_VARIABLE.get(variable)
        if key is None:
            raise BadConfiguration(
                f"unknown variable {variable} in the environment{_suggest(variable, list(_BY_VARIABLE))}"
            )
        if environment[variable].strip():  # an empty one says nothing, as in a file of variables to fill in
            yield Entry(key, _value(key, environment[variable].strip(), variable), variable, _FROM_ENVIRONMENT)


def _value(key: Key, value: object, source: str) -> Value:
    try:
        return key.read(value)
    except ValueError as error:
        raise BadConfiguration(f"{source}: {error}") from None


def _beside(file: Path, key: Key, value: Value) -> Value:
    return str(file.parent / str(value)) if key.kind == "path" else value


def _suggest(name: str, known: list[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else "; `briefs config` lists those that are known"
