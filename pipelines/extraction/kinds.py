"""Which kind a post is of: by its label, its kicker, its categories, its parts."""

from __future__ import annotations

from pipelines.extraction.evidence import Ledger
from pipelines.extraction.wording.kicker import is_kicker
from pipelines.extraction.wording.label import Label
from pipelines.extraction.wording.parts import Parts
from pipelines.extraction.wording.sections import is_part
from scraper.records import Category, Kind


def choose_kind(
    label: Label | None,
    title: str | None,
    parts: Parts,
    sections: tuple[object, ...],
    categories: tuple[Category, ...],
    ledger: Ledger,
) -> Kind:
    """Choose the kind of a post, with its evidence."""
    headings = [heading for heading, _, _ in parts.text if heading]
    slugs = {category.slug for category in categories}
    kicker = parts.head.kickers[0].value if parts.head.kickers else None
    if label is not None:
        kind: Kind = "blog" if label.text.rstrip().lower().endswith("blog") else "brief"
        rule, snippet = "kind.label", label.text
    elif kicker or (title and (is_kicker(title) or _is_opinion_title(title))):
        kind, rule, snippet = "opinion", "kind.kicker", kicker or title or ""
    elif any("opinion" in slug or "op-ed" in slug or "editorial" in slug for slug in slugs):
        kind, rule, snippet = "opinion", "kind.category", ", ".join(sorted(slugs))
    elif any(slug.endswith("blog") for slug in slugs):
        kind, rule, snippet = "blog", "kind.category", ", ".join(sorted(slugs))
    elif part := next((heading for heading in headings if is_part(heading)), None):
        kind, rule, snippet = "brief", "kind.parts", part
    else:
        kind, rule, snippet = "post", "kind.neither", "no label, no parts of a brief"
    ledger.add_evidence("kind", kind, rule, snippet)
    return kind


def _is_opinion_title(title: str) -> bool:
    front = title.partition(":")[0].partition(" | ")[0]
    behind = title.rpartition("(")[2].rstrip(")") if title.endswith(")") else ""
    return (front != title and is_kicker(front)) or bool(behind and is_kicker(behind))
