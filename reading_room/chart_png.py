"""Charts as PNG, for share images: by resvg, which comes with `pip install brief-archive[png]`."""

from __future__ import annotations

import re
from importlib.util import find_spec

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
