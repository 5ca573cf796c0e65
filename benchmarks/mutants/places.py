"""A random sample of the places where cosmic-ray can change the program."""

from __future__ import annotations

import ast
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import parso.python.tree  # noqa: F401 - before cosmic_ray, which imports it in a circle
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

_ROOMS = {
    "extraction": ["pipelines/extraction/**/*.py"] * 2,  # half of the sample: it is the largest
    "fold": ["pipelines/briefs/*.py"],
    "store": ["pipelines/captures/*.py", "pipelines/[akentv]*.py", "pipelines/store.py"],
}
# The same in meaning, or the end of every import: neither says anything about the tests.
_SAME = ("NoOp", "RemoveDecorator", "_Eq_Is", "_NotEq_IsNot", "_Is_Eq", "_IsNot_NotEq")


@dataclass(frozen=True)
class Mutant:
    """One change at one place, and what became of it."""

    path: str
    line: int
    operator: str
    occurrence: int
    tests: int = 0
    left: int = 0
    killer: str | None = None

    @property
    def place(self) -> tuple[str, str, int]:
        """What tells it from others."""
        return self.path, self.operator, self.occurrence

    @property
    def code(self) -> str:
        """The changed source of the file."""
        source = Path(self.path).read_text("utf-8")
        return str(mutate_code(source, get_operator(self.operator)(), self.occurrence))

    @property
    def change(self) -> str:
        """The changed line, or what stands around it."""
        lines = Path(self.path).read_text("utf-8").splitlines(), self.code.splitlines()
        return "; ".join(f"{old.strip()}  ->  {new.strip()}" for old, new in zip(*lines, strict=False) if old != new)


def find_places(path: str) -> dict[tuple[int, int], list[Mutant]]:
    """The places in a file that can be changed, each with its changes."""
    source = Path(path).read_text("utf-8")
    lines = source.splitlines()
    nodes, shut = list(ast_nodes(get_ast(source))), list(find_shut_places(ast.parse(source)))
    places: dict[tuple[int, int], list[Mutant]] = defaultdict(list)
    for name in operator_names():
        if name.endswith(_SAME) or (operator := get_operator(name)).arguments():
            continue
        starts = [start for node in nodes for start, _ in operator().mutation_positions(node)]
        for occurrence, start in enumerate(starts):
            is_dotted = "Exception" in name and "." in lines[start[0] - 1]  # on which cosmic-ray fails
            if not is_dotted and not any(begin <= start < end for begin, end in shut):
                places[start].append(Mutant(path, start[0], name, occurrence))
    return places


def find_shut_places(tree: ast.Module) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """From where to where no change is of meaning: types, decorators, the words of errors, assertions."""
    for node in ast.walk(tree):
        shut: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef):
            arguments = node.args
            every = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
            shut = [node.returns, *node.decorator_list, *(each.annotation for each in every if each)]
        elif isinstance(node, ast.ClassDef):
            shut = [*node.decorator_list]
        elif isinstance(node, ast.AnnAssign):
            shut = [node.annotation]
        elif isinstance(node, ast.Raise | ast.Assert) or is_for_types(node):
            shut = [node]
        for part in filter(None, shut):
            yield (part.lineno, part.col_offset), (part.end_lineno, part.end_col_offset)  # type: ignore[attr-defined]


def is_for_types(node: ast.AST) -> bool:
    """Whether it is an `if TYPE_CHECKING`."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def choose_mutants(number: int, seed: int) -> list[Mutant]:
    """A sample: each place of a room is as likely as another, then each of its changes."""
    chance = random.Random(seed)
    chosen: list[Mutant] = []
    for patterns in _ROOMS.values():
        files = sorted({str(file) for pattern in patterns for file in Path().glob(pattern)})
        places = [changes for path in files for _, changes in sorted(find_places(path).items())]
        share = number * len(patterns) // sum(map(len, _ROOMS.values()))
        chosen += [chance.choice(changes) for changes in chance.sample(places, min(share, len(places)))]
    chance.shuffle(chosen)
    return chosen


def find_function(path: str, line: int) -> str | None:
    """The qualified name of the function, outside of all others, that has the line in its body."""
    bodies = [("", ast.parse(Path(path).read_text("utf-8")).body)]
    for prefix, body in bodies:
        for node in body:
            if isinstance(node, ast.ClassDef):
                bodies.append((f"{prefix}{node.name}.", node.body))
            elif isinstance(node, ast.FunctionDef) and node.body[0].lineno <= line <= (node.end_lineno or 0):
                return prefix + node.name
    return None
