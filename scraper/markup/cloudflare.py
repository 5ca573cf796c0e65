"""Restores the e-mail addresses that Cloudflare hides from robots, and marks those that plugins hide."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from html import unescape
from itertools import islice

from lxml.html import HtmlElement

PLACEHOLDER = "[email protected]"  # what Cloudflare shows; it stays where the code of the address is damaged
_PLACEHOLDER = re.compile(r"\[[^\[\]]{1,60}\]")  # in any language
_HIDING = "cdn-cgi/l/email-protection"
_ATTRIBUTE = "data-cfemail"
_SCRIPT = r"javascript:\s*[\w.]*(?:crypt|mail|decode)"
_SCRIPTED = re.compile(rf"{_SCRIPT}\w*\(", re.IGNORECASE)
# What plugins show where their script does not run.
_NOTICE = re.compile(
    r"[*\[(](?:protected e-?mail|e-?mail (?:address )?(?:is )?(?:being )?protected)\b.*"
    r"|this e-?mail address is being protected from spam\s?bots.*",
    re.IGNORECASE | re.DOTALL,
)
_WRITING = re.compile(r"document\.write\b.*(?:mailto|mai['\"]|@|&#64;|%40)", re.DOTALL)
# In small letters; each is a search in C, of which one pattern for all would need twenty times as long.
_HINTS = (_HIDING.encode(), _ATTRIBUTE.encode(), b"document.write", b"bidi-override")
_NOTICE_HINTS = (b"mail protected", b"protected email", b"protected e-mail", b"protected from spam")
_SCRIPT_HINT = re.compile(_SCRIPT.encode())
_MARKS = frozenset((_ATTRIBUTE.encode(), b"bidi-override", b"protected"))  # of `find_marks`
_AROUND_WORDS = ("p", "li", "td", "span", "a")  # a script in them may write a mailbox; others write advertisements
_FEW = 6  # elements; a notice has fewer, and no depth of them costs the square of a page
_LINK = re.compile(rf"{re.escape(_HIDING)}(?:[./?][^#]*)?(?:(?:#|%23)(?P<code>.*))?$", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![^\s@<>()\"])[^\s@<>()\"]+@[^\s@<>()\"?]+\.[^\s@<>()\".?]{2,}(?:\?\S*)?")


def hides_email(url: str) -> bool:
    """Whether an address is a link to Cloudflare's explanation, or to a script's work, instead of to a mailbox."""
    return _HIDING in url or bool(_SCRIPTED.match(url))


def may_hide_emails(lower_markup: bytes) -> bool:
    """Whether markup in small letters may hold hidden addresses: cheap searches before the walk over its tree."""
    if any(hint in lower_markup for hint in _HINTS) or _SCRIPT_HINT.search(lower_markup):
        return True
    return b"protected" in lower_markup and any(hint in lower_markup for hint in _NOTICE_HINTS)


def has_hiding_element(marks: Collection[bytes], addresses: str, scripts: Iterable[HtmlElement]) -> bool:
    """Whether a page has an element that may hide an address: half of the pages that may hide one have none.

    `marks` are those that programs left in it, `addresses` those of its elements `<a>` in one text in small letters,
    and `scripts` its elements `<script>`.
    """
    return (
        not _MARKS.isdisjoint(marks)
        or _HIDING in addresses
        or ("javascript:" in addresses and _SCRIPTED.search(addresses) is not None)
        or any(_writes_words(script) for script in scripts)
    )


def reveal_emails(tree: HtmlElement) -> None:
    """Put the addresses back, as Cloudflare's script does in a browser; a damaged code leaves the placeholder."""
    for link in tree.iter("a"):
        match = _LINK.search(link.get("href") or "")
        if match and (address := _decode(match["code"] or "")):
            link.set("href", f"mailto:{address}")
            _replace_placeholder(link, address.partition("?")[0])
    for element in tree.xpath(f"descendant-or-self::*[@{_ATTRIBUTE}]"):
        text = _decode(element.attrib.pop(_ATTRIBUTE))
        _replace_placeholder(element, text or PLACEHOLDER)
        around = element if element.tag == "a" else next(element.iterancestors("a"), None)
        if text and around is not None and hides_email(around.get("href") or ""):
            around.set("href", f"mailto:{text}")
    _mark_hidden_emails(tree)


def _mark_hidden_emails(tree: HtmlElement) -> None:
    """Put the placeholder where a plugin has hidden an address, in place of its notice, picture or script.

    An address that is written backwards is turned round.
    """
    for element in list(tree.iter("noscript", "span", "bdo", "a", "script")):
        parent = element.getparent()
        if parent is None or len(list(islice(element.iter(), _FEW))) == _FEW:
            continue
        words = " ".join(element.text_content().split())
        if not len(element) and "bidi-override" in (element.get("style") or "") and _ADDRESS.fullmatch(words[::-1]):
            element.text = words[::-1]
        is_picture = element.tag == "a" and not words and hides_email(element.get("href") or "")
        if (
            is_picture
            or (element.tag == "script" and _writes_words(element) and _WRITING.search(words))
            or (len(words) < 120 and _NOTICE.fullmatch(words.rstrip("*]). ")))
        ):
            element.clear(keep_tail=True)
            element.tag, element.text = "span", PLACEHOLDER


def _writes_words(script: HtmlElement) -> bool:
    """Whether a script stands among words and may write some."""
    parent = script.getparent()
    return parent is not None and parent.tag in _AROUND_WORDS and "document.write" in (script.text or "")


def _replace_placeholder(element: HtmlElement, text: str) -> None:
    """Set the text where nothing but the placeholder stands: other words are the editors'."""
    shown = " ".join(element.text_content().split())
    if _PLACEHOLDER.fullmatch(shown) or not (shown or len(element)):
        for child in list(element):
            element.remove(child)
        element.text = text


def _decode(code: str) -> str | None:
    """Decode an address; None where the code is damaged. Its first byte is the key that the others are XORed with."""
    try:
        key, *rest = bytes.fromhex(code.strip())
        address = unescape(bytes(byte ^ key for byte in rest).decode())
    except ValueError:
        return None
    return address if _ADDRESS.fullmatch(address) else None
