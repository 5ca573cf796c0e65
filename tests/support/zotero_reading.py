"""What Zotero makes of a page, by the rules of its translators `Embedded Metadata` and `COinS`."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from lxml import html

Item = dict[str, Any]
_HIGHWIRE = {
    "citation_title": "title",
    "citation_publication_date": "date",
    "citation_technical_report_institution": "institution",
    "citation_technical_report_number": "reportNumber",
    "citation_publisher": "publisher",
    "citation_public_url": "url",
    "citation_language": "language",
}
_OWN = {"z:reportType": "reportType", "z:publicationTitle": "publicationTitle", "z:websiteType": "websiteType"} | {
    "z:archiveLocation": "archiveLocation",
    "z:extra": "extra",
    "z:date": "date",
    "dc.rights": "rights",
}
_CONTEXT = {
    "rft.title": "title",
    "rft.date": "date",
    "rft.publisher": "publisher",
    "rft.source": "publicationTitle",
    "rft.rights": "rights",
    "rft.language": "language",
    "rft.type": "itemType",  # if there is such a type, as here
    "rft.identifier": "url",
}


def read_embedded_metadata(page: str) -> Item:
    """The item of a page with meta tags; `z:itemType` goes before what the tags let it guess."""
    tags = [(tag.get("name"), tag.get("content")) for tag in html.fromstring(page).iterfind("head/meta")]
    item: Item = {field: value for tag, field in (_HIGHWIRE | _OWN).items() for name, value in tags if name == tag}
    item["creators"] = [split_creator(value or "") for name, value in tags if name == "citation_author"]
    item["abstractNote"] = dict(tags).get("description")
    return item | {"itemType": dict(tags)["z:itemType"]}


def split_creator(name: str) -> tuple[str, str]:
    """The given and the family name; the first is empty for one that stays whole."""
    if "," in name:
        family, given = name.split(",", 1)
        return given.strip(), family.replace("\u00a0", " ")
    given, _, family = name.rpartition(" ")
    return given, family


def read_context_objects(page: str) -> list[Item]:
    """The items of a page with COinS."""
    return [
        _read_context_object(span.get("title") or "") for span in html.fromstring(page).iter("span") if _is_coins(span)
    ]


def _is_coins(span: Any) -> bool:  # noqa: ANN401 - an element of lxml
    return "Z3988" in (span.get("class") or "").split() and bool(span.get("title"))


def _read_context_object(text: str) -> Item:
    parts = [(key, unquote(value.replace("+", " "))) for key, value in (part.split("=") for part in text.split("&"))]
    assert dict(parts)["rft_val_fmt"] == "info:ofi/fmt:kev:mtx:dc"
    item: Item = {"itemType": "webpage", "creators": [], "tags": []}
    for key, value in parts:
        if key == "rft.aucorp":
            item["creators"].append(("", value))
        elif key == "rft.au":
            item["creators"].append(split_creator(value))
        elif key == "rft.subject":
            item["tags"].append(value)
        elif key in _CONTEXT:
            item[_CONTEXT[key]] = value
    return item
