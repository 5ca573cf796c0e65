"""Units of measure, which no column here has: Datasette reads a library of them and all of its units at each start.

That takes most of a second, and more where Dask is installed.
"""

from __future__ import annotations

import sys
from types import ModuleType

_LIBRARY = "datasette.vendored.pint"


class _Units(ModuleType):
    """Stands where the library would be."""

    class UnitRegistry:
        """Knows no unit."""


def leave_out_units() -> None:
    """Have Datasette load no units; call it before anything imports Datasette's views."""
    sys.modules.setdefault(_LIBRARY, _Units(_LIBRARY))
