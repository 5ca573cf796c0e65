"""What can happen to a page, a small function a kind, each with what is true of the page afterwards."""

from __future__ import annotations

from benchmarks.mutations import (
    bylines,
    damage,
    headlines,
    items,
    labels,
    markup,
    metadata,
    names,
    passages,
    prose,
    resources,
    surroundings,
)
from benchmarks.mutations.saved import load_specimens
from benchmarks.mutations.specimen import POST, Mutation, Specimen

_ROOMS = (
    labels,
    bylines,
    names,
    headlines,
    metadata,
    resources,
    items,
    prose,
    passages,
    markup,
    damage,
    surroundings,
)
KINDS: dict[str, Mutation] = {kind.__name__: kind for room in _ROOMS for kind in room.KINDS}

__all__ = ["KINDS", "POST", "Mutation", "Specimen", "load_specimens"]
