"""What stands beside a saved page: `NAME.meta.json` with its address, instant, media type and status."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scraper.address import is_web
from scraper.sources.events import Unreadable
from scraper.sources.instants import instant

ENDING = ".meta.json"
_MAX = 2**20


@dataclass(frozen=True, slots=True)
class Sidecar:
    url: str | None = None
    captured_at: str | None = None
    content_type: str | None = None
    status: int | None = None
    troubles: tuple[Unreadable, ...] = ()


def beside(page: Path) -> Sidecar:
    """The sidecar of `page.html`: `page.html.meta.json`, else `page.meta.json`; an empty one if there is none."""
    for name in (page.name + ENDING, page.stem + ENDING):
        path = page.with_name(name)
        if path.is_file():
            return _read(path)
    return Sidecar()


def of_options(url: str | None, captured_at: str | None) -> Sidecar:
    """What the command line says, as a sidecar; `captured_at` must be readable."""
    return Sidecar(url=url, captured_at=instant(captured_at) if captured_at else None)


def _read(path: Path) -> Sidecar:
    try:
        if path.stat().st_size > _MAX:
            return _broken(path, "is over 1 MiB")
        told: object = json.loads(path.read_bytes())
    except OSError as error:
        return _broken(path, f"cannot be read ({error.strerror})")
    except (ValueError, RecursionError) as error:
        return _broken(path, f"is no JSON ({error})")
    return _understood(path, told) if isinstance(told, dict) else _broken(path, "is no JSON object")


def _broken(path: Path, why: str) -> Sidecar:
    return Sidecar(
        troubles=(Unreadable(str(path), "sidecar", f"the sidecar {why}; the page is read without it", False),)
    )


def _understood(path: Path, told: dict[str, Any]) -> Sidecar:
    values = {key: str(told[key]) for key in ("url", "captured_at", "content_type", "status") if told.get(key)}
    fit = {"url": is_web, "captured_at": instant, "status": str.isdecimal}
    unfit = [key for key, fits in fit.items() if key in values and not fits(values[key])]
    troubles = tuple(_not_understood(path, key, values.pop(key)) for key in unfit)
    return Sidecar(
        url=values.get("url"),
        captured_at=instant(values.get("captured_at", "")),
        content_type=values.get("content_type"),
        status=int(values["status"]) if "status" in values else None,
        troubles=troubles,
    )


def _not_understood(path: Path, key: str, value: str) -> Unreadable:
    why = f"{key} {value[:80]!r} cannot be understood; the page is read without it"
    return Unreadable(str(path), "time" if key == "captured_at" else "sidecar", why, lost=False)
