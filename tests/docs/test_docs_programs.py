"""What the documents call is there: with Debian, with the archive, or by a command that the document gives before."""

from __future__ import annotations

import ast
import re
import shlex
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

from tests.support.scrapy_running import ROOT

# But for what is written by a program: docs/commands.md, docs/schema.md.
DOCUMENTS = [ROOT / "README.md", *(ROOT / f"docs/{name}.md" for name in ("archivists", "operators", "researchers"))]
_BASE = {
    *"[ apt-get cd chmod cp done env export install mv rm sed sh sha256sum sleep useradd userdel".split()
}  # even of a minimal Debian
_SHELL = {"until", "do", "env"}  # what stands before a program
_ASKED_FOR = {"git", "make", "systemctl", "journalctl", "docker"}  # by README.md, "with systemd", "With Docker"
# Programs that are called otherwise than the package that brings them.
_OF_PACKAGE = {"editor": "nano", "crontab": "cron", "python3": "python3", "bagit.py": "bagit"}
_OF_OURS = {"briefs", "scrapy", "python", "pip", "sqlite-utils"}  # in .venv/bin
_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<lines>.*?)^```$|^    (?P<line>\S[^\n]*)$", re.MULTILINE | re.DOTALL)


def programs(line: str) -> Iterator[str]:
    """The programs that a line calls."""
    tokens = shlex.shlex(line, posix=True, punctuation_chars=True)
    tokens.whitespace_split = True
    for is_between, part in groupby(tokens, lambda token: set(token) <= {*";&|"}):
        words = [] if is_between else list(part)
        if words[:1] == ["sudo"]:
            yield words.pop(0)
        while words and (words[0] in _SHELL or words[0].startswith("-") or "=" in words[0]):
            words = words[2:] if words[0] == "-u" else words[1:]
        if words[:2] == ["sh", "-c"]:
            yield from programs(words[2])
        elif words:
            yield words[0]


def commands(text: str) -> Iterator[tuple[int, str]]:
    """Each line of a shell that the document shows, and where."""
    for block in _BLOCK.finditer(text):
        lines = block["lines"].splitlines() if block["language"] == "sh" else [block["line"] or ""]
        yield from ((block.start(), line) for line in lines if line)


def is_told(name: str, before: str) -> bool:
    """Whether the text before says how to get a program or a module that does not come along."""
    package = re.escape(_OF_PACKAGE.get(name, name))
    return re.search(rf"(apt-get install|pip install)[^\n]* {package}\b", before) is not None


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_program_is_there_or_told(document: Path) -> None:
    text = document.read_text("utf-8")
    for at, line in commands(text):
        for program in programs(line):
            name = Path(program).name
            ours = program.startswith((".venv/bin/", "../.venv/bin/"))
            here = text[: text.index("\n", at)]
            assert name in (_OF_OURS if ours else _BASE | _ASKED_FOR) or is_told(name, here), (program, line)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_module_is_there_or_told(document: Path) -> None:
    text = document.read_text("utf-8")
    for block in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for node in ast.walk(ast.parse(block[1])):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name in sys.stdlib_module_names or is_told(name, text[: block.start()]), name
