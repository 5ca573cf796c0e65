"""The thresholds of the monitors, from the settings MONITOR_*; scraper/settings.py gives the reason of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from scrapy.settings import BaseSettings

from scraper.errors import BadArgument


@dataclass(frozen=True, slots=True)
class Limits:
    """The thresholds of one night; each field but `log` is the setting `MONITOR_` and its name in capitals."""

    history: int  # runs
    finish_reasons: tuple[str, ...]
    median_of: int  # runs
    history_min: int  # runs
    chance: float  # probability
    doubt: float  # probability
    items_share: float
    field_floors: Mapping[str, float]
    known_looks: float  # share
    drop: float  # share
    body_min: int  # characters
    body_share: float
    stale_days: int
    bad_share: float
    log: str | None  # the file that errors are written to (LOG_FILE), None if that is standard error

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Read the settings. Raises BadArgument for a value that is not a number."""
        try:
            return cls(
                history=max(1, settings.getint("MONITOR_HISTORY")),
                finish_reasons=tuple(settings.getlist("MONITOR_FINISH_REASONS")),
                median_of=max(1, settings.getint("MONITOR_MEDIAN_OF")),
                history_min=max(1, settings.getint("MONITOR_HISTORY_MIN")),
                chance=settings.getfloat("MONITOR_CHANCE"),
                doubt=settings.getfloat("MONITOR_DOUBT"),
                items_share=settings.getfloat("MONITOR_ITEMS_SHARE"),
                field_floors={name: float(floor) for name, floor in settings.getdict("MONITOR_FIELD_FLOORS").items()},
                known_looks=settings.getfloat("MONITOR_KNOWN_LOOKS"),
                drop=settings.getfloat("MONITOR_DROP"),
                body_min=settings.getint("MONITOR_BODY_MIN"),
                body_share=settings.getfloat("MONITOR_BODY_SHARE"),
                stale_days=settings.getint("MONITOR_STALE_DAYS"),
                bad_share=settings.getfloat("MONITOR_BAD_SHARE"),
                log=settings["LOG_FILE"],
            )
        except (TypeError, ValueError) as error:
            raise BadArgument(f"a setting MONITOR_* is not a number: {error}; see scraper/settings.py") from error
