"""Mutations of markup that is not as it should be, and of what browsers forgive. No value changes."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from benchmarks.mutations.specimen import Specimen, refuse_if

_STRAY = ("</p>", "</span>", "</strong>", "</em>", "</li>", "</a>", "</section>", "</font>", "<br>", "</br>", "<wbr>")
_ODD = (
    '<img src="a.jpg" alt="fees > costs">',
    "<img src=a.jpg alt=>",
    '<span title="By <b>Rosa</b>"></span>',
    '<a name="part > 2"></a>',
    '<img src="a.jpg" alt="Photo by &quot;Rosa&quot;" data-x=\'{"a": "<p>b</p>"}\'>',
    "<o:p></o:p>",
    "<![CDATA[ ]]>",
    "<!-->",
    "<?php ?>",
    "<x-ad></x-ad>",
)
_DEEP = 300  # elements; parsers have limits


def insert_stray_tag(page: Specimen, random: Random) -> Specimen | None:
    """An end tag of nothing, between two paragraphs."""
    block = page.choose_paragraph(random)
    return page.edit(block.end, block.end, random.choice(_STRAY))


def insert_odd_tag(page: Specimen, random: Random) -> Specimen | None:
    """Attributes and elements that trip simple parsers."""
    block = page.choose_paragraph(random)
    at = random.choice((block.inner_start, block.end))
    return page.edit(at, at, random.choice(_ODD))


def leave_mark_open(page: Specimen, random: Random) -> Specimen | None:
    """Emphasis that nobody closes."""
    block = page.choose_paragraph(random)
    inner = page.get_inner(block)
    words = list(re.finditer(r"(?<= )[a-z]{4,}(?= )", inner))
    refuse_if(not words or "<" in inner)
    at = random.choice(words).start()
    return page.fill(block, inner[:at] + random.choice(("<em>", "<span>", "<font>", "<u>")) + inner[at:])


def leave_container_open(page: Specimen, random: Random) -> Specimen | None:
    block = page.choose_paragraph(random)
    return page.edit(block.start, block.start, random.choice(("<div>", "<section>", "<center>")))


def nest_deeply(page: Specimen, random: Random) -> Specimen | None:
    block = page.choose_paragraph(random)
    return page.put(block, "<div>" * _DEEP + page.get_source(block) + "</div>" * _DEEP)


def pad_with_breaks(page: Specimen, random: Random) -> Specimen | None:
    """Breaks at the ends of a paragraph."""
    block = page.choose_paragraph(random)
    before, behind = random.choice((("<br>", ""), ("", "<br />"), ("<br><br>", "<br>"), ("\n<br />\n", "")))
    return page.fill(block, before + page.get_inner(block) + behind)


def break_within_words(page: Specimen, random: Random) -> Specimen | None:
    refuse_if(page.is_bare)
    return page.substitute(r"(?<=<p>)(\w[^<>&]{20,}?[a-z]{4})(?=[a-z]{4})", r"\1<wbr>")


def bare_ampersands(page: Specimen, random: Random) -> Specimen | None:
    refuse_if(page.is_bare)
    return page.substitute(r"&amp;(?= )", "&")


def use_block_in_strong(page: Specimen, random: Random) -> Specimen | None:
    """Emphasis around a whole paragraph of prose."""
    block = page.choose_paragraph(random)
    refuse_if(len(block.text) < 100)
    tag = random.choice(("em", "span", "font", "i"))
    return page.put(block, f"<{tag}>{page.get_source(block)}</{tag}>")


def unwrap_paragraph(page: Specimen, random: Random) -> Specimen | None:
    """Text without an element of its own, between two paragraphs."""
    block = page.choose_paragraph(random)
    return page.put(block, page.get_inner(block))


def unwrap_paragraphs(page: Specimen, random: Random) -> Specimen | None:
    """Two breaks where a paragraph ended, all through the text."""
    refuse_if(page.is_bare or not page.list_paragraphs())
    return page.substitute(r"<p>((?:[^<]|<(?!/?(?:p|div|ul|ol)\b))*)</p>", r"\1<br><br>")


def wrap_in_form(page: Specimen, random: Random) -> Specimen | None:
    """A form around the whole text, as some servers print it."""
    blocks = [block for block in page.list_paragraphs() if block.tag == "p"] if not page.is_bare else []
    refuse_if(len(blocks) < 3 or "<form" in page.markup)
    start, end = blocks[0].start, blocks[-1].end
    source = page.markup[start:end]
    refuse_if(source.count("<div") != source.count("</div") or source.count("<ul") != source.count("</ul"))
    return page.edit(start, end, f'<form id="aspnetForm" method="post">{source}</form>')


def add_prolog(page: Specimen, random: Random) -> Specimen | None:
    refuse_if(page.frame or page.is_bare)
    prolog = random.choice(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "<!-- saved by hand -->\n", "\n\n   \n", "\ufeff\ufeff")
    )
    return replace(page, markup=prolog + page.markup)


def mislabel(page: Specimen, random: Random) -> Specimen | None:
    """A content type that is not the page's."""
    refuse_if(page.frame or page.is_bare or not page.markup.lstrip().lower().startswith(("<!doctype", "<html")))
    media = random.choice(("text/plain", "application/octet-stream", "application/xhtml+xml", "text/html", ""))
    return replace(page, capture=replace(page.capture, content_type=f"{media}; charset=utf-8" if media else None))


def offer_translation(page: Specimen, random: Random) -> Specimen | None:
    """A page that can be translated, and is not."""
    widget = random.choice(
        (
            '<div class="gtranslate_wrapper"><a href="#" class="glink" data-gt-lang="es">Español</a></div>',
            '<div id="google_translate_element"></div>',
            '<meta name="google" content="notranslate">',
            '<link rel="alternate" hreflang="fr" href="https://www.usresistnews.org/fr/">',
        )
    )
    return page.substitute(r"<body\b[^<>]*>", lambda match: match[0] + widget)


def copy_for_phones(page: Specimen, random: Random) -> Specimen | None:
    """A paragraph once more in an element that is not shown."""
    block = page.choose_paragraph(random)
    form = random.choice(('<div style="display: none;">{}</div>', "<div hidden>{}</div>", "<template>{}</template>"))
    return page.edit(block.end, block.end, form.format(page.get_source(block)))


def add_excerpt(page: Specimen, random: Random) -> Specimen | None:
    """The excerpt above the content."""
    block = page.choose_paragraph(random)
    excerpt = f'<div class="entry-summary"><p>{block.text[:60]}…</p></div>'
    return page.substitute(r"(?=<div class=\"entry-content\")", excerpt)
