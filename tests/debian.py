"""What tests need of Debian: installed where we may, else told; where CI runs, nothing is skipped."""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest


def need(packages: tuple[str, ...], present: Callable[[], object], unchecked: str) -> None:
    """Have the packages, installed by root if need be; without them the test is skipped, saying what is unchecked."""
    if not present() and os.geteuid() == 0:
        with (Path(tempfile.gettempdir()) / "brief-archive-tests-apt.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # tests run side by side, and apt-get does not wait for another
            if not present():
                _install(packages)
    if not present() and not os.environ.get("CI"):
        pytest.skip(f"{unchecked} NOT checked: apt-get install {' '.join(packages)}")


def _install(packages: tuple[str, ...]) -> None:
    """No service is started by it or left running."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", "-qq", *words], env=environment, check=True, capture_output=True, timeout=600)
