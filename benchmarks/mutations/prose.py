"""Mutations of the text: paragraphs that go, come, part and join, and prose that looks like another part."""

from __future__ import annotations

import re
from html import escape
from itertools import pairwise
from random import Random

from benchmarks.mutations.specimen import Block, Specimen, read_text, refuse_if, require
from scraper.markup.html_page import collapse_spaces

# Prose that begins or sounds like a byline, a heading, a credit, a label, a menu: text all the same.
_PROSE = (
    "By Tuesday evening the senate had heard from every county that the rule would touch.",
    "Resources for the county offices ran out in March, the inspector told the board.",
    "Photo identification would be asked of every voter under the plan, whatever the county says.",
    "Analysis by the budget office found a gap of four million dollars.",
    "Written by hand in 1911, the charter still governs the port and its fees.",
    "Share of the costs: the state pays two thirds, the counties pay the rest.",
    "Subscribe to the view of the majority, she said, and the case is closed.",
    "Brief #57 to the court argued that the harbor was never land of the state.",
    "January 25, 2018 was the day on which the first ferry was turned back.",
    "Contact with the agency was lost for nine days, according to its own report.",
    "Related posts in the ministry were left open for more than a year.",
    "Credit: the word that lenders avoid is the one that the bill uses most often.",
    "Updated rules were compiled by the Department of Labor and sent to Congress.",
    "The policy summary that the House received was two pages long.",
    "Donate or dump: that was the choice that the growers were left with.",
    "Posted prices went up by a third in two summers, and nobody asked why.",
    "Images of the pier went around the world within a day.",
    "This article of the treaty was written by people who had never seen the strait.",
    "Search for: that is the order which the guards were given at the gate.",
    "Comments on the draft came from 41 towns, most of them against it.",
    "Read more than the summary, the judge told both sides.",
    "Follow the money, the auditors were told, and they did so for two years.",
    "Sources: the filings of both parties, as far as they are public.",
    "Print shops closed; the post office stayed open until the end of the month.",
    "She disagreed.",
    "It failed.",
    "The vote was 51 to 49.",
    "Nobody was hurt. The bridge was.",
)
_HEADINGS = ("What the Court Said", "Why It Matters", "The Way Ahead", "Who Pays for the Harbor")
_LISTS = ("Fees go up in May.", "Counties may opt out until June.", "The state keeps the records.")


def _choose_paragraph(page: Specimen, random: Random) -> Block:
    return random.choice(require([block for block in page.list_paragraphs() if block.tag in ("p", "")]))


def drop_paragraph(page: Specimen, random: Random) -> Specimen | None:
    block = _choose_paragraph(page, random)
    refuse_if(len(page.list_paragraphs()) <= 2)
    return page.put(block, "").expect_text(block.text)


def double_paragraph(page: Specimen, random: Random) -> Specimen | None:
    block = _choose_paragraph(page, random)
    return page.double(block).expect_text(block.text, block.text, block.text)


def swap_paragraphs(page: Specimen, random: Random) -> Specimen | None:
    """Two neighbours change places."""
    blocks = page.list_paragraphs()
    pairs = [
        (first, second)
        for first, second in pairwise(blocks)
        if first.end <= second.start and not page.markup[first.end : second.start].strip()
    ]
    refuse_if(not pairs)
    first, second = random.choice(pairs)
    mark = "\0"
    swapped = page.swap(first, second).expect_text(first.text, mark)
    return swapped.expect_text(second.text, first.text).expect_text(mark, second.text)


def split_paragraph(page: Specimen, random: Random) -> Specimen | None:
    block = _choose_paragraph(page, random)
    inner = page.get_inner(block)
    ends = [match.end() for match in re.finditer(r"[a-z]{3}\.(?= [A-Z])", inner)]
    refuse_if(not ends or "<" in inner or page.is_bare)
    at = random.choice(ends)
    joint = random.choice(("</p><p>", "</p>\n<p>", "<br><br>", "<br />\n<br />"))
    parts = (inner[:at], inner[at + 1 :])
    changed = page.fill(block, joint.join(parts))
    require(page.fill(block, parts[0]).find_block(read_text(parts[0])))
    return changed.expect_text(block.text, read_text(parts[0]), read_text(parts[1]))


def break_paragraph(page: Specimen, random: Random) -> Specimen | None:
    """A single break within a paragraph is a space."""
    block = _choose_paragraph(page, random)
    inner = page.get_inner(block)
    ends = [match.end() for match in re.finditer(r"[a-z]{3}[.,](?= )", inner)]
    refuse_if(not ends or "<" in inner or page.is_bare)
    at = random.choice(ends)
    return page.fill(block, f"{inner[:at]}<br />{inner[at:]}")


def respell_paragraph(page: Specimen, random: Random) -> Specimen | None:
    """Other words and marks are published as they are."""
    block = _choose_paragraph(page, random)
    inner = page.get_inner(block)
    words = [match.end() for match in re.finditer(r"[a-z]{4}(?= [a-z])", inner)]
    refuse_if(not words or "<" in inner or "&" in inner)
    new = random.choice(
        (" #57", " “so-called”", " (see below)", " — again —", " 50%", " @harbor", " U.S.", " R&D", " <3")
    )
    at = random.choice(words)
    text = inner[:at] + new + inner[at:]
    changed = page.fill(block, text if page.is_bare else escape(text, quote=False))
    return changed.expect_text(block.text, collapse_spaces(text))


def insert_prose(page: Specimen, random: Random) -> Specimen | None:
    """Prose that looks like another part stands in the middle of the text."""
    block = _choose_paragraph(page, random)
    refuse_if(not block.text.endswith((".", "”", "?")))
    text = random.choice(_PROSE)
    return page.add_after(block, text).expect_text(block.text, block.text, text)


def insert_prose_in_front(page: Specimen, random: Random) -> Specimen | None:
    """The same below a heading."""
    sections = [s for s in page.get_value("sections") or () if s.get("heading") and s.get("text")]
    firsts = [page.find_block(section["text"].split("\n\n")[0]) for section in sections]
    blocks = require([block for block in firsts if block and block.tag == "p"])
    block, text = random.choice(blocks), random.choice(_PROSE)
    return page.edit(block.start, block.start, f"<p>{text}</p>\n").expect_text(block.text, text, block.text)


def insert_quotation(page: Specimen, random: Random) -> Specimen | None:
    block = _choose_paragraph(page, random)
    refuse_if(page.is_bare)
    text = random.choice(_PROSE[:24])
    form = random.choice(("<blockquote>{}</blockquote>", "<blockquote><p>{}</p></blockquote>", "<div>{}</div>"))
    return page.edit(block.end, block.end, form.format(text)).expect_text(block.text, block.text, text)


def insert_list(page: Specimen, random: Random) -> Specimen | None:
    block = _choose_paragraph(page, random)
    refuse_if(page.is_bare)
    items = "".join(f"<li>{item}</li>" for item in _LISTS)
    tag = random.choice(("ul", "ol", 'ul class="wp-block-list"'))
    added = page.edit(block.end, block.end, f"<{tag}>{items}</{tag.split()[0]}>")
    return added.expect_text(block.text, block.text, *_LISTS)


def insert_heading(page: Specimen, random: Random) -> Specimen | None:
    """A heading in the text begins a section."""
    block = _choose_paragraph(page, random)
    sections = page.get_value("sections")
    refuse_if(not sections or page.is_bare)
    heading = random.choice(_HEADINGS)
    form = random.choice(("<h3>{}</h3>", "<h2>{}:</h2>", "<p><strong>{}</strong></p>", "<h4><b>{}</b></h4>"))
    changed = []
    for section in sections:
        before, found, behind = f"\n\n{section['text']}\n\n".partition(f"\n\n{block.text}\n\n")
        if not found or before.strip() == "":
            changed.append(section)
            continue
        changed += [section | {"text": before.strip("\n")}]
        changed += [{"heading": heading, "text": f"{block.text}\n\n{behind}".strip("\n")}]
    refuse_if(changed == sections)
    body = "\n\n".join(part for s in changed for part in (s.get("heading"), s.get("text")) if part)
    return page.edit(block.start, block.start, form.format(heading)).expect(sections=changed, body=body)


def mark_words(page: Specimen, random: Random) -> Specimen | None:
    """Emphasis, spans and the like around a word change nothing."""
    block = _choose_paragraph(page, random)
    inner = page.get_inner(block)
    words = list(re.finditer(r"(?<= )[a-z]{4,}(?= )", inner))
    refuse_if(not words or "<" in inner or page.is_bare)
    word, tag = random.choice(words), random.choice("em strong span u mark b i abbr font cite".split())
    return page.fill(block, f"{inner[: word.start()]}<{tag}>{word[0]}</{tag}>{inner[word.end() :]}")


def link_words(page: Specimen, random: Random) -> Specimen | None:
    """A link in the text is one in `links`."""
    block = _choose_paragraph(page, random)
    inner = page.get_inner(block)
    words = list(re.finditer(r"(?<= )[a-z]{4,}(?= )", inner))
    refuse_if(not words or "<" in inner or page.is_bare or page.truth["links"] != (None,))
    word, url = random.choice(words), "https://reports.example.net/harbor/?a=1&b=2"
    markup = f'{inner[: word.start()]}<a href="{escape(url)}">{word[0]}</a>{inner[word.end() :]}'
    return page.fill(block, markup).expect(links=[{"text": word[0], "url": url}])


def add_footnote(page: Specimen, random: Random) -> Specimen | None:
    block = _choose_paragraph(page, random)
    inner = page.get_inner(block)
    refuse_if("<" in inner or page.is_bare or not inner.endswith("."))
    return page.fill(block, f"{inner}<sup>3</sup>").expect_text(block.text, f"{block.text}3")


def truncate(page: Specimen, random: Random) -> Specimen | None:
    """A page that ends between two paragraphs has what is there, and says so."""
    blocks = [block for block in page.list_paragraphs()[1:] if block.tag == "p"]
    body = page.get_value("body")
    refuse_if(page.frame or page.is_bare or not blocks or not body)
    block = random.choice(blocks)
    kept = body.split(block.text)[0].rstrip("\n")
    stated = {"label", "title", "body"} | ({"path"} if "canonical" in page.markup else set())
    cut = page.edit(block.start, len(page.markup), "").leave_open(*page.truth.keys() - stated)
    is_below_heading = any(kept.endswith(f"\n\n{s['heading']}") for s in page.get_value("sections") if s.get("heading"))
    return cut.leave_open("body") if is_below_heading else cut.expect(body=kept)
