"""Records of OAI-PMH as XML: Dublin Core of the briefs, and headers of those that were withdrawn."""

from __future__ import annotations

import sqlite3
from typing import Any

from lxml import etree

from pipelines.exports.brief_records import BriefRecord, read_brief
from pipelines.exports.citation_parts import LANGUAGE, get_rights
from reading_room.query import Row
from reading_room.redact import EMAIL, NOT_XML
from reading_room.search.name_words import slugify_domain

OAI, DC = "http://www.openarchives.org/OAI/2.0/", "http://www.openarchives.org/OAI/2.0/oai_dc/"
_ELEMENTS, XSI = "http://purl.org/dc/elements/1.1/", "http://www.w3.org/2001/XMLSchema-instance"
HOST = "usresistnews.org"  # in identifiers
_NAMESPACES: Any = {None: OAI, "xsi": XSI}  # lxml-stubs know no namespace without a prefix
Element = Any  # of lxml


def make_element(name: str, *content: Any, **attributes: str) -> Element:  # noqa: ANN401 - texts and elements
    """An element of the protocol."""
    element = etree.Element(f"{{{OAI}}}{name}", attributes, nsmap=_NAMESPACES)
    for part in content:
        if isinstance(part, str):
            element.text = part
        else:
            element.append(part)
    return element


def write_header(row: Row) -> Element:
    """The header of a record: identifier, datestamp and set; of a withdrawn brief that it is deleted."""
    slug = slugify_domain(row["domain"] or "")
    sets = [make_element("setSpec", slug)] if slug and slug.isascii() else []
    status = {"status": "deleted"} if row["is_deleted"] else {}
    return make_element(
        "header",
        make_element("identifier", f"oai:{HOST}:{row['id']}"),
        make_element("datestamp", row["stamp"]),
        *sets,
        **status,
    )


def write_record(db: sqlite3.Connection, row: Row, address: str) -> Element:
    """The record of a brief, which has the address; of a withdrawn one the header alone."""
    header = write_header(row)
    brief = None if row["is_deleted"] else read_brief(db, row["id"], EMAIL)
    if brief is None:
        return make_element("record", header)
    return make_element("record", header, make_element("metadata", _write_elements(brief, address)))


def _write_elements(brief: BriefRecord, address: str) -> Element:
    archived = brief["archived"] or {}
    values: dict[str, tuple[str | None, ...]] = {
        "title": (brief["title"] or brief["label"] or brief["path"],),
        "creator": tuple(author["name"] for author in brief["authors"]),
        "subject": tuple(dict.fromkeys((brief["domain"], *(category["name"] for category in brief["categories"])))),
        "description": (brief["label"], (brief["body"] or "")[:500]),
        "publisher": (brief["publisher"],),
        "date": (brief["published"],),
        "type": ("Text",),
        "identifier": (address, brief["url"]),
        "language": (LANGUAGE,),
        "relation": (archived.get("url"),),
        "rights": (get_rights(brief["publisher"]),),
    }
    record = etree.Element(f"{{{DC}}}dc", nsmap={"oai_dc": DC, "dc": _ELEMENTS, "xsi": XSI})
    record.set(f"{{{XSI}}}schemaLocation", f"{DC} {DC[:-1]}.xsd")
    for name, texts in values.items():
        for text in filter(None, texts):
            etree.SubElement(record, f"{{{_ELEMENTS}}}{name}").text = clean_text(text)
    return record


def clean_text(text: str) -> str:
    """The text without characters that XML does not allow."""
    return NOT_XML.sub("", text)
