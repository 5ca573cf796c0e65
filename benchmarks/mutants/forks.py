"""A pytest that has collected its tests and is forked for each change of the program."""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import accumulate
from math import inf
from multiprocessing.connection import Connection
from pathlib import Path
from types import CodeType, FunctionType

import pytest

from benchmarks.mutants.places import Mutant, find_function
from benchmarks.mutants.reach import Reach

_MEMORY = 8 << 30  # bytes that a changed program may take
_WAIT = 20  # seconds of a busy machine for one of ours
_SLOW = "out of time"


@dataclass(eq=False)  # pytest keeps its plugins in sets
class ForkingRun:
    """Instead of running the tests, runs for each change those that reach it, in a process of its own."""

    mutants: Iterable[Mutant]
    reach: Reach
    note: Callable[[Mutant], None]
    seconds: float = inf  # of tests that a change may take
    failed: str = field(default="", init=False)
    _functions: dict[tuple[str, str | None], list[FunctionType]] = field(default_factory=dict, init=False)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """In a fork: the first test that fails."""
        if report.failed and not self.failed:
            self.failed = report.nodeid

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Try each change, and run none of the tests here."""
        self._functions = list_functions()
        gc.freeze()  # else each fork copies and counts all objects
        for mutant in self.mutants:
            names = self.reach.find_tests(mutant.path, mutant.line)
            items = self.reach.sort_items(item for item in session.items if item.nodeid in names)
            sums = accumulate(self.reach.sum_seconds([item]) for item in items)
            first = [item for item, total in zip(items, sums, strict=True) if total <= self.seconds]
            try:
                killer = self._find_killer(mutant, first) if first else None
            except SyntaxError:
                continue  # such as a name that is bound behind a `not`
            self.note(replace(mutant, tests=len(items), left=len(items) - len(first), killer=killer))
        return True

    def _find_killer(self, mutant: Mutant, items: list[pytest.Item]) -> str | None:
        """The test that fails, or what else shows that something is wrong."""
        budget = 30 + 3 * self.reach.sum_seconds(items)
        name = find_function(mutant.path, mutant.line)
        functions = self._functions.get((str(Path(mutant.path).resolve()), name), [])
        if self.reach.is_import(mutant.path, mutant.line) or not functions:
            files = dict.fromkeys(str(item.path) for item in items)
            return try_on_disk(mutant, ["-m", items[0].config.option.markexpr, *files], budget)
        code = find_code(compile(mutant.code, mutant.path, "exec"), functions[0].__code__.co_qualname)
        return self._try_in_fork(code, functions, items, budget)

    def _try_in_fork(
        self, code: CodeType, functions: list[FunctionType], items: list[pytest.Item], budget: float
    ) -> str | None:
        forks = multiprocessing.get_context("fork")
        ours, its = forks.Pipe(duplex=False)
        process = forks.Process(target=self._run_items, args=(code, functions, items, int(budget), its))
        process.start()
        its.close()
        killer = None
        try:
            killer = ours.recv() if ours.poll(_WAIT * budget) else _SLOW
        except EOFError:
            process.join()
            if process.exitcode == 1:
                raise  # the fault is ours
            killer = f"exit code {process.exitcode}"
        process.kill()
        process.join()
        return killer

    def _run_items(
        self, code: CodeType, functions: list[FunctionType], items: list[pytest.Item], budget: int, pipe: Connection
    ) -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (budget, budget))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        items[0].config.pluginmanager.unregister(name="terminalreporter")
        for function in functions:
            function.__code__ = code
        for item, following in zip(items, [*items[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.failed:
                break
        pipe.send(self.failed or None)


def list_functions() -> dict[tuple[str, str | None], list[FunctionType]]:
    """The functions in memory by their file and their qualified name."""
    functions: dict[tuple[str, str | None], list[FunctionType]] = defaultdict(list)
    for each in gc.get_objects():
        if isinstance(each, FunctionType):
            functions[each.__code__.co_filename, each.__code__.co_qualname].append(each)
    return functions


def find_code(code: CodeType, name: str) -> CodeType:
    """The code of the function of that qualified name."""
    found = [const for const in code.co_consts if isinstance(const, CodeType)]
    for inner in found:
        if inner.co_qualname == name:
            return inner
        found += [const for const in inner.co_consts if isinstance(const, CodeType)]
    raise LookupError(name)


def try_on_disk(mutant: Mutant, tests: list[str], budget: float) -> str | None:
    """The test of these that fails, or what else shows that something is wrong, with the change in its file."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-n0", "-p", "no:cacheprovider", *tests]
    file = Path(mutant.path)
    before, times = file.read_bytes(), file.stat()
    try:
        file.write_text(mutant.code, "utf-8")
        done = subprocess.run(command, capture_output=True, text=True, timeout=_WAIT * budget, check=False)
    except subprocess.TimeoutExpired:
        return _SLOW
    finally:
        file.write_bytes(before)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    failed = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return None if done.returncode == 0 else (failed or [f"exit code {done.returncode}"])[0]
