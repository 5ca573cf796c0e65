"""Regular expressions are read alike by every Python from 3.11.0 on, and cost no more than their text is long.

Debian 12's Python 3.11.2 misses matches of possessive quantifiers and atomic groups that stand in one another.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.extraction.cpu_budget import Overrun, limit_cpu
from pipelines.extraction.wording.roles import ROLE
from reading_room.redact import redact_emails
from scraper.sources.warc_records import split_http
from tests.support.attack_strings import build_attacks
from tests.support.scrapy_running import ROOT

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


def list_compiled_patterns() -> list[tuple[str, int]]:
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES]
    words = [sys.executable, "-c", _COMPILED, json.dumps([f"{ROOT / room}/" for room in ROOMS]), *names]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return [(pattern, flags) for pattern, flags in json.loads(run.stdout.splitlines()[-1])]


def list_written_patterns() -> list[tuple[str, int]]:
    """Those that stand in calls such as `re.sub("…", …)`, which are compiled when they are first needed."""
    nodes = (node for path in FILES for node in ast.walk(ast.parse(path.read_text("utf-8"))))
    return [(pattern, 0) for node in nodes if (pattern := _pattern_of(node))]


def _pattern_of(node: ast.AST) -> str | None:
    asked = node.func if isinstance(node, ast.Call) and node.args else None
    if isinstance(node, ast.Call) and isinstance(asked, ast.Attribute) and _name_of(asked.value) == "re":
        value = node.args[0].value if isinstance(node.args[0], ast.Constant) else None
        return value if isinstance(value, str) else None
    return None


def test_no_pattern_is_possessive_or_atomic() -> None:
    patterns = {*list_compiled_patterns(), *list_written_patterns()}
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


@pytest.mark.parametrize("block", ["HTTP/1.1" + " " * 10**6, "HTTP/1.1 200 OK\r\n" + "a:a\r\n" * 200_000])
def test_the_head_of_a_record_without_an_end_takes_no_longer(block: str) -> None:
    _is_quick(lambda: split_http(block.encode()))


def _is_quick(act: Any) -> None:  # noqa: ANN401
    """What grows with the square of its text would take minutes here."""
    before = time.process_time()
    act()
    assert time.process_time() - before < 20


_SEARCHES = ("search", "sub", "finditer", "findall", "split")
_WAYS = (*_SEARCHES, "match", "fullmatch")
_LENGTH = 1000  # characters of an attack
_QUICK = 0.003  # seconds that no linear pattern takes for one
_LONG = 0.15  # seconds of CPU time that no linear pattern takes for ten times as much
# What is long for its pattern never comes to it.
_BOUNDED = {
    "archive_records._ARC": "looks at 8,000 bytes of a line at most",
    "boilerplate_phrases._BOILERPLATE": "is asked of lines of less than 200 characters",
}
_Use = tuple[str, re.Pattern[Any], str]  # where it stands, the pattern, how it is asked


def find_uses() -> Iterator[_Use]:
    """Each pattern of ours, of modules and of functions, and each way in which it is asked."""
    trees = {path: ast.parse(path.read_text("utf-8")) for path in FILES}
    asked: dict[str, set[tuple[Path, str]]] = defaultdict(set)
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in _WAYS:
                asked[_name_of(node.value)].add((path, node.attr))
    for path, tree in trees.items():
        module = importlib.import_module(
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        )
        for name, value in list(vars(module).items()):
            own_ways = {way for file, way in asked[name] if file == path}
            ways = own_ways or {way for _, way in asked[name]} or {"search"}
            for pattern in _find_patterns(value):
                # Those of a list are asked under another name: labels are whole lines, the others are searched for.
                own = ways if isinstance(value, re.Pattern) else {"fullmatch"} if "label" in path.stem else {"search"}
                yield from ((f"{path.stem}.{name}", pattern, way) for way in own)
        yield from _find_written(path.stem, tree, vars(module))


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _find_patterns(value: Any, depth: int = 0) -> Iterator[re.Pattern[Any]]:  # noqa: ANN401
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | dict) and depth < 3:
        for item in value.values() if isinstance(value, dict) else value:
            yield from _find_patterns(item, depth + 1)
    elif hasattr(value, "__dataclass_fields__") and not isinstance(value, type):
        for name in value.__dataclass_fields__:
            yield from _find_patterns(getattr(value, name, None), depth + 1)


def _find_written(where: str, tree: ast.AST, names: dict[str, Any]) -> Iterator[_Use]:
    """Those in calls such as `re.sub(f"{_DASHES}…", …)`, unless they are made of what a function was given."""
    for node in ast.walk(tree):
        asked = node.func if isinstance(node, ast.Call) and node.args else None
        if not (isinstance(asked, ast.Attribute) and _name_of(asked.value) == "re" and asked.attr in _WAYS):
            continue
        assert isinstance(node, ast.Call)
        try:
            written = eval(ast.unparse(node.args[0]), names)
        except (NameError, TypeError):
            continue
        flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(node) else 0
        yield f"{where}:{node.lineno}", re.compile(written, flags), asked.attr


def _takes_long(act: Callable[[], object]) -> bool:
    try:
        with limit_cpu(_LONG):
            act()
    except Overrun:
        return True
    return False


def _is_quick_at_once(act: Callable[[], object]) -> bool:
    before = time.perf_counter()  # never less than the CPU time, whose clock may be coarse
    return not _takes_long(act) and time.perf_counter() - before < _QUICK


def find_attack(pattern: re.Pattern[Any], way: str, length: int = _LENGTH) -> tuple[str, str, str] | None:
    """What the pattern takes the square of, or worse: a beginning, what is repeated, and an end."""

    def ask(attack: tuple[str, str, str], many: int) -> Callable[[], object]:
        front, part, end = attack
        text = front + part * (many // len(part) + 1) + end
        subject: Any = text if isinstance(pattern.pattern, str) else text.encode("utf-8", "replace")
        if way in _SEARCHES:
            return lambda: sum(1 for _ in pattern.finditer(subject))
        return lambda: getattr(pattern, way)(subject)

    for pair in build_attacks(pattern):
        for end in ("", "\0"):
            attack = (*pair, end)
            if not _is_quick_at_once(ask(attack, length)) and _takes_long(ask(attack, 10 * length)):
                return attack
    return None


def test_no_pattern_takes_the_square_of_its_text() -> None:
    uses = {
        (pattern.pattern, pattern.flags, way in _SEARCHES or way): (where, pattern, way)
        for where, pattern, way in find_uses()
    }
    assert len(uses) > 300
    assert {
        where: attack
        for where, pattern, way in uses.values()
        if where not in _BOUNDED and (attack := find_attack(pattern, way))
    } == {}


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"\s+$", "search"),
        (r"\s*-+\s*", "sub"),
        (r"[\w.+-]+@\w+", "search"),
        (r"by\s*:?\s+\S", "match"),
        (r"(?:a|a)*b", "match"),
        (r"(?:[A-Z]\w*\s*)+!", "fullmatch"),
    ],
)
def test_a_pattern_that_does_would_be_found(pattern: str, way: str) -> None:
    assert find_attack(re.compile(pattern), way, 4 * _LENGTH)  # a fast machine takes no time for fewer
