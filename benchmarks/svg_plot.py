"""Small line charts as SVG, for docs/img: no library, and the same figures give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

_WIDTH, _HEIGHT, _LEFT, _TOP, _BOTTOM = 480, 260, 56, 34, 44
_COLOUR = "#1f5fa8"


def draw(title: str, axis: str, places: Sequence[str], values: Sequence[float]) -> str:
    """Draw the line of values over places at equal distances; the scale begins at nought."""
    highest = max(values) * 1.1 or 1
    step = (_WIDTH - _LEFT - 24) / max(1, len(places) - 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="sans-serif" font-size="11"><title>{escape(title)}</title>',
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/><text x="{_LEFT}" y="18" font-size="13">'
        f"{escape(title)}</text>",
    ]
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = _y(share * highest, highest)
        parts.append(f'<path d="M{_LEFT} {y}H{_WIDTH - 24}" stroke="#ddd"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{share * highest:.3g}</text>')
    for number, place in enumerate(places):
        x = _LEFT + number * step
        parts.append(f'<text x="{x:.0f}" y="{_HEIGHT - 26}" text-anchor="middle">{escape(place)}</text>')
    parts.append(f'<text x="{_WIDTH / 2:.0f}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(axis)}</text>')
    points = [(_LEFT + number * step, _y(value, highest)) for number, value in enumerate(values)]
    way = " ".join(f"{x:.0f},{y:.0f}" for x, y in points)
    parts.append(f'<polyline points="{way}" fill="none" stroke="{_COLOUR}" stroke-width="2"/>')
    parts += (f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3" fill="{_COLOUR}"/>' for x, y in points)
    return "\n".join((*parts, "</svg>", ""))


def _y(value: float, highest: float) -> float:
    return round(_HEIGHT - _BOTTOM - value / highest * (_HEIGHT - _BOTTOM - _TOP), 1)
