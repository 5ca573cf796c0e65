"""Small charts of the last nights as plain geometry: numbers in, boxes and lines out; report.html draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import log10

from scraper.archive import Run
from scraper.monitoring import figures

WIDTH, LEFT, RIGHT, TOP = 720, 92, 8, 8  # pixels of the drawing
BARS, ROW, FOOT = 110, 18, 22  # heights: of the bars, of a field's row, of the dates
_LINEAR = 20  # up to this many an axis counts evenly; above, the first night would flatten all others
_FIELDS = 8  # rows at most


@dataclass(frozen=True, slots=True)
class Box:
    """A bar or a cell; `kind` is its CSS class, `told` what it says on hover."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    told: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a place: a line of the scale, a field's name, a date."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing of WIDTH by `height`; `title` and `desc` tell it to those who do not see it."""

    name: str
    title: str
    desc: str
    height: int
    boxes: tuple[Box, ...]
    scale: tuple[Mark, ...]
    dates: tuple[Mark, ...]
    series: Mapping[str, str]  # CSS class to what it means


def charts(runs: Sequence[Run]) -> list[Chart]:
    """Posts, requests and fields of the runs, oldest first; none for a single run, which shows nothing."""
    if len(runs) < 2:
        return []
    posts = {"new": ("briefs_new", "new"), "changed": ("briefs_changed", "changed")}
    drawn = [
        _bars("posts", "New and changed posts a night", runs, posts),
        _bars("requests", "Requests a night", runs, {"requests": ("requests", "requests")}),
    ]
    names = sorted({name for run in runs for name in figures.coverage(run)})
    return [*drawn, _fields(runs, names[:_FIELDS])] if names else drawn


def _bars(name: str, title: str, runs: Sequence[Run], series: Mapping[str, tuple[str, str]]) -> Chart:
    top = max(figures.number(run, count) for run in runs for count, _ in series.values())
    step, boxes = _step(runs), []
    width = min(22.0, step * 0.8) / len(series)
    for index, run in enumerate(runs):
        start = LEFT + (index + 0.5) * step - width * len(series) / 2
        for place, (kind, (count, word)) in enumerate(series.items()):
            value = figures.number(run, count)
            height = _height(value, top)
            told = f"{run.started_at[:10]}, run {run.id}: {value} {word}"
            boxes.append(Box(start + place * width, TOP + BARS - height, width - 1, height, kind, told))
    last = ", ".join(f"{figures.number(runs[-1], count)} {word}" for count, word in series.values())
    scale = tuple(Mark(TOP + BARS - _height(tick, top), f"{tick:,}") for tick in _ticks(top))
    kinds = {kind: word for kind, (_, word) in series.items()} if len(series) > 1 else {}
    desc = f"Bars for {len(runs)} runs, the highest {top:,}. The last run: {last}."
    return Chart(name, title, desc, TOP + BARS + FOOT, tuple(boxes), scale, _dates(runs), kinds)


def _fields(runs: Sequence[Run], names: Sequence[str]) -> Chart:
    """A row a field, a cell a run: full where every post has it."""
    step, boxes = _step(runs), []
    for row, name in enumerate(names):
        for index, run in enumerate(runs):
            read, found = figures.number(run, "coverage/read"), figures.coverage(run).get(name, 0)
            if read:
                told = f"{run.started_at[:10]}, run {run.id}: {name} in {found} of {read} posts"
                kind = f"share share-{round(10 * min(found / read, 1))}"
                boxes.append(Box(LEFT + index * step + 1, TOP + row * ROW + 1, step - 2, ROW - 2, kind, told))
    scale = tuple(Mark(TOP + (row + 0.5) * ROW, name) for row, name in enumerate(names))
    last = ", ".join(f"{name} {figures.coverage(runs[-1]).get(name, 0)}" for name in names)
    posts = figures.number(runs[-1], "coverage/read")
    desc = f"A row a field, a cell a run, fuller the more posts have it. The last run read {posts} posts: {last}."
    kinds = {"share-10": "in all posts", "share-5": "in half", "share-0": "in none"}
    height = TOP + len(names) * ROW + FOOT
    return Chart("fields", "Fields found in the posts read", desc, height, tuple(boxes), scale, _dates(runs), kinds)


def _step(runs: Sequence[Run]) -> float:
    return (WIDTH - LEFT - RIGHT) / len(runs)


def _height(value: int, top: int) -> float:
    """Pixels of a bar; logarithmic where the highest towers over the others."""
    if value <= 0:
        return 0.0
    share = value / top if top <= _LINEAR else log10(1 + value) / log10(1 + top)
    return max(1.5, share * BARS)


def _ticks(top: int) -> list[int]:
    if top > _LINEAR:
        return [0, *takewhile(lambda power: power <= top, (10**exponent for exponent in range(9)))]
    return sorted({0, top // 2, top})


def _dates(runs: Sequence[Run]) -> tuple[Mark, ...]:
    """A few days along the foot, the last run's always."""
    every = max(1, -(-len(runs) // 6))
    shown = range(len(runs) - 1, -1, -every)
    return tuple(Mark(LEFT + (index + 0.5) * _step(runs), runs[index].started_at[5:10]) for index in shown)
