"""The forms of charts: columns over time, bars of names, fields of a grid, and a network of three ranks."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reading_room.charts.chart_canvas import NARROW, TONES, Canvas, fit_text, measure_text
from reading_room.pages.counts import list_years
from reading_room.query import Row

_PLOT = 260  # pixels that columns are high
_LANE = 28  # of a bar or of a row of fields
_HEATS = 6
_LONGEST_NAME = 230
Link = Callable[[Row], str]  # the address of what a mark stands for, below the room's root; empty if there is none


def list_years_between(periods: Collection[str]) -> list[str]:
    """Each year from the first to the last, empty ones too."""
    return [f"{year:04}" for year in list_years({int(period[:4]) for period in periods})]


def list_months(periods: Collection[str]) -> list[str]:
    """Each month from January of the first year to the last month, `2021-05`, empty ones too."""
    months = (f"{year}-{month:02}" for year in list_years_between(periods) for month in range(1, 13))
    return [month for month in months if month <= max(periods)]


def list_quarters(periods: Collection[str]) -> list[str]:
    """Each quarter from the first of the first year to the last one, `2021-Q2`, empty ones too."""
    quarters = (f"{year}-Q{quarter}" for year in list_years_between(periods) for quarter in range(1, 5))
    return [quarter for quarter in quarters if quarter <= max(periods)]


@dataclass(frozen=True, slots=True)
class Columns:
    """Stacked columns over time: which columns of a row are the period, the series and the number."""

    period: str
    series: str
    number: str
    list_periods: Callable[[Collection[str]], list[str]]
    noun: str
    last: str = ""  # the series that comes last, in grey
    order: tuple[str, ...] = ()

    def draw(self, rows: Sequence[Row], width: int, link: Link) -> Canvas:
        """The picture."""
        canvas, names = Canvas(width), self._sort_series(rows)
        tones = {name: f"t{TONES if name == self.last else min(place + 1, TONES)}" for place, name in enumerate(names)}
        if len(names) > 1 or self.order:
            canvas.add_key((name, tones[name]) for name in names)
        stacks: dict[str, dict[str, Row]] = defaultdict(dict)
        for row in rows:
            stacks[row[self.period]][row[self.series] or "none"] = row
        periods = self.list_periods(stacks.keys())
        totals = (sum(row[self.number] for row in stack.values()) for stack in stacks.values())
        top = canvas.height + 10
        scale = Scale(max(totals, default=1), top, top + _PLOT)
        left = _draw_scale(canvas, scale)
        step = (width - left) / max(len(periods), 1)
        gap = min(step * 0.15, 2)
        for place, period in enumerate(periods):
            foot = 0
            for name in (name for name in names if name in stacks.get(period, {})):
                row = stacks[period][name]
                high, low = scale.find_y(foot + row[self.number]), scale.find_y(foot)
                about = f"{period}, {name}: {row[self.number]:,} {self.noun}"
                canvas.add_box((left + place * step, high, step - gap, low - high), tones[name], about, link(row))
                foot += row[self.number]
        _label_periods(canvas, periods, left, step, scale.bottom)
        canvas.height = scale.bottom + 26
        return canvas

    def _sort_series(self, rows: Sequence[Row]) -> list[str]:
        sums: Counter[str] = Counter()
        for row in rows:
            sums[row[self.series] or "none"] += row[self.number]
        names = [name for name in self.order if name in sums] or [name for name, _ in sums.most_common()]
        return sorted(names, key=lambda name: name == self.last)


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars of names, the longest first; each may have parts."""

    name: str
    parts: tuple[tuple[str, str, str], ...]  # the column of the number, what it is called, its tone
    most: int = 25

    def draw(self, rows: Sequence[Row], width: int, link: Link) -> Canvas:
        """The picture."""
        canvas, rows = Canvas(width), rows[: self.most]
        if len(self.parts) > 1:
            canvas.add_key((noun, tone) for _, noun, tone in self.parts)
        is_narrow = width <= NARROW
        lane = _LANE + 14 if is_narrow else _LANE
        longest = max((measure_text(str(row[self.name])) for row in rows), default=0)
        left = 0 if is_narrow else min(longest, _LONGEST_NAME + 90) + 12
        sums = [sum(row[column] or 0 for column, _, _ in self.parts) for row in rows]
        unit = (width - left - 48) / max(sums, default=1) if any(sums) else 0
        for place, row in enumerate(rows):
            y = canvas.height + place * lane
            name = fit_text(str(row[self.name]), width if is_narrow else left - 12)
            canvas.add_text((0 if is_narrow else left - 12, y + 16), name, "start" if is_narrow else "end")
            x, bar = left, y + (22 if is_narrow else 4)
            for column, noun, tone in self.parts:
                long = (row[column] or 0) * unit
                about = f"{row[self.name]}: {row[column] or 0:,} {noun}"
                if long:
                    canvas.add_box((x, bar, max(long - 1, 1), 16), tone, about, link(row))
                x += long
            canvas.add_text((x + 6, bar + 13), f"{sums[place]:,}")
        canvas.height += len(rows) * lane + 6
        return canvas


@dataclass(frozen=True, slots=True)
class Grid:
    """Fields of a grid, names below each other and time from left to right; a darker field is a larger number."""

    name: str
    period: str
    number: str
    list_periods: Callable[[Collection[str]], list[str]]
    noun: str
    text: str = ""  # the column whose number stands in the field where there is room; none is shown for 0
    most: float = 0  # the largest number there can be; as drawn if 0

    def draw(self, rows: Sequence[Row], width: int, link: Link) -> Canvas:
        """The picture."""
        canvas = Canvas(width)
        most = self.most or max((row[self.number] for row in rows), default=1)
        canvas.add_key(_list_shades(most, self.noun))
        names = list(dict.fromkeys(str(row[self.name]) for row in rows))
        periods = self.list_periods({row[self.period] for row in rows})
        fields = {(str(row[self.name]), row[self.period]): row for row in rows}
        is_narrow = width <= NARROW
        left = 0 if is_narrow else min(max(map(measure_text, names), default=0), _LONGEST_NAME) + 12
        lane = _LANE + 16 if is_narrow else _LANE
        step = (width - left) / max(len(periods), 1)
        gap, top = 1 if step > 4 else 0, canvas.height + 4
        for line, name in enumerate(names):
            y = top + line * lane
            place, anchor = ((0.0, y + 13), "start") if is_narrow else ((left - 12, y + 17), "end")
            canvas.add_text(place, fit_text(name, left - 12 if left else width), anchor)
            y += 17 if is_narrow else 0
            canvas.add_box((left, y, width - left - gap, _LANE - 3), "heat0")
            for column, period in enumerate(periods):
                if row := fields.get((name, period)):
                    self._draw_field(canvas, row, (left + column * step, y, step - gap, _LANE - 3), most, link(row))
        bottom = top + len(names) * lane
        _label_periods(canvas, periods, left, step, bottom)
        canvas.height = bottom + 26
        return canvas

    def _draw_field(
        self, canvas: Canvas, row: Row, place: tuple[float, float, float, float], most: float, href: str
    ) -> None:
        heat = _find_heat(row[self.number], most)
        about = f"{row[self.name]}, {row[self.period]}: {row[self.number]:,} {self.noun}"
        if self.text and self.text != self.number:
            about += f", {row[self.text]:,} {self.text}"
        canvas.add_box(place, f"heat{heat}", about, href)
        words = f"{row[self.text]:,}" if self.text and row[self.text] else ""
        if words and measure_text(words) < place[2]:
            canvas.add_text((place[0] + place[2] / 2, place[1] + 17), words, "middle", f"on{heat}")


@dataclass(frozen=True, slots=True)
class Scale:
    """Numbers from 0 upwards between two heights."""

    largest: float
    top: float
    bottom: float

    @property
    def step(self) -> int:
        """The distance of two numbers that are written beside the scale: 1, 2 or 5 of some power of ten."""
        rough = max(self.largest / 5, 1)
        power = 10 ** math.floor(math.log10(rough))
        return int(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough))

    @property
    def end(self) -> int:
        """The number at the top."""
        return math.ceil(max(self.largest, 1) / self.step) * self.step

    def find_y(self, number: float) -> float:
        """The height of a number."""
        return self.bottom - (self.bottom - self.top) * number / self.end


def _draw_scale(canvas: Canvas, scale: Scale) -> float:
    """Draw the scale; returns the place at which the columns begin."""
    left = measure_text(f"{scale.end:,}") + 8
    for number in range(0, scale.end + 1, scale.step):
        y = scale.find_y(number)
        canvas.add_rule((left, y), (canvas.width, y))
        canvas.add_text((left - 8, y + 4), f"{number:,}", "end", "quiet")
    return left


def _label_periods(canvas: Canvas, periods: Sequence[str], left: float, step: float, bottom: float) -> None:
    """Write the years below, as many as there is room for."""
    years = list(dict.fromkeys(period[:4] for period in periods))
    firsts = {year: next(n for n, period in enumerate(periods) if period.startswith(year)) for year in years}
    each = math.ceil(len(years) * (measure_text("2021") + 10) / max(canvas.width - left, 1)) if years else 1
    is_year = bool(periods) and len(periods[0]) == len("2021")
    for year in years[:: max(each, 1)]:
        x = left + (firsts[year] + 0.5 * is_year) * step
        anchor = "middle" if is_year else "start"
        canvas.add_text(
            (min(x, canvas.width - (0 if is_year else measure_text(year))), bottom + 18), year, anchor, "quiet"
        )
        if not is_year:
            canvas.add_rule((x, bottom), (x, bottom + 5))


def _list_shades(most: float, noun: str) -> list[tuple[str, str]]:
    """What each shade stands for, and its tone."""
    ends = [math.floor(most * heat / (_HEATS - 1)) for heat in range(_HEATS)]
    shades = [(low + 1, high, f"heat{heat}") for heat, (low, high) in enumerate(pairwise(ends), 1) if high > low]
    words = [(f"{low:,}" if low == high else f"{low:,}–{high:,}", tone) for low, high, tone in shades]
    return [("none", "heat0"), *words[:-1], *((f"{text} {noun}", tone) for text, tone in words[-1:])]


def _find_heat(number: float, most: float) -> int:
    """From 1 to 5 by the number; 0 for none."""
    return min(max(math.ceil(number / max(most, 1) * (_HEATS - 1)), 1), _HEATS - 1) if number else 0


@dataclass(frozen=True, slots=True)
class Ranks:
    """Three ranks of names, authors, domains and resources, with a band for what two have in common."""

    titles: tuple[str, str, str] = ("Authors", "Policy domains", "Resources")

    def draw(self, rows: Sequence[Row], width: int, link: Link) -> Canvas:
        """The picture: the names of a rank in the order of their weight, so that it is the same each time."""
        canvas = Canvas(width)
        names = [_weigh_names(rows, rank) for rank in range(3)]
        most = max((row["posts"] for row in rows), default=1)
        longest = max(map(len, names))
        height = max(longest * 26, 26)
        text = width * 0.27 if width > NARROW else width * 0.26
        places = ((text, "end"), (width / 2, "middle"), (width - text, "start"))
        spots = [
            {name: 40 + (place + 0.5) * height / len(weighed) for place, name in enumerate(weighed)}
            for weighed in names
        ]
        domain = min(width * 0.1, 70)
        for row in sorted(rows, key=lambda row: -row["posts"]):
            rank = 0 if row["kind"] == "author" else 1
            left, right = (row["name"], row["domain"]) if rank == 0 else (row["domain"], row["name"])
            start = places[rank][0] + (domain if rank else 8), spots[rank][left]
            end = places[rank + 1][0] - (8 if rank else domain), spots[rank + 1][right]
            tone = f"w{min(list(names[1]).index(row['domain']) + 1, TONES)}"
            canvas.add_band(start, end, 1 + 9 * row["posts"] / most, tone, f"{left} – {right}: {row['posts']:,} posts")
        for rank, (x, anchor) in enumerate(places):
            canvas.add_text((x, 16), self.titles[rank], anchor, "quiet")
            room = 2 * domain if rank == 1 else text - 4
            for name, y in spots[rank].items():
                canvas.add_text((x, y + 4), fit_text(name, room), anchor)
        canvas.height = 40 + height + 10
        return canvas


def _weigh_names(rows: Iterable[Row], rank: int) -> dict[str, int]:
    """The names of a rank with their weight, the heaviest first."""
    sums: Counter[str] = Counter()
    for name, posts in _list_ends(rows, rank):
        sums[name] += posts
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))


def _list_ends(rows: Iterable[Row], rank: int) -> Iterator[tuple[str, int]]:
    kinds = {0: ("author",), 1: ("author", "resource"), 2: ("resource",)}[rank]
    for row in rows:
        if row["kind"] in kinds:
            yield row["domain"] if rank == 1 else row["name"], row["posts"]
