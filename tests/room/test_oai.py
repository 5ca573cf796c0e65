"""OAI-PMH 2.0: a harvester gets every brief once, by sets and times, and is told of those that were withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml import etree

from pipelines.maintenance.withdraw import withdraw_post
from tests.support.room import ODD, SHARED, VERSIONED, answer, fill_room, open_room
from tests.support.specimens import make_settings, read_rows

_NAMES = {"o": "http://www.openarchives.org/OAI/2.0/", "dc": "http://purl.org/dc/elements/1.1/"}
_RECORDS = {"verb": "ListRecords", "metadataPrefix": "oai_dc"}
_ARRIVED = """SELECT day, count(*) FROM (SELECT max(substr(finished_at, 1, 10)) AS day FROM crawls)
    JOIN briefs JOIN captures ON captures.id = capture_id JOIN crawls ON crawls.id = crawl_id
    WHERE max(captured_at, finished_at) LIKE day || '%'"""
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill_room(tmp_path_factory.mktemp("oai"))
    withdraw_post(make_settings(folder), SHARED, "asked by its author")
    return folder


@pytest.fixture(scope="module")
def ask(folder: Path) -> Iterator[Ask]:
    with open_room(folder / "archive.db", public_url="https://briefs.example") as (room, runner):

        def read_answer(**arguments: str) -> Any:  # noqa: ANN401 - lxml's elements are not typed
            answered = runner.run(answer(room, f"/-/oai?{urlencode(arguments)}"))
            assert (answered.status_code, answered.headers["content-type"][:8]) == (200, "text/xml")
            return etree.fromstring(answered.content)

        yield read_answer


def _find(element: Any, path: str) -> list[str]:  # noqa: ANN401 - as above
    return [part.text or "" for part in element.xpath(path, namespaces=_NAMES)]


def _harvest(ask: Ask, **arguments: str) -> list[Any]:
    """All records, by the tokens, as a harvester does it."""
    records: list[Any] = []
    page = ask(**arguments)
    while True:
        records += page.xpath("//o:record", namespaces=_NAMES)
        token = "".join(_find(page, "//o:resumptionToken"))
        if not token:
            return records
        page = ask(verb=arguments["verb"], resumptionToken=token)


def test_a_harvest_has_every_brief_once_and_tells_of_the_withdrawn(ask: Ask, folder: Path) -> None:
    records = _harvest(ask, **_RECORDS)
    identifiers = [_find(record, "o:header/o:identifier")[0] for record in records]
    ids = {number for (number,) in read_rows(folder, "SELECT id FROM briefs")}
    ((withdrawn,),) = read_rows(folder, "SELECT brief_id FROM withdrawals WHERE path = ?", SHARED)
    assert len(records) == len(set(identifiers)) > 100  # several answers
    assert {int(name.rpartition(":")[2]) for name in identifiers} == ids | {withdrawn}
    deleted = [record for record in records if record.xpath("o:header/@status", namespaces=_NAMES) == ["deleted"]]
    assert [_find(record, "o:header/o:identifier") for record in deleted] == [[f"oai:usresistnews.org:{withdrawn}"]]
    assert not deleted[0].xpath("o:metadata", namespaces=_NAMES)


def test_a_record_says_what_the_brief_is(ask: Ask, folder: Path) -> None:
    ((brief_id,),) = read_rows(folder, "SELECT id FROM briefs WHERE path = ?", VERSIONED)
    record = ask(verb="GetRecord", identifier=f"oai:usresistnews.org:{brief_id}", metadataPrefix="oai_dc")
    assert _find(record, "//dc:title") == ["The Harbour Levy"]
    assert _find(record, "//dc:date") == ["2021-04-04"]
    assert f"https://briefs.example/archive/briefs/{brief_id}" in _find(record, "//dc:identifier")
    assert _find(record, "//o:setSpec") == ["economics"]
    assert ODD in [title for page in _harvest(ask, **_RECORDS) for title in _find(page, ".//dc:title")]


def test_sets_and_times_choose(ask: Ask, folder: Path) -> None:
    assert "economics" in _find(ask(verb="ListSets"), "//o:setSpec")
    ((count,),) = read_rows(folder, "SELECT count(*) FROM briefs WHERE domain = 'Economics'")
    chosen = _harvest(ask, **_RECORDS, set="economics")
    assert len(chosen) == count + 1  # whoever harvests a set hears of what was withdrawn, whose domain is not kept
    assert len([record for record in chosen if record.xpath("o:header/@status", namespaces=_NAMES)]) == 1
    ((day, arrived),) = read_rows(folder, _ARRIVED)
    assert len(_harvest(ask, **_RECORDS, **{"from": day, "until": day})) == arrived + 1 > 100  # and the withdrawn
    assert not ask(**_RECORDS, until="2024-02-02").xpath("//o:record", namespaces=_NAMES)  # they came in later
    headers = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", set="economics")
    assert len(_find(headers, "//o:header/o:identifier")) == count + 1


@pytest.mark.parametrize("limits", ["", "&set=economics", "&until=2100-02-02"])
def test_a_harvest_whose_rest_has_changed_meanwhile_comes_to_its_end(ask: Ask, limits: str) -> None:
    """As a token of a harvest in which all that should follow was edited or withdrawn before it was asked for."""
    last = ask(verb="ListRecords", resumptionToken=f"after=99999&metadataPrefix=oai_dc{limits}")
    assert len(last.xpath("//o:record", namespaces=_NAMES)) == 1
    assert last.xpath("//o:resumptionToken", namespaces=_NAMES)[0].text is None


def test_the_repository_names_itself(ask: Ask) -> None:
    identity = ask(verb="Identify")
    assert _find(identity, "//o:baseURL") == ["https://briefs.example/-/oai"]
    assert _find(identity, "//o:deletedRecord") == ["persistent"]
    assert _find(ask(verb="ListMetadataFormats"), "//o:metadataPrefix") == ["oai_dc"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "Nonsense"}, "badVerb"),
        ({"verb": "Identify", "set": "x"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "oai:usresistnews.org:1"}, "badArgument"),
        ({"verb": "GetRecord", "identifier": "oai:x:1", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "GetRecord", "identifier": "oai:usresistnews.org:999", "metadataPrefix": "oai_dc"}, "idDoesNotExist"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({**_RECORDS, "set": "nothing"}, "noRecordsMatch"),
        ({**_RECORDS, "from": "2024-2-2"}, "badArgument"),
        ({**_RECORDS, "from": "2024-01-01", "until": "2024-01-02T00:00:00Z"}, "badArgument"),
        ({**_RECORDS, "from": "2024-01-02", "until": "2024-01-01"}, "badArgument"),
        ({**_RECORDS, "from": "2100-01-01"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "resumptionToken": "after=x"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "\0"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "after=1"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "after=1&metadataPrefix=oai_dc&from=24"}, "badResumptionToken"),
        ({**_RECORDS, "resumptionToken": "after=1"}, "badArgument"),
    ],
)  # fmt: skip
def test_what_the_protocol_refuses_has_its_code(ask: Ask, arguments: dict[str, str], code: str) -> None:
    assert ask(**arguments).xpath("string(//o:error/@code)", namespaces=_NAMES) == code
