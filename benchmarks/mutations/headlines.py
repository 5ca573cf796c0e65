"""Mutations of the headline and of the dateline that a page already has."""

from __future__ import annotations

import re
from html import escape
from random import Random

from benchmarks.mutations.bylines import find_byline
from benchmarks.mutations.labels import find_label, retag, wrap_inside
from benchmarks.mutations.specimen import Block, Mutation, Specimen, read_text
from scraper.dates import parse_written_date

_TITLES = (
    "The #1 Problem With Ferries",
    "Ferries (Part 2)",
    "Ferries – What Now?",
    "“Ferries” & Tolls: The County’s Choice",
    "By the Sea",
    "By Harbor and Rail",
    "Ferries | Tolls",
    "Analysis",
    "January 5, 2019",
    "Who Pays? Ferries, 2019–2021",
    "Brief Encounters at the Pier",
    "Resources for Renters",
    "Ferry Update #25",
    "Photo by Photo: The Pier",
    "404",
    "Page Not Found: The Lost Ledger",
    "Under Construction: The Harbor Wall",
    "Access Denied: Voters at the Pier",
    "R&D <3 Harbors",
    "Ferries. Tolls. Boats.",
    "FERRIES",
    "Ferries: A U.S. RESIST NEWS Series",
    "Share This Harbor",
    "Rosa Klebb",
)


def find_headline(page: Specimen) -> Block | None:
    """Find the only headline that says the title, with or without a label behind it."""
    title = page.get_value("title")
    found = [block for block in page.blocks if block.tag == "h1" and title and block.text.startswith(title)]
    return found[0] if len(found) == 1 else None


def _names_title_elsewhere(page: Specimen, headline: Block) -> bool:
    """Whether the metadata says what the headline said."""
    pattern = r'<meta[^<>]*property="og:title"[^<>]*content="([^"]*)"'
    match = re.search(pattern, page.markup)
    return bool(match and read_text(match[1]).startswith(headline.text))


def drop_headline(page: Specimen, random: Random) -> Specimen | None:
    headline = find_headline(page)
    if headline is None:
        return None
    dropped = page.put(headline, "")
    is_known = _names_title_elsewhere(page, headline)
    return dropped if is_known else dropped.leave_open("title", "label", "number", "domain", "kind", "body", "sections")


def demote_headline(page: Specimen, random: Random) -> Specimen | None:
    """The headline in another element with the same class."""
    headline = find_headline(page)
    if headline is None or not _names_title_elsewhere(page, headline):
        return None
    tag = random.choice(("h2", "div", "p"))
    return page.put(headline, f"<{tag}{headline.attributes}>{page.get_inner(headline)}</{tag}>")


def repeat_headline(page: Specimen, random: Random) -> Specimen | None:
    """The headline once more above label, byline or text."""
    headline, first = find_headline(page), find_label(page) or find_byline(page)
    paragraphs = page.list_paragraphs()
    first = first or (paragraphs[0] if paragraphs else None)
    if headline is None or first is None or first.tag == "br" or first.start < headline.end:
        return None
    heads = [block for block in (find_label(page), find_byline(page)) if block and block.start > headline.end]
    first = min([first, *heads], key=lambda block: block.start)
    if not find_label(page) and not find_byline(page):
        return None
    form = random.choice(("<p>{}</p>", "<h2>{}</h2>", "<p><strong>{}</strong></p>", "<h3>{}</h3>", "<h1>{}</h1>"))
    return page.edit(first.start, first.start, form.format(page.get_inner(headline)))


def brand_headline(page: Specimen, random: Random) -> Specimen | None:
    headline = find_headline(page)
    brand = random.choice((" - USRESIST NEWS", " | US Renew News", " – U.S. RESIST NEWS", " » USRESIST NEWS"))
    return page.fill(headline, page.get_inner(headline) + brand) if headline else None


def lengthen_headline(page: Specimen, random: Random) -> Specimen | None:
    """The visible headline has a word more than the metadata: as published on the page."""
    headline, title = find_headline(page), page.get_value("title")
    if headline is None or page.get_inner(headline) != title or page.find_block(title) is None or "(" in title:
        return None
    return page.fill(headline, f"{title} Again").expect(title=f"{title} Again")


def retitle(page: Specimen, random: Random) -> Specimen | None:
    """Another headline, which may sound like anything; the metadata says it too."""
    title = page.get_value("title")
    if (
        find_headline(page) is None
        or page.truth["kind"] not in (("brief",), ())
        or not re.fullmatch(r"[\w ,.’-]+", title)
    ):
        return None
    if title in str(page.truth["body"]) or page.get_value("label") in (None, title):
        return None
    new = random.choice(_TITLES)
    changed = page.substitute(re.escape(title), lambda match: escape(new))
    return changed.expect(title=new) if changed else None


def shout_headline(page: Specimen, random: Random) -> Specimen | None:
    """A headline in capitals is published so."""
    headline, title = find_headline(page), page.get_value("title")
    if (
        headline is None
        or page.get_inner(headline) != title
        or page.find_block(title) is None
        or title == title.upper()
    ):
        return None
    return page.fill(headline, title.upper()).expect(title=title.upper()).leave_open("kind")


def wrap_headline(page: Specimen, random: Random) -> Specimen | None:
    headline = find_headline(page)
    opening = random.choice(("span", "em", "strong", 'a href="#top"', 'span itemprop="headline"', "font"))
    if headline is None:
        return None
    return page.fill(headline, f"<{opening}>{page.get_inner(headline)}</{opening.split()[0]}>")


def break_headline(page: Specimen, random: Random) -> Specimen | None:
    headline = find_headline(page)
    inner = page.get_inner(headline) if headline else ""
    spaces = [match.start() for match in re.finditer(" ", inner)]
    if headline is None or not spaces or "<" in inner or "#" in inner:
        return None
    at = random.choice(spaces)
    return page.fill(headline, f"{inner[:at]}<br />{inner[at + 1 :]}")


def shorten_document_title(page: Specimen, random: Random) -> Specimen | None:
    """Another `<title>`: the headline counts."""
    if find_headline(page) is None:
        return None
    title = random.choice(("", "USRESIST NEWS", "Untitled", "{} | US Renew News", "USRESIST NEWS » {}"))
    return page.substitute(r"(?<=<title>).*?(?=</title>)", lambda match: title.format(match[0]))


def find_dateline(page: Specimen) -> Block | None:
    day = page.get_value("dateline")
    found = [block for block in page.blocks if day and parse_written_date(block.text) == day and block.tag != "br"]
    return found[0] if len(found) == 1 else None


def drop_dateline(page: Specimen, random: Random) -> Specimen | None:
    block = find_dateline(page)
    return page.put(block, "").expect(dateline=None) if block else None


def retag_dateline(page: Specimen, random: Random) -> Specimen | None:
    block = find_dateline(page)
    return retag(page, block, random.choice(("h3", "h4", "h5", "p", "div"))) if block and block.tag else None


def wrap_dateline(page: Specimen, random: Random) -> Specimen | None:
    return wrap_inside(page, find_dateline(page), random, ("strong", "em", "b", "span", "small"))


KINDS: tuple[Mutation, ...] = (
    drop_headline,
    demote_headline,
    repeat_headline,
    brand_headline,
    lengthen_headline,
    retitle,
    shout_headline,
    wrap_headline,
    break_headline,
    shorten_document_title,
    drop_dateline,
    retag_dateline,
    wrap_dateline,
)
