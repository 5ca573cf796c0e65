"""`briefs completion`: each shell, as people use it, completes verbs and options."""

from __future__ import annotations

import os
import select
import shlex
import subprocess
from pathlib import Path

import pytest

from scraper.errors import OK
from tests.debian import SHELLS
from tests.support.scrapy_running import ROOT
from tests.support.terminals import open_terminal
from tests.support.waiting import LIMIT

_BASH = """
eval "$(briefs completion bash)"
for COMP_LINE in {lines}; do
COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=9
read -ra COMP_WORDS <<< "$COMP_LINE"; COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_python_argcomplete briefs
echo "${{COMPREPLY[@]}}"
done
"""
_FISH = "briefs completion fish | source; for line in {lines}; complete --do-complete $line; end"
_ZSH = "PS1=; autoload -Uz compinit; compinit -u -D; eval \"$(briefs completion zsh)\"; print rea''dy\n"
_LINES = [("briefs ver", "verify"), ("briefs verify --sa", "--sample"), ("briefs wayback --sin", "--since")]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What a shell finds: the program on its path, a home without settings."""
    return os.environ | {"PATH": f"{ROOT / '.venv/bin'}:{os.environ['PATH']}", "HOME": str(tmp_path), "TERM": "dumb"}


@pytest.mark.parametrize("words", [("bash", "-c", _BASH), ("fish", "--no-config", "-c", _FISH)], ids=["bash", "fish"])
def test_bash_and_fish_offer_it(environment: dict[str, str], words: tuple[str, ...]) -> None:
    SHELLS.require()
    *program, script = words
    given = [*program, script.format(lines=shlex.join(line for line, _ in _LINES))]
    done = subprocess.run(given, env=environment, capture_output=True, text=True, check=False, timeout=LIMIT)
    lacking = {completed for _, completed in _LINES} - set(done.stdout.split())
    assert (done.returncode, lacking) == (OK, set()), (done.stdout, done.stderr)


def test_zsh_writes_it_out(environment: dict[str, str]) -> None:
    SHELLS.require()
    terminal, own = open_terminal()
    with subprocess.Popen(["zsh", "-f", "-i"], env=environment, stdin=own, stdout=own, stderr=own) as shell:
        os.close(own)
        try:
            os.write(terminal, _ZSH.encode())
            read_until(terminal, "\nready")
            for line, completed in _LINES:
                os.write(terminal, f"{line}\t".encode())
                read_until(terminal, f"{completed} ")
                os.write(terminal, b"\x15")  # Ctrl-U: the next line is written on an empty one
        finally:
            shell.kill()
            os.close(terminal)


def read_until(terminal: int, mark: str) -> None:
    """Read what is shown until the mark has come. Raises AssertionError if it does not."""
    shown = b""
    while mark.encode() not in shown:
        assert select.select([terminal], [], [], LIMIT)[0], shown
        shown += os.read(terminal, 65536)
