"""The words of the code: functions are verb and noun, classes are nouns, and neither is named by a participle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_IRREGULAR = set(
    """told kept asked met seen found given shown written made taken gone known held drawn done lost hidden chosen
    broken begun born bought brought built bound caught dealt fed felt fought fallen forgotten gotten grown heard hung
    laid lent lit meant paid proven risen said sent sold spent spoken stolen stood struck sworn swept thought thrown
    understood undone unread worn won withheld withdrawn""".split()
)
_NO_PARTICIPLES = set("feed seed need embed speed".split())  # they end as participles do
# Names that others gave: contract fields, whose methods bear their names, and the interfaces of libraries.
_GIVEN = {
    *("published", "modified", "posted_by"),  # fields of the contract
    *("closed", "changed_at"),
    "attached_databases",  # a method of Datasette's Database
    *("scraped", "dropped", "allowed"),  # methods of Scrapy's LogFormatter and RobotParser
}


def _parts(name: str) -> list[str]:
    return [part.lower() for part in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)]


def is_participle(word: str) -> bool:
    """Whether a word is a past participle, as far as its letters show."""
    return word in _IRREGULAR or (word.endswith("ed") and word not in _NO_PARTICIPLES)


def _bad_names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts = _parts(node.name)
            if parts and is_participle(parts[0]) and node.name not in _GIVEN:
                yield node.name
        elif isinstance(node, ast.ClassDef) and is_participle(_parts(node.name)[-1]):
            yield node.name
        elif isinstance(node, ast.Name | ast.arg):
            name = node.id if isinstance(node, ast.Name) else node.arg
            if name in ("told", "one"):
                yield name


def bad_names() -> set[str]:
    """`module name` for each name that is to become another."""
    packages = ("scraper", "pipelines", "reading_room", "demo", "benchmarks", "tests")
    paths = (path for package in packages for path in sorted((ROOT / package).rglob("*.py")))
    return {
        f"{path.relative_to(ROOT)} {name}" for path in paths for name in _bad_names(ast.parse(path.read_text("utf-8")))
    }


def test_no_name_is_a_participle() -> None:
    assert bad_names() == set(), "a function is a verb and a noun, a class is a noun"
