"""What a citing program makes of our CSL-JSON."""

from __future__ import annotations

import warnings


def render_bibliography(items: list[dict[str, object]]) -> list[str]:
    """The lines of a bibliography, as citeproc sets them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of citeproc's own house, and of fields that it does not know
        from citeproc import (  # type: ignore[import-untyped]  # noqa: PLC0415
            Citation,
            CitationItem,
            CitationStylesBibliography,
            CitationStylesStyle,
            formatter,
        )
        from citeproc.source.json import CiteProcJSON  # type: ignore[import-untyped]  # noqa: PLC0415

        style = CitationStylesStyle("harvard-cite-them-right", validate=False)
        shelf = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
        for item in items:
            shelf.register(Citation([CitationItem(item["id"])]))
        return [str(line) for line in shelf.bibliography()]
