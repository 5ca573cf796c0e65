"""What takes seconds to build is built by the first test process that asks; each process gets a copy of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest


def copy_shared(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """A copy of the folder that `build` fills, once for all processes of a run."""
    root = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        root = root.parent
    built = root / f"shared-{name}"
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not built.exists():
            part = factory.mktemp(name)
            build(part)
            part.rename(built)
    return Path(shutil.copytree(built, factory.mktemp(name), dirs_exist_ok=True))
