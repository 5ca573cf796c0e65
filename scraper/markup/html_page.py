"""Page: one HTML document, and queries over it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator
from functools import cached_property, lru_cache, wraps
from typing import Any, TypeVar, cast

from lxml import etree
from lxml.html import HtmlElement

from scraper.markup import frame
from scraper.markup.attribute_cap import cap_attributes
from scraper.markup.charset import decode_sound_utf8, decode_text, lower_markup
from scraper.markup.cloudflare import has_hiding_element, may_hide_emails, reveal_emails
from scraper.markup.document_parser import count_ends, parse_document
from scraper.markup.element_index import ElementIndex
from scraper.markup.link_relations import choose_addresses, read_relations
from scraper.markup.program_marks import find_marks

_T = TypeVar("_T")
_ARTICLES = ("Article", "NewsArticle", "BlogPosting", "Report", "OpinionNewsArticle", "AnalysisNewsArticle")
# For browsers a comment up to the next `>`; html.parser fails on those that it does not know by name.
_UNKNOWN_SECTION = re.compile(
    r"<!\[(?!(?:temp|cdata|ignore|include|rcdata|if|else|endif)(?![\w.-]))", re.IGNORECASE | re.ASCII
)
_MOST_COMMENTS = 5000  # a walk takes the square of those in a row
_decode_json = json.JSONDecoder(strict=False).decode
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u2060\ufeff\u00ad"))
# Letters of Persian, of India and the parts of one emoji are joined and parted by these; amid Latin they mean nothing.
_IDLE_JOINERS = re.compile("(?<![^\\u0000-\\u024f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\u0000-\\u024f])")


def drop_invisible(text: str) -> str:
    """Drop the characters that nobody sees: soft hyphens, spaces without width, marks of a text's beginning."""
    if text.isascii():
        return text
    # Cheap searches before the expensive ones: hardly a text has any of them.
    if "\u200b" in text or "\u2060" in text or "\ufeff" in text or "\u00ad" in text:
        text = text.translate(_INVISIBLE)
    return _IDLE_JOINERS.sub("", text) if "\u200c" in text or "\u200d" in text else text


def collapse_spaces(text: str) -> str:
    """Collapse white space (no-break spaces too) to single spaces, trim the ends, drop invisible characters."""
    return " ".join(drop_invisible(text).split())


def class_condition(name: str) -> str:
    """The XPath condition for an element that has a class."""
    return f"contains(concat(' ',normalize-space(@class),' '),' {name} ')"


def find_first_element(element: HtmlElement, path: str) -> HtmlElement | None:
    """Find the first element that an XPath matches; None without a match."""
    elements = _find_elements(element, path)
    return elements[0] if elements else None


def _find_elements(element: HtmlElement, path: str) -> list[HtmlElement]:
    return cast("list[HtmlElement]", _compile_path(path)(element))


@lru_cache(maxsize=256)
def _compile_path(path: str) -> etree.XPath:
    return etree.XPath(path, smart_strings=False)


def join_text(element: HtmlElement) -> str:
    """Join all text in an element, as it is written; ten times as fast as what `itertext` yields is joined."""
    return etree.tostring(element, method="text", encoding="unicode", with_tail=False)


def text_of(element: HtmlElement | None) -> str:
    """All text in an element, with white space collapsed."""
    return collapse_spaces(join_text(element)) if element is not None else ""


class Page:
    """One HTML document and the address it was captured from."""

    def __init__(self, body: bytes, content_type: str | None, url: str | None) -> None:
        lower = lower_markup(body)
        sound = decode_sound_utf8(body, lower)
        text, self.charset = decode_text(body, content_type) if sound is None else (sound, "utf-8")
        self.text, self.caps = cap_attributes(frame.cut_banners(text))  # what is not read, in sentences
        self.url = url
        self.markup = body if self.text is sound else self.text.encode("utf-8", "replace")
        self.lower_markup = lower if self.text is sound else self.markup.lower()  # bytes: text takes ten times as long
        self.ends = count_ends(self.lower_markup)
        self.tree, self._is_cut = parse_document(self.markup, self.ends)
        self._index, self.marks = self._index_tree()  # marks that programs left in the markup
        self.answers: dict[object, Any] = {}  # of `remember_answer`

    def _index_tree(self) -> tuple[ElementIndex, frozenset[bytes]]:
        """Index the elements of the page, whose hidden mailboxes are shown, and which is taken out of its frame."""
        tree = self.tree
        index = ElementIndex(tree)
        scripts = index.find_tags("script")
        marks = find_marks(self.markup, self.lower_markup, scripts)
        is_hiding = has_hiding_element(marks, index.lower_addresses, scripts)
        if is_hiding and may_hide_emails(self.lower_markup):
            reveal_emails(tree)
            index = ElementIndex(tree)
        if len(index.comments) > _MOST_COMMENTS:
            etree.strip_tags(tree, etree.Comment)
        is_framed = frame.remove_frame(tree, index.ids, index.find_tags("link"))
        return ElementIndex(tree) if is_framed else index, marks

    def reparse_leniently(self) -> Page:
        """Parse the document again with BeautifulSoup, for pages whose article lxml loses."""
        from bs4 import BeautifulSoup  # noqa: PLC0415 - its import takes a tenth of a second, and hardly a page needs it

        page = object.__new__(Page)
        page.text, page.caps, page.charset, page.url = self.text, self.caps, self.charset, self.url
        page.markup, page.lower_markup, page.ends = self.markup, self.lower_markup, self.ends
        soup = str(BeautifulSoup(_UNKNOWN_SECTION.sub("<!-[", self.text), "html.parser"))
        page.tree, page._is_cut = parse_document(soup.encode("utf-8", "replace"))
        page._index, page.marks = page._index_tree()
        page.answers = {}
        return page

    def find_by_class(self, *names: str) -> list[HtmlElement]:
        """Find the elements of the first of these classes that occurs in the document, in document order."""
        return self._index.find_classes(*names)

    def find_by_class_part(self, *parts: str) -> list[HtmlElement]:
        """Find the elements whose class attribute holds one of these words anywhere, in document order."""
        return self._index.find_class_parts(*parts)

    @property
    def class_attributes(self) -> Collection[str]:
        """The different class attributes of its elements."""
        return self._index.class_attributes

    def find_inside(self, outer: str, name: str) -> Iterator[HtmlElement]:
        """Find the elements of a class inside an element of class `outer`."""
        outers = frozenset(self.find_by_class(outer))
        for element in self.find_by_class(name) if outers else ():
            if not outers.isdisjoint(element.iterancestors()):
                yield element

    @cached_property
    def body(self) -> HtmlElement | None:
        """The element `<body>`."""
        return next(self.tree.iterchildren("body"), None)

    @cached_property
    def body_classes(self) -> frozenset[str]:
        return frozenset((self.body.get("class") or "").split()) if self.body is not None else frozenset()

    @property
    def anchors(self) -> list[tuple[HtmlElement, str]]:
        """The elements `<a>` with their addresses as written, in document order."""
        return self._index.anchors

    @property
    def addresses(self) -> str:
        """The addresses of `anchors` in one text, with a zero around each."""
        return self._index.addresses

    @property
    def lower_addresses(self) -> str:
        """The same in small letters."""
        return self._index.lower_addresses

    @property
    def comments(self) -> list[HtmlElement]:
        """The comments of the document as it was parsed."""
        return self._index.comments

    @property
    def ids(self) -> frozenset[str]:
        """The ids of all elements."""
        return self._index.ids

    @cached_property
    def meta(self) -> dict[str, str]:
        """Map meta names and properties, in lower case, to their first content."""
        contents: dict[str, str] = {}
        for element in self._index.find_tags("meta"):
            key, content = element.get("property") or element.get("name"), element.get("content")
            if key and content and content.strip():
                contents.setdefault(key.lower(), collapse_spaces(content))
        return contents

    @cached_property
    def relations(self) -> dict[str, list[str]]:
        """Map relations of `<link>` elements to all their addresses."""
        return read_relations(self._index.find_tags("link"), self.url)

    @cached_property
    def links(self) -> dict[str, str]:
        """Map relations of `<link>` elements to one address of each, absolute; JSON alternates as `json`."""
        return choose_addresses(self.relations, (self.url, self.meta.get("og:url")))

    @cached_property
    def jsonld(self) -> list[dict[str, Any]]:
        """All JSON-LD nodes, those of graphs too; invalid JSON is left out."""
        nodes: list[dict[str, Any]] = []
        for script in (s for s in self._index.find_tags("script") if s.get("type") == "application/ld+json"):
            try:
                nodes += _iter_nodes(_decode_json(script.text or ""))
            except (ValueError, RecursionError):
                continue
        return nodes

    def find_node(self, *types: str) -> dict[str, Any]:
        """Find the first JSON-LD node of one of the types; empty without one."""
        for node in self.jsonld:
            kinds = node.get("@type")
            if any(kind in types for kind in (kinds if isinstance(kinds, list) else [kinds])):
                return node
        return {}

    @cached_property
    def article(self) -> dict[str, Any]:
        """The JSON-LD node of the article itself."""
        return self.find_node(*_ARTICLES)

    @cached_property
    def title(self) -> str:
        """The document's `<title>`, with white space collapsed."""
        titles = [title for title in self._index.find_tags("title") if next(title.iterancestors("svg"), None) is None]
        in_head = (title for title in titles if title.getparent().tag == "head")
        return text_of(next(in_head, None)) or text_of(next(iter(titles), None))

    @cached_property
    def language(self) -> str:
        """The language of the document, as two letters; English where it does not say."""
        root = self.find_root()
        stated = root.get("lang") or root.get("xml:lang") or self.meta.get("og:locale") or ""
        match = re.match(r"[a-z]{2}(?![a-z])", stated.lower())
        return match[0] if match else "en"

    def find_root(self) -> HtmlElement:
        """Find the outermost element, usually `<html>`."""
        return self.tree.getroottree().getroot()

    def find_tag(self, name: str) -> HtmlElement | None:
        """Find the first element of a tag; much faster than an XPath."""
        return next(iter(self.find_tags(name)), None)

    def find_tags(self, name: str) -> list[HtmlElement]:
        """Find the elements of a tag, in document order."""
        return self._index.find_tags(name)

    def find_first(self, path: str) -> HtmlElement | None:
        """Find the first element of the document that an XPath matches."""
        return find_first_element(self.tree, path)

    def find_all(self, path: str) -> list[HtmlElement]:
        """Find every element of the document that an XPath matches."""
        return _find_elements(self.tree, path)

    @cached_property
    def is_truncated(self) -> bool:
        """Whether the document has a beginning and no end, or is too deep to be read to its end."""
        if self._is_cut:
            return True
        if self.ends[b"html"] or "</body" in self.text[-3000:].lower():
            return False
        beginning = self.text[:20000].lower()
        return "<html" in beginning or "<body" in beginning


def _iter_nodes(data: object) -> Iterator[dict[str, Any]]:
    if isinstance(data, list):
        for item in data:
            yield from _iter_nodes(item)
    elif isinstance(data, dict):
        yield data
        yield from _iter_nodes(data.get("@graph"))


def remember_answer(question: Callable[[Page], _T]) -> Callable[[Page], _T]:
    """Ask a page a question once: the page remembers the answer, and takes it along when it goes."""

    @wraps(question)
    def answer(page: Page) -> _T:
        if question not in page.answers:
            page.answers[question] = question(page)
        found: _T = page.answers[question]
        return found

    return answer
