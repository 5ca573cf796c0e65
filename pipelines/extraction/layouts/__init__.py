"""How pages look: one small class for each look, oldest first; old ones stay, for old captures must still be read."""

from __future__ import annotations

from pipelines.extraction.layouts.divi import DiviBuilder, DiviClassic, ThemeBuilder
from pipelines.extraction.layouts.generic import GenericLayout
from pipelines.extraction.layouts.html_layout import HtmlLayout
from pipelines.extraction.layouts.variants import AmpLayout, BlockTheme, PrintLayout
from scraper.markup.html_page import Page

LAYOUTS: tuple[type[HtmlLayout], ...] = (DiviClassic, DiviBuilder, ThemeBuilder, BlockTheme, AmpLayout, PrintLayout)


def find_layouts(page: Page) -> list[type[HtmlLayout]]:
    """Find every layout that fits the page; usually exactly one does."""
    return [layout for layout in LAYOUTS if layout.matches(page)]


__all__ = ["LAYOUTS", "GenericLayout", "HtmlLayout", "find_layouts"]
