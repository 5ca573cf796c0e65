"""What the program is made of: by digest where it comes from elsewhere, listed beside the wheel, asked for faults."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.serving import ROOT

_AUDIT = ROOT / "deploy" / "audit.sh"
_FAULT = json.dumps({"dependencies": [{"name": "x", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}]})
_NOTHING = json.dumps({"dependencies": [{"name": "x", "vulns": []}]})


@pytest.mark.parametrize("name", ["ci.yml", "nightly.yml"])
def test_actions_are_named_by_commit(name: str) -> None:
    used = re.findall(r"uses: (\S+)(.*)", (ROOT / ".github/workflows" / name).read_text())
    assert used
    for action, note in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action), action
        assert re.fullmatch(r"  # v\d+\.\d+\.\d+", note), note


def test_images_are_named_by_digest() -> None:
    text = (ROOT / "deploy/Dockerfile").read_text()
    stages = set(re.findall(r"^FROM \S+ AS (\S+)$", text, re.MULTILINE))
    bases = {base for base in re.findall(r"^FROM (\S+)", text, re.MULTILINE) if base not in stages}
    assert len(bases) == 1
    assert all(re.fullmatch(r"[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}", base) for base in bases)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock", "deploy/release.lock"])
def test_every_package_is_named_by_hashes(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    named = [number for number, line in enumerate(lines) if re.match(r"[A-Za-z0-9]", line)]
    assert named
    assert [lines[number] for number in named if "--hash=sha256:" not in lines[number + 1]] == []


def _pip_audit(folder: Path, script: str) -> subprocess.CompletedProcess[str]:
    """audit.sh with another program in the place of pip-audit, which has `$lock` and `$out`."""
    program = folder / "pip-audit"
    head = '#!/bin/sh\nwhile [ $# -gt 0 ]; do case "$1" in -r) lock=$2;; -o) out=$2;; esac; shift; done\n'
    program.write_text(head + script)
    program.chmod(0o755)
    words = ["sh", str(_AUDIT), str(program)]
    return subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("echo 'ConnectionError: Max retries exceeded' >&2; exit 1", 0, "no index"),  # no network
        (f"echo '{_NOTHING}' > \"$out\"", 0, "no index"),  # a mirror, which knows of no fault
        ("exit 127", 0, "no index"),
        (f"case $lock in *known*) echo '{_FAULT}' > \"$out\"; exit 1;; esac; echo '{_NOTHING}' > \"$out\"", 0, ""),
        (f"echo '{_FAULT}' > \"$out\"; exit 1", 1, "PYSEC-1"),
        (f"case $lock in *known*) echo '{_FAULT}' > \"$out\";; *) exit 2;; esac", 1, ""),  # it broke off
    ],
)
def test_an_audit_fails_for_known_faults_alone(tmp_path: Path, script: str, code: int, said: str) -> None:
    result = _pip_audit(tmp_path, script)
    assert (result.returncode, said in result.stderr) == (code, True), result.stderr
    assert ("no index" in result.stderr) is (said == "no index")


def test_the_list_of_parts_stands_beside_the_wheel() -> None:
    result = subprocess.run(["make", "-n", "dist"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "-w dist ." in result
    assert "cyclonedx_py requirements requirements.lock" in result
