"""A picture of boxes, lines and words as SVG: the same in a page, in a file, in print and as a share image."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec

from markupsafe import Markup, escape

from reading_room.redact import NOT_XML

WIDE, NARROW = 880, 400  # pixels of the two pictures of each chart: screens and paper, and phones
FONT = 13
_LETTER = 0.56  # of the font's size: about what a letter is wide
TONES = 8  # of series; further ones are grey
# Each tone has three to one against its paper, by day and by night.
_DAY = (
    "--ink:#1c2330;--quiet:#565f6e;--line:#d5d9e0;--paper:#fff;"
    "--c1:#0b4a8f;--c2:#c05a00;--c3:#00785a;--c4:#a8377e;--c5:#2f7fb5;--c6:#8a6d00;--c7:#5b4ba8;--c8:#6c7480;"
    "--h0:#edf1f6;--h1:#c6d9ee;--h2:#8fb6dd;--h3:#4d86c0;--h4:#205f9e;--h5:#0b3d73;--low:#111;--high:#fff"
)
_NIGHT = (
    "--ink:#e4e7ec;--quiet:#a9b1bd;--line:#3a414d;--paper:#15181d;"
    "--c1:#7db5f0;--c2:#f0a35e;--c3:#5cc9a3;--c4:#e58fc0;--c5:#a5d8f5;--c6:#d9c25a;--c7:#b3a5f2;--c8:#8d95a3;"
    "--h0:#222832;--h1:#24405f;--h2:#2f5f92;--h3:#4d8ac4;--h4:#86b9e8;--h5:#cfe5fa;--low:#fff;--high:#111"
)
_STYLE = (
    f".chart{{font:{FONT}px system-ui,sans-serif;{_DAY}}}"
    f"@media screen and (prefers-color-scheme:dark){{.chart{{{_NIGHT}}}}}"
    ".chart text{fill:var(--ink)}.chart .quiet{fill:var(--quiet)}.chart .head{font-size:20px;font-weight:700}"
    ".chart .rule{stroke:var(--line);stroke-width:1}.chart .paper{fill:var(--paper)}"
    ".chart [data-href]{cursor:pointer}.chart [data-href]:hover{stroke:var(--ink);stroke-width:1.5}"
    + "".join(f".chart .t{n}{{fill:var(--c{n})}}.chart .w{n}{{stroke:var(--c{n})}}" for n in range(1, TONES + 1))
    + "".join(f".chart .heat{n}{{fill:var(--h{n})}}" for n in range(6))
    + "".join(f".chart .on{n}{{fill:var(--{'low' if n < 3 else 'high'})}}" for n in range(6))  # words upon a field
)


def clean_text(text: object) -> Markup:
    """The text for XML, whatever signs were scraped."""
    return escape(NOT_XML.sub("\N{REPLACEMENT CHARACTER}", str(text)))


def measure_text(text: str, size: int = FONT) -> float:
    """About how many pixels wide a text is."""
    return len(text) * size * _LETTER


def fit_text(text: str, width: float, size: int = FONT) -> str:
    """As much of the text as fits into so many pixels."""
    most = max(int(width / (size * _LETTER)), 1)
    return text if len(text) <= most else text[: max(most - 1, 1)].rstrip() + "…"


@dataclass(slots=True)
class Canvas:
    """What is drawn so far; `height` grows with it."""

    width: int
    height: float = 0
    parts: list[str] = field(default_factory=list)

    def add_box(self, place: tuple[float, float, float, float], tone: str, about: str = "", href: str = "") -> None:
        """A rectangle at x and y, so wide and high; `about` is shown when it is pointed at."""
        x, y, width, height = (round(number, 1) for number in place)
        link = f' data-href="{clean_text(href)}"' if href else ""
        title = (
            f"<title>{clean_text(about)}</title>" if about and self.width > NARROW else ""
        )  # phones point at nothing
        box = f'<rect x="{x}" y="{y}" width="{max(width, 0)}" height="{max(height, 0)}" class="{tone}"{link}'
        self.parts.append(f"{box}>{title}</rect>" if title else f"{box}/>")

    def add_text(self, place: tuple[float, float], text: str, anchor: str = "start", tone: str = "") -> None:
        """A line of words with its foot at y; `anchor` is start, middle or end."""
        x, y = (round(number, 1) for number in place)
        anchor = f' text-anchor="{anchor}"' if anchor != "start" else ""
        tone = f' class="{tone}"' if tone else ""
        self.parts.append(f'<text x="{x}" y="{y}"{anchor}{tone}>{clean_text(text)}</text>')

    def add_rule(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A thin line."""
        (x1, y1), (x2, y2) = start, end
        self.parts.append(f'<path class="rule" d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}"/>')

    def add_band(
        self, start: tuple[float, float], end: tuple[float, float], weight: float, tone: str, about: str
    ) -> None:
        """A bent band of so many pixels from a place on the left to one on the right."""
        (x1, y1), (x2, y2) = start, end
        middle = (x1 + x2) / 2
        curve = f"M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
        self.parts.append(
            f'<path d="{curve}" fill="none" stroke-opacity="0.45" stroke-width="{weight:.1f}" class="{tone}">'
            f"<title>{clean_text(about)}</title></path>"
        )

    def add_key(self, series: Iterable[tuple[str, str]]) -> None:
        """What each tone means, on as many lines as it takes, below what is there."""
        x, y = 0.0, self.height + FONT
        for name, tone in series:
            text = fit_text(name, self.width - 24)
            width = 18 + measure_text(text) + 16
            if x and x + width > self.width:
                x, y = 0, y + FONT + 8
            self.add_box((x, y - FONT + 2, 12, 12), tone)
            self.add_text((x + 18, y), text)
            x += width
        self.height = y + 12

    def to_svg(self, name: str, title: str, about: str, foot: str = "") -> Markup:
        """The picture with its title and description; with `foot`, a whole file that also shows them as words."""
        top, below = (48, 34) if foot else (0, 0)
        height = round(self.height + top + below)
        lines = (
            [f'<text x="0" y="26" class="head">{clean_text(fit_text(title, self.width, 20))}</text>'] if foot else []
        )
        lines += [f'<g transform="translate(0,{top})">{"".join(self.parts)}</g>' if foot else "".join(self.parts)]
        lines += [f'<text x="0" y="{height - 10}" class="quiet">{clean_text(foot)}</text>'] if foot else []
        margin = 16 if foot else 0
        box = f"{-margin} {-margin} {self.width + 2 * margin} {height + 2 * margin}"
        paper = f'<rect x="{-margin}" y="{-margin}" width="100%" height="100%" class="paper"/>' if foot else ""
        size = f' width="{self.width + 2 * margin}" height="{height + 2 * margin}"' if foot else ""
        return Markup(  # noqa: S704 - all words in it were escaped above
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="{box}"{size} role="img" '
            f'aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
            f'<title id="{name}-title">{clean_text(title)}</title><desc id="{name}-desc">{clean_text(about)}</desc>'
            f"<style>{_STYLE}</style>{paper}{''.join(lines)}</svg>"
        )


_MEDIA_RULE = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")
_COLOUR = re.compile(r"--(\w+):(#\w+)")
HAS_PNG = find_spec("resvg_py") is not None


def make_png(svg: str) -> bytes:
    """The picture as PNG, by day."""
    import resvg_py  # noqa: PLC0415 - not everybody has it

    return bytes(resvg_py.svg_to_bytes(svg_string=_write_out_colours(svg)))


def _write_out_colours(svg: str) -> str:
    """The picture with its colours where they are used, for resvg knows no variables of CSS."""
    plain = _MEDIA_RULE.sub("", svg)
    colours = dict(_COLOUR.findall(plain))
    return re.sub(r"var\(--(\w+)\)", lambda name: colours[name[1]], plain).replace("system-ui,", "DejaVu Sans,")
