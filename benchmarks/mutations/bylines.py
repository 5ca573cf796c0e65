"""Mutations of bylines, datelines, closing lines and headlines."""

from __future__ import annotations

import re
from html import unescape
from random import Random
from typing import Any

from benchmarks.mutations.labels import find_label, retag, wrap_inside
from benchmarks.mutations.specimen import Block, Specimen, refuse_if, require

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


def require_plain_byline(page: Specimen) -> tuple[Block, dict[str, Any]]:
    """Return the byline that is nothing but `By NAME`, and its author; raises Unfit."""
    block, author = require(find_byline(page)), require(get_plain_author(page))
    match = require(_BY.fullmatch(block.text))
    refuse_if(match["names"] != author["name"] or "<" in page.get_inner(block))
    return block, author


def drop_byline(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_byline(page))
    dropped = page.put(block, "")
    names = [author["name"] for author in page.get_value("authors")]
    is_named_again = any(name in b.text for b in dropped.blocks for name in names if len(b.text) < 300)
    return dropped.leave_open("authors") if is_named_again else dropped.expect(authors=None)


def double_byline(page: Specimen, random: Random) -> Specimen | None:
    return page.double(require(find_byline(page)))


def retag_byline(page: Specimen, random: Random) -> Specimen | None:
    """A heading without a label beside it may be one of the text: `By Harvest Moon`."""
    block = require(find_byline(page))
    refuse_if(block.tag in ("", "br"))
    return retag(page, block, random.choice(_TAGS if find_label(page) else ("p", "div")))


def wrap_byline(page: Specimen, random: Random) -> Specimen | None:
    openings = ("strong", "em", "b", "i", "span", 'span class="byline"', "small", "u")
    return wrap_inside(page, find_byline(page), random, openings)


def respell_by(page: Specimen, random: Random) -> Specimen | None:
    block, author = require_plain_byline(page)
    by = random.choice(("By ", "BY ", "by ", "By: ", "By : ", "by: ", "Written by ", "Written By: ", "Submitted by "))
    return page.fill(block, by + author["name"])


def shout_byline(page: Specimen, random: Random) -> Specimen | None:
    block, author = require_plain_byline(page)
    name = author["name"].upper()
    return page.fill(block, random.choice(("By ", "BY ", "BY: ")) + name).expect(authors=[author | {"name": name}])


def add_author(page: Specimen, random: Random) -> Specimen | None:
    block, author = require_plain_byline(page)
    joint = random.choice((" and ", ", ", " &amp; ", " AND ", "; ", " with "))
    joint = unescape(joint) if page.is_bare else joint
    added = page.fill(block, f"{page.get_inner(block)}{joint}Rosa Quillfeather")
    return added.expect(authors=[author, author | {"name": "Rosa Quillfeather"}])


def add_role(page: Specimen, random: Random) -> Specimen | None:
    block, author = require_plain_byline(page)
    form = random.choice((", {}", " ({})", " | {}"))
    role = random.choice(("Foreign Policy Analyst", "Analyst", "Health and Gender Policy Analyst", "Reporter"))
    return page.fill(block, page.get_inner(block) + form.format(role)).expect(authors=[author | {"role": role}])


def date_byline(page: Specimen, random: Random) -> Specimen | None:
    """A date on the byline: the name never keeps it."""
    block, _ = require_plain_byline(page)
    date = random.choice(
        (" June 10,2020", ", June 10, 2020", " | June 10, 2020", " (June 10, 2020)", " – June 10, 2020")
    )
    return page.fill(block, page.get_inner(block) + date).leave_open("dateline")


def swap_label_and_byline(page: Specimen, random: Random) -> Specimen | None:
    label, byline, paragraphs = require(find_label(page)), require(find_byline(page)), require(page.list_paragraphs())
    is_below = max(label.end, byline.end) > min(block.start for block in paragraphs)
    refuse_if("br" in (label.tag, byline.tag) or is_below)
    first, second = sorted((label, byline), key=lambda block: block.start)
    return page.swap(first, second)


def join_label_and_byline(page: Specimen, random: Random) -> Specimen | None:
    """Both on one line with a bar between, or in one paragraph."""
    label, (byline, _) = require(find_label(page)), require_plain_byline(page)
    refuse_if(label.end > byline.start or page.is_bare or "br" in (label.tag, byline.tag))
    joint = random.choice(("<br />", "<br>\n", " | "))
    return page.put(byline, "").fill(label, page.get_inner(label) + joint + page.get_inner(byline))


def _require_head(page: Specimen) -> Block:
    """Return a line of the head below which a dateline can stand; raises Unfit."""
    block, paragraphs = require(find_byline(page) or find_label(page)), require(page.list_paragraphs())
    has_dateline = page.truth["dateline"] != (None,)
    refuse_if(has_dateline or block.tag in ("br", "") or block.end > paragraphs[0].start)
    return block


def insert_dateline(page: Specimen, random: Random) -> Specimen | None:
    block = _require_head(page)
    refuse_if(re.search(r"\b(?:19|20)\d\d\b", block.text))
    tag = random.choice(("p", "h4", "h3", "div"))
    return page.add_after(block, random.choice(_DATES), tag=tag).expect(dateline="2019-03-14")


def insert_vague_dateline(page: Specimen, random: Random) -> Specimen | None:
    """A date that names no day for certain gives none."""
    block = _require_head(page)
    return page.add_after(block, random.choice(("3/4/2019", "March 2019", "February 30, 2019", "Spring 2019")), tag="p")


def insert_closing(page: Specimen, random: Random) -> Specimen | None:
    """A closing line under the byline's text gives role and contact to its only author."""
    (_, author), paragraphs = require_plain_byline(page), require(page.list_paragraphs())
    refuse_if(page.is_bare or page.get_value("resources"))
    text = random.choice(("Brief", "brief", "Policy Brief", "blog post", "article", "report"))
    verb = random.choice(("compiled", "written", "submitted", "prepared", "authored", "researched and written"))
    line = f"This {text} was {verb} by U.S. RESIST NEWS Analyst {author['name']}"
    contact = random.choice(("", ': <a href="mailto:desk@example.org">Contact</a>'))
    facts = {"role": "Analyst"} | ({"contact": "mailto:desk@example.org"} if contact else {})
    return page.add_after(paragraphs[-1], line + contact, tag="p").expect(authors=[author | facts])


def drop_closing(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_closing(page))
    dropped = page.put(block, "")
    return dropped.leave_open("authors") if find_byline(page) else dropped.expect(authors=None)


def double_closing(page: Specimen, random: Random) -> Specimen | None:
    return page.double(require(find_closing(page)))


def respell_closing(page: Specimen, random: Random) -> Specimen | None:
    """Another verb, another word for the text."""
    block = require(find_closing(page))
    match = require(_CLOSING.fullmatch(block.text))
    opening = f"This {match['text']} was {match['verb']} by"
    refuse_if(opening not in page.get_inner(block))
    verb = random.choice(("compiled", "written", "submitted", "prepared", "researched and written", "authored"))
    text = random.choice(("Brief", "policy brief", "blog post", "report", "article"))
    return page.fill(block, page.get_inner(block).replace(opening, f"This {text} was {verb} by", 1))


def wrap_closing(page: Specimen, random: Random) -> Specimen | None:
    return wrap_inside(page, find_closing(page), random, ("em", "i", "strong", "small", "span"))
