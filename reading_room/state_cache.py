"""Results that are kept for one state of the archive, so that nobody is shown an older one."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any

from reading_room.database_file import FileState


class StateCache:
    """At most so many results of the newest state; those that were not asked for longest go first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._state: FileState | None = None
        self._results: OrderedDict[Hashable, Any] = OrderedDict()

    def find(self, state: FileState, key: Hashable) -> tuple[Any] | None:
        """The result with this key, None if there is none of this state."""
        if state != self._state or key not in self._results:
            return None
        self._results.move_to_end(key)
        return (self._results[key],)

    def keep(self, state: FileState, key: Hashable, result: object) -> None:
        """Keep the result, and none of another state."""
        if state != self._state:
            self._state = state
            self._results.clear()
        self._results[key] = result
        while len(self._results) > self._most:
            self._results.popitem(last=False)
