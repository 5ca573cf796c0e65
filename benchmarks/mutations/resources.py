"""Mutations of the recommended resources and of photo credits."""

from __future__ import annotations

import re
from itertools import pairwise
from random import Random
from typing import Any

from benchmarks.mutations.labels import retag, wrap_inside
from benchmarks.mutations.specimen import Block, Specimen, refuse_if, require

_HEADINGS = (
    "Engagement Resources",
    "Resistance Resources",
    "RESISTANCE RESOURCES",
    "Resistance Resource",
    "Engagement Resouces",
    "Additional Resources",
    "Resources",
)
_ENDS = ("", ":", " –", " :")
_ADDED = (
    ("<a href=\"{url}\">{name}</a>: {text}", "{name}: {text}", True, True),
    ("<a href=\"{url}\">{name}</a> – {text}", "{name} – {text}", True, True),
    ("<a href=\"{url}\">{name}:</a> {text}", "{name}: {text}", True, True),
    ("<strong><a href=\"{url}\">{name}</a></strong>: {text}", "{name}: {text}", True, True),
    ("<a href=\"{url}\" target=\"_blank\"><strong>{name}</strong></a>: {text}", "{name}: {text}", True, True),
    ("<a href=\"{url}\">{name}</a>", "{name}", True, False),
    ("{name}: {text}", "{name}: {text}", False, True),
    ("{name}", "{name}", False, False),
)  # fmt: skip


def list_items(page: Specimen) -> list[Block]:
    """List the list items of the resources; none unless every one is found."""
    resources = page.get_value("resources") or []
    blocks = [page.find_block(resource["text"]) for resource in resources]
    found = [block for block in blocks if block and block.tag == "li"]
    is_ordered = all(first.end <= second.start for first, second in pairwise(found))
    return found if len(found) == len(resources) and is_ordered else []


def find_heading(page: Specimen) -> Block | None:
    """Find the heading of the resources, if all of them stand under one."""
    headings = {resource.get("heading") for resource in page.get_value("resources") or ()}
    heading = headings.pop() if len(headings) == 1 else None
    found = [b for b in page.blocks if heading and b.text.rstrip(" :–—-") == heading and b.tag not in ("br", "")]
    return found[0] if len(found) == 1 else None


def drop_item(page: Specimen, random: Random) -> Specimen | None:
    items = list_items(page)
    refuse_if(len(items) < 2)
    at = random.randrange(len(items))
    resources = page.get_value("resources")
    gaps = [page.markup[first.end : second.start].strip() for first, second in pairwise(items)]
    refuse_if(any(gaps[max(0, at - 1) : at + 1]))  # it may be the only one of its group
    return page.put(items[at], "").expect(resources=resources[:at] + resources[at + 1 :])


def swap_items(page: Specimen, random: Random) -> Specimen | None:
    items = list_items(page)
    refuse_if(len(items) < 2 or find_heading(page) is None)
    at = random.randrange(len(items) - 1)
    resources = list(page.get_value("resources"))
    resources[at : at + 2] = reversed(resources[at : at + 2])
    return page.swap(items[at], items[at + 1]).expect(resources=resources)


def double_item(page: Specimen, random: Random) -> Specimen | None:
    """An item twice is two rows or one."""
    items = require(list_items(page))
    at = random.randrange(len(items))
    resources = list(page.get_value("resources"))
    return page.double(items[at]).admit(resources=[*resources[: at + 1], resources[at], *resources[at + 1 :]])


def add_item(page: Specimen, random: Random) -> Specimen | None:
    """One more item, in any of the shapes that editors type."""
    items = require(list_items(page))
    refuse_if("esource" not in require(find_heading(page)).text)  # below other headings each item is a link
    shape, text, has_link, has_text = random.choice(_ADDED)
    name = random.choice(("Harbor Legal Fund", "ACLU of Ondine", "Tenants’ Union", "Call your senators"))
    words = {"url": "https://harborlegal.example.org/", "name": name, "text": "Gives advice to tenants."}
    resource: dict[str, Any] = {"heading": page.get_value("resources")[0]["heading"], "name": name}
    resource |= {"url": words["url"]} if has_link else {}
    resource |= {"description": words["text"]} if has_text else {}
    added = page.add_after(items[-1], shape.format(**words))
    return added.expect(resources=[*page.get_value("resources"), resource | {"text": text.format(**words)}])


def retag_list(page: Specimen, random: Random) -> Specimen | None:
    """A numbered list."""
    items = require(list_items(page))
    before, within = page.markup[: items[0].start], page.markup[items[0].start :]
    at = before.rfind("<ul")
    refuse_if(at < 0 or "</ul>" in before[at:] or items[-1].end > items[0].start + within.find("</ul>"))
    return page.edit(at, len(page.markup), "<ol" + before[at + 3 :] + within.replace("</ul>", "</ol>", 1))


def wrap_items(page: Specimen, random: Random) -> Specimen | None:
    """Each item's text in another element."""
    wraps = ("<p>{}</p>", "<span>{}</span>", '<span style="font-weight:400">{}</span>', "<div>{}</div>")
    form = random.choice(wraps)
    for item in reversed(require(list_items(page))):
        page = page.fill(item, form.format(page.get_inner(item)))
    return page


def turn_items_to_paragraphs(page: Specimen, random: Random) -> Specimen | None:
    """Paragraphs that begin with a bullet or with a link in the place of a list."""
    items = require(list_items(page))
    refuse_if(not all(re.match(r"\s*<a\b", page.get_inner(item)) for item in items))
    mark = random.choice(("• ", "", "· ", "- "))
    for item in reversed(items):
        page = page.put(item, f"<p>{mark}{page.get_inner(item)}</p>")
    return page


def decorate_links(page: Specimen, random: Random) -> Specimen | None:
    """Attributes on the links of the items."""
    extra = random.choice(
        (' target="_blank" rel="noopener noreferrer"', ' class="external"', ' data-wpel-link="external"')
    )
    for item in reversed(require(list_items(page))):
        page = page.fill(item, page.get_inner(item).replace("<a ", f"<a{extra} "))
    return page


def respell_heading(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_heading(page))
    refuse_if("<" in page.get_inner(block).replace("<strong>", "").replace("</strong>", ""))
    heading, end = random.choice(_HEADINGS), random.choice(_ENDS)
    resources = [resource | {"heading": heading} for resource in page.get_value("resources")]
    refuse_if(block.text not in page.get_inner(block))
    return page.fill(block, page.get_inner(block).replace(block.text, heading + end)).expect(resources=resources)


def retag_heading(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_heading(page))
    refuse_if(block.tag == "li" or not list_items(page))
    forms = (
        "<h2>{}</h2>",
        "<h3>{}</h3>",
        "<h4><span>{}</span></h4>",
        "<p><b>{}</b></p>",
        "<p><u>{}</u></p>",
        "<p>{}</p>",
    )
    return page.put(block, random.choice(forms).format(page.get_inner(block)))


def drop_heading(page: Specimen, random: Random) -> Specimen | None:
    """Without its heading a list may be text or resources."""
    block = require(find_heading(page))
    return page.put(block, "").leave_open("resources", "body", "sections", "links", "kind")


def find_credit(page: Specimen) -> Block | None:
    """Find the paragraph of the only credit."""
    credits = page.get_value("photo_credits") or []
    block = page.find_block(credits[0]["text"]) if len(credits) == 1 else None
    return block if block and block.tag in ("p", "h5", "h6", "div") else None


def drop_credit(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_credit(page))
    return page.put(block, "").expect(photo_credits=None)


def double_credit(page: Specimen, random: Random) -> Specimen | None:
    return page.double(require(find_credit(page))).admit(photo_credits=page.get_value("photo_credits") * 2)


def retag_credit(page: Specimen, random: Random) -> Specimen | None:
    block = require(find_credit(page))
    return retag(page, block, random.choice(("p", "h5", "h6", "div", "figcaption")))


def wrap_credit(page: Specimen, random: Random) -> Specimen | None:
    return wrap_inside(page, find_credit(page), random, ("em", "i", "small", "span", "sub"))


def move_credit(page: Specimen, random: Random) -> Specimen | None:
    """The credit between two paragraphs of the text."""
    block, target = require(find_credit(page)), random.choice(require(page.list_paragraphs()))
    source = page.get_source(block)
    if block.start > target.end:
        return page.put(block, "").edit(target.end, target.end, source)
    return page.edit(target.end, target.end, source).put(block, "")


def respell_credit(page: Specimen, random: Random) -> Specimen | None:
    """Another lead in front of the name."""
    block = require(find_credit(page))
    credit = page.get_value("photo_credits")[0]
    refuse_if(not credit["text"].startswith("Photo by ") or "Photo by " not in page.get_inner(block))
    leads = (
        "Photo by: ",
        "Photo: ",
        "Image by ",
        "Photo credit: ",
        "Photograph by ",
        "PHOTO BY ",
        "Picture by ",
        "Cover photo by ",
    )
    lead = random.choice(leads)
    changed = page.fill(block, page.get_inner(block).replace("Photo by ", lead, 1))
    return changed.expect(photo_credits=[credit | {"text": credit["text"].replace("Photo by ", lead, 1)}])


_CREDITS = (
    ("Photo by Oren Castell on Unsplash", "Oren Castell", "Unsplash"),
    ("Photo by Oren Castell", "Oren Castell", None),
    ("Photograph: Anadolu/Getty Images", "Anadolu", "Getty Images"),
    ("Photo credit: Oren Castell", "Oren Castell", None),
    ("Photo from Harbor Stock photos by Vecteezy", "Harbor Stock photos", "Vecteezy"),
    ("Image by Oren Castell from Pixabay", "Oren Castell", "Pixabay"),
    ("Photo by Oren Castell/Reuters", "Oren Castell", "Reuters"),
    ("Photo courtesy of Oren Castell via Flickr", "Oren Castell", "Flickr"),
)


def insert_credit(page: Specimen, random: Random) -> Specimen | None:
    """A credit behind the last paragraph."""
    paragraphs = page.list_paragraphs()
    refuse_if(page.truth["photo_credits"] != (None,) or not paragraphs or page.get_value("resources"))
    text, name, source = random.choice(_CREDITS)
    credit = {"text": text, "name": name} | ({"source": source} if source else {})
    tag = "" if page.is_bare else random.choice(("p", "h6", "p"))
    return page.add_after(paragraphs[-1], text, tag=tag).expect(photo_credits=[credit])
