"""Regular expressions are of the kinds that every Python from 3.11.0 on reads in the same way.

Debian 12's Python 3.11.2 misses matches of possessive quantifiers and atomic groups that stand in one another.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import time
from typing import Any

import pytest

from pipelines.extraction.wording.roles import ROLE
from reading_room.redact import redact_emails
from tests.scrapy_running import ROOT

ROOMS = ("scraper", "pipelines", "reading_room", "demo")
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")) if path.stem != "__main__"]
_BANNED = {"POSSESSIVE_REPEAT", "ATOMIC_GROUP"}
# In a process of its own, where nothing is imported yet: prints each pattern that a file of ours compiles when it is.
_COMPILED = """
import importlib, json, re, sys
compile, compiled, rooms = re._compiler.compile, [], tuple(json.loads(sys.argv[1]))
def note(pattern, flags=0):
    if isinstance(pattern, str) and sys._getframe(3).f_code.co_filename.startswith(rooms):
        compiled.append((pattern, int(flags)))
    return compile(pattern, flags)
re._compiler.compile = note
for name in sys.argv[2:]:
    importlib.import_module(name)
print(json.dumps(compiled))
"""


def parse(pattern: str, flags: int = 0) -> Any:  # noqa: ANN401 - there is no public way to look into a pattern
    return re._parser.parse(pattern, flags)  # type: ignore[attr-defined]


def operators(parsed: object) -> set[str]:
    """The names of all operators in a parsed pattern, at any depth."""
    if isinstance(parsed, list | tuple) or type(parsed).__name__ == "SubPattern":
        return {name for part in parsed for name in operators(part)}  # type: ignore[attr-defined]
    return {str(parsed)}


def compiled_patterns() -> list[tuple[str, int]]:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES]
    words = [sys.executable, "-c", _COMPILED, json.dumps([f"{ROOT / room}/" for room in ROOMS]), *names]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return [(pattern, flags) for pattern, flags in json.loads(run.stdout.splitlines()[-1])]


def written_patterns() -> list[tuple[str, int]]:
    """Those that stand in calls such as `re.sub("…", …)`, which are compiled when they are first needed."""
    nodes = (node for path in FILES for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return [(pattern, 0) for node in nodes if (pattern := _pattern_of(node))]


def _pattern_of(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).startswith("re."):
        value = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        return value if isinstance(value, str) else None
    return None


def test_no_pattern_is_possessive_or_atomic() -> None:
    patterns = {*compiled_patterns(), *written_patterns()}
    assert len(patterns) > 200  # they were found at all
    assert [pattern for pattern, flags in patterns if operators(parse(pattern, flags)) & _BANNED] == []


@pytest.mark.parametrize("pattern", ["a++", "a*+b", "a?+", "a{1,2}+", "(?>a|ab)c", r"(?:\.[\w-]++)++", "(x(?=y(?>z)))"])
def test_such_a_pattern_would_be_found(pattern: str) -> None:
    assert operators(parse(pattern)) & _BANNED


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to ada.fenn@mail.example.", "Write to {}."),
        ("Write to ada.fenn@mail.example, or not.", "Write to {}, or not."),
        ("(mailto:ada@a-b.c.d.example)...", "({})..."),
        ("ada%40mail.example. Then more", "{}. Then more"),
        ("No address: a@b, @home, a..b", "No address: a@b, @home, a..b"),
    ],
)
def test_what_stands_behind_an_address_stays(text: str, left: str) -> None:
    blot = redact_emails("a@b.example")
    assert redact_emails(text) == left.format(blot)


@pytest.mark.parametrize("part", ["a", "a.", "a@", "a@b.", "mailto:", "a%40", "é-", "a@b.c "])
def test_a_text_of_many_beginnings_of_addresses_takes_no_longer(part: str) -> None:
    _is_quick(lambda: redact_emails("x@" + part * 200_000))


@pytest.mark.parametrize(
    "part", ["Health ", "Health & ", "Gender and ", "Foreign Policy, ", "Ada ", "Ada & ", "A, and "]
)
def test_a_line_of_many_beginnings_of_roles_takes_no_longer(part: str) -> None:
    _is_quick(lambda: ROLE.match(part * 20_000))


def _is_quick(act: Any) -> None:  # noqa: ANN401
    """What grows with the square of its text would take minutes here."""
    before = time.process_time()
    act()
    assert time.process_time() - before < 20
