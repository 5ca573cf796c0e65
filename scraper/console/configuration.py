"""Reads briefs.toml and `BRIEFS_…` in the environment, which save users from repeating options."""

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
# Above scraper/settings.py, below the command line; the environment overrides the file.
_FROM_FILE, _FROM_ENVIRONMENT = SETTINGS_PRIORITIES["project"] + 2, SETTINGS_PRIORITIES["project"] + 4


@dataclass(frozen=True, slots=True)
class ConfiguredValue:
    """One configured value, and where it comes from."""

    key: Key
    value: Value
    source: str  # `briefs.toml` with its folder, or the variable's name
    priority: int  # Scrapy's


def configure(settings: BaseSettings) -> list[ConfiguredValue]:
    """Put the configured values into the settings; returns them, the weaker first.

    briefs.toml is read beside the archive that the command line or the environment names, else in the current folder;
    relative paths in it start from its own folder. Raises BadConfiguration.
    """
    variables = list(_read_environment())
    entries = [*_read_file(_find_folder(settings, variables) / FILE), *variables]
    for entry in entries:
        settings.set(entry.key.setting, entry.value, priority=entry.priority)
    return entries


def _find_folder(settings: BaseSettings, variables: list[ConfiguredValue]) -> Path:
    """Find the folder of the archive that was named, else the current folder."""
    if settings.getpriority("ARCHIVE_DB") == SETTINGS_PRIORITIES["cmdline"]:
        return Path(settings["ARCHIVE_DB"]).parent
    named = [str(entry.value) for entry in variables if entry.key.name == "db"]
    return Path(named[0]).parent if named else Path()


def _read_file(path: Path) -> Iterator[ConfiguredValue]:
    for name, value in _load_toml(path).items():
        key = _find_key(name, _BY_NAME, f"{path}: unknown key {name!r}")
        found = _read_value(key, value, str(path))
        found = str(path.parent / str(found)) if key.kind == "path" else found
        yield ConfiguredValue(key, found, str(path), _FROM_FILE)


def _load_toml(path: Path) -> dict[str, Any]:
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


def _read_environment() -> Iterator[ConfiguredValue]:
    for variable in sorted(name for name in os.environ if name.startswith("BRIEFS_")):
        key = _find_key(variable, _BY_VARIABLE, f"unknown variable {variable} in the environment")
        if value := os.environ[variable].strip():  # an empty one sets nothing, as in a template
            yield ConfiguredValue(key, _read_value(key, value, variable), variable, _FROM_ENVIRONMENT)


def _find_key(name: str, keys: Mapping[str, Key], what: str) -> Key:
    if name in keys:
        return keys[name]
    near = get_close_matches(name, list(keys), n=1)
    hint = f"did you mean {near[0]}?" if near else "`briefs config` lists the known ones"
    raise BadConfiguration(f"{what}; {hint}")


def _read_value(key: Key, value: object, source: str) -> Value:
    try:
        return key.read(value)
    except ValueError as error:
        raise BadConfiguration(f"{source}: {error}") from None
