"""Mutations of bylines, datelines, closing lines and headlines."""

from __future__ import annotations

import re
from html import unescape
from random import Random
from typing import Any

from benchmarks.mutations.labels import find_label, retag, wrap_inside
from benchmarks.mutations.specimen import Block, Mutation, Specimen

_BY = re.compile(r"(?P<by>by\s*:?\s+)(?P<names>\S.*)", re.IGNORECASE)
_CLOSING = re.compile(r"This (?P<text>.{4,20}?) was (?P<verb>\w+) by .*", re.IGNORECASE)
_DATES = (
    "March 14, 2019",
    "Mar. 14, 2019",
    "14 March 2019",
    "March 14th, 2019",
    "MARCH 14, 2019",
    "Thursday, March 14, 2019",
    "March 14 2019",
    "3/14/2019",
    "2019-03-14",
    "Posted on March 14, 2019",
)
_TAGS = ("h2", "h3", "h4", "h5", "h6", "p", "div")


def find_byline(page: Specimen) -> Block | None:
    """Find the line that begins with `By` and names every author."""
    names = [author["name"] for author in page.get_value("authors") or ()]
    blocks = [block for block in page.blocks if _BY.fullmatch(block.text) and len(block.text) < 120]
    found = [block for block in blocks if names and all(name in block.text for name in names)]
    return found[0] if len(found) == 1 else None


def find_closing(page: Specimen) -> Block | None:
    names = [author["name"] for author in page.get_value("authors") or ()]
    blocks = [block for block in page.blocks if _CLOSING.fullmatch(block.text) and block.tag != "br"]
    found = [block for block in blocks if names and any(name in block.text for name in names)]
    return found[0] if len(found) == 1 else None


def get_plain_author(page: Specimen) -> dict[str, Any] | None:
    """Get the only author, a person of whom nothing but the name is said."""
    authors: list[dict[str, Any]] = page.get_value("authors") or []
    return authors[0] if len(authors) == 1 and set(authors[0]) == {"name", "kind"} and _is_person(authors[0]) else None


def _is_person(author: dict[str, Any]) -> bool:
    return author["kind"] == "person" and bool(re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", author["name"]))


def find_plain_byline(page: Specimen) -> tuple[Block, dict[str, Any]] | None:
    """Find a byline that is nothing but `By NAME`."""
    block, author = find_byline(page), get_plain_author(page)
    match = _BY.fullmatch(block.text) if block else None
    is_plain = match and author and match["names"] == author["name"]
    return (block, author) if block and author and is_plain and "<" not in page.get_inner(block) else None


def drop_byline(page: Specimen, random: Random) -> Specimen | None:
    block = find_byline(page)
    if block is None:
        return None
    dropped = page.put(block, "")
    names = [author["name"] for author in page.get_value("authors")]
    is_named_again = any(name in b.text for b in dropped.blocks for name in names if len(b.text) < 300)
    return dropped.leave_open("authors") if is_named_again else dropped.expect(authors=None)


def double_byline(page: Specimen, random: Random) -> Specimen | None:
    block = find_byline(page)
    return page.double(block) if block else None


def retag_byline(page: Specimen, random: Random) -> Specimen | None:
    """A heading without a label beside it may be one of the text: `By Harvest Moon`."""
    block = find_byline(page)
    tags = _TAGS if find_label(page) else ("p", "div")
    return retag(page, block, random.choice(tags)) if block and block.tag not in ("", "br") else None


def wrap_byline(page: Specimen, random: Random) -> Specimen | None:
    openings = ("strong", "em", "b", "i", "span", 'span class="byline"', "small", "u")
    return wrap_inside(page, find_byline(page), random, openings)


def respell_by(page: Specimen, random: Random) -> Specimen | None:
    found = find_plain_byline(page)
    if not found:
        return None
    by = random.choice(("By ", "BY ", "by ", "By: ", "By : ", "by: ", "Written by ", "Written By: ", "Submitted by "))
    return page.fill(found[0], by + found[1]["name"])


def shout_byline(page: Specimen, random: Random) -> Specimen | None:
    found = find_plain_byline(page)
    if not found:
        return None
    name = found[1]["name"].upper()
    return page.fill(found[0], random.choice(("By ", "BY ", "BY: ")) + name).expect(authors=[found[1] | {"name": name}])


def add_author(page: Specimen, random: Random) -> Specimen | None:
    found = find_plain_byline(page)
    if not found:
        return None
    block, author = found
    joint = random.choice((" and ", ", ", " &amp; ", " AND ", "; ", " with "))
    joint = unescape(joint) if page.is_bare else joint
    added = page.fill(block, f"{page.get_inner(block)}{joint}Rosa Quillfeather")
    return added.expect(authors=[author, author | {"name": "Rosa Quillfeather"}])


def add_role(page: Specimen, random: Random) -> Specimen | None:
    found = find_plain_byline(page)
    if not found:
        return None
    block, author = found
    form = random.choice((", {}", " ({})", " | {}"))
    role = random.choice(("Foreign Policy Analyst", "Analyst", "Health and Gender Policy Analyst", "Reporter"))
    return page.fill(block, page.get_inner(block) + form.format(role)).expect(authors=[author | {"role": role}])


def date_byline(page: Specimen, random: Random) -> Specimen | None:
    """A date on the byline: the name never keeps it."""
    found = find_plain_byline(page)
    if not found:
        return None
    date = random.choice(
        (" June 10,2020", ", June 10, 2020", " | June 10, 2020", " (June 10, 2020)", " – June 10, 2020")
    )
    return page.fill(found[0], page.get_inner(found[0]) + date).leave_open("dateline")


def swap_label_and_byline(page: Specimen, random: Random) -> Specimen | None:
    label, byline = find_label(page), find_byline(page)
    paragraphs = page.list_paragraphs()
    if label is None or byline is None or "br" in (label.tag, byline.tag) or not paragraphs:
        return None
    if max(label.end, byline.end) > min(block.start for block in paragraphs):  # one stands below the text
        return None
    first, second = sorted((label, byline), key=lambda block: block.start)
    return page.swap(first, second)


def join_label_and_byline(page: Specimen, random: Random) -> Specimen | None:
    """Both on one line with a bar between, or in one paragraph."""
    label, found = find_label(page), find_plain_byline(page)
    if label is None or not found or label.end > found[0].start or page.is_bare or "br" in (label.tag, found[0].tag):
        return None
    without = page.put(found[0], "")
    joint = random.choice(("<br />", "<br>\n", " | "))
    return without.fill(label, page.get_inner(label) + joint + page.get_inner(found[0]))


def _find_head(page: Specimen) -> Block | None:
    """Find a line of the head below which a dateline can stand."""
    block, paragraphs = find_byline(page) or find_label(page), page.list_paragraphs()
    has_dateline = page.truth["dateline"] != (None,)
    is_head = block and block.tag not in ("br", "") and paragraphs and block.end <= paragraphs[0].start
    return block if is_head and not has_dateline else None


def insert_dateline(page: Specimen, random: Random) -> Specimen | None:
    block = _find_head(page)
    if block is None:
        return None
    if re.search(r"\b(?:19|20)\d\d\b", block.text):
        return None
    tag = random.choice(("p", "h4", "h3", "div"))
    return page.add_after(block, random.choice(_DATES), tag=tag).expect(dateline="2019-03-14")


def insert_vague_dateline(page: Specimen, random: Random) -> Specimen | None:
    """A date that names no day for certain gives none."""
    block = _find_head(page)
    if block is None:
        return None
    return page.add_after(block, random.choice(("3/4/2019", "March 2019", "February 30, 2019", "Spring 2019")), tag="p")


def insert_closing(page: Specimen, random: Random) -> Specimen | None:
    """A closing line under the byline's text gives role and contact to its only author."""
    found, paragraphs = find_plain_byline(page), page.list_paragraphs()
    if not found or page.is_bare or not paragraphs or page.get_value("resources"):
        return None
    author = found[1]
    text = random.choice(("Brief", "brief", "Policy Brief", "blog post", "article", "report"))
    verb = random.choice(("compiled", "written", "submitted", "prepared", "authored", "researched and written"))
    line = f"This {text} was {verb} by U.S. RESIST NEWS Analyst {author['name']}"
    contact = random.choice(("", ': <a href="mailto:desk@example.org">Contact</a>'))
    facts = {"role": "Analyst"} | ({"contact": "mailto:desk@example.org"} if contact else {})
    return page.add_after(paragraphs[-1], line + contact, tag="p").expect(authors=[author | facts])


def drop_closing(page: Specimen, random: Random) -> Specimen | None:
    block = find_closing(page)
    if block is None:
        return None
    dropped = page.put(block, "")
    return dropped.leave_open("authors") if find_byline(page) else dropped.expect(authors=None)


def double_closing(page: Specimen, random: Random) -> Specimen | None:
    block = find_closing(page)
    return page.double(block) if block else None


def respell_closing(page: Specimen, random: Random) -> Specimen | None:
    """Another verb, another word for the text."""
    block = find_closing(page)
    match = _CLOSING.fullmatch(block.text) if block else None
    if block is None or match is None:
        return None
    opening = f"This {match['text']} was {match['verb']} by"
    if opening not in page.get_inner(block):
        return None
    verb = random.choice(("compiled", "written", "submitted", "prepared", "researched and written", "authored"))
    text = random.choice(("Brief", "policy brief", "blog post", "report", "article"))
    return page.fill(block, page.get_inner(block).replace(opening, f"This {text} was {verb} by", 1))


def wrap_closing(page: Specimen, random: Random) -> Specimen | None:
    return wrap_inside(page, find_closing(page), random, ("em", "i", "strong", "small", "span"))


KINDS: tuple[Mutation, ...] = (
    drop_byline,
    double_byline,
    retag_byline,
    wrap_byline,
    respell_by,
    shout_byline,
    add_author,
    add_role,
    date_byline,
    swap_label_and_byline,
    join_label_and_byline,
    insert_dateline,
    insert_vague_dateline,
    insert_closing,
    drop_closing,
    double_closing,
    respell_closing,
    wrap_closing,
)
