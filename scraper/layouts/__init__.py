"""How pages look: one small class a look, oldest first; old looks stay, for old captures must still read."""

from __future__ import annotations

from scraper.layouts.base import HtmlLayout
from scraper.layouts.divi import DiviBuilder, DiviClassic, ThemeBuilder
from scraper.layouts.generic import Generic
from scraper.layouts.variants import Amp, BlockTheme, Print
from scraper.page import Page

LOOKS: tuple[type[HtmlLayout], ...] = (DiviClassic, DiviBuilder, ThemeBuilder, BlockTheme, Amp, Print)


def looks_of(page: Page) -> list[type[HtmlLayout]]:
    """Every known look that the page has: one, where all is well."""
    return [look for look in LOOKS if look.matches(page)]


__all__ = ["LOOKS", "Generic", "HtmlLayout", "looks_of"]
