"""Texts that a pattern may take long over: its own pieces again and again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

_POOL = "a0 A-.,\"'\n&;:/<>#_(x=[é"
_MANY = 8  # times that a piece may be repeated; those that may not cost nothing


def build_attacks(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """Pairs of a beginning and what is to be repeated behind it."""
    parsed = re._parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)  # type: ignore[attr-defined]
    pairs = [*_walk(list(parsed), ""), ("", " "), ("", "a"), ("", "A "), ("", "& ")]
    return [pair for pair in dict.fromkeys(pairs) if pair[1]]


def _walk(nodes: list[Any], front: str) -> Iterator[tuple[str, str]]:
    for place, node in enumerate(nodes):
        before = front + _sample(nodes[:place], 0)
        if _is_repeat(node) and node[1][1] >= _MANY:
            for choice in range(3):
                yield before, _sample(node[1][2], choice)
            yield before, _sample(node[1][2], 0) + _sample(nodes[place + 1 : place + 2], 0)
            yield "", _sample(nodes[: place + 1], 0)
            yield "", _sample(nodes[:place], 0) + _sample(node[1][2], 1)
        for inner in _find_inner(node):
            yield from _walk(list(inner), before)


def _is_repeat(node: Any) -> bool:  # noqa: ANN401 - a node of a parsed pattern, as in all of these
    return str(node[0]) in ("MAX_REPEAT", "MIN_REPEAT")


def _find_inner(node: Any) -> list[Any]:  # noqa: ANN401
    name, value = str(node[0]), node[1]
    if name == "BRANCH":
        return list(value[1])
    if name == "SUBPATTERN":
        return [value[3]]
    return [value[2]] if _is_repeat(node) else [value[1]] if name in ("ASSERT", "ASSERT_NOT") else []


def _sample(nodes: Any, choice: int) -> str:  # noqa: ANN401
    return "".join(_sample_node(node, choice) for node in nodes)


def _sample_node(node: Any, choice: int) -> str:  # noqa: ANN401
    name, value = str(node[0]), node[1]
    if name == "LITERAL":
        return chr(value)
    if name in ("NOT_LITERAL", "ANY", "IN"):
        fitting = _find_characters(name, value)
        return fitting[choice % len(fitting)] if fitting else "\x01"
    if name == "BRANCH":
        return _sample(value[1][choice % len(value[1])], choice)
    if name == "SUBPATTERN":
        return _sample(value[3], choice)
    return _sample(value[2], choice) * max(value[0], 1) if _is_repeat(node) else ""


def _find_characters(name: str, value: Any) -> list[str]:  # noqa: ANN401
    if name != "IN":
        return [sign for sign in _POOL if name == "ANY" or ord(sign) != value]
    literals = [chr(item[1] if str(item[0]) == "LITERAL" else item[1][0]) for item in value if str(item[0]) in _ONES]
    return [sign for sign in (*_POOL, *literals) if _is_in(sign, value)]


_ONES = ("LITERAL", "RANGE")
_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "DIGIT": str.isdigit,
    "SPACE": str.isspace,
    "WORD": lambda sign: sign.isalnum() or sign == "_",
}


def _is_in(sign: str, items: Any) -> bool:  # noqa: ANN401
    is_negated, is_found = str(items[0][0]) == "NEGATE", False
    for name, value in ((str(item[0]), item[1]) for item in items):
        if name == "LITERAL":
            is_found |= ord(sign) == value
        elif name == "RANGE":
            is_found |= value[0] <= ord(sign) <= value[1]
        elif name == "CATEGORY":
            category = str(value).removeprefix("CATEGORY_")
            is_found |= _CATEGORIES[category.removeprefix("NOT_")](sign) != category.startswith("NOT_")
    return is_found != is_negated
