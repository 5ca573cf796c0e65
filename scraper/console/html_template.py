"""Renders self-contained HTML pages that are well-formed XML too; scraped text cannot become markup in them."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from scraper.package_files import require_package_file

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML forbids these even as escapes


def render_template(template: Path, **values: object) -> str:
    """Render the template, which may extend page.html, with these values; a missing value is an error."""
    require_package_file(template)
    environment = Environment(
        loader=FileSystemLoader([template.parent, Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_replace_illegal,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template.name).render(values)


def _replace_illegal(value: object) -> object:
    return _NOT_XML.sub("\ufffd", value) if isinstance(value, str) and not isinstance(value, Markup) else value
