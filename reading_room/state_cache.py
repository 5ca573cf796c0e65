"""Results that are kept for one state of the archive, so that nobody is shown an older one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from reading_room.database_file import FileState


class StateCache:
    """Results of the newest state up to some size in all; those that were not asked for longest go first."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._state: FileState | None = None
        self._results: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def find(self, state: FileState, key: Hashable) -> tuple[Any] | None:
        """The result with this key, None if there is none of this state."""
        if state != self._state or key not in self._results:
            return None
        self._results.move_to_end(key)
        return self._results[key][:1]

    def keep(self, state: FileState, key: Hashable, result: object, size: int = 1) -> None:
        """Keep the result, and none of another state."""
        if state != self._state:
            self._state, self._size = state, 0
            self._results.clear()
        self._size += size - self._results.pop(key, (None, 0))[1]
        self._results[key] = (result, size)
        while self._size > self._most:
            self._size -= self._results.popitem(last=False)[1][1]
