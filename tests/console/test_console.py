"""`briefs` as people meet it: verbs, help pages, configuration, completion, commands that can be pasted."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from scraper.commands.config import list_example_lines
from scraper.console.configuration_keys import KEYS
from scraper.console.invocation import Invocation, find_program
from scraper.console.verbs import verb_names
from scraper.errors import CONFIG, DATA, EXIT_CODES, OK, USAGE
from tests.support import warm_start
from tests.support.scrapy_running import ROOT, TEXT
from tests.support.waiting import LIMIT

BRIEFS = ROOT / ".venv/bin/briefs"
LONGEST_PAGE = 54  # lines at 80 columns; export lists ten formats


def briefs(folder: Path, *words: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a folder that is no checkout."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BRIEFS_")}
    given = kept | {"COLUMNS": "80"} | variables
    return warm_start.run([*map(str, words)], folder, LIMIT, environment=given, program=BRIEFS)


def test_the_help_names_every_verb_in_one_line_each(tmp_path: Path) -> None:
    page = briefs(tmp_path, "--help")
    assert (page.returncode, page.stderr, briefs(tmp_path).stdout) == (OK, "", page.stdout)
    assert [verb for verb in verb_names() if f"\n  {verb} " not in page.stdout] == []
    assert max(map(len, page.stdout.splitlines())) <= 80
    assert "genspider" not in page.stdout


@pytest.mark.parametrize("verb", verb_names())
def test_each_verb_teaches_on_one_page(tmp_path: Path, verb: str) -> None:
    page = briefs(tmp_path, verb, "--help")
    assert (page.returncode, page.stderr) == (OK, "")
    lines = page.stdout.splitlines()
    assert len(lines) <= LONGEST_PAGE
    assert "examples:" in lines
    assert any(line.startswith("  ") and f"briefs {verb}" in line for line in lines)
    assert "help exit-codes" in lines[-1]
    assert list(tmp_path.iterdir()) == []


def test_the_exit_codes_stand_in_one_place(tmp_path: Path) -> None:
    page = briefs(tmp_path, "help", "exit-codes").stdout
    assert [code for code in EXIT_CODES if f"\n  {code:<4}" not in page] == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("ingst",), "did you mean ingest?"),
        (("help", "verfy"), "did you mean verify?"),
        (("genspider",), "`briefs --help` lists the verbs"),
        (("verify", "--sampel=3"), "did you mean --sample?"),
        (("crawl", "--max-page-s", "3"), "did you mean --max-pages?"),
        (("gaps", "-q"), "unknown option -q"),
    ],
)
def test_a_mistyped_word_is_one_line_with_the_right_one(tmp_path: Path, words: tuple[str, ...], hint: str) -> None:
    run = briefs(tmp_path, *words)
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (USAGE, "", 1)
    assert hint in run.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_version_tells_every_part(tmp_path: Path) -> None:
    parts = dict(line.split(" ", 1) for line in briefs(tmp_path, "--version").stdout.splitlines())
    assert set(parts) >= {"briefs", "extractor", "schema", "scrapy", "datasette", "sqlite", "python"}


def test_scrapy_knows_the_same_verbs_in_any_folder(tmp_path: Path) -> None:
    assert {point.name for point in entry_points(group="scrapy.commands")} >= set(verb_names())
    words = [str(ROOT / ".venv/bin/scrapy"), "verify"]
    for folder in (tmp_path, ROOT):
        run = subprocess.run(
            [*words, "--db", str(tmp_path / "no.db")], cwd=folder, capture_output=True, text=True, check=False
        )
        assert (run.returncode, run.stderr.startswith("scrapy verify: ")) == (DATA, True)


# --- configuration


def show_config(folder: Path, *words: str, **variables: str) -> dict[str, list[str]]:
    run = briefs(folder, "config", "--json", *words, **variables)
    assert run.returncode == OK, run.stderr
    result: dict[str, list[str]] = json.loads(run.stdout)
    return result


def test_the_nearer_word_holds_and_its_source_is_shown(tmp_path: Path) -> None:
    (tmp_path / "briefs.toml").write_text('contact = "me@keepers.org"\ndelay = 5\nreports = "r"\ndb = "b/a.db"\n')
    assert show_config(tmp_path)["delay"] == ["5.0", "briefs.toml"]
    assert show_config(tmp_path, BRIEFS_DELAY="7")["delay"] == ["7.0", "BRIEFS_DELAY"]
    assert show_config(tmp_path, "-s", "DOWNLOAD_DELAY=9", BRIEFS_DELAY="7")["delay"] == ["9", "command line"]
    assert show_config(tmp_path, BRIEFS_CONTACT=" ")["contact"] == ["me@keepers.org", "briefs.toml"]
    assert show_config(tmp_path)["budget"][1] == "default"


def test_the_file_beside_the_archive_is_read_and_its_paths_start_there(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "briefs.toml").write_text('warcs = "bytes"\n')
    for words, variables in ((("--db", "../archive.db"), {}), ((), {"BRIEFS_DB": "../archive.db"})):
        there = show_config(tmp_path / "here", *words, **variables)
        assert Path(there["warcs"][0]) == Path("../bytes")
    assert show_config(tmp_path / "here")["warcs"] == ["warcs", "default"]


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    result = briefs(
        tmp_path, "config", BRIEFS_SMTP_PASSWORD="hunter2", BRIEFS_PING="https://ping.keepers.org/abc"
    ).stdout
    assert ("hunter2" in result, "abc" in result) == (False, False)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (b'contakt = "me@keepers.org"', "did you mean contact?"),
        (b"delay = -1", "delay takes a number of seconds from 0"),
        (b"delay = nan", "delay takes"),
        (b"delay = true", "delay takes"),
        (b"budget = 1.5", "budget takes a whole number"),
        (b"contact = 7", "contact takes text"),
        (b'contact = ["a"]', "contact takes text"),
        (b'alert_on = "never"', "ok, warning, alarm"),
        (b'public_url = "briefs.keepers.org"', "begins with http"),
        (b'db = ""', "db takes a path"),
        (b"[alerts]\nping = 1", "unknown key 'alerts'"),
        (b"contact = ", "it must be TOML"),
        (b'contact = "\xff"', "not UTF-8"),
        (b"\x00", "it must be TOML"),
        (b"a = " + b"[" * 5000, "it must be TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_line(tmp_path: Path, text: bytes, word: str) -> None:
    (tmp_path / "briefs.toml").write_bytes(text)
    run = briefs(tmp_path, "config")
    assert (run.returncode, run.stdout, run.stderr.count("\n")) == (CONFIG, "", 1), run.stderr
    assert run.stderr.startswith("briefs config: briefs.toml: ")
    assert word in run.stderr


def test_a_folder_in_its_place_and_unknown_variables_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "briefs.toml").mkdir()
    assert briefs(tmp_path, "gaps").returncode == CONFIG
    (tmp_path / "briefs.toml").rmdir()
    run = briefs(tmp_path, "gaps", BRIEFS_WEBHOK="https://hooks.keepers.org/")
    assert (run.returncode, run.stderr.count("\n")) == (CONFIG, 1)
    assert "did you mean BRIEFS_WEBHOOK?" in run.stderr


def test_the_example_is_a_file_that_is_taken(tmp_path: Path) -> None:
    example = briefs(tmp_path, "config", "--example").stdout
    assert example == "\n".join(list_example_lines()) + "\n"
    assert all(f"\n# {key.name} = " in example for key in KEYS)
    filled = [line.removeprefix("# ") for line in example.splitlines() if " = " in line and '""' not in line]
    (tmp_path / "briefs.toml").write_text("\n".join(filled))
    assert show_config(tmp_path)["budget"] == ["0", "briefs.toml"]


@pytest.mark.parametrize("contact", ["you@example.org", "https://example.com/about", "me@your-domain.org", "a@b.test"])
def test_a_placeholder_is_no_contact(tmp_path: Path, contact: str) -> None:
    run = briefs(tmp_path, "crawl", BRIEFS_CONTACT=contact)
    assert (run.returncode, run.stderr.count("\n"), "placeholder" in run.stderr) == (CONFIG, 1, True)
    assert list(tmp_path.iterdir()) == []


# --- printed commands


@pytest.fixture
def odd_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder whose name needs quotes, with a page in it."""
    folder = tmp_path / "an archive's place"
    folder.mkdir()
    (folder / "page.txt").write_text(TEXT)
    yield folder


@pytest.mark.parametrize("program", ["path", "relative", "scrapy", "module"])
def test_a_printed_command_runs_as_it_stands(odd_folder: Path, program: str) -> None:
    """Each way of calling, from another folder than the archive's, with names that need quotes."""
    (odd_folder / "bin").symlink_to(ROOT / ".venv/bin")
    called = {
        "path": ["briefs"],
        "relative": ["bin/briefs"],
        "scrapy": [str(ROOT / ".venv/bin/scrapy")],
        "module": [sys.executable, "-m", "scrapy"],
    }[program]
    places = ["--db", "my archive.db", "--warcs", "its bytes"]
    environment = os.environ | {"PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}"}

    def run(words: str) -> str:
        done = subprocess.run(
            ["sh", "-c", words], cwd=odd_folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == OK, (words, done.stderr)
        return done.stdout

    ingested = run(shlex.join([*called, "ingest", "page.txt", *places]))
    serve = ingested.splitlines()[-1].removeprefix("Next: ")
    assert [room["name"] for room in json.loads(run(f"{serve} --get /-/databases.json"))] == ["archive"]
    if program in ("relative", "scrapy"):  # the other two show what is printed by other verbs
        return
    path = json.loads(run(shlex.join([*called, "explain", "1", "--json", *places])))["path"]
    withdrawn = run(shlex.join([*called, "withdraw", path, "--reason", "asked for", *places]))
    (undo,) = [line for line in withdrawn.splitlines() if "--undo" in line]
    assert "is back" in run(undo.partition(": ")[2])


@pytest.mark.parametrize(
    ("argv", "program"),
    [
        (["/elsewhere/.venv/bin/briefs"], "/elsewhere/.venv/bin/briefs"),
        ([".venv/bin/briefs"], ".venv/bin/briefs"),
        (["my venv/bin/briefs"], "'my venv/bin/briefs'"),
        (["/usr/lib/scrapy/__main__.py"], f"{shlex.quote(sys.executable)} -m scrapy"),
        (["-c"], "briefs"),
    ],
)
def test_the_program_is_named_as_it_was_typed(argv: list[str], program: str) -> None:
    assert find_program(argv) == program


def test_what_scrapy_shows_as_the_way_to_the_exit_codes_runs(tmp_path: Path) -> None:
    words = [str(ROOT / ".venv/bin/scrapy"), "verify", "--help"]
    page = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    shown = page.strip().splitlines()[-1].removeprefix("exit codes: ")
    result = subprocess.run(["sh", "-c", shown], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (result.returncode, "Exit codes" in result.stdout) == (OK, True), result.stderr


def test_a_command_is_quoted_and_names_the_archive() -> None:
    invocation = Invocation("briefs", ("--db", "a b.db"))
    assert shlex.split(invocation.command_line("explain", "/it's/")) == [
        "briefs",
        "explain",
        "/it's/",
        "--db",
        "a b.db",
    ]
