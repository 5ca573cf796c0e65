"""OAI-PMH 2.0: the briefs as Dublin Core for libraries, with tombstones of those that were withdrawn."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.utils.asgi import Request, Response  # type: ignore[import-untyped]
from lxml import etree

from reading_room.addresses.public_url import make_url
from reading_room.protocols.oai_records import (
    DC,
    HOST,
    OAI,
    XSI,
    Element,
    clean_text,
    make_element,
    write_header,
    write_record,
)
from reading_room.query import Row, fetch_row, fetch_rows, query_archive, query_cached
from reading_room.search.known_names import NameList, read_names
from reading_room.search.name_words import slugify_domain
from reading_room.server.settings import NAME, PLUGIN
from reading_room.tables.filter_check import list_pairs
from reading_room.tables.filter_values import parse_day_prefix
from scraper.dates import now

_PREFIX = "oai_dc"
_IDENTIFIER = re.compile(rf"oai:{re.escape(HOST)}:([1-9]\d{{0,17}})")
_EMAIL = re.compile(r"[^\s@<>]+@(?:[^\s@<>.]+\.)+[^\s@<>.]+")  # as the protocol's schema has it
_PAGE = 100  # records of an answer
_OLDEST = "1970-01-01T00:00:00Z"  # of briefs of which nobody knows when they were captured
# Withdrawn briefs have no row any more, and no domain: every set has them. A page of long ago may have come in today.
_RECORDS = f"""SELECT id, stamp, domain, is_deleted FROM (
        SELECT briefs.id, max(
            ifnull(captured_at, '{_OLDEST}'),
            ifnull((SELECT ifnull(finished_at, started_at) FROM crawls WHERE id = crawl_id), ''),
            ifnull((SELECT max(undone_at) FROM withdrawals WHERE brief_id = briefs.id), '')
        ) AS stamp, domain, 0 AS is_deleted
        FROM briefs JOIN captures ON captures.id = capture_id
        WHERE briefs.id > :after AND stamp BETWEEN :from AND :until
            AND (:domains IS NULL OR instr(:domains, char(10) || domain || char(10)))
        ORDER BY briefs.id LIMIT :size
    ) UNION ALL SELECT * FROM (
        SELECT brief_id, max(withdrawn_at) AS stamp, NULL, 1 FROM withdrawals
        WHERE undone_at IS NULL AND brief_id > :after
        GROUP BY brief_id HAVING stamp BETWEEN :from AND :until ORDER BY brief_id LIMIT :size
    ) ORDER BY id LIMIT :size"""  # noqa: S608 - a constant
_EARLIEST = f"SELECT ifnull(min(ifnull(captured_at, '{_OLDEST}')), '{_OLDEST}') FROM captures"  # noqa: S608
# The arguments of each verb, and those that it needs.
_LISTING = ({"metadataPrefix", "from", "until", "set", "resumptionToken"}, {"metadataPrefix"})
_VERBS: dict[str, tuple[set[str], set[str]]] = {
    "Identify": (set(), set()),
    "ListMetadataFormats": ({"identifier"}, set()),
    "ListSets": ({"resumptionToken"}, set()),
    "GetRecord": ({"identifier", "metadataPrefix"}, {"identifier", "metadataPrefix"}),
    "ListIdentifiers": _LISTING,
    "ListRecords": _LISTING,
}


class OaiError(Exception):
    """A request that the protocol refuses, with its code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Repository:
    """What an answer is made of."""

    db: sqlite3.Connection
    names: NameList
    base: str  # the address of the repository
    contact: str  # the e-mail address of who runs it
    address: Callable[[int], str]  # of a brief in this room


async def serve_oai(datasette: Datasette, request: Request) -> Response:
    """The answer to a request of the protocol; its own errors are XML too, with status 200."""
    names = await query_cached(datasette, read_names)
    base = make_url(datasette, request, "-/oai")
    contact = find_contact(datasette, base)

    def make_address(brief_id: int) -> str:
        return make_url(datasette, request, f"{NAME}/briefs/{brief_id}")

    pairs = list_pairs(request)
    text = await query_archive(datasette, lambda db: _answer(Repository(db, names, base, contact, make_address), pairs))
    return Response(text, content_type="text/xml; charset=utf-8")


def find_contact(datasette: Datasette, base: str) -> str:
    """The operator's public e-mail address; else the one that RFC 2142 has for a web server, at this room's host."""
    contact = str((datasette.plugin_config(PLUGIN) or {}).get("contact") or "")
    if _EMAIL.fullmatch(contact):
        return contact
    host = urlsplit(base).hostname or ""
    return f"webmaster@{host if re.search('[a-z]', host) and '.' in host else 'localhost.localdomain'}"


ROUTES = ((r"/-/oai$", serve_oai),)


def _answer(repository: Repository, pairs: list[tuple[str, str]]) -> str:
    arguments = dict(pairs)
    try:
        verb = _check_arguments(pairs)
        parts = _ANSWERS[verb](repository, arguments)
        content, attributes = [make_element(verb, *parts)], {name: clean_text(value) for name, value in pairs}
    except OaiError as error:
        content = [make_element("error", str(error), code=error.code)]
        is_bad = error.code in ("badVerb", "badArgument")
        attributes = {} if is_bad else {name: clean_text(value) for name, value in pairs}
    root = make_element(
        "OAI-PMH", make_element("responseDate", now()), make_element("request", repository.base, **attributes), *content
    )
    root.set(f"{{{XSI}}}schemaLocation", f"{OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True).decode()


def _check_arguments(pairs: list[tuple[str, str]]) -> str:
    """The verb; raises OaiError for one that is none, and for arguments that it does not know, needs or has twice."""
    names = [name for name, _ in pairs]
    verbs = [value for name, value in pairs if name == "verb"]
    if len(verbs) != 1 or verbs[0] not in _VERBS:
        raise OaiError("badVerb", f"The verb is one of {', '.join(_VERBS)}")
    known, needed = _VERBS[verbs[0]]
    given = [name for name in names if name != "verb"]
    if len(given) != len(set(given)) or not set(given) <= known:
        raise OaiError(
            "badArgument", f"{verbs[0]} has these arguments, once each: {', '.join(sorted(known)) or 'none'}"
        )
    if "resumptionToken" in given:
        if len(given) > 1:
            raise OaiError("badArgument", "resumptionToken stands alone")
    elif not needed <= set(given):
        raise OaiError("badArgument", f"{verbs[0]} needs {' and '.join(sorted(needed))}")
    return verbs[0]


def _identify(repository: Repository, _: dict[str, str]) -> list[Element]:
    return [
        make_element("repositoryName", "Archive of the U.S. RESIST NEWS policy briefs"),
        make_element("baseURL", repository.base),
        make_element("protocolVersion", "2.0"),
        make_element("adminEmail", repository.contact),
        make_element("earliestDatestamp", repository.db.execute(_EARLIEST).fetchone()[0]),
        make_element("deletedRecord", "persistent"),
        make_element("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ]


def _list_formats(repository: Repository, arguments: dict[str, str]) -> list[Element]:
    if "identifier" in arguments:
        _require_record(repository, arguments["identifier"])
    schema = f"{DC[:-1]}.xsd"
    return [
        make_element(
            "metadataFormat",
            make_element("metadataPrefix", _PREFIX),
            make_element("schema", schema),
            make_element("metadataNamespace", DC),
        )
    ]


def _list_sets(repository: Repository, arguments: dict[str, str]) -> list[Element]:
    if "resumptionToken" in arguments:
        raise OaiError("badResumptionToken", "The list of sets is given whole")
    slugs = {slugify_domain(name): name for name in repository.names.domains}
    named = [(slug, name) for slug, name in sorted(slugs.items()) if slug and slug.isascii()]
    return [
        make_element("set", make_element("setSpec", slug), make_element("setName", clean_text(name)))
        for slug, name in named
    ]


def _get_record(repository: Repository, arguments: dict[str, str]) -> list[Element]:
    _check_prefix(arguments["metadataPrefix"])
    return [_write(repository, _require_record(repository, arguments["identifier"]))]


def _list_identifiers(repository: Repository, arguments: dict[str, str]) -> list[Element]:
    rows, token = _read_page(repository, arguments)
    return [*(write_header(row) for row in rows), *token]


def _list_records(repository: Repository, arguments: dict[str, str]) -> list[Element]:
    rows, token = _read_page(repository, arguments)
    return [*(_write(repository, row) for row in rows), *token]


_ANSWERS: dict[str, Callable[[Repository, dict[str, str]], list[Element]]] = {
    "Identify": _identify,
    "ListMetadataFormats": _list_formats,
    "ListSets": _list_sets,
    "GetRecord": _get_record,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
}


def _read_page(repository: Repository, arguments: dict[str, str]) -> tuple[list[Row], list[Element]]:
    """The records of an answer, and the token of the next; raises OaiError if there are none."""
    is_next = "resumptionToken" in arguments
    after, given = _read_token(arguments["resumptionToken"]) if is_next else (0, arguments)
    try:
        _check_prefix(given.get("metadataPrefix", ""))
        values = {"size": _PAGE + 1, "domains": _read_set(repository, given.get("set")), **_read_span(given)}
    except OaiError as error:
        raise _refuse_token() if is_next else error from None
    rows = fetch_rows(repository.db, _RECORDS, {**values, "after": after})
    if not rows and is_next:  # the rest has left the set or the time since the token was given; no answer may be empty
        rows = fetch_rows(repository.db, _RECORDS, {**values, "after": 0, "size": 1})
    if not rows:
        raise OaiError("noRecordsMatch", "No record is of this time and set")
    page = rows[:_PAGE]
    if len(rows) > _PAGE:
        return page, [make_element("resumptionToken", _make_token(page[-1]["id"], given))]
    return page, [make_element("resumptionToken")] if is_next else []


def _make_token(after: int, given: dict[str, str]) -> str:
    kept = {name: value for name, value in given.items() if name in _LISTING[0]}
    return urlencode({"after": after, **kept})


def _read_token(token: str) -> tuple[int, dict[str, str]]:
    given = dict(parse_qsl(token))
    after = given.pop("after", "")
    if not after.isascii() or not after.isdigit() or len(after) > 18 or not set(given) <= _LISTING[0]:
        raise _refuse_token()
    return int(after), given


def _refuse_token() -> OaiError:
    return OaiError("badResumptionToken", "This token is none of this repository")


def _read_set(repository: Repository, name: str | None) -> str | None:
    """The domains of a set, each on a line of its own; None for all. Raises OaiError for a set that there is not."""
    if name is None:
        return None
    domains = [domain for domain in repository.names.domains if slugify_domain(domain) == name]
    if not domains:
        raise OaiError("noRecordsMatch", "There is no such set")
    return "\n" + "\n".join(domains) + "\n"


def _read_span(given: dict[str, str]) -> dict[str, str]:
    """The first and the last datestamp, to the second; raises OaiError for one of another form."""
    stamps = {}
    lengths = {len(given[name]) for name in ("from", "until") if name in given}
    for name, ending in (("from", "T00:00:00Z"), ("until", "T23:59:59Z")):
        value = given.get(name) or {"from": _OLDEST, "until": "9999-12-31T23:59:59Z"}[name]
        day, _, time = value.partition("T")
        is_time = re.fullmatch(r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ", time, re.ASCII) if time else True
        if len(day) != len("2020-01-01") or parse_day_prefix(day) is None or not is_time or len(lengths) > 1:
            raise OaiError("badArgument", "from and until are both like 2020-01-31 or both like 2020-01-31T12:00:00Z")
        stamps[name] = value if time else day + ending
    if stamps["from"] > stamps["until"]:
        raise OaiError("badArgument", "from is later than until")
    return stamps


def _check_prefix(prefix: str) -> None:
    if prefix != _PREFIX:
        raise OaiError("cannotDisseminateFormat", f"The only format is {_PREFIX}")


def _require_record(repository: Repository, identifier: str) -> Row:
    match = _IDENTIFIER.fullmatch(identifier)
    brief_id = int(match[1]) if match else 0
    values = {"after": brief_id - 1, "size": 1, "domains": None, **_read_span({})}
    row = fetch_row(repository.db, _RECORDS, values) if match else None
    if row is None or row["id"] != brief_id:
        raise OaiError("idDoesNotExist", f"No record has this identifier; they are like oai:{HOST}:1")
    return row


def _write(repository: Repository, row: Row) -> Element:
    return write_record(repository.db, row, repository.address(row["id"]))
