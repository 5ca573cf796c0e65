"""Which tests reach which line of the program, and how long they take."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pytest
from coverage import CoverageData


class Reach:
    """What one run with `--cov --cov-context=test --junitxml` has noted."""

    def __init__(self, coverage: Path, junit: Path) -> None:
        self._data = CoverageData(str(coverage))
        self._data.read()
        self._seconds = {
            f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name')}": float(case.get("time", 0))
            for case in ElementTree.parse(junit).iter("testcase")
        }

    def find_tests(self, path: str, line: int) -> set[str]:
        """The names of the tests that run the line, or, of a line that is run by the import alone, any of its file."""
        contexts = self._read_contexts(path)
        names = {name for each in self._find_lines(path, line) for name in contexts.get(each, ())}
        names = names - {""} or {name for every in contexts.values() for name in every}
        return {name.rpartition("|")[0] for name in names}

    def is_import(self, path: str, line: int) -> bool:
        """Whether the line is run when its module, or a file of tests, is imported."""
        return any("" in self._read_contexts(path).get(each, ()) for each in self._find_lines(path, line))

    def sort_items(self, items: Iterable[pytest.Item]) -> list[pytest.Item]:
        """The first case of each test before the second ones, the quickest first."""
        cases: Counter[str] = Counter()
        order: list[tuple[int, float, pytest.Item]] = []
        for item in items:
            test = item.nodeid.partition("[")[0]
            cases[test] += 1
            order.append((cases[test], self.sum_seconds([item]), item))
        return [item for _, _, item in sorted(order, key=lambda each: each[:2])]

    def sum_seconds(self, items: Iterable[pytest.Item]) -> float:
        """How long they take."""
        return sum(self._seconds.get(item.nodeid, 0.1) for item in items)

    @cache  # noqa: B019 - there is one
    def _read_contexts(self, path: str) -> dict[int, list[str]]:
        return self._data.contexts_by_lineno(str(Path(path).resolve()))

    @staticmethod
    def _find_lines(path: str, line: int) -> range:
        """From the begin of the statement on: coverage does not note every line of it."""
        tree = ast.parse(Path(path).read_text("utf-8"))
        begins = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt) and node.lineno <= line]
        return range(max(begins), line + 1)
