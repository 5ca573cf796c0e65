"""What is in deploy/ is what systemd, cron, Docker and GitHub read, as far as that can be seen without them."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from scraper import errors
from scraper.console.configuration_keys import KEYS
from tests.debian import SYSTEMD
from tests.support.scrapy_running import ROOT

DEPLOY = ROOT / "deploy"
UNITS = ("briefs-nightly.service", "briefs-nightly.timer", "briefs-reading-room.service")
WORKFLOW = ROOT / ".github/workflows/nightly.yml"


@pytest.fixture(scope="module")
def systemd() -> str:
    SYSTEMD.require()
    found = shutil.which("systemd-analyze")
    assert found
    return found


@pytest.fixture
def units(tmp_path: Path) -> list[str]:
    """The units as they are, but for where the program is."""
    for name in UNITS:
        (tmp_path / name).write_text((DEPLOY / name).read_text().replace("/srv/briefs/.venv", f"{ROOT}/.venv"))
    return [str(tmp_path / name) for name in UNITS]


def test_systemd_takes_the_units(systemd: str, units: list[str]) -> None:
    run = subprocess.run([systemd, "verify", *units], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert "briefs-" not in run.stderr, run.stderr


@pytest.mark.parametrize("unit", [0, 2], ids=["nightly", "reading-room"])
def test_systemd_finds_the_service_well_shut_in(systemd: str, units: list[str], unit: int) -> None:
    words = [systemd, "security", "--offline=true", "--threshold=20", units[unit]]
    run = subprocess.run(words, capture_output=True, text=True, check=False)
    if "unrecognized option" in run.stderr:
        pytest.skip("this systemd is older than 250: the service's exposure is NOT checked")
    assert run.returncode == 0, run.stdout[-300:]


def test_what_is_tried_again_is_what_the_exit_codes_say() -> None:
    result = re.search(r"^RestartPreventExitStatus=(.*)$", (DEPLOY / UNITS[0]).read_text(), re.MULTILINE)
    assert result
    codes = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
    assert set(map(int, result[1].split())) == codes - {errors.OK, errors.BUSY}


def test_every_variable_of_the_environment_file_is_read_by_the_settings() -> None:
    names = re.findall(r"^#? ?(BRIEFS_\w+)=", (DEPLOY / "briefs.env").read_text(), re.MULTILINE)
    assert len(names) > 3
    assert set(names) <= {key.variable for key in KEYS}


def test_the_crontab_has_one_line_that_a_shell_understands() -> None:
    lines = [line for line in (DEPLOY / "crontab").read_text().splitlines() if line and line[0] != "#"]
    variable, line = lines
    assert variable.startswith("BRIEFS_CONTACT=")
    times, words = line.split(None, 5)[:5], line.split(None, 5)[5]
    assert all(re.fullmatch(r"\*|\d+", time) for time in times)
    assert "%" not in words  # cron reads it as a new line
    subprocess.run(["sh", "-n", "-c", words], check=True)
    assert "nightly" in shlex.split(words)


def test_compose_is_as_docker_reads_it(tmp_path: Path) -> None:
    result: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    targets = re.findall(r"^FROM \S+ AS (\S+)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    for service in result["services"].values():
        assert service["build"]["target"] in targets
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
        assert service["read_only"]
    assert result["services"]["reading-room"]["volumes"] == ["data:/app/data:ro"]
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        text = (DEPLOY / "compose.yaml").read_text().replace("/etc/briefs.env", str(DEPLOY / "briefs.env"))
        (tmp_path / "compose.yaml").write_text(text)
        subprocess.run([docker, "compose", "-f", str(tmp_path / "compose.yaml"), "config", "-q"], check=True)


def test_the_image_is_made_of_files_that_are_there_by_nobody_special() -> None:
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    sent = {line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line[:1] == "!"}
    assert all((ROOT / name).exists() for name in sent)
    # What the wheel is made of; tests/docs/test_package.py makes one.
    assert sent >= {
        "pyproject.toml",
        "requirements.txt",
        "README.md",
        "LICENSE",
        "scraper",
        "pipelines",
        "reading_room",
    }
    assert text.index("\nUSER 10001") < text.index("ENTRYPOINT")
    assert "--require-hashes" in text


def test_the_workflow_is_whole_and_its_scripts_are_shell() -> None:
    result: dict[Any, Any] = yaml.safe_load(WORKFLOW.read_text())
    assert set(result) == {"name", True, "concurrency", "permissions", "jobs"}  # YAML 1.1 reads `on` as true
    job = result["jobs"]["night"]
    assert result["concurrency"]["cancel-in-progress"] is False
    assert "17 8 * * *" in str(result[True]["schedule"])
    scripts = [step["run"] for step in job["steps"] if "run" in step]
    for script in scripts:
        subprocess.run(["bash", "-n", "-c", script], check=True)
    assert any("briefs nightly" in script for script in scripts)
    assert all(re.fullmatch(r"actions/[\w-]+@\S+", step["uses"]) for step in job["steps"] if "uses" in step)


@pytest.mark.parametrize(
    ("visibility", "allowed", "code"),
    [
        ("private", "", 0),
        ("public", "", 1),
        ("internal", "", 1),
        ("public", "no", 1),
        ("public", "yes", 0),
        ("", "", 1),
    ],
)
def test_the_workflow_keeps_no_archive_where_others_can_read_it(
    tmp_path: Path, visibility: str, allowed: str, code: int
) -> None:
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["night"]["steps"]
    guard = next(step for step in steps if step.get("id") == "readers")
    first = next(step for step in steps if "gh release" in step.get("run", ""))
    assert steps.index(guard) < steps.index(first)
    assert all("readers" in step["if"] for step in steps if "upload archive" in step.get("run", ""))
    asked = tmp_path / "gh"
    asked.write_text(f"#!/bin/sh\necho {visibility}\n")
    asked.chmod(0o755)
    known = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "GITHUB_REPOSITORY": "a/b", "ARCHIVE_IN_PUBLIC": allowed}
    done = subprocess.run(["bash", "-e", "-c", guard["run"]], env=known, capture_output=True, check=False)
    assert done.returncode == code
