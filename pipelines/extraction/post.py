"""From a layout and its lines to one Reading: the fields of a post, each with its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipelines.extraction.candidates import SNIPPET, Candidate
from pipelines.extraction.evidence import Ledger
from pipelines.extraction.kinds import choose_kind
from pipelines.extraction.layouts.layout import Layout
from pipelines.extraction.lines import Line
from pipelines.extraction.lost_text import report_lost_text, strip_protection
from pipelines.extraction.wording.access_notice import split_notices
from pipelines.extraction.wording.credit import may_be_credit
from pipelines.extraction.wording.front_lines import select_head_lines
from pipelines.extraction.wording.head import is_digest, propose_label
from pipelines.extraction.wording.head_lines import have_same_words, simplify_words
from pipelines.extraction.wording.label import Label, read_closing_label, read_label
from pipelines.extraction.wording.parts import Parts, compose_text, read_parts
from pipelines.extraction.wording.resource_headings import is_call_to_action, is_source_heading
from pipelines.extraction.wording.sections import may_begin_with_heading
from pipelines.extraction.wording.signature import (
    find_lines_in_doubt,
    find_unread_signatures,
    take_late_byline,
    take_late_label,
)
from pipelines.extraction.wording.unread_lists import find_linked_posts, find_unread_lists
from scraper.address import host_of, identity, is_listing, is_post, permalink_date
from scraper.dates import count_days
from scraper.markup.cloudflare import PLACEHOLDER
from scraper.records import Author, Brief, Confidence, PhotoCredit, Reading

_SHORT = 100  # characters; a line with a label has hardly more
_NUMBERED = re.compile(
    r"\bBr(?:ie|ei)fs?:?\s*(?:#|(?:N[or]|Num(?:ber)?)\b|(?:[-–—]+\s*)?\d)|^(?:Policy )?Brief\s*[-–—]"
    r"|\bPolicy Br(?:ie|ei)f\)?\s*(?:\||$)|^Br\w{2,4} USRN Blog$",
    re.IGNORECASE,
)
_OPENING = re.compile(r"(?:Policy )?Brief\s*#\s?\d")  # of a paragraph that may begin with a label


def read_post(layout: Layout, url: str | None, path: str, hosts: frozenset[str], *, truncated: bool) -> Reading:
    """Read the post that a layout shows; `url` and `path` are the capture's, `url` None if it holds several posts."""
    ledger = Ledger()
    lines, notices = split_notices(_read_lines(layout))
    titles = strip_protection(list(layout.title()))
    headline = titles[0].value if titles else None
    parts = _read_parts(lines, headline)
    label = _choose_label(titles, parts, ledger, layout)
    title = _choose_title(titles, label, ledger)
    text = compose_text(parts)
    address, post_path = _choose_address(layout, url, path, hosts, ledger)
    categories = layout.categories()
    brief = Brief(
        path=post_path,
        url=address,
        wp_id=ledger.choose_value("wp_id", layout.wp_id()),
        kind=choose_kind(label, title, parts, text.sections, categories, ledger),
        label=label.text if label else None,
        number=label.number if label else None,
        domain=label.domain if label else None,
        title=title,
        published=ledger.choose_value("published", propose_dates(layout.published(), post_path)),
        modified=ledger.choose_value("modified", layout.modified(), conflict=False),
        dateline=_choose_dateline(parts, ledger),
        body=text.body,
        body_html=text.body_html,
        posted_by=ledger.choose_value("posted_by", layout.accounts, conflict=False),
        authors=_collect_authors(parts, ledger),
        resources=ledger.collect_values("resources", parts.resources, lambda r: r.name),
        photo_credits=ledger.collect_values("photo_credits", _join_credits(parts, layout), lambda c: c.text),
        sections=text.sections,
        links=text.links,
        categories=categories,
    )
    _add_text_evidence(brief, text.shapes, layout, ledger)
    _report_doubts(brief, parts, layout, ledger)
    is_lost = report_lost_text(brief, notices, layout.find_teaser_end(), ledger)
    fidelity = 0 if is_lost or truncated or layout.is_cut else layout.fidelity
    return Reading(brief, tuple(ledger.evidence), tuple(ledger.problems), fidelity)


def _read_parts(lines: list[Line], headline: str | None) -> Parts:
    """Read the parts of the text, with a label or a byline that stands late in it."""
    closing = read_closing_label(headline or "")
    parts = read_parts(lines, closing[0] if closing else headline)
    take_late_label(parts, headline)
    take_late_byline(parts)
    return parts


def _read_lines(layout: Layout) -> list[Line]:
    """Read the lines of the content, behind those of label and byline that the template has above it."""
    front, lines = layout.read_front_lines(), layout.read_lines()
    if not front:
        return lines
    above = select_head_lines(front, [candidate.value for candidate in layout.accounts])
    opening = {line.text.casefold() for line in lines[:6]} if above else set[str]()
    return [line for line in above if line.text.casefold() not in opening] + lines


def _choose_label(titles: list[Candidate[str]], parts: Parts, ledger: Ledger, layout: Layout) -> Label | None:
    """Choose the label: at the end of the headline, or the whole of it, else in the head lines."""
    candidates: list[Candidate[Label]] = []
    for title in titles[:1]:
        closing = read_closing_label(title.value)
        if closing:
            candidates.append(propose_label(closing[1], title.snippet, "heading.title_"))
        elif whole := read_label(title.value):
            candidates.append(propose_label(whole, title.snippet))
    digest = bool(titles and parts.head.labels) and is_digest(titles[0].value)
    candidates += [] if digest else parts.head.labels
    if digest:
        message = f"{parts.head.labels[0].snippet[:80]!r} heads a digest, and is taken for another brief's label."
        ledger.add_problem("label", "doubtful", message)
    label = ledger.choose_value("label", candidates, show=lambda chosen: chosen.text)
    if label is None:
        _report_unread_label(titles, parts, ledger)
        return None
    if not digest:
        _report_other_labels(label, parts, ledger)
    chosen = candidates[0]
    for field, value in (("number", label.number), ("domain", label.domain)):
        if value is not None:
            ledger.add_evidence(field, str(value), chosen.rule, chosen.snippet, chosen.confidence)
    return label


def _report_other_labels(label: Label, parts: Parts, ledger: Ledger) -> None:
    """Report a label of another number amid the text, for the page may show several briefs."""
    lines = [line.text for _, _, line in parts.text if "#" in line.text[:_SHORT] and len(line.text) <= _SHORT]
    others = [text for text in lines if (other := read_label(text)) and other.number not in (None, label.number)]
    if others:
        message = f"{others[0]!r} in the text is a label too: the page may show several briefs."
        ledger.add_problem("label", "doubtful", message)


def _report_unread_label(titles: list[Candidate[str]], parts: Parts, ledger: Ledger) -> None:
    """Report a first line that speaks of `Brief #N` and fits no shape, for it may be a label in a new wording."""
    digest = is_digest(titles[0].value) if titles else False
    texts = [] if digest else [line.text for _, _, line in parts.text]
    fronts = [text for text in texts[:2] if len(text) < _SHORT or _OPENING.match(text)]
    ends = [text for text in texts[2:][-2:] if read_label(text)]
    for text in (*(title.value for title in titles[:1]), *fronts, *ends):
        if _NUMBERED.search(text):
            ledger.add_problem("label", "unread", f"{text[:80]!r} fits no known shape of a label.")


def _choose_title(titles: list[Candidate[str]], label: Label | None, ledger: Ledger) -> str | None:
    """Choose the headline without a closing label, or the label where there is no headline."""
    bare: list[Candidate[str]] = []
    for title in titles:
        closing = read_closing_label(title.value)
        value = closing[0] if closing else title.value
        if value and not (bare and have_same_words(value, bare[0].value)):
            bare.append(title.put_value(value))
    if not bare and label is not None:
        bare.append(Candidate(label.text, "title.label", label.text))
    return ledger.choose_value("title", bare, conflict=False)


def _choose_address(
    layout: Layout, url: str | None, path: str, hosts: frozenset[str], ledger: Ledger
) -> tuple[str | None, str]:
    """Choose the address to cite and the path; a canonical link to another site or to no post is not believed."""
    candidates = list(layout.url())
    believable = [c for c in candidates if _is_believable(c.value, path, url, hosts)]
    if candidates and not believable:
        message = f"The page calls itself {candidates[0].value}, which cannot be this post."
        ledger.add_problem("url", "conflict", message)
    guid = layout.find_guid() if url is None and not believable else None
    if guid and is_post(identity(guid)) and _is_believable(guid, path, url, hosts):
        believable = [Candidate(guid, "url.guid", guid)]
    if url is not None and not believable:
        believable = [Candidate(url, "url.captured", url)]
    address = ledger.choose_value("url", believable, conflict=False)
    permalink = next((c for c in believable if is_post(identity(c.value)) and "/?p=" not in identity(c.value)), None)
    best = permalink.value if permalink else address
    post_path = identity(best) if best else _find_shortlink(layout) or path
    own_rule = "path.number" if post_path.startswith("/?p=") else "path.bytes"
    rule = permalink.rule if permalink else "path.identity" if address else own_rule
    ledger.add_evidence("path", post_path, rule, best or path)
    return address, post_path


def _is_believable(address: str, path: str, url: str | None, hosts: frozenset[str]) -> bool:
    captured_host = {host_of(url)} if url else set()
    if host_of(address) not in hosts | captured_host:
        return False
    named = identity(address)
    return is_post(named) or not (is_listing(named) if url is None else is_post(path))


def _find_shortlink(layout: Layout) -> str | None:
    """Find `/?p=N` of a page that names no permalink but links to its short address."""
    return next((f"/?p={c.value}" for c in layout.wp_id() if c.rule.endswith(":shortlink")), None)


def propose_dates(stated: Iterable[Candidate[str]], path: str) -> list[Candidate[str]]:
    """Propose the stated days, and the one in the permalink: first where it is the day before or after the stated one.

    The site wrote the permalink itself, so that the other day is stated is no conflict then. Further apart the stated
    day is believed, for slugs are reused.
    """
    dates, day = list(stated), permalink_date(path)
    if day is None:
        return dates
    permalink = Candidate(day, "path.date", path)
    if not dates or count_days(dates[0].value, day) != 1:
        return [*dates, permalink]
    return [permalink, *(replace(c, weak=count_days(c.value, day) == 1) for c in dates)]


def _choose_dateline(parts: Parts, ledger: Ledger) -> str | None:
    for candidate in parts.head.dated_bylines:
        ledger.add_evidence("dateline", candidate.value, candidate.rule, candidate.snippet, chosen=False)
    return ledger.choose_value("dateline", parts.head.datelines, conflict=False)


def _collect_authors(parts: Parts, ledger: Ledger) -> tuple[Author, ...]:
    """Collect the authors of the byline, then others of the closing line, which also adds roles and contacts."""
    authors: dict[str, Author] = {}
    for candidate in parts.head.authors + parts.closings:
        for author in candidate.value:
            words = simplify_words(author.name)
            if old := authors.get(words):
                authors[words] = replace(old, role=old.role or author.role, contact=old.contact or author.contact)
            else:
                authors[words] = author
                ledger.add_evidence("authors", author.name, candidate.rule, candidate.snippet, candidate.confidence)
    byline_names = {a.name for c in parts.head.authors for a in c.value}
    if byline_names and any(a.name not in byline_names for c in parts.closings for a in c.value):
        ledger.add_problem("authors", "conflict", "Byline and closing line name different people.")
    ledger.problems += find_unread_signatures(parts)
    return tuple(authors.values())


def _join_credits(parts: Parts, layout: Layout) -> list[Candidate[PhotoCredit]]:
    """Join the credits of the lines with those beside the pictures, which may say the same in more or fewer words."""
    unique: dict[PhotoCredit, Candidate[PhotoCredit]] = {}
    for credit in parts.credits:
        unique.setdefault(replace(credit.value, text=credit.value.text.strip(" ()[].")), credit)
    credits: list[Candidate[PhotoCredit]] = []
    said: set[object] = set()
    for credit, is_beside in (*((c, False) for c in unique.values()), *((c, True) for c in layout.photo_credits())):
        value, words = credit.value, simplify_words(credit.value.text.strip(" ()[]."))
        if not is_beside or said.isdisjoint((words, (value.name, value.source))):
            credits.append(credit)
            said |= {words} | ({(value.name, value.source), (value.name, None)} if value.name else set())
    if len(credits) == len(parts.credits):
        return credits or list(layout.machine_credits())
    texts = "\n".join({credit.value.text for credit in credits})
    return [c for c in credits if not c.value.name or texts.count(c.value.text) == 1]


def _add_text_evidence(brief: Brief, shapes: tuple[str, ...], layout: Layout, ledger: Ledger) -> None:
    confidence: Confidence = "guessed" if layout.name == "generic" else "read"
    content = f"{layout.name}.content"
    if brief.body:
        ledger.add_evidence("body", f"{len(brief.body)} characters", content, brief.body[:SNIPPET], confidence)
        ledger.add_evidence("body_html", f"{len(brief.body_html or '')} characters", content, brief.body[:80])
    for section, shape in zip(brief.sections, shapes, strict=True):
        rule = f"sections.{shape}" if section.heading else "sections.opening"
        ledger.add_evidence("sections", section.heading or "", rule, section.heading or section.text)
    if brief.links:
        ledger.add_evidence("links", f"{len(brief.links)} links", content, brief.links[0].url)
    for category in brief.categories:
        how: Confidence = "guessed" if category.slug in layout.bare_slugs else "stated"
        ledger.add_evidence("categories", category.name, f"{layout.name}.categories", category.slug, how)


def _report_doubts(brief: Brief, parts: Parts, layout: Layout, ledger: Ledger) -> None:
    for field in ("title", "body", "published"):
        if getattr(brief, field) is None:
            ledger.add_problem(field, "missing", f"No {field} was found.")
    if brief.title and PLACEHOLDER in brief.title:
        ledger.add_problem("title", "unread", f"{brief.title[:80]!r} has an e-mail address that is hidden from robots.")
    for heading in parts.empty_headings:
        ledger.add_problem("resources", "empty", f"{heading!r} has no item under it.")
    ledger.problems += [*layout.find_doubts(), *parts.doubts]
    if doubtful := [line.text for _, _, line in parts.text if line.is_doubtful]:
        message = f"{doubtful[0][:80]!r} (of {len(doubtful)} lines) stands in an element that looks like boilerplate."
        ledger.add_problem("body", "doubtful", message)
    for words, _, line in parts.text:
        if may_be_credit(line.text):
            ledger.add_problem("photo_credits", "unread", f"{line.text[:80]!r} fits no known shape of a credit.")
        if not words and may_begin_with_heading(line):
            message = f"{line.text[:80]!r} may begin with a heading, and is taken for text."
            ledger.add_problem("sections", "unread", message)
        if words and (is_source_heading(words) or is_call_to_action(line)):
            ledger.add_problem("resources", "unread", f"What stands below {words!r} is taken for text.")
    ledger.problems += find_lines_in_doubt(parts, ledger.problems)
    if not brief.resources:
        ledger.problems += find_unread_lists(parts)
    if brief.kind == "brief":  # other posts are digests too
        ledger.problems += find_linked_posts(parts)
