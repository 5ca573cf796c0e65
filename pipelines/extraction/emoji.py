"""Characters that WordPress prints as pictures: `<img class="emoji" alt="®">`."""

from __future__ import annotations

from lxml.html import HtmlElement

_CLASSES = frozenset(("emoji", "wp-smiley"))
_LONGEST = 30  # characters; an emoji may be several, and a smiley is written as `:lol:`


def find_character(image: HtmlElement) -> str:
    """Find the character that a picture stands for; empty for other pictures."""
    names = image.get("class")
    if not names or _CLASSES.isdisjoint(names.split()):
        return ""
    character = image.get("alt", "")
    return character if len(character) <= _LONGEST else ""


def spell_characters(element: HtmlElement) -> None:
    """Put the characters themselves in place of their pictures."""
    for image in list(element.iter("img")):
        if character := find_character(image):
            image.tag, image.text = "span", character
            image.attrib.clear()
