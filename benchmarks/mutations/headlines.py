"""Mutations of the headline and of the dateline that a page already has."""

from __future__ import annotations

import re
from html import escape
from random import Random

from benchmarks.mutations.bylines import find_byline
from benchmarks.mutations.labels import find_label, retag, wrap_inside
from benchmarks.mutations.specimen import Block, Specimen, read_text, refuse_if, require
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


def _require_plain_headline(page: Specimen) -> tuple[Block, str]:
    """Return the headline that is nothing but the title, and the title; raises Unfit."""
    headline, title = require(find_headline(page)), page.get_value("title")
    refuse_if(page.get_inner(headline) != title or page.find_block(title) is None)
    return headline, title


def drop_headline(page: Specimen, random: Random) -> Specimen | None:
    headline = require(find_headline(page))
    dropped = page.put(headline, "")
    is_known = _names_title_elsewhere(page, headline)
    return dropped if is_known else dropped.leave_open("title", "label", "number", "domain", "kind", "body", "sections")


def demote_headline(page: Specimen, random: Random) -> Specimen | None:
    """The headline in another element with the same class."""
    headline = require(find_headline(page))
    refuse_if(not _names_title_elsewhere(page, headline))
    tag = random.choice(("h2", "div", "p"))
    return page.put(headline, f"<{tag}{headline.attributes}>{page.get_inner(headline)}</{tag}>")


def repeat_headline(page: Specimen, random: Random) -> Specimen | None:
    """The headline once more above label, byline or text."""
    headline, label, byline = require(find_headline(page)), find_label(page), find_byline(page)
    first = require(label or byline)
    refuse_if(first.tag == "br" or first.start < headline.end)
    if byline and byline.start > headline.end:
        first = min(first, byline, key=lambda block: block.start)
    form = random.choice(("<p>{}</p>", "<h2>{}</h2>", "<p><strong>{}</strong></p>", "<h3>{}</h3>", "<h1>{}</h1>"))
    return page.edit(first.start, first.start, form.format(page.get_inner(headline)))


def brand_headline(page: Specimen, random: Random) -> Specimen | None:
    brand = random.choice((" - USRESIST NEWS", " | US Renew News", " – U.S. RESIST NEWS", " » USRESIST NEWS"))
    headline = require(find_headline(page))
    return page.fill(headline, page.get_inner(headline) + brand)


def lengthen_headline(page: Specimen, random: Random) -> Specimen | None:
    """The visible headline has a word more than the metadata: as published on the page."""
    headline, title = _require_plain_headline(page)
    refuse_if("(" in title)
    return page.fill(headline, f"{title} Again").expect(title=f"{title} Again")


def retitle(page: Specimen, random: Random) -> Specimen | None:
    """Another headline, which may sound like anything; the metadata says it too."""
    title = page.get_value("title")
    refuse_if(find_headline(page) is None or page.truth["kind"] not in (("brief",), ()))
    require(re.fullmatch(r"[\w ,.’-]+", title))
    refuse_if(title in str(page.truth["body"]) or page.get_value("label") in (None, title))
    new = random.choice(_TITLES)
    changed = require(page.substitute(re.escape(title), lambda match: escape(new)))
    return changed.expect(title=new)


def shout_headline(page: Specimen, random: Random) -> Specimen | None:
    """A headline in capitals is published so."""
    headline, title = _require_plain_headline(page)
    refuse_if(title == title.upper())
    return page.fill(headline, title.upper()).expect(title=title.upper()).leave_open("kind")


def wrap_headline(page: Specimen, random: Random) -> Specimen | None:
    opening = random.choice(("span", "em", "strong", 'a href="#top"', 'span itemprop="headline"', "font"))
    headline = require(find_headline(page))
    return page.fill(headline, f"<{opening}>{page.get_inner(headline)}</{opening.split()[0]}>")


def break_headline(page: Specimen, random: Random) -> Specimen | None:
    headline = require(find_headline(page))
    inner = page.get_inner(headline)
    spaces = [match.start() for match in re.finditer(" ", inner)]
    refuse_if(not spaces or "<" in inner or "#" in inner)
    at = random.choice(spaces)
    return page.fill(headline, f"{inner[:at]}<br />{inner[at + 1 :]}")


def shorten_document_title(page: Specimen, random: Random) -> Specimen | None:
    """Another `<title>`: the headline counts."""
    require(find_headline(page))
    title = random.choice(("", "USRESIST NEWS", "Untitled", "{} | US Renew News", "USRESIST NEWS » {}"))
    return page.substitute(r"(?<=<title>).*?(?=</title>)", lambda match: title.format(match[0]))


def find_dateline(page: Specimen) -> Block | None:
    day = page.get_value("dateline")
    found = [block for block in page.blocks if day and parse_written_date(block.text) == day and block.tag != "br"]
    return found[0] if len(found) == 1 else None


def drop_dateline(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_dateline(page))
    return page.put(block, "").expect(dateline=None)


def retag_dateline(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_dateline(page))
    refuse_if(not block.tag)
    return retag(page, block, random.choice(("h3", "h4", "h5", "p", "div")))


def wrap_dateline(page: Specimen, random: Random) -> Specimen | None:
    return wrap_inside(page, find_dateline(page), random, ("strong", "em", "b", "span", "small"))
