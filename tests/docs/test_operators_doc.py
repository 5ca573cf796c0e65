"""Every command of docs/operators.md runs, from the empty machine to the first report, against the sample site."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest

from scraper.console.configuration_keys import KEYS
from scraper.monitoring import monitors
from tests.support.scrapy_running import ROOT

TEXT = (ROOT / "docs/operators.md").read_text("utf-8")
_LEAVING = TEXT.index("## Taking it away")
COMMANDS, LAST_COMMANDS = (
    re.findall(r"^    (\S.*)$", part, re.MULTILINE) for part in (TEXT[:_LEAVING], TEXT[_LEAVING:])
)
_PROJECT = ("scrapy.cfg", "scraper", "pipelines", "reading_room", "deploy", ".venv")
# What the machine itself does is only noted, for a test may not change the machine.
_STUBS = {
    **dict.fromkeys(
        ("apt-get", "make", "useradd", "userdel", "editor", "systemctl", "journalctl", "crontab", "docker"),
        'echo "$(basename "$0") $*" >>"$NOTED"',
    ),
    "git": 'echo "git $*" >>"$NOTED"; [ "$1" = clone ] || exit 0; mkdir -p "$3"; for name in $PROJECT; do '
    'ln -s "$ROOT/$name" "$3/$name"; done',
    "sudo": 'if [ "$1" = -u ]; then shift 2; fi; exec "$@"',
    # A test may not be root: nobody's user is made, and nothing is given away to it.
    "install": 'while [ "$1" = -o ] || [ "$1" = -g ] || [ "$1" = -d ]; do case $1 in -d) made=1; shift;; '
    '*) shift 2;; esac; done; if [ -n "$made" ]; then mkdir -p "$1"; else exec /usr/bin/install "$@"; fi',
}


@pytest.fixture(scope="module")
def ran(site: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The machine after all commands, in their order."""
    machine = tmp_path_factory.mktemp("machine")
    for folder in ("bin", "srv", "etc/systemd/system"):
        (machine / folder).mkdir(parents=True)
    for name, script in _STUBS.items():
        stub = machine / "bin" / name
        stub.write_text(f"#!/bin/sh\n{script}\n")
        stub.chmod(stub.stat().st_mode | stat.S_IXUSR)
    for line in COMMANDS:
        run(_here(line, machine, site), machine)
    return machine


def run(line: str, machine: Path) -> None:
    """Paste a command into a shell of the machine."""
    known = {"NOTED": str(machine / "noted"), "ROOT": str(ROOT), "PROJECT": " ".join(_PROJECT)}
    environment = {**os.environ, **known, "PATH": f"{machine / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, (line, done.stdout, done.stderr)


def _here(line: str, machine: Path, site: str) -> str:
    """The command for a machine that is a folder, and a site that is the sample."""
    line = line.replace("/srv/", f"{machine}/srv/").replace("/etc/", f"{machine}/etc/")
    line = line.replace("briefs nightly", f"briefs nightly --start {site}")
    return line.replace("briefs probe", f"briefs probe {site}")


def test_there_is_an_archive_a_snapshot_and_a_report(ran: Path) -> None:
    data = ran / "srv/briefs/data"
    made = {path.name for path in data.iterdir() if not path.name.startswith("archive.db-")}
    made = {name for name in made if not name.startswith(("new.db", "archive.db.old-"))}
    assert made == {"archive.db", "warcs", "public", "reports", "backup", "archive.db.old"}
    assert (data / "reports/latest.html").exists()


def test_the_environment_file_is_roots_alone(ran: Path) -> None:
    assert stat.S_IMODE((ran / "etc/briefs.env").stat().st_mode) == 0o600


def test_the_units_are_where_systemd_looks_and_are_started(ran: Path) -> None:
    installed = {path.name for path in (ran / "etc/systemd/system").iterdir()}
    assert installed == {"briefs-nightly.service", "briefs-nightly.timer", "briefs-reading-room.service"}
    noted = (ran / "noted").read_text()
    assert "systemctl enable --now briefs-nightly.timer" in noted
    assert "systemctl enable --now briefs-reading-room" in noted
    for path in re.findall(r"(\S+/deploy/\S+)", noted):
        assert Path(path).exists()


def test_the_service_runs_where_the_commands_ran() -> None:
    unit = (ROOT / "deploy/briefs-nightly.service").read_text()
    assert "WorkingDirectory=/srv/briefs/data\n" in unit
    assert "ExecStart=/srv/briefs/.venv/bin/briefs nightly\n" in unit
    assert "EnvironmentFile=/etc/briefs.env\n" in unit


def test_every_setting_that_is_named_is_one_and_every_variable_is_named() -> None:
    settings = (ROOT / "scraper/settings.py").read_text("utf-8")
    rows = [line for line in TEXT.splitlines() if re.match(r"\| `[A-Z]+_?", line)]
    named = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row.split("|")[1])}
    assert len(named) > 15
    assert all(re.search(rf"^{name} = ", settings, re.MULTILINE) for name in named)
    table = {(row.split("|")[1].strip(" `"), row.split("|")[2].strip(" `")) for row in rows}
    known = {(key.setting, key.variable) for key in KEYS}
    assert {(name, variable) for name, variable in table if variable} <= known


def test_every_alarm_is_explained() -> None:
    names = set(re.findall(r'"(\w+Monitor)"', Path(str(monitors.__file__)).read_text("utf-8")))
    names |= set(re.findall(r"^\| (\w+Monitor) \|", (ROOT / "docs/report.md").read_text("utf-8"), re.MULTILINE))
    assert len(names) > 5
    assert [name for name in names if name not in TEXT] == []


def test_the_machine_is_as_before_when_it_is_taken_away(ran: Path, site: str) -> None:
    """The last one: what the others look at is gone then."""
    assert len(LAST_COMMANDS) > 4
    for line in LAST_COMMANDS:
        run(_here(line, ran, site), ran)
    assert [path for path in (ran / "etc").rglob("*") if path.is_file()] == []
    assert "userdel briefs" in (ran / "noted").read_text()
    assert (ran / "srv/briefs/data/archive.db").exists()
