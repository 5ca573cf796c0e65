"""Words that no reader sees: hidden by the style of their element, as injected links are."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from lxml.html import HtmlElement

Hiding = Literal["", "sure", "unsure"]

_NOTHING = r"0+(?:\.0+)?(?:px|r?em|%|pt)?\s*(?:!|;|$)"
_FAR = r"-\d{4,}(?:\.\d+)?px|-\d{3,}(?:\.\d+)?(?:r?em|ex|ch|vw|vh)|-\d{4,}(?:\.\d+)?%|9{4,}(?:px|r?em)"
_SURE = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none"
    rf"|(?:left|right|top|bottom|inset|text-indent|margin(?:-left|-top|-right)?(?!.*padding))\s*:\s*(?:{_FAR})"
    rf"|transform\s*:[^;]*\(\s*(?:{_FAR})"
    rf"|font-size\s*:\s*(?:{_NOTHING}|0?\.\d+px|1px)|font\s*:[^;]*(?<![\d.])[01]px[\s/]"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)"
    r"|clip-path\s*:\s*(?:inset\(\s*(?:50|100)%|circle\(\s*0))",
    re.IGNORECASE,
)
# Plugins that move or unfold the editors' text leave such styles on it too.
_UNSURE = re.compile(
    rf"(?:^|;)\s*(?:visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*{_NOTHING}|transform\s*:\s*scale[xy]?\(\s*0\s*[,)]"
    r"|filter\s*:\s*opacity\(\s*0%?\s*\))",
    re.IGNORECASE,
)
_SIZE = re.compile(
    r"(?:^|;)\s*(?:max-)?(?P<side>width|height)\s*:\s*(?P<size>[01])(?:px|r?em|%)?\s*(?=!|;|$)", re.IGNORECASE
)
_FOLDED = re.compile(r"overflow(?:-[xy])?\s*:\s*hidden", re.IGNORECASE)
_COLOUR = re.compile(r"(?:^|;)\s*(?P<what>color|background(?:-color)?)\s*:\s*(?P<colour>[^;!]+)", re.IGNORECASE)
_SHOWN_AGAIN = re.compile(r"font-size\s*:|font\s*:|visibility\s*:\s*visible", re.IGNORECASE)
_MOVED = re.compile(
    r"anim|transition|accordion|toggle|collaps|expand|tab|fade|slide|reveal|wow|aos|gsap|waypoint|lazy|et_|elementor",
    re.IGNORECASE,
)
_TRACK = re.compile(r"slid|carousel|swiper|slick|track", re.IGNORECASE)  # of which a part is in view, wherever it is
_GONE = re.compile(r"display\s*:\s*none", re.IGNORECASE)
# What readers unfold by a click; themes write its state into the style.
_UNFOLDED = re.compile(
    r"accordion|toggle|collaps|expand|spoiler|faq|(?<![a-z])tabs?(?![a-z])|(?:read|show)-?more", re.IGNORECASE
)
_PROSE = 60  # characters without a link, which nobody injects
_INHERITED = re.compile(r"font|visibility", re.IGNORECASE)


def find_hiding(element: HtmlElement) -> Hiding:
    """Find whether the style of an element hides its words: `unsure` where a script may show them later."""
    style = element.get("style")
    hiding = read_style(style) if style else ""
    if not style or not hiding:
        return ""
    if _INHERITED.search(style):
        inner = (below.get("style") or "" for below in element.iterdescendants() if isinstance(below.tag, str))
        hiding = "" if any(map(_SHOWN_AGAIN.search, inner)) else hiding
    moves = _UNFOLDED if _GONE.search(style) else _TRACK
    if hiding == "sure" and moves.search(element.get("class") or ""):
        return "unsure"
    if hiding != "unsure" or _MOVED.search(f"{style} {element.get('class')}"):
        return hiding
    is_prose = len(element.text_content()) >= _PROSE and next(element.iter("a"), None) is None
    return "unsure" if is_prose else "sure"


@lru_cache(maxsize=2048)
def read_style(style: str) -> Hiding:
    """Read whether a style hides the words of its element."""
    if _SURE.search(style) or _has_own_colour(style):
        return "sure"
    sizes = {match["side"].lower(): match["size"] for match in _SIZE.finditer(style)}
    if sizes and (_FOLDED.search(style) or len(sizes) == 2) and "padding" not in style.lower():
        return "sure" if len(sizes) == 2 or "width" in sizes else "unsure"
    return "unsure" if _UNSURE.search(style) else ""


def _has_own_colour(style: str) -> bool:
    """Whether the words have the colour of their background."""
    colours = {match["what"].lower()[:5]: _name_colour(match["colour"]) for match in _COLOUR.finditer(style)}
    return "color" in colours and colours["color"] == colours.get("backg")


def _name_colour(colour: str) -> str:
    name = re.sub(r"\s+", "", colour.lower())
    name = re.sub(r"^#(\w)(\w)(\w)$", r"#\1\1\2\2\3\3", name)
    return {"#ffffff": "white", "rgb(255,255,255)": "white", "#000000": "black", "rgb(0,0,0)": "black"}.get(name, name)
