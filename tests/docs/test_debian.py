"""Tests that lack a Debian package are skipped, and the run ends with the line that installs it; in CI they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.debian import NEEDS, describe_skips
from tests.support.scrapy_running import ROOT

_NEEDY = ("tests/docs/test_deploy.py::test_systemd_takes_the_units", "tests/sources/test_folders.py")


def run_without_programs(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Two files of tests that need packages, on a machine that has no program at all."""
    words = [sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", "-k", "systemd or wget", *_NEEDY]
    clean = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        words, cwd=ROOT, env={**clean, "PATH": str(folder), **environment}, capture_output=True, text=True, check=False
    )


def test_the_last_line_names_all_that_is_missing(tmp_path: Path) -> None:
    run = run_without_programs(tmp_path)
    assert run.returncode == 0, run.stdout
    line = run.stdout.splitlines()[-1]
    assert line.startswith("Skipped for want of Debian packages: 6. ")
    install = line.partition("apt-get install --no-install-recommends ")[2].split()
    assert sorted(install) == ["systemd", "wget"]
    assert ("sudo apt-get" in line) == (os.geteuid() != 0)


def test_in_ci_nothing_is_skipped(tmp_path: Path) -> None:
    run = run_without_programs(tmp_path, CI="true")
    assert run.returncode == 1
    assert "skipped" not in run.stdout.splitlines()[-1]


@pytest.mark.parametrize("reasons", [[], ["Skipped: this systemd is older than 250"]])
def test_other_reasons_ask_for_no_package(reasons: list[str]) -> None:
    assert describe_skips(reasons) is None


def test_each_need_says_what_it_is_for() -> None:
    assert all(need.packages and need.purpose for need in NEEDS)
    assert not {"mariadb-server", "apache2", "wordpress"} & {name for need in NEEDS for name in need.packages}
