"""Reads the sidecar of a saved page: `NAME.meta.json` with its address, instant, media type and status."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scraper.address import is_web
from scraper.dates import parse_instant
from scraper.sources.events import Unreadable

ENDING = ".meta.json"
_MAX = 2**20
_STATUS = re.compile(r"[1-9][0-9]{2}")


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is stated about a saved page, and what is wrong with these statements."""

    url: str | None = None
    captured_at: str | None = None
    content_type: str | None = None
    status: int | None = None
    problems: tuple[Unreadable, ...] = ()


def is_neighbour(path: Path) -> bool:
    """Whether a file made of the name of a page is there; a name that is too long is nobody's."""
    try:
        return path.is_file()
    except OSError:
        return False


def find_sidecar(page: Path) -> Path | None:
    """Find the sidecar of `page.html`: `page.html.meta.json`, else `page.meta.json`."""
    names = (page.name + ENDING, page.stem + ENDING)
    return next((path for name in names if is_neighbour(path := page.with_name(name))), None)


def read_sidecar(page: Path) -> Sidecar:
    """Read the sidecar of a page; without one it is empty."""
    path = find_sidecar(page)
    return _read_file(path) if path else Sidecar()


def make_sidecar(url: str | None, captured_at: str | None) -> Sidecar:
    """Make a sidecar of options of the command line; `captured_at` must be a valid instant."""
    return Sidecar(url=url, captured_at=parse_instant(captured_at) if captured_at else None)


def _read_file(path: Path) -> Sidecar:
    try:
        if path.stat().st_size > _MAX:
            return _report_unusable(path, "is over 1 MiB")
        data: object = json.loads(path.read_bytes())
    except OSError as error:
        return _report_unusable(path, f"cannot be read ({error.strerror})")
    except (ValueError, RecursionError) as error:
        return _report_unusable(path, f"is not JSON ({error})")
    return _parse_values(path, data) if isinstance(data, dict) else _report_unusable(path, "is not a JSON object")


def _report_unusable(path: Path, why: str) -> Sidecar:
    return Sidecar(
        problems=(Unreadable(str(path), "sidecar", f"the sidecar {why}; the page is read without it", False),)
    )


def _parse_values(path: Path, data: dict[str, Any]) -> Sidecar:
    values = {key: str(data[key]) for key in ("url", "captured_at", "content_type", "status") if data.get(key)}
    checks: dict[str, Callable[[str], object]] = {
        "url": is_web,
        "captured_at": parse_instant,
        "status": _STATUS.fullmatch,
    }
    bad_keys = [key for key, is_valid in checks.items() if key in values and not is_valid(values[key])]
    problems = tuple(_report_bad_value(path, key, values.pop(key)) for key in bad_keys)
    return Sidecar(
        url=values.get("url"),
        captured_at=parse_instant(values.get("captured_at", "")),
        content_type=values.get("content_type"),
        status=int(values["status"]) if "status" in values else None,
        problems=problems,
    )


def _report_bad_value(path: Path, key: str, value: str) -> Unreadable:
    why = f"{key} {value[:80]!r} cannot be understood; the page is read without it"
    return Unreadable(str(path), "time" if key == "captured_at" else "sidecar", why, lost=False)
