"""Computes the geometry of small charts of the last nights; report.html draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from math import log10

from scraper.archive import Run
from scraper.monitoring import figures

WIDTH, LEFT, RIGHT, TOP = 720, 92, 8, 8  # pixels of the drawing
BARS, ROW, FOOT = 110, 18, 22  # heights: of the bars, of a field's row, of the dates
_LINEAR = 20  # above this an axis is logarithmic: the first night fetches so much that all others would be flat
_FIELDS = 8  # rows at most


@dataclass(frozen=True, slots=True)
class Box:
    """A bar or a cell; `kind` is its CSS class."""

    x: float
    y: float
    width: float
    height: float
    kind: str
    tooltip: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text at a position: a value of the scale, a field's name, a date."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing of WIDTH by `height`; `title` and `desc` describe it for screen readers."""

    name: str
    title: str
    desc: str
    height: int
    boxes: tuple[Box, ...]
    scale: tuple[Mark, ...]
    dates: tuple[Mark, ...]
    series: Mapping[str, str]  # CSS class to what it means


def build_charts(runs: Sequence[Run]) -> list[Chart]:
    """Build the charts of posts, requests and fields of the runs, oldest first; none for a single run."""
    if len(runs) < 2:
        return []
    posts = {"new": ("briefs_new", "new"), "changed": ("briefs_changed", "changed")}
    drawings = [
        _build_bars("posts", "New and changed posts a night", runs, posts),
        _build_bars("requests", "Requests a night", runs, {"requests": ("requests", "requests")}),
    ]
    names = sorted({name for run in runs for name in figures.count_fields(run)})
    return [*drawings, _build_field_rows(runs, names[:_FIELDS])] if names else drawings


def _build_bars(name: str, title: str, runs: Sequence[Run], series: Mapping[str, tuple[str, str]]) -> Chart:
    top = max(figures.get_count(run, count) for run in runs for count, _ in series.values())
    step, boxes = _step_width(runs), []
    width = min(22.0, step * 0.8) / len(series)
    for index, run in enumerate(runs):
        start = LEFT + (index + 0.5) * step - width * len(series) / 2
        for place, (kind, (count, word)) in enumerate(series.items()):
            value = figures.get_count(run, count)
            height = _bar_height(value, top)
            tooltip = f"{run.started_at[:10]}, run {run.id}: {value} {word}"
            boxes.append(Box(start + place * width, TOP + BARS - height, width - 1, height, kind, tooltip))
    last = ", ".join(f"{figures.get_count(runs[-1], count)} {word}" for count, word in series.values())
    scale = tuple(Mark(TOP + BARS - _bar_height(tick, top), f"{tick:,}") for tick in _scale_ticks(top))
    kinds = {kind: word for kind, (_, word) in series.items()} if len(series) > 1 else {}
    desc = f"Bars for {len(runs)} runs, the highest {top:,}. The last run: {last}."
    return Chart(name, title, desc, TOP + BARS + FOOT, tuple(boxes), scale, _date_marks(runs), kinds)


def _build_field_rows(runs: Sequence[Run], names: Sequence[str]) -> Chart:
    """Build a row per field with a cell per run, which is full where every post has the field."""
    step, boxes = _step_width(runs), []
    for row, name in enumerate(names):
        for index, run in enumerate(runs):
            read, found = figures.get_count(run, "coverage/read"), figures.count_fields(run).get(name, 0)
            if read:
                tooltip = f"{run.started_at[:10]}, run {run.id}: {name} in {found} of {read} posts"
                kind = f"share share-{round(10 * min(found / read, 1))}"
                boxes.append(Box(LEFT + index * step + 1, TOP + row * ROW + 1, step - 2, ROW - 2, kind, tooltip))
    scale = tuple(Mark(TOP + (row + 0.5) * ROW, name) for row, name in enumerate(names))
    last = ", ".join(f"{name} {figures.count_fields(runs[-1]).get(name, 0)}" for name in names)
    posts = figures.get_count(runs[-1], "coverage/read")
    desc = f"A row per field, a cell per run, fuller the more posts have it. The last run read {posts} posts: {last}."
    kinds = {"share-10": "in all posts", "share-5": "in half", "share-0": "in none"}
    height = TOP + len(names) * ROW + FOOT
    title = "Fields found in the posts read"
    return Chart("fields", title, desc, height, tuple(boxes), scale, _date_marks(runs), kinds)


def _step_width(runs: Sequence[Run]) -> float:
    return (WIDTH - LEFT - RIGHT) / len(runs)


def _bar_height(value: int, top: int) -> float:
    """The height of a bar in pixels, logarithmic where the highest value is large."""
    if value <= 0:
        return 0.0
    share = value / top if top <= _LINEAR else log10(1 + value) / log10(1 + top)
    return max(1.5, share * BARS)


def _scale_ticks(top: int) -> list[int]:
    if top > _LINEAR:
        return [0, *takewhile(lambda power: power <= top, (10**exponent for exponent in range(9)))]
    return sorted({0, top // 2, top})


def _date_marks(runs: Sequence[Run]) -> tuple[Mark, ...]:
    """Label a few days below the chart, always that of the last run."""
    every = max(1, -(-len(runs) // 6))
    indexes = range(len(runs) - 1, -1, -every)
    return tuple(Mark(LEFT + (index + 0.5) * _step_width(runs), runs[index].started_at[5:10]) for index in indexes)
