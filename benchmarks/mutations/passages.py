"""Mutations of passages of the text: lead-ins in bold, headings within a line, lists in lists, other scripts."""

from __future__ import annotations

import re
from html import escape
from random import Random

from benchmarks.mutations.specimen import Specimen, refuse_if, require
from scraper.markup.html_page import collapse_spaces

_SIGNS = "→ ½ 😀 漢字 שלום مرحبا e\u0301 ﬁ … ‰ § © ™ 𝒳 № ¿ ₿ 1,000.50 $3bn C++ a/b \\ ~ ^ | * _ [sic] {x} https://example.org/a_b".split()
_BOLD = (
    "<strong>Housing.</strong> The city has few rooms left, and the county has none at all.",
    "<strong>Housing:</strong> The city has few rooms left, and the county has none at all.",
    "<b>1.</b> The city has few rooms left, and the county has none at all.",
    "<strong>The city has few rooms left,</strong> and the county has none at all.",
    "<em>The city has few rooms left, and the county has none at all.</em>",
    "<strong>The city has few rooms left, and the county has none at all.</strong>",
    "<strong>Q: Who pays?</strong> The city has few rooms left, and the county has none at all.",
    "The city has <strong>few rooms left</strong>, and the county has <b>none</b> at all.",
    "• The city has few rooms left, and the county has none at all.",
    "1) The city has few rooms left, and the county has none at all.",
    "– The city has few rooms left, and the county has none at all.",
    "(1) The city has few rooms left, and the county has none at all.",
    "“The city has few rooms left,” Mayor Bellweather said. “The county has none.”",
    "* * The city has few rooms left, and the county has none at all.",
)
_PARTS = ("Policy Summary", "Analysis", "Policy Analysis")


def insert_signs(page: Specimen, random: Random) -> Specimen | None:
    """Signs of other scripts and of programs are published as they are."""
    block = page.choose_paragraph(random)
    inner = page.get_inner(block)
    words = [match.end() for match in re.finditer(r"[a-z]{4}(?= [a-z])", inner)]
    refuse_if(not words or "<" in inner or "&" in inner)
    at, sign = random.choice(words), random.choice(_SIGNS)
    changed = page.fill(block, f"{inner[:at]} {escape(sign)}{inner[at:]}")
    return changed.expect_text(block.text, collapse_spaces(f"{inner[:at]} {sign}{inner[at:]}"))


def insert_lead_in(page: Specimen, random: Random) -> Specimen | None:
    """A paragraph that begins in bold, or with a bullet or number that somebody typed."""
    block = page.choose_paragraph(random)
    passage = random.choice(_BOLD)
    return page.add_after(block, passage).expect_text(block.text, block.text, re.sub(r"<[^<>]*>", "", passage))


def insert_lists_in_lists(page: Specimen, random: Random) -> Specimen | None:
    block = page.choose_paragraph(random)
    markup = "<ul><li>Fees go up in May.<ul><li>Counties may opt out.</li></ul></li><li><p>Schools close.</p></li></ul>"
    lines = ("Fees go up in May.", "Counties may opt out.", "Schools close.")
    return page.edit(block.end, block.end, markup).expect_text(block.text, block.text, *lines)


def insert_definitions(page: Specimen, random: Random) -> Specimen | None:
    """Other elements that hold text."""
    block = page.choose_paragraph(random)
    markup, lines = random.choice(
        (
            ("<dl><dt>Fees</dt><dd>They go up in May.</dd></dl>", ("Fees", "They go up in May.")),
            ("<details><summary>Fees</summary><p>They go up in May.</p></details>", ("Fees", "They go up in May.")),
            ("<pre>They go up in May.</pre>", ("They go up in May.",)),
            ("<center>They go up in May.</center>", ("They go up in May.",)),
            ("<address>They go up in May.</address>", ("They go up in May.",)),
            ("<div><div><span>They go up in May.</span></div></div>", ("They go up in May.",)),
            ("They go up in May.", ("They go up in May.",)),
            ("<x-text>They go up in May.</x-text>", ("They go up in May.",)),
            (
                "<p>They go up in May.</p><p>&nbsp;</p><p>They go down in June.</p>",
                ("They go up in May.", "They go down in June."),
            ),
            ("<p>They go up in May.<br><br>They go down in June.</p>", ("They go up in May.", "They go down in June.")),
        )
    )
    return page.edit(block.end, block.end, markup).expect_text(block.text, block.text, *lines)


def join_heading(page: Specimen, random: Random) -> Specimen | None:
    """A heading in front of its text, in the same paragraph."""
    sections = require([s for s in page.get_value("sections") or () if s.get("heading") in _PARTS and s.get("text")])
    section = random.choice(sections)
    heading = require(page.find_block(section["heading"]))
    first = require(page.find_block(section["text"].split("\n\n")[0]))
    refuse_if(heading.tag not in ("p", "h2", "h3", "h4") or first.tag != "p")
    refuse_if(page.markup[heading.end : first.start].strip())
    form = random.choice(
        (
            "<strong>{}:</strong> {}",
            "<strong>{}</strong>: {}",
            "<b>{}</b><br />{}",
            "{}: {}",
            "<strong>{} </strong><br>{}",
        )
    )
    paragraph = f"<p>{form.format(section['heading'], page.get_inner(first))}</p>"
    return page.edit(heading.start, first.end, paragraph)


def lead_heading(page: Specimen, random: Random) -> Specimen | None:
    """A heading that somebody set in capitals is published so."""
    sections = page.get_value("sections") or []
    section = require(next((s for s in sections if s.get("heading") in _PARTS), None))
    block = require(page.find_block(section["heading"]))
    refuse_if(page.is_bare)
    heading = section["heading"].upper()
    changed = [s | {"heading": heading} if s is section else s for s in sections]
    body = "\n\n".join(part for s in changed for part in (s.get("heading"), s.get("text")) if part)
    return page.put(block, f"<p><strong>{heading}</strong></p>").expect(sections=changed, body=body)


def caption_picture(page: Specimen, random: Random) -> Specimen | None:
    """A picture with its credit as a caption."""
    block = page.choose_paragraph(random)
    refuse_if(page.truth["photo_credits"] != (None,))
    form = random.choice(
        (
            '<figure><img src="https://www.usresistnews.org/a.jpg"><figcaption>{}</figcaption></figure>',
            '<div class="wp-caption"><img src="/a.jpg"><p class="wp-caption-text">{}</p></div>',
            '<p><img src="https://www.usresistnews.org/a.jpg"></p><p><em>{}</em></p>',
            '<figure class="wp-block-image"><img src="/a.jpg"/><figcaption class="wp-caption">{}</figcaption></figure>',
        )
    )
    credit = {"text": "Photo by Oren Castell on Unsplash", "name": "Oren Castell", "source": "Unsplash"}
    return page.edit(block.end, block.end, form.format(credit["text"])).expect(photo_credits=[credit])
