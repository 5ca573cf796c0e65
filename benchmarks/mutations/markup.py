"""Mutations of how the same text is written down: white space, entities, tags, comments. No value changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from random import Random

from benchmarks.mutations.specimen import Specimen, refuse_if, require

_VERBATIM = r"<(?:script|style|pre|textarea)\b.*?</(?:script|style|pre|textarea)>|<!--.*?-->"
_TAGS = rf"({_VERBATIM})|<(/?)([a-zA-Z][\w-]*)([^<>]*)>"
_TEXT = rf"({_VERBATIM}|<[^<>]*>)|([^<>]+)"
_CLASSES = (
    "p1 s1", "MsoNormal", "has-text-align-left", "wp-block-paragraph", "lead", "intro", "has-drop-cap",
    "et_pb_text_inner", "post-body-text", "x-prose", "font_8", "content-block", "story-paragraph",
)  # fmt: skip
_VAGUE = ("sidebar-note", "related-reading", "newsletter-intro", "share-your-story", "widget-text", "comment-on-policy")
_NOTHING = (
    "<p></p>",
    "<p>&nbsp;</p>",
    "<div></div>",
    "<h2></h2>",
    "<p><strong></strong></p>",
    "<p><br /></p>",
    "<ul></ul>",
    '<a id="more-17"></a>',
    "<p><span>&nbsp; </span></p>",
    "<hr />",
    "<!-- <p>By Rosa Quillfeather</p> -->",
    "<!--more-->",
    "<!--[if lt IE 9]><p>Get a newer browser.</p><![endif]-->",
    "<script>var by = '<p>By Rosa Quillfeather</p>';</script>",
    "<style>.p { color: red }</style>",
    '<noscript><img src="https://pixel.example.org/1.gif" alt="By Rosa Quillfeather"></noscript>',
    '<iframe src="https://video.example.org/embed/17"></iframe>',
    '<div style="display:none">By Rosa Quillfeather</div>',
    "<template><p>By Rosa Quillfeather</p></template>",
    '<p><img src="https://www.usresistnews.org/a.jpg" alt="Photo by Rosa Quillfeather"></p>',
)


def _edit_text(page: Specimen, change: Callable[[str], str]) -> Specimen | None:
    """Change the characters between the tags of the page's blocks."""
    refuse_if(page.is_bare)
    changed = page
    for block in reversed([block for block in page.blocks if block.tag != "br"]):
        inner = re.sub(_TEXT, lambda match: match[1] or change(match[2]), page.get_inner(block), flags=re.DOTALL)
        changed = changed.fill(block, inner)
    refuse_if(changed.markup == page.markup)
    return changed


def pad_spaces(page: Specimen, random: Random) -> Specimen | None:
    space = random.choice(("  ", "\n", "\t", "&nbsp;", " &nbsp;", "\u00a0", "&#160;", "\r\n    ", "\u2009", "\u202f"))
    return _edit_text(page, lambda text: re.sub(r"(?<=[\w.,]) (?=\w)", lambda m: _sometimes(random, space, " "), text))


def hide_characters(page: Specimen, random: Random) -> Specimen | None:
    """Characters that nobody sees, between letters."""
    hidden = random.choice(("\u200b", "\u00ad", "&shy;", "&#8203;", "\u2060", "\ufeff", "&ZeroWidthSpace;"))
    return _edit_text(
        page, lambda text: re.sub(r"(?<=[a-z]{3})(?=[a-z]{3})", lambda m: _sometimes(random, hidden, ""), text)
    )


def _sometimes(random: Random, rare: str, usual: str) -> str:
    return rare if random.random() < 0.2 else usual


def write_entities(page: Specimen, random: Random) -> Specimen | None:
    form = random.choice(("&#{};", "&#x{:x};", "&#x{:X};", "&#0{};"))
    pattern = random.choice((r"[^\x00-\x7f]", r"[A-Z](?=[a-z])", "[#:]"))
    return _edit_text(page, lambda text: _outside_entities(text, pattern, lambda m: form.format(ord(m[0]))))


def _outside_entities(text: str, pattern: str, new: Callable[[re.Match[str]], str]) -> str:
    parts = re.split(r"(&[#\w]+;)", text)
    return "".join(part if number % 2 else re.sub(pattern, new, part) for number, part in enumerate(parts))


def comment_within(page: Specimen, random: Random) -> Specimen | None:
    """A comment in the middle of the words."""
    comment = random.choice(("<!-- note -->", "<!-- <b> -->", "<!--googleoff: index-->"))
    return _edit_text(page, lambda text: text.replace(" ", f" {comment}", 1))


def insert_nothing(page: Specimen, random: Random) -> Specimen | None:
    """What shows nothing to a reader, between two blocks of the text."""
    blocks = require(page.list_paragraphs())
    refuse_if(page.is_bare)
    at = random.choice([place for block in blocks for place in (block.start, block.end)])
    return page.edit(at, at, random.choice(_NOTHING))


def shout_tags(page: Specimen, random: Random) -> Specimen | None:
    refuse_if(page.is_bare)
    return page.substitute(_TAGS, lambda m: m[1] or f"<{m[2]}{m[3].upper()}{m[4]}>")


def add_attributes(page: Specimen, random: Random) -> Specimen | None:
    extra = random.choice(
        (' data-id="7"', " data-by='By Rosa Quillfeather'", ' dir="ltr"', ' style="margin:0"', ' lang="en"')
    )
    return page.substitute(r"<(p|li|h[1-6]|strong|a|div)(?=[\s>])", rf"<\1{extra}")


def unquote_attributes(page: Specimen, random: Random) -> Specimen | None:
    return page.substitute(
        r"(<(?:p|div|span|h[1-6]|li|ul|section|article|body)\b[^<>]*class=)\"([\w-]+)\"(?=[\s>])", r"\1\2"
    )


def requote_attributes(page: Specimen, random: Random) -> Specimen | None:
    pattern = r"(<(?:p|div|span|h[1-6]|li|ul|section|article|body|a)\b[^<>'\"]*\b(?:class|href)=)\"([^\"']*)\""
    return page.substitute(pattern, r"\1'\2'")


def omit_end_tags(page: Specimen, random: Random) -> Specimen | None:
    """HTML lets paragraphs and list items end by themselves."""
    return page.substitute(r"</(?:p|li)>(?=\s*<(?:p|li|ul|ol|h[1-6]|/ul|/ol)\b)", "")


def minify(page: Specimen, random: Random) -> Specimen | None:
    refuse_if(page.is_bare or "<pre" in page.markup)
    return page.substitute(r"(?<=</p>)\s+(?=<)|(?<=</li>)\s+(?=<)|(?<=</h\d>)\s+(?=<)|(?<=</div>)\s+(?=<)", "")


def indent(page: Specimen, random: Random) -> Specimen | None:
    refuse_if(page.is_bare)
    return page.substitute(r"(<(?:p|li|h[1-6])\b[^<>]*>)(?=[\w<])", "\\1\n\t\t")


def end_lines_as_windows(page: Specimen, random: Random) -> Specimen | None:
    return page.substitute(r"(?<!\r)\n", "\r\n")


def retag_paragraphs(page: Specimen, random: Random) -> Specimen | None:
    """Every paragraph in another block element."""
    tag = random.choice(("div", "section", "div"))
    for block in reversed(require([block for block in page.blocks if block.tag == "p"])):
        page = page.put(block, f"<{tag}{block.attributes}>{page.get_inner(block)}</{tag}>")
    return page


def name_paragraphs(page: Specimen, random: Random) -> Specimen | None:
    """Classes and ids that editors' programs leave on paragraphs."""
    name = random.choice(_CLASSES)
    attribute = random.choice(('class="{}"', 'id="{}"', 'class="{}" id="a17"')).format(name)
    return page.substitute(r"<p>", f"<p {attribute}>")


def name_paragraph_vaguely(page: Specimen, random: Random) -> Specimen | None:
    """Prose stays, whatever the class of its element is called."""
    blocks = require([block for block in page.list_paragraphs() if block.tag == "p" and len(block.text) > 100])
    block, name = random.choice(blocks), random.choice(_VAGUE)
    opening, end = random.choice(
        (('<p class="{}">', "</p>"), ('<div class="{}"><p>', "</p></div>"), ('<aside class="{}"><p>', "</p></aside>"))
    )
    return page.put(block, opening.format(name) + page.get_inner(block) + end)


def wrap_inside(page: Specimen, random: Random) -> Specimen | None:
    """The inside of every paragraph in a span or font, as pasted text has it."""
    opening = random.choice(("span", 'span style="font-weight: 400;"', 'font face="Arial"', "span class='s1'"))
    for block in reversed(require([block for block in page.blocks if block.tag in ("p", "li")])):
        page = page.fill(block, f"<{opening}>{page.get_inner(block)}</{opening.split()[0]}>")
    return page


def split_strong(page: Specimen, random: Random) -> Specimen | None:
    """Bold words in two elements, as editors leave them."""
    return page.substitute(r"<strong>(\w+) (\w[^<>]*)</strong>", r"<strong>\1 </strong><strong>\2</strong>")


def use_b(page: Specimen, random: Random) -> Specimen | None:
    return page.substitute(r"<(/?)strong>", r"<\1b>")


def head_sections(page: Specimen, random: Random) -> Specimen | None:
    """Bold headings of sections as heading elements, or the other way about, with a colon or a dash."""
    headings = [section["heading"] for section in page.get_value("sections") or () if section.get("heading")]
    form = random.choice(
        ("<h2>{}</h2>", "<h3>{}:</h3>", "<p><strong>{}:</strong></p>", "<p><b>{} –</b></p>", "<h4>{}</h4>")
    )
    return _put_headings(page, headings, form)


def _put_headings(page: Specimen, headings: Iterable[str], form: str) -> Specimen:
    """Write headings of the text in another form; raises Unfit where none is found."""
    blocks = [page.find_block(heading) for heading in headings]
    found = require([block for block in blocks if block and block.tag in ("p", "h2", "h3", "h4")])
    for block in sorted(found, key=lambda block: -block.start):
        page = page.put(block, form.format(block.text.replace("&", "&amp;")))
    return page


def plain_sections(page: Specimen, random: Random) -> Specimen | None:
    """The parts of a brief without any emphasis."""
    form = random.choice(
        ("<p>{}</p>", "<p>{}:</p>", "<p><u>{}</u></p>", "<p><em>{}</em></p>", "<div>{} </div>", "<h6>{}</h6>")
    )
    return _put_headings(page, ("Policy Summary", "Analysis", "Policy Analysis"), form)
