"""`-` is standard output wherever a FILE is taken; what cannot go there, and a full disk behind it, is one line."""

from __future__ import annotations

import errno
import os
import subprocess
import zipfile
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from scraper.commands.verify import Command
from scraper.console.terminal import stderr
from scraper.errors import IO, OK, USAGE, DiskTrouble
from tests.maintenance.test_reextract import break_rules
from tests.support import warm_start
from tests.support.archive_history import build_archive
from tests.support.scrapy_running import ROOT, command, scrapy, words_of
from tests.support.terminals import open_terminal
from tests.support.waiting import LIMIT

_WORDS = {
    "gaps csv": ["gaps", "--csv"],
    "gaps html": ["gaps", "--html"],
    "gaps json": ["gaps", "--json"],
    "channel": ["gaps", "--channel", "archive", "--csv"],
    "aliases": ["authors", "--csv"],
    "changes csv": ["reextract", "--dry-run", "--all", "--csv"],
    "changes json": ["reextract", "--dry-run", "--all", "--json"],
    "text": ["export", "csv", "-o"],
    "citations": ["export", "bibtex", "-o"],
}
_PRINTING = {
    **{name: [*words, "-"] for name, words in _WORDS.items()},
    "table": ["gaps", "--all"],
    "authors": ["authors"],
    "explain": ["explain", "1"],
    "explain json": ["explain", "1", "--json"],
    "verify": ["verify", "--sample", "1"],
    "wacz": ["export", "wacz"],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that today's rules would read otherwise; it is only read."""
    with break_rules():
        return build_archive(tmp_path_factory.mktemp("badly"))


def to_file(folder: Path, words: list[str], target: Path) -> tuple[int, str]:
    """Exit code and errors of a command whose standard output is a file or a terminal."""
    ran = warm_start.run(words_of(folder, *words), ROOT, LIMIT, target=target)
    return ran.returncode, ran.stderr


@pytest.mark.parametrize("words", _WORDS.values(), ids=_WORDS)
def test_it_is_what_a_file_gets_and_nothing_else(words: list[str], folder: Path, tmp_path: Path) -> None:
    filed = scrapy(folder, *words, tmp_path / "file")
    printed = scrapy(folder, *words, "-")
    assert (filed.returncode, printed.returncode, printed.stderr) == (OK, OK, "")
    assert printed.stdout == (tmp_path / "file").read_bytes().decode().replace("\r\n", "\n") != ""
    assert not (ROOT / "-").exists()


@pytest.mark.parametrize("name", ["warc", "wacz"])
@pytest.mark.parametrize("more", [[], ["-o", "-"]])
def test_bytes_go_to_a_file_and_to_a_pipe(name: str, more: list[str], folder: Path, tmp_path: Path) -> None:
    assert scrapy(folder, "export", name, "-o", tmp_path / "named").returncode == OK
    assert to_file(folder, ["export", name, *more], tmp_path / "redirected") == (OK, "")
    words = command(folder, "export", name, *more)
    piped = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout
    assert (tmp_path / "named").read_bytes() == (tmp_path / "redirected").read_bytes() == piped
    assert name == "warc" or zipfile.ZipFile(BytesIO(piped)).testzip() is None


@pytest.mark.parametrize("name", ["warc", "wacz", "bagit", "csv-tables"])
def test_a_terminal_is_not_given_bytes_or_folders(name: str, folder: Path) -> None:
    leader, follower = open_terminal()
    code, said = to_file(folder, ["export", name, "-o", "-"], Path(os.ttyname(follower)))
    os.close(follower)
    os.close(leader)
    assert (code, len(said.splitlines()), "-o" in said) == (USAGE, 1, True)


@pytest.mark.parametrize(
    "words",
    [
        ["gaps", "--csv", "-", "--html", "-"],
        ["gaps", "--json", "--format", "csv"],
        ["gaps", "--csv", "{}/one", "--html", "{}/one"],
        ["reextract", "--dry-run", "--csv", "-", "--json", "-"],
        ["rebuild", "--into", "-"],
    ],
)
def test_two_shapes_do_not_go_to_one_place(words: list[str], folder: Path, tmp_path: Path) -> None:
    ran = scrapy(folder, *(word.format(tmp_path) for word in words))
    assert (ran.returncode, ran.stdout) == (USAGE, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", _PRINTING.values(), ids=_PRINTING)
def test_a_full_disk_behind_it_is_one_line(words: list[str], folder: Path) -> None:
    code, said = to_file(folder, words, Path("/dev/full"))
    assert (code, len(said.splitlines())) == (IO, 1)
    assert "standard output: No space left on device" in said


@pytest.mark.parametrize("name", ["table", "gaps json", "authors", "explain", "wacz", "verify"])
def test_a_reader_that_has_enough_changes_no_exit_code(name: str, folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = command(folder, *_PRINTING[name], "-s", "LOG_LEVEL=ERROR")
    assert subprocess.run(words, cwd=ROOT, stdout=writing, check=False).returncode == OK
    os.close(writing)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EPIPE])
def test_lines_that_cannot_be_written_leave_the_exit_code(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullFile(StringIO):
        def write(self, text: str) -> int:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr("sys.stderr", FullFile())
    command = Command()
    with command.report_errors():
        stderr().print("a page that cannot be read")
        raise DiskTrouble("the disk is full")
    assert command.exitcode == IO


def test_aliases_come_from_standard_input(archive: Path) -> None:
    table = "name,author,reason\nJ. Doe,Jane Doe,an initial\n"
    words = command(archive, "authors", "import", "-")
    ran = subprocess.run(words, cwd=ROOT, input=table, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (OK, "")
    assert "1 aliases added" in ran.stdout
    assert "J. Doe,Jane Doe,an initial" in scrapy(archive, "authors", "--csv").stdout
