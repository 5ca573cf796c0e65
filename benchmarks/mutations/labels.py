"""Mutations of the line that carries a brief's number and domain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from random import Random

from benchmarks.mutations.specimen import Block, Specimen, refuse_if, require
from pipelines.extraction.wording.domains import CANONICAL

_DASHED = re.compile(r"(?P<front>.*#\s?\d+)\s*(?P<dash>—|–|---|-)\s*(?P<behind>\S.*)")
_DASHES = ("—", " — ", " – ", "---", " - ", "–", " ")
_DOMAINS = {
    "Environmental Policy": "Environment",
    "The Environment": "Environment",
    "Economy": "Economics",
    "Health and Gender": "Health & Gender",
    "Health & Gender Policy": "Health & Gender",
    "Elections and Politics Policy": "Elections & Politics",
    "Civil Rights Policy": "Civil Rights",
    "Education Policy": "Education",
    "TBA": "TBA",
    "California Dispatch": "California Dispatch",
}
_HEADS = ("h2", "h3", "h4", "h5", "h6", "div", "p")


def find_label(page: Specimen) -> Block | None:
    """Find the line of the label, where the headline does not say it too."""
    label = page.get_value("label")
    if not label or page.get_value("title") == label:
        return None
    block = page.find_block(label) or page.find_block(f"({label})")
    headline = re.search(r"<h1\b.*?</h1>", page.markup, re.DOTALL)
    return None if headline and block and block.start < headline.end() and block.start > headline.start() else block


def retag(page: Specimen, block: Block, tag: str) -> Specimen:
    """Make another element of a block, with the same inside."""
    return page.put(block, f"<{tag}>{page.get_inner(block)}</{tag}>")


def wrap_inside(page: Specimen, block: Block | None, random: Random, openings: Sequence[str]) -> Specimen:
    """Put one of these elements around what is inside a block; raises Unfit where no block can hold one."""
    refuse_if(page.is_bare)
    there, opening = require(block), random.choice(openings)
    return page.fill(there, f"<{opening}>{page.get_inner(there)}</{opening.split()[0]}>")


def drop_label(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_label(page))
    return page.put(block, "").expect(label=None, number=None, domain=None).leave_open("kind")


def double_label(page: Specimen, random: Random) -> Specimen | None:
    return page.double(require(find_label(page)))


def retag_label(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_label(page))
    refuse_if(block.tag in ("", "br"))
    return retag(page, block, random.choice(_HEADS))


def wrap_label(page: Specimen, random: Random) -> Specimen | None:
    """The label in emphasis, a span, an anchor."""
    openings = ("strong", "em", "b", "span style='color:#333'", 'span class="label"', 'a name="top"', "u")
    return wrap_inside(page, find_label(page), random, openings)


def bracket_label(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_label(page))
    refuse_if(block.text.startswith("("))
    return page.fill(block, f"({page.get_inner(block)})")


def respell_dash(page: Specimen, random: Random) -> Specimen | None:
    """Another dash between number and domain; the label is as published."""
    block = require(find_label(page))
    match = require(_DASHED.fullmatch(block.text))
    refuse_if("<" in page.get_inner(block))
    label = match["front"] + random.choice(_DASHES) + match["behind"]
    return page.fill(block, label).expect(label=label.strip("()"))


def respell_number(page: Specimen, random: Random) -> Specimen | None:
    """Another way to write `#` before the number."""
    block = require(find_label(page))
    refuse_if("#" not in block.text or "<" in page.get_inner(block))
    label = re.sub(r"#\s?(?=\d)", random.choice(("#", "# ", "No. ", "No ")), block.text)
    return page.fill(block, label).expect(label=label.strip("()"))


def shout_label(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_label(page))
    refuse_if(page.get_value("domain") not in CANONICAL or "<" in page.get_inner(block))
    label = block.text.upper()
    return page.fill(block, label).expect(label=label.strip("()"))


def misspell_label(page: Specimen, random: Random) -> Specimen | None:
    """A slip in `Brief`: as published where it is read, else told."""
    block = require(find_label(page))
    refuse_if("Brief" not in block.text or "<" in page.get_inner(block))
    label = block.text.replace("Brief", random.choice(("Breif", "Brif", "Bief", "Brieff")), 1)
    return page.fill(block, label).expect(label=label.strip("()")).leave_open("body", "sections", "kind")


def split_label(page: Specimen, random: Random) -> Specimen | None:
    """The domain on a line of its own behind number and dash."""
    block = require(find_label(page))
    inner = page.get_inner(block)
    match = require(re.search(r"(?:—|–|---)\s*", inner))
    refuse_if(page.is_bare)
    return page.fill(block, f"{inner[: match.end()]}<br />{inner[match.end() :]}").leave_open("label")


def date_label(page: Specimen, random: Random) -> Specimen | None:
    """A date behind a bar on the label's line is its dateline."""
    block = require(find_label(page))
    refuse_if(page.get_value("dateline") or "|" in block.text or page.truth["dateline"] != (None,))
    date = random.choice(("March 14, 2019", "Mar. 14, 2019", "MARCH 14, 2019", "March 14th, 2019", "March 14 2019"))
    return page.fill(block, f"{page.get_inner(block)} | {date}").expect(dateline="2019-03-14")


def relabel(page: Specimen, random: Random) -> Specimen | None:
    """Another number and domain, in any of the shapes that the site has used."""
    block = require(find_label(page))
    refuse_if("<" in page.get_inner(block))
    name, domain = random.choice([*_DOMAINS.items(), *((name, name) for name in CANONICAL)])
    number = random.randrange(1, 400)
    shapes = (
        "Brief #{}—{}",
        "Brief #{} – {}",
        "Brief # {} – {}",
        "Policy Brief #{} – {}",
        "{1} Brief #{0}",
        "{1} Brief # {0}",
    )
    label = random.choice(shapes).format(number, name)
    inner = label if page.is_bare else escape(label)
    return page.fill(block, inner).expect(label=label, number=number, domain=domain, kind="brief")


def drop_title_label(page: Specimen, random: Random) -> Specimen | None:
    """The label at the end of the headline is gone, in the metadata too."""
    refuse_if(page.frame)
    label = require(page.get_value("label"))
    changed = require(page.substitute(rf"\s*\({re.escape(label)}\)", ""))
    refuse_if(label in unescape(changed.markup))
    return changed.expect(label=None, number=None, domain=None).leave_open("kind")
