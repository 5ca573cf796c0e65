"""How pages look: one small class a look, oldest first; old looks stay, for old captures must still read."""

from __future__ import annotations

from pipelines.extraction.layouts.base import HtmlLayout
from pipelines.extraction.layouts.divi import DiviBuilder, DiviClassic, ThemeBuilder
from pipelines.extraction.layouts.generic import Generic
from pipelines.extraction.layouts.variants import Amp, BlockTheme, Print
from scraper.html_page import Page

LOOKS: tuple[type[HtmlLayout], ...] = (DiviClassic, DiviBuilder, ThemeBuilder, BlockTheme, Amp, Print)


def looks_of(page: Page) -> list[type[HtmlLayout]]:
    """Every known look that the page has: one, where all is well."""
    return [look for look in LOOKS if look.matches(page)]


__all__ = ["LOOKS", "Generic", "HtmlLayout", "looks_of"]
