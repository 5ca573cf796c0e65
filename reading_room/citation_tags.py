"""What a brief's page tells reference managers in its head, so that each field becomes what our CSL-JSON says.

Zotero takes `citation_…` and `dc.…` by its translator, and any field of its own by `z:` and the field's name.
"""

from __future__ import annotations

from pipelines.exports.brief_records import BriefRecord
from pipelines.exports.citation_parts import LANGUAGE, describe_copies, get_rights
from reading_room.citations import drop_loopback_urls
from reading_room.zotero_names import format_creator, get_item_type
from scraper.address import host_of

_NO_BREAK = "\u00a0"
_UNDATED = "n.d."


def list_citation_tags(brief: BriefRecord) -> list[tuple[str, str]]:
    """The names and contents of the meta tags; `brief` has `permalink` and `archived` of this room."""
    tags = [
        ("z:itemType", get_item_type(brief["kind"])),
        ("citation_title", brief["title"] or brief["label"] or brief["path"]),
        ("citation_public_url", brief["url"] or brief["permalink"]),
        ("citation_fulltext_html_url", brief["permalink"]),
        ("citation_language", LANGUAGE),
        *_list_publication_tags(brief),
        *(
            ("citation_author", _bind_family(format_creator(author["name"], author["kind"])))
            for author in brief["authors"]
        ),
        # Without a date Zotero takes the first time on the page, that of a capture.
        ("citation_publication_date", brief["published"]) if brief["published"] else ("z:date", _UNDATED),
        ("citation_keywords", brief["domain"]),
        ("dc.rights", get_rights(brief["publisher"])),
        *_list_copy_tags(drop_loopback_urls(brief)),
    ]
    return [(name, str(value)) for name, value in tags if value not in (None, "")]


def _bind_family(creator: str) -> str:
    """The creator without spaces before the comma: Zotero takes two words on both sides of it for two writers."""
    family, _, given = creator.partition(", ")
    return f"{family.replace(' ', _NO_BREAK)}, {given}" if " " in given else creator


def _list_publication_tags(brief: BriefRecord) -> list[tuple[str, object]]:
    label = brief["label"] if brief["title"] not in (None, "", brief["label"]) else None
    if get_item_type(brief["kind"]) == "report":
        return [
            ("citation_technical_report_institution", brief["publisher"]),
            ("citation_technical_report_number", brief["number"]),
            ("z:reportType", label),
        ]
    # Zotero would name the archive as the site otherwise.
    return [
        ("citation_publisher", brief["publisher"]),
        ("z:publicationTitle", brief["publisher"]),
        ("z:websiteType", label),
    ]


def _list_copy_tags(brief: BriefRecord) -> list[tuple[str, object]]:
    url = (brief["archived"] or {}).get("url")
    places = [("z:archive", host_of(url)), ("z:archiveLocation", url)] if url else []
    return [*places, ("z:extra", ". ".join(describe_copies(brief)))]
