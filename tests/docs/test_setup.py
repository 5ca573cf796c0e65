"""setup.sh as `make` calls it: it says what it does and how long, and a venv that cannot be used is made anew."""

from __future__ import annotations

import hashlib
import os
import pty
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.scrapy_running import ROOT
from tests.support.terminals import open_terminal, read_all

_WHEEL = "tiny-1.0-py3-none-any.whl"
_METADATA = "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n"
_TAGS = "Wheel-Version: 1.0\nGenerator: by hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with setup.sh, Makefile and a lock file of one package, which lies beside it; set up."""
    folder = tmp_path_factory.mktemp("set up") / "checkout"
    folder.mkdir()
    for name in ("setup.sh", "Makefile"):
        shutil.copy(ROOT / name, folder)
    with zipfile.ZipFile(folder / _WHEEL, "w") as wheel:
        wheel.writestr("tiny.py", "")
        for name, text in (("METADATA", _METADATA), ("WHEEL", _TAGS), ("RECORD", "")):
            wheel.writestr(f"tiny-1.0.dist-info/{name}", text)
    digest = hashlib.sha256((folder / _WHEEL).read_bytes()).hexdigest()
    (folder / "requirements.lock").write_text(f"tiny==1.0 --hash=sha256:{digest}\n")
    first = set_up(folder)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines() == ["setup: making .venv", _installing()]
    return folder


@pytest.fixture
def venv(checkout: Path) -> Iterator[Path]:
    """Its venv, which a test may break: it is whole again afterwards."""
    aside = checkout / "aside"
    shutil.copytree(checkout / ".venv", aside, symlinks=True)
    yield checkout / ".venv"
    shutil.rmtree(checkout / ".venv", ignore_errors=True)
    aside.rename(checkout / ".venv")


def set_up(
    folder: Path, lock: str = "requirements.lock", python: str = sys.executable
) -> subprocess.CompletedProcess[str]:
    words = ["sh", "setup.sh", python, lock]
    environment = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ".", "PIP_CONFIG_FILE": os.devnull}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def is_sound(folder: Path) -> bool:
    done = subprocess.run(["sh", "setup.sh", "check"], cwd=folder, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("", "")
    return done.returncode == 0


def is_set_up_again(folder: Path) -> bool:
    """Whether `make` would call setup.sh before anything else."""
    (folder / ".venv/ready").touch()
    words = ["make", "--dry-run", "serve"]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True, env=_without_make())
    return "setup.sh" in done.stdout


def _without_make() -> dict[str, str]:
    """The environment of somebody who calls make himself, though `make test` began this."""
    return {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}


def _installing() -> str:
    return "setup: installing 1 packages of requirements.lock, usually in one to three minutes"


def list_damage(venv: Path) -> dict[str, Path]:
    """What each way of breaking a venv moves away."""
    (library,) = (venv / "lib").glob("python3*")
    return {
        "its Python is gone": venv / "bin/python",
        "its Python has become another": library,
        "it was not finished": venv / "bin/pip",
    }


@pytest.mark.parametrize("how", ["its Python is gone", "its Python has become another", "it was not finished"])
def test_a_venv_that_cannot_be_used_is_noticed(how: str, venv: Path) -> None:
    folder = venv.parent
    assert is_sound(folder)
    assert not is_set_up_again(folder)
    there = list_damage(venv)[how]
    there.rename(there.with_name("elsewhere"))
    assert not is_sound(folder)
    assert is_set_up_again(folder)


def test_it_is_made_anew_with_a_line(venv: Path) -> None:
    (venv / "bin/python").unlink()
    (venv / "bin/python").symlink_to("/nowhere/python3.99")
    done = set_up(venv.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert "made anew" in done.stdout
    subprocess.run([venv / "bin/python", "-c", "import tiny"], check=True)
    assert is_sound(venv.parent)


def test_one_of_another_version_is_made_anew(venv: Path) -> None:
    (venv / "bin/python").unlink()
    (venv / "bin/python").write_text("#!/bin/sh\ncase $2 in *version*) echo '(3, 99)';; esac\n")
    (venv / "bin/python").chmod(0o755)
    assert is_sound(venv.parent)  # it is another matter whether it is the Python that was asked for
    python = venv.parent / "python"  # what is made then, the test before sees
    python.write_text(f'#!/bin/sh\n[ "$2" != venv ] || exit 3\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    done = set_up(venv.parent, python=str(python))
    assert (done.returncode, "made anew" in done.stdout, venv.exists()) == (3, True, False)


def test_a_checkout_that_was_moved_is_noticed(venv: Path) -> None:
    moved = venv.parent.with_name("moved")
    venv.parent.rename(moved)
    try:
        assert not is_sound(moved)
    finally:
        moved.rename(venv.parent)
    assert is_sound(venv.parent)


def test_a_link_to_a_venv_is_as_good(checkout: Path, tmp_path: Path) -> None:
    shutil.copy(checkout / "setup.sh", tmp_path)
    (tmp_path / ".venv").symlink_to(checkout / ".venv")
    assert is_sound(tmp_path)


def test_what_is_no_venv_is_left_alone(checkout: Path, tmp_path: Path) -> None:
    for name in ("setup.sh", "requirements.lock"):
        shutil.copy(checkout / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/letters.txt").write_text("dear to somebody")
    done = set_up(tmp_path)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1)
    assert (tmp_path / ".venv/letters.txt").exists()


def test_what_pip_says_is_shown_where_it_fails(checkout: Path) -> None:
    (checkout / "wrong.lock").write_text(f"tiny==2.0 --hash=sha256:{'0' * 64}\n")
    done = set_up(checkout, "wrong.lock")
    assert done.returncode == 1
    *said, last = done.stderr.splitlines()
    assert any("tiny==2.0" in line for line in said)
    assert last == "setup: pip could not install wrong.lock; the lines above say why"


def test_at_a_terminal_dots_say_that_it_goes_on(checkout: Path) -> None:
    leader, follower = open_terminal()
    environment = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ".", "PIP_CONFIG_FILE": os.devnull}
    words = ["sh", "setup.sh", sys.executable, "requirements.lock"]
    with subprocess.Popen(words, cwd=checkout, env=environment, stdout=follower, stderr=follower) as process:
        os.close(follower)
        first, dots = read_all(leader).splitlines()
    assert (process.returncode, first) == (0, _installing())
    assert set(dots) == {"."}


def test_ctrl_c_ends_the_dots_too(checkout: Path) -> None:
    script = (checkout / "setup.sh").read_text()
    slow = script[: script.index("install_for_debian()")] + "patiently slow.log sleep 9\n"
    (checkout / "slow.sh").write_text(slow)
    for end in open_terminal():
        os.close(end)
    process, leader = pty.fork()
    if not process:
        os.chdir(checkout)
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever began the tests in the background has it ignored
        os.execlp("sh", "sh", str(checkout / "slow.sh"))
    while b"." not in os.read(leader, 1000):
        pass
    os.write(leader, b"\x03")
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 130
    read_all(leader)  # ends when the last one who writes there has ended


_DEBIAN = {
    # A Python without ensurepip, as Debian's is until python3-venv is there; a venv of another Python is as good.
    "python3": 'case "$2" in "import ensurepip") test -e installed;; venv) cp -a "$MADE" "$3";; '
    '*) exec "$REAL" "$@";; esac',
    "apt-get": 'echo "$DEBIAN_FRONTEND $*" >>noted; echo "debconf: unable to initialize frontend" >&2; '
    'test ! -e full || { echo "E: no room" >&2; exit 100; }; touch installed',
    "id": "echo ${WHO:-0}",
}


@pytest.fixture
def debian(checkout: Path, tmp_path: Path) -> dict[str, str]:
    """The environment of a bare Debian, whose machine stays as it is; the folder `here` has no venv yet."""
    here = tmp_path / "here"
    (tmp_path / "bin").mkdir()
    here.mkdir()
    for name in ("setup.sh", "requirements.lock", _WHEEL):
        shutil.copy(checkout / name, here)
    for name, text in _DEBIAN.items():
        stub = tmp_path / "bin" / name
        stub.write_text(f"#!/bin/sh\n{text}\n")
        stub.chmod(stub.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "REAL": sys.executable, "MADE": f"{checkout / '.venv'}"}


def of_debian(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    words = ["sh", "setup.sh", "python3", "requirements.lock"]
    known = os.environ | {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ".", "PIP_CONFIG_FILE": os.devnull} | environment
    return subprocess.run(words, cwd=folder, env=known, capture_output=True, text=True, check=False)


def test_root_sees_nothing_of_apt_but_a_line(debian: dict[str, str], tmp_path: Path) -> None:
    done = of_debian(tmp_path / "here", debian)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("setup: installing Debian's python3-venv")
    assert "debconf" not in done.stdout
    noted = (tmp_path / "here/noted").read_text().splitlines()
    assert noted == ["noninteractive update -q", "noninteractive install -qy --no-install-recommends python3-venv"]


def test_what_apt_says_is_shown_where_it_fails(debian: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "here/full").touch()
    done = of_debian(tmp_path / "here", debian)
    assert done.returncode == 1
    assert "E: no room" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("setup: apt-get could not install python3-venv")


def test_a_plain_user_is_told_what_to_install(debian: dict[str, str], tmp_path: Path) -> None:
    done = of_debian(tmp_path / "here", debian | {"WHO": "1000"})
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "apt-get install python3-venv" in done.stderr
    assert not (tmp_path / "here/.venv").exists()
