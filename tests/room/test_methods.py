"""Methods of HTTP besides GET and HEAD: what the room takes is said, and OAI-PMH may be asked by a form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.room import VERSIONED, open_room

Send = Callable[..., Any]
_RECORDS = b"verb=ListIdentifiers&metadataPrefix=oai_dc"


@pytest.fixture(scope="module")
def send(database: Path) -> Iterator[Send]:
    with open_room(database) as (room, runner):
        yield lambda method, path, content=b"": runner.run(room.client.request(method, path, content=content))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "QUERY"])
@pytest.mark.parametrize("path", ["/", "/archive/briefs/1", "/archive/search.json?q=levy", "/-/oai/x", "/nothing"])
def test_another_method_is_refused_with_those_that_are_taken(send: Send, method: str, path: str) -> None:
    answered = send(method, path, b"verb=Identify")
    assert (answered.status_code, answered.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answered.text == "This archive is read-only: use GET or HEAD.\n"


@pytest.mark.parametrize("path", ["/", "/archive/search.json", f"/-/timegate/https://www.usresistnews.org{VERSIONED}"])
def test_pages_of_other_sites_may_send_headers_of_their_own(send: Send, path: str) -> None:
    answered = send("OPTIONS", path)
    assert (answered.status_code, answered.content) == (204, b"")
    names = ("allow", "access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers")
    assert [answered.headers[name] for name in names] == ["GET, HEAD, OPTIONS", "*", "GET, HEAD", "*"]


def test_oai_pmh_answers_a_form_as_it_answers_an_address(send: Send) -> None:
    got = send("GET", f"/-/oai?{_RECORDS.decode()}").text
    assert got.count("<header") > 3
    for path, form in (
        ("/-/oai", _RECORDS),
        ("/-/oai", _RECORDS + b"\r\n"),
        ("/-/oai?verb=ListIdentifiers", _RECORDS[21:]),
    ):
        assert send("POST", path, form).text.partition("</responseDate>")[2] == got.partition("</responseDate>")[2]
    assert 'code="badVerb"' in send("POST", "/-/oai").text
    assert 'code="badVerb"' in send("POST", "/-/oai?verb=Identify", b"verb=Identify").text
    assert send("POST", "/-/oai", b"verb=" + b"x" * 16_000).status_code == 413
