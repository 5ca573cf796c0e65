"""From a look and its lines to one Reading: the fields of a post, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.evidence import Ledger
from pipelines.extraction.layouts.base import Layout
from pipelines.extraction.wording.credit import may_be_credit
from pipelines.extraction.wording.head import is_digest, is_kicker, same_words
from pipelines.extraction.wording.label import Label, closing_label, read_label
from pipelines.extraction.wording.parts import Parts, compose, read_parts
from pipelines.extraction.wording.resources import is_call, is_source_heading
from pipelines.extraction.wording.sections import is_part
from pipelines.extraction.wording.signature import take_late_byline, unread_signatures
from scraper.address import host_of, identity, is_post
from scraper.records import Author, Brief, Category, Confidence, Kind, Reading

T = TypeVar("T")
_NUMBERED = re.compile(r"\bBr(?:ie|ei)fs?\s*(?:#|No\b|[-–—]*\s*\d)|\bPolicy Br(?:ie|ei)f\)?\s*(?:\||$)", re.IGNORECASE)


def read_post(layout: Layout, url: str | None, path: str, hosts: frozenset[str], *, truncated: bool) -> Reading:
    """The post that a look shows. `url` and `path` are the capture's, None and the capture's where it holds several."""
    ledger = Ledger()
    titles = list(layout.title())
    headline = titles[0].value if titles else None
    labelled = closing_label(headline) if headline else None
    parts = read_parts(layout.lines(), labelled[0] if labelled else headline)
    take_late_byline(parts)
    label = _label(titles, parts, ledger, layout)
    title = _title(titles, label, ledger)
    text = compose(parts)
    address, post_path = _identity(layout, url, path, hosts, ledger)
    categories = layout.categories()
    brief = Brief(
        path=post_path,
        url=address,
        wp_id=ledger.choose("wp_id", layout.wp_id()),
        kind=_kind(label, title, parts, text.sections, categories, ledger),
        label=label.text if label else None,
        number=label.number if label else None,
        domain=label.domain if label else None,
        title=title,
        published=ledger.choose("published", layout.published()),
        modified=ledger.choose("modified", layout.modified(), conflict=False),
        dateline=_dateline(parts, ledger),
        body=text.body,
        body_html=text.body_html,
        posted_by=ledger.choose("posted_by", layout.posted_by(), conflict=False),
        authors=_authors(parts, ledger),
        resources=ledger.all("resources", parts.resources, lambda r: r.name),
        photo_credits=ledger.all("photo_credits", _unique(parts.credits), lambda c: c.text),
        sections=text.sections,
        links=text.links,
        categories=categories,
    )
    _witness_text(brief, text.shapes, layout, ledger)
    _doubts(brief, parts, layout, ledger)
    return Reading(brief, tuple(ledger.evidence), tuple(ledger.problems), 0 if truncated else layout.fidelity)


def _label(titles: list[Candidate[str]], parts: Parts, ledger: Ledger, layout: Layout) -> Label | None:
    """The label: closing the headline, or being it, else the head line; other labels there are kept as candidates."""
    candidates: list[Candidate[Label]] = []
    for title in titles[:1]:
        closing = closing_label(title.value)
        if closing:
            candidates.append(_of_title(closing[1], f"heading.title_{closing[1].shape}", title))
        elif whole := read_label(title.value):
            candidates.append(_of_title(whole, f"heading.{whole.shape}", title))
    digest = is_digest(titles[0].value) if titles else False
    candidates += [] if digest else parts.head.labels
    label = ledger.choose("label", candidates, show=lambda chosen: chosen.text)
    if label is None:
        _unread_label(titles, parts, ledger)
        return None
    chosen = candidates[0]
    for field, value in (("number", label.number), ("domain", label.domain)):
        if value is not None:
            ledger.witness(field, str(value), chosen.rule, chosen.snippet, chosen.confidence)
    return label


def _unread_label(titles: list[Candidate[str]], parts: Parts, ledger: Ledger) -> None:
    """A first line that speaks of `Brief #N` and fits no shape: told, for it may be a label of a new wording."""
    fronts = [title.value for title in titles[:1]] + [
        line.text for _, _, line in parts.text[:2] if len(line.text) < 100
    ]
    for front in fronts:
        if _NUMBERED.search(front):
            ledger.problem("label", "unread", f"{front[:80]!r} fits no known shape of a label.")


def _of_title(label: Label, rule: str, title: Candidate[str]) -> Candidate[Label]:
    return Candidate(label, rule, title.snippet, "guessed" if label.lenient else "read")


def _title(titles: list[Candidate[str]], label: Label | None, ledger: Ledger) -> str | None:
    """The headline without a closing label; the label where there is no headline."""
    bare: list[Candidate[str]] = []
    for title in titles:
        closing = closing_label(title.value)
        value = closing[0] if closing else title.value
        if value and not (bare and same_words(value, bare[0].value)):
            bare.append(replace(title, value=value))
    if not bare and label is not None:
        bare.append(Candidate(label.text, "title.label", label.text))
    return ledger.choose("title", bare, conflict=False)


def _identity(
    layout: Layout, url: str | None, path: str, hosts: frozenset[str], ledger: Ledger
) -> tuple[str | None, str]:
    """The address to cite and the path. A canonical link that leads off the site or off the posts is not believed."""
    candidates = list(layout.url())
    believed = [c for c in candidates if _believable(c.value, path, url, hosts)]
    if candidates and not believed:
        ledger.problem("url", "conflict", f"The page calls itself {candidates[0].value}, which cannot be this post.")
    if url is not None and not believed:
        believed = [Candidate(url, "url.captured", url)]
    address = ledger.choose("url", believed, conflict=False)
    permalink = next((c for c in believed if is_post(identity(c.value)) and "/?p=" not in identity(c.value)), None)
    best = permalink.value if permalink else address
    post_path = identity(best) if best else _shortlink(layout) or path
    rule = permalink.rule if permalink else "path.identity" if address else "path.bytes"
    ledger.witness("path", post_path, rule, best or path)
    return address, post_path


def _believable(address: str, path: str, url: str | None, hosts: frozenset[str]) -> bool:
    captured_host = {host_of(url)} if url else set()
    if host_of(address) not in hosts | captured_host:
        return False
    return is_post(identity(address)) or not is_post(path)


def _shortlink(layout: Layout) -> str | None:
    """`/?p=N` of a page that names no permalink but links to its short address."""
    return next((f"/?p={c.value}" for c in layout.wp_id() if c.rule.endswith(":shortlink")), None)


def _dateline(parts: Parts, ledger: Ledger) -> str | None:
    for dated in parts.head.dated_bylines:
        ledger.witness("dateline", dated.value, dated.rule, dated.snippet, chosen=False)
    return ledger.choose("dateline", parts.head.datelines, conflict=False)


def _authors(parts: Parts, ledger: Ledger) -> tuple[Author, ...]:
    """Byline first, then whom the closing line names besides; it adds role and contact to those of the byline."""
    authors: list[Author] = []
    for candidate in parts.head.authors + parts.closings:
        for author in candidate.value:
            known = next((n for n, a in enumerate(authors) if same_words(a.name, author.name)), None)
            if known is None:
                authors.append(author)
                ledger.witness("authors", author.name, candidate.rule, candidate.snippet, candidate.confidence)
            else:
                old = authors[known]
                authors[known] = replace(old, role=old.role or author.role, contact=old.contact or author.contact)
    named = {a.name for c in parts.head.authors for a in c.value}
    if named and any(a.name not in named for c in parts.closings for a in c.value):
        ledger.problem("authors", "conflict", "Byline and closing line name different people.")
    ledger.problems += unread_signatures(parts)
    return tuple(authors)


def _unique(credits: Iterable[Candidate[T]]) -> list[Candidate[T]]:
    kept: list[Candidate[T]] = []
    for credit in credits:
        if all(credit.value != other.value for other in kept):
            kept.append(credit)
    return kept


def _kind(
    label: Label | None,
    title: str | None,
    parts: Parts,
    sections: tuple[object, ...],
    categories: tuple[Category, ...],
    ledger: Ledger,
) -> Kind:
    headings = [heading for heading, _, _ in parts.text if heading]
    slugs = {category.slug for category in categories}
    kicker = parts.head.kickers[0].value if parts.head.kickers else None
    if label is not None:
        kind: Kind = "blog" if label.text.rstrip().lower().endswith("blog") else "brief"
        rule, snippet = "kind.label", label.text
    elif kicker or (title and (is_kicker(title) or _opinion_title(title))):
        kind, rule, snippet = "opinion", "kind.kicker", kicker or title or ""
    elif any("opinion" in slug or "op-ed" in slug or "editorial" in slug for slug in slugs):
        kind, rule, snippet = "opinion", "kind.category", ", ".join(sorted(slugs))
    elif any(slug.endswith("blog") for slug in slugs):
        kind, rule, snippet = "blog", "kind.category", ", ".join(sorted(slugs))
    elif part := next((heading for heading in headings if is_part(heading)), None):
        kind, rule, snippet = "brief", "kind.parts", part
    else:
        kind, rule, snippet = "post", "kind.neither", "no label, no parts of a brief"
    ledger.witness("kind", kind, rule, snippet)
    return kind


def _opinion_title(title: str) -> bool:
    front, colon, _ = title.partition(":")
    behind = title.rpartition("(")[2].rstrip(")") if title.endswith(")") else ""
    return bool(colon and is_kicker(front)) or bool(behind and is_kicker(behind))


def _witness_text(brief: Brief, shapes: tuple[str, ...], layout: Layout, ledger: Ledger) -> None:
    how: Confidence = "guessed" if layout.name == "generic" else "read"
    if brief.body:
        ledger.witness("body", f"{len(brief.body)} characters", f"{layout.name}.content", brief.body[:SNIPPET], how)
        ledger.witness(
            "body_html", f"{len(brief.body_html or '')} characters", f"{layout.name}.content", brief.body[:80]
        )
    for section, shape in zip(brief.sections, shapes, strict=True):
        how_found = f"sections.{shape}" if section.heading else "sections.opening"
        ledger.witness("sections", section.heading or "", how_found, section.heading or section.text)
    if brief.links:
        ledger.witness("links", f"{len(brief.links)} links", f"{layout.name}.content", brief.links[0].url)
    for category in brief.categories:
        ledger.witness("categories", category.name, f"{layout.name}.categories", category.slug, "stated")


def _doubts(brief: Brief, parts: Parts, layout: Layout, ledger: Ledger) -> None:
    for field in ("title", "body", "published"):
        if getattr(brief, field) is None:
            ledger.problem(field, "missing", f"No {field} was found.")
    for heading in parts.empty_headings:
        ledger.problem("resources", "empty", f"{heading!r} has no item under it.")
    ledger.problems += parts.doubts
    for words, _, line in parts.text:
        if may_be_credit(line.text):
            ledger.problem("photo_credits", "unread", f"{line.text[:80]!r} fits no known shape of a credit.")
        if words and (is_source_heading(words) or is_call(line)):
            ledger.problem("resources", "unread", f"What stands below {words!r} is taken for text.")
