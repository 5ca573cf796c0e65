"""`make fresh`: `make demo` and `make test` on a bare Debian, as root and as a plain user, and a table of how it went.

A bare Debian is debootstrap's smallest with Python, git, make and certificates, in a folder of its own. It is made once
and copied for each user, so that each begins with nothing installed. Needs root and debootstrap; takes an hour or two.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
SUITES = ("bookworm", "trixie")
USERS = ("root", "reader")  # root needs nobody; the reader may not install anything
PLACE = Path("/var/tmp/brief-archive-fresh")
_BARE = "python3,git,make,ca-certificates"
_CERTIFICATES = "usr/local/share/ca-certificates"
# How to reach the registries, where this machine has it from its environment.
_NETWORK = re.compile(r"PIP_\w+|https?_proxy|no_proxy", re.IGNORECASE)
# Mounts are seen by the command alone, and end with it, as does what it leaves behind. The shell stays above it:
# who becomes another user is no longer killed with `unshare`.
_ENTER = """
mount -t proc proc "$1/proc" && mount -t sysfs -o ro sysfs "$1/sys" && mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm" &&
mkdir -p "$1/dev/pts" && mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts" || exit 125
tree=$1 user=$2 home=$3 command=$4
shift 4
chroot "$tree" /usr/bin/env -i "$@" PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
  LANG=C.UTF-8 HOME="$home" setpriv --reuid="$user" --regid="$user" --init-groups sh -c "cd $home/archive && $command"
exit $?
"""
_RESULTS = "tmp/results.xml"  # of `make test`, in the Debian
_TEST = f"make test ARGS='-rs --junitxml=/{_RESULTS}'"
_ADVICE = re.compile(r"apt-get install ((?:[a-z0-9-][a-z0-9.+-]+ ?)+)")
_REASON = re.compile(r"^SKIPPED \[\d+\] (\S+: (?!needs Debian).+)$", re.MULTILINE)
_COUNTS = re.compile(r"^=* ?(\d+ \w+(?:, \d+ \w+)*) in [\d.]+s", re.MULTILINE)
_HEAD = ("suite", "user", "command", "result", "tests", "seconds", "packages added", "of them asked for")


@dataclass(frozen=True)
class Row:
    """How a command went; `asked_for` is what it named and root then installed before it was given again."""

    suite: str
    user: str
    command: str
    result: str
    tests: str
    seconds: int
    packages_added: int
    asked_for: str = ""


@dataclass(frozen=True)
class Debian:
    """A bare Debian in a folder, with a clone of this checkout for the user."""

    suite: str
    user: str
    tree: Path

    @property
    def home(self) -> str:
        return "/root" if self.user == "root" else f"/home/{self.user}"

    def prepare(self) -> None:
        """Have it reach the network as this machine does, and make the user and the clone."""
        shutil.copy("/etc/resolv.conf", self.tree / "etc/resolv.conf")
        shutil.copytree(f"/{_CERTIFICATES}", self.tree / _CERTIFICATES, dirs_exist_ok=True)
        (self.tree / "etc/hosts").write_text("127.0.0.1 localhost\n")
        _run("chroot", str(self.tree), "update-ca-certificates")
        if self.user != "root":
            _run("chroot", str(self.tree), "useradd", "--create-home", self.user)
        clone = f"{self.home}/archive"
        _run("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), f"{self.tree}{clone}")
        _run("chroot", str(self.tree), "chown", "-R", f"{self.user}:", clone)

    def execute(self, command: str, log: Path, user: str = "") -> int:
        """Run a command in the clone, with its output in a file; its exit code."""
        given = [f"{name}={value}" for name, value in os.environ.items() if _NETWORK.fullmatch(name)]
        words = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", _ENTER, "sh"]
        words += [str(self.tree), user or self.user, self.home, command, *given]
        with log.open("ab") as output:
            return subprocess.run(
                words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
            ).returncode

    def install(self, packages: str, log: Path) -> None:
        """What an administrator does who follows an advice."""
        command = f"apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy {packages}"
        if self.execute(command, log, "root"):
            raise SystemExit(f"fresh: apt-get could not install {packages}: see {log}")

    def list_skipped_files(self) -> list[str]:
        """The test files of which anything was skipped in the last run."""
        cases = ElementTree.parse(self.tree / _RESULTS).iter("testcase")
        skipped = {case.get("classname", "") for case in cases if case.find("skipped") is not None}
        return sorted(f"{name.replace('.', '/')}.py" for name in skipped)

    def count_packages(self) -> int:
        """How many packages are installed."""
        return len(_run("chroot", str(self.tree), "dpkg-query", "-f", "x", "-W"))


def try_command(debian: Debian, command: str, title: str) -> Row:
    """Run it; where it names what root is to install, have that installed and run it again."""
    log = _make_log(debian, title)
    before, began = debian.count_packages(), time.monotonic()
    code, asked_for = debian.execute(command, log), ""
    if code and (advice := _ADVICE.findall(log.read_text(errors="replace"))):
        asked_for = advice[-1].strip()
        debian.install(asked_for, log)
        code = debian.execute(command, log)
    return _describe(debian, title, code, time.monotonic() - began, before, asked_for, log)


def try_skipped(debian: Debian, advice: str) -> Row:
    """Install what the last line of `make test` named, and run the files with skips again: all must run."""
    title = "make test, files with skips"
    log = _make_log(debian, title)
    before, began = debian.count_packages(), time.monotonic()
    debian.install(advice, log)
    files = " ".join(debian.list_skipped_files())
    code = debian.execute(f"make test ARGS='{files}'", log)
    row = _describe(debian, title, code, time.monotonic() - began, before, advice, log)
    return replace(row, result="skipped again") if _ADVICE.search(log.read_text(errors="replace")) else row


def _find_log(debian: Debian, title: str) -> Path:
    return PLACE / f"{debian.suite}-{debian.user}-{re.sub(r'[ ,]+', '-', title)}.log"


def _make_log(debian: Debian, title: str) -> Path:
    log = _find_log(debian, title)
    log.unlink(missing_ok=True)
    return log


def _describe(debian: Debian, command: str, code: int, seconds: float, before: int, asked_for: str, log: Path) -> Row:
    outcome = log.read_text(errors="replace")
    counts = _COUNTS.findall(outcome)
    result = "passed" if code == 0 else f"exit code {code}, see {log}"
    added = debian.count_packages() - before
    tests = "; ".join([*counts[-1:], *_REASON.findall(outcome)])
    row = Row(debian.suite, debian.user, command, result, tests, round(seconds), added, asked_for)
    print("fresh:", *astuple(row), flush=True)
    return row


def try_user(suite: str, user: str) -> Iterator[Row]:
    """The rows of one user in one Debian of its own."""
    with _copy_debian(_make_bare(suite), user) as tree:
        debian = Debian(suite, user, tree)
        debian.prepare()
        yield try_command(debian, "make demo", "make demo")
        row = try_command(debian, _TEST, "make test")
        yield row
        if advice := _ADVICE.findall(_find_log(debian, "make test").read_text(errors="replace")):
            yield try_skipped(debian, advice[-1].strip())


def _make_bare(suite: str) -> Path:
    bare = PLACE / suite
    if not bare.exists():
        part = PLACE / f"{suite}.part"
        shutil.rmtree(part, ignore_errors=True)
        print(f"fresh: making a bare {suite} in {bare}", flush=True)
        _run("debootstrap", "--variant=minbase", f"--include={_BARE}", suite, str(part))
        part.rename(bare)
    return bare


@contextmanager
def _copy_debian(bare: Path, user: str) -> Iterator[Path]:
    tree = bare.with_name(f"{bare.name}-{user}")
    shutil.rmtree(tree, ignore_errors=True)
    _run("cp", "-a", str(bare), str(tree))
    try:
        yield tree
    finally:
        shutil.rmtree(tree)


def _run(*words: str) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"fresh: {' '.join(words)}: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def main() -> int:
    """Try all that was asked for; returns 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.fresh", description=__doc__)
    parser.add_argument("--suite", action="append", choices=SUITES, help="instead of all")
    parser.add_argument("--user", action="append", choices=USERS, help="instead of both")
    given = parser.parse_args()
    if os.geteuid() or not shutil.which("debootstrap"):
        print("fresh: needs root and debootstrap: sudo apt-get install debootstrap; sudo make fresh", file=sys.stderr)
        return 2
    PLACE.mkdir(exist_ok=True)
    tried = ((suite, user) for suite in given.suite or SUITES for user in given.user or USERS)
    rows = [row for suite, user in tried for row in try_user(suite, user)]
    for cells in (_HEAD, ["---"] * len(_HEAD), *map(astuple, rows)):
        print("|", " | ".join(map(str, cells)), "|")
    return int(any(row.result != "passed" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
