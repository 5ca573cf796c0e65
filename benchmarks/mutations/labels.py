"""Mutations of the line that carries a brief's number and domain."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape, unescape
from random import Random

from benchmarks.mutations.specimen import Block, Mutation, Specimen
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


def wrap_inside(page: Specimen, block: Block | None, random: Random, openings: Sequence[str]) -> Specimen | None:
    """Put one of these elements around what is inside a block; None where there is no block that can hold one."""
    if block is None or page.is_bare:
        return None
    opening = random.choice(openings)
    return page.fill(block, f"<{opening}>{page.get_inner(block)}</{opening.split()[0]}>")


def drop_label(page: Specimen, random: Random) -> Specimen | None:
    block = find_label(page)
    if block is None:
        return None
    return page.put(block, "").expect(label=None, number=None, domain=None).leave_open("kind")


def double_label(page: Specimen, random: Random) -> Specimen | None:
    block = find_label(page)
    return page.double(block) if block else None


def retag_label(page: Specimen, random: Random) -> Specimen | None:
    block = find_label(page)
    return retag(page, block, random.choice(_HEADS)) if block and block.tag not in ("", "br") else None


def wrap_label(page: Specimen, random: Random) -> Specimen | None:
    """The label in emphasis, a span, an anchor."""
    openings = ("strong", "em", "b", "span style='color:#333'", 'span class="label"', 'a name="top"', "u")
    return wrap_inside(page, find_label(page), random, openings)


def bracket_label(page: Specimen, random: Random) -> Specimen | None:
    block = find_label(page)
    return page.fill(block, f"({page.get_inner(block)})") if block and not block.text.startswith("(") else None


def respell_dash(page: Specimen, random: Random) -> Specimen | None:
    """Another dash between number and domain; the label is as published."""
    block = find_label(page)
    match = _DASHED.fullmatch(block.text) if block else None
    if block is None or match is None or "<" in page.get_inner(block):
        return None
    label = match["front"] + random.choice(_DASHES) + match["behind"]
    return page.fill(block, label).expect(label=label.strip("()"))


def respell_number(page: Specimen, random: Random) -> Specimen | None:
    """Another way to write `#` before the number."""
    block = find_label(page)
    if block is None or "#" not in block.text or "<" in page.get_inner(block):
        return None
    label = re.sub(r"#\s?(?=\d)", random.choice(("#", "# ", "No. ", "No ")), block.text)
    return page.fill(block, label).expect(label=label.strip("()"))


def shout_label(page: Specimen, random: Random) -> Specimen | None:
    block = find_label(page)
    if block is None or page.get_value("domain") not in CANONICAL or "<" in page.get_inner(block):
        return None
    label = block.text.upper()
    return page.fill(block, label).expect(label=label.strip("()"))


def misspell_label(page: Specimen, random: Random) -> Specimen | None:
    """A slip in `Brief`: as published where it is read, else told."""
    block = find_label(page)
    if block is None or "Brief" not in block.text or "<" in page.get_inner(block):
        return None
    label = block.text.replace("Brief", random.choice(("Breif", "Brif", "Bief", "Brieff")), 1)
    return page.fill(block, label).expect(label=label.strip("()")).leave_open("body", "sections", "kind")


def split_label(page: Specimen, random: Random) -> Specimen | None:
    """The domain on a line of its own behind number and dash."""
    block = find_label(page)
    inner = page.get_inner(block) if block else ""
    match = re.search(r"(?:—|–|---)\s*", inner)
    if block is None or match is None or page.is_bare:
        return None
    return page.fill(block, f"{inner[: match.end()]}<br />{inner[match.end() :]}").leave_open("label")


def date_label(page: Specimen, random: Random) -> Specimen | None:
    """A date behind a bar on the label's line is its dateline."""
    block = find_label(page)
    if block is None or page.get_value("dateline") or "|" in block.text or page.truth["dateline"] != (None,):
        return None
    date = random.choice(("March 14, 2019", "Mar. 14, 2019", "MARCH 14, 2019", "March 14th, 2019", "March 14 2019"))
    return page.fill(block, f"{page.get_inner(block)} | {date}").expect(dateline="2019-03-14")


def relabel(page: Specimen, random: Random) -> Specimen | None:
    """Another number and domain, in any of the shapes that the site has used."""
    block = find_label(page)
    if block is None or "<" in page.get_inner(block):
        return None
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
    label = None if page.frame else page.get_value("label")
    changed = page.substitute(rf"\s*\({re.escape(str(label))}\)", "") if label else None
    if changed is None or str(label) in unescape(changed.markup):
        return None
    return changed.expect(label=None, number=None, domain=None).leave_open("kind")


KINDS: tuple[Mutation, ...] = (
    drop_label,
    double_label,
    retag_label,
    wrap_label,
    bracket_label,
    respell_dash,
    respell_number,
    shout_label,
    misspell_label,
    split_label,
    date_label,
    relabel,
    drop_title_label,
)
