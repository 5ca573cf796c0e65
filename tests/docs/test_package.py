"""The wheel: built from what git has, installed into an environment of its own, used from an empty folder."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Iterator
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from scraper.errors import CONFIG, OK
from tests.support.scrapy_running import ROOT, TEXT

ROOMS = ("scraper", "pipelines", "reading_room", "demo")


def _run(folder: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BRIEFS_", "PYTHON"))}
    command = [str(word) for word in words]
    return subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, check=False, timeout=300)


def _files(*places: str) -> list[str]:
    """What git has, or would have, of these places."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *places]
    named = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return [name for name in named if (ROOT / name).exists()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    for name in _files(*ROOMS, "pyproject.toml", "requirements.txt", "README.md", "LICENSE"):
        target = folder / "source" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.symlink_to(ROOT / name)
    words = ("-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", folder, folder / "source")
    made = _run(folder, sys.executable, *words)
    assert made.returncode == OK, made.stderr
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """`briefs` of a new environment that has the wheel, and what it needs from the one that the tests run in."""
    place = tmp_path_factory.mktemp("environment") / "venv"
    assert _run(place.parent, sys.executable, "-m", "venv", "--without-pip", place).returncode == OK
    python = place / "bin/python"
    pip = (sys.executable, "-m", "pip", "--python", python)
    installed = _run(place, *pip, "install", "--no-deps", "--no-index", wheel)
    assert installed.returncode == OK, installed.stderr
    (packages_of(place / "bin/briefs") / "needed.pth").write_text(sysconfig.get_path("purelib"))
    where = _run(place, python, "-c", "import pipelines; print(pipelines.__file__)").stdout.strip()
    assert Path(where).is_relative_to(place)
    yield place / "bin/briefs"


def packages_of(program: Path) -> Path:
    """Where the packages of its environment lie."""
    (found,) = program.parents[1].glob("lib/python*/site-packages")
    return found


def test_the_wheel_asks_for_what_requirements_txt_names(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("/METADATA"))
        result = Parser().parsestr(archive.read(name).decode())
    lines = (line.partition(" #")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines())
    named = {str(Requirement(line)) for line in lines if line and not line.startswith("#")}
    needed = [Requirement(line) for line in result.get_all("Requires-Dist", [])]
    assert {str(line) for line in needed if "extra ==" not in str(line.marker)} == named
    assert result.get_all("Provides-Extra") == ["cluster", "parquet", "png"]
    assert (result["License-Expression"], result["Name"]) == ("Apache-2.0", "brief-archive")


def test_the_wheel_has_every_file_that_git_has_of_its_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        there = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert set(_files(*ROOMS)) <= there
    assert {name.partition("/")[0] for name in there} == set(ROOMS)


def test_it_works_in_an_empty_folder(program: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(TEXT)
    for words in (
        ("ingest", "page.txt"),
        ("explain", "1"),
        ("gaps",),
        ("gaps", "--html", "gaps.html"),
        ("verify",),
        ("export", "csv", "-o", "briefs.csv"),
        ("snapshot",),
        ("authors",),
        ("serve", "--get", "/"),
        ("serve", "--get", "/archive/briefs/1"),
    ):
        run = _run(tmp_path, program, *words)
        assert run.returncode == OK, (words, run.stdout, run.stderr)
    assert "Ada Wren" in (tmp_path / "briefs.csv").read_text()


def test_a_missing_file_of_the_program_is_one_line(program: Path, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(TEXT)
    packages = packages_of(program)
    for name, words in {
        "pipelines/schema/author_aliases.csv": ("ingest", "page.txt"),
        "pipelines/schema/metadata.yml": ("serve", "--get", "/"),
        "reading_room/templates": ("serve", "--get", "/"),
        "scraper/commands/gaps.html": ("gaps", "--html", "-"),
    }.items():
        (packages / name).rename(packages / "away")
        run = _run(tmp_path, program, *words)
        (packages / "away").rename(packages / name)
        assert (run.returncode, run.stderr.count("\n")) == (CONFIG, 1), (name, run.stderr)
        assert "install brief-archive again" in run.stderr
        if words[0] == "ingest":  # it makes the archive that the others look at
            assert _run(tmp_path, program, "ingest", "page.txt").returncode == OK
