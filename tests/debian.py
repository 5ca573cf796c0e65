"""What tests need of Debian: `python -m tests.debian` installs it as root, and says so; tests install nothing.

Where a package is missing the tests that need it are skipped, and the run ends with one line that names the packages.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_BEGINNING = "needs Debian packages: "
_POLICY = Path("/usr/sbin/policy-rc.d")
_PHP_MODULES = {"pdo_sqlite", "mbstring", "SimpleXML"}


@dataclass(frozen=True)
class Need:
    """Packages that some tests need, and what for."""

    packages: tuple[str, ...]
    purpose: str
    is_met: Callable[[], bool]

    def require(self) -> None:
        """Skip the test unless the packages are there; where CI runs nothing is skipped, so that it fails instead."""
        if not self.is_met() and not os.environ.get("CI"):
            import pytest  # noqa: PLC0415 - CI installs packages beside pytest

            pytest.skip(_BEGINNING + " ".join(self.packages))


def find_browser() -> str | None:
    """The path of a Chromium."""
    return shutil.which("chromium-headless-shell") or shutil.which("chromium")


def _has_programs(*names: str) -> Callable[[], bool]:
    return lambda: all(map(shutil.which, names))


@cache
def _has_php() -> bool:
    php = shutil.which("php")
    if php is None:
        return False
    modules = subprocess.run([php, "-m"], capture_output=True, text=True, check=False)
    return set(modules.stdout.split()) >= _PHP_MODULES


def _has_browser() -> bool:
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return find_browser() is not None


# libatomic1 is for the Node.js that comes with Playwright.
BROWSER = Need(("chromium-headless-shell", "libatomic1"), "pages in a real browser", _has_browser)
PHP = Need(("php-cli", "php-sqlite3", "php-mbstring", "php-xml"), "a real WordPress", _has_php)
CURL = Need(("curl",), "the recipes for researchers", _has_programs("curl"))
WGET = Need(("wget",), "mirrors by wget", _has_programs("wget"))
SYSTEMD = Need(("systemd",), "the units in deploy/", _has_programs("systemd-analyze"))
SHELLS = Need(("zsh", "fish"), "completion in each shell", _has_programs("zsh", "fish"))
NEEDS = (BROWSER, PHP, CURL, WGET, SYSTEMD, SHELLS)


def describe_skips(reasons: Sequence[str]) -> str | None:
    """One line that says how to run the tests that were skipped for want of packages; None if there are none."""
    lacking = [reason.partition(_BEGINNING)[2].split() for reason in reasons if _BEGINNING in reason]
    if not lacking:
        return None
    names = " ".join(dict.fromkeys(name for names in lacking for name in names))
    sudo = "" if os.geteuid() == 0 else "sudo "
    install = f"{sudo}apt-get install --no-install-recommends {names}"
    return f"Skipped for want of Debian packages: {len(lacking)}. To run them, too: {install}"


def main() -> int:
    """Install what is missing, if this is root on a Debian; returns the exit code."""
    missing = [need for need in NEEDS if not need.is_met()]
    if not missing or os.geteuid() or not shutil.which("apt-get"):
        return 0
    purposes = "; ".join(f"{' '.join(need.packages)} ({need.purpose})" for need in missing)
    print(f"tests: installing Debian packages, without recommended ones, starting no service: {purposes}", flush=True)
    names = [name for need in missing for name in need.packages]
    try:
        before = _count_packages()
        _install(names)
    except subprocess.CalledProcessError as error:
        last = (error.stderr or "").strip().splitlines()[-1:] or ["no word why"]
        print(f"tests: apt-get could not install them: {last[0]}", file=sys.stderr)
        return 1
    print(f"tests: installed {_count_packages() - before} packages", flush=True)
    return 0


def _install(names: list[str]) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "DEBCONF_NOWARNINGS": "yes"}
    with _services_off():
        for words in (["update"], ["install", "-y", "--no-install-recommends", *names]):
            command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600", *words]
            subprocess.run(command, env=environment, check=True, capture_output=True, text=True)


@contextmanager
def _services_off() -> Iterator[None]:
    """While inside, packages start no service: Debian's own way to say so, unless the machine has its own policy."""
    if _POLICY.exists() or _POLICY.is_symlink():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()


def _count_packages() -> int:
    listed = subprocess.run(["dpkg-query", "-f", "x", "-W"], capture_output=True, text=True, check=True)
    return len(listed.stdout)


if __name__ == "__main__":
    sys.exit(main())
