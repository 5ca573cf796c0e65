"""What can happen to a page, a small function a kind, each with what is true of the page afterwards."""

from __future__ import annotations

from importlib import import_module
from inspect import getmembers, isfunction, signature
from pkgutil import iter_modules
from random import Random

from benchmarks.mutations.saved import load_specimens
from benchmarks.mutations.specimen import POST, Mutation, Specimen, Unfit

_ROOMS = [import_module(f"{__name__}.{room.name}") for room in iter_modules(__path__)]
# Every public function of a page and a random number generator.
KINDS: dict[str, Mutation] = {
    name: kind
    for room in _ROOMS
    for name, kind in getmembers(room, isfunction)
    if kind.__module__ == room.__name__ and name[0] != "_" and [*signature(kind).parameters] == ["page", "random"]
}


def change(page: Specimen, kind: str, random: Random) -> Specimen | None:
    """Change the page; None where this kind of change does not fit it."""
    try:
        return KINDS[kind](page, random)
    except Unfit:
        return None


__all__ = ["KINDS", "POST", "Specimen", "change", "load_specimens"]
