"""Answers that are no page: packed ones are read, those that send on or hold nothing are told."""

from __future__ import annotations

import gzip

import pytest

from pipelines.extract import extract
from scraper.crawl.fetching_spider import is_useless
from scraper.records import Capture, Extraction
from tests.support.post_copies import PATH, SITE, TEXT, URL, make_page

_NEXT = f"{SITE}/2021/02/09/three-lamps/"


def answer(body: str | bytes, url: str = URL, status: int = 200, kind: str = "text/html") -> Extraction:
    body = body if isinstance(body, bytes) else body.encode()
    return extract(Capture(body, url, "2021-03-01T00:00:00Z", "live", status, content_type=kind))


@pytest.mark.parametrize("kind", ["application/x-gzip", "application/octet-stream", "application/gzip"])
def test_a_page_that_came_as_a_packed_file_is_read(kind: str) -> None:
    (reading,) = answer(gzip.compress(make_page()), kind=kind).readings
    assert reading.brief.label == "Brief #31—Education"
    cut = answer(gzip.compress(make_page())[:-40], kind=kind)
    assert "truncated" in {problem.kind for problem in cut.problems}


def test_a_packed_page_is_cut_where_its_file_is_and_one_that_is_no_post_is_not_unpacked() -> None:
    packed = gzip.compress(make_page())

    def tell(body: bytes, url: str = URL, *, truncated: bool = False) -> tuple[str, bool]:
        capture = Capture(body, url, None, "live", 200, content_type="application/gzip", truncated=truncated)
        found = extract(capture)
        return found.outcome, "truncated" in {problem.kind for problem in found.problems}

    assert tell(packed) == ("brief", False)
    assert tell(packed[:-4]) == ("brief", True)  # all of its text, and not the sum of it
    assert tell(packed, truncated=True) == ("brief", True)
    assert tell(packed, f"{SITE}/jobs/") == ("other", False)


@pytest.mark.parametrize(
    ("url", "status", "body", "outcome", "result"),
    [
        (URL, 500, make_page(), "error", ["status"]),
        (URL, 403, b"<p>Forbidden</p>", "error", ["status"]),
        (URL, 503, b"", "error", ["status"]),
        (URL, 404, b"<p>Nothing here</p>", "missing", []),
        (URL, 200, make_page(), "brief", []),
        (f"{SITE}/jobs/", 500, b"<p>Sorry</p>", "error", []),
        (URL, 503, b"<title>Maintenance</title><p>Back soon.</p>", "maintenance", ["maintenance"]),
    ],
)
def test_an_error_in_place_of_a_post_is_told(
    url: str, status: int, body: bytes, outcome: str, result: list[str]
) -> None:
    found = answer(body, url, status)
    assert (found.outcome, [problem.kind for problem in found.problems]) == (outcome, result)


REFRESHES = {
    "home": (f'<meta http-equiv="refresh" content="0;url={SITE}/">', f"{SITE}/"),
    "in other letters": ("<META content='3; URL=/' HTTP-EQUIV=Refresh>", f"{SITE}/"),
    "in other quotes": (f"<meta http-equiv=refresh content=\"1, url='{_NEXT}'\">", _NEXT),
    "without a name": ('<meta http-equiv="refresh" content="0; ../three-lamps/">', _NEXT),
    "to itself with a mark": (f'<meta http-equiv="refresh" content="0;url={PATH}?seen=1">', f"{URL}?seen=1"),
    "to itself": ('<meta http-equiv="refresh" content="0;url=#top">', None),
    "again and again": ('<meta http-equiv="refresh" content="300">', None),
    "late": (f'<meta http-equiv="refresh" content="30;url={SITE}/">', None),
    "a script's": ('<meta http-equiv="refresh" content="0;url=javascript:void(0)">', None),
}


@pytest.mark.parametrize(("meta", "target"), REFRESHES.values(), ids=REFRESHES.keys())
def test_a_page_of_nothing_that_sends_on_is_a_redirect(meta: str, target: str | None) -> None:
    moved = answer(
        f"<html><head>{meta}<title>Moved</title></head><body><p>It has moved. <a href='/'>Go on</a></p></body>"
    )
    assert (moved.outcome == "redirect", moved.location) == (target is not None, target)
    assert answer(make_page(TEXT, head=meta)).outcome == "brief"


NOTHING = {
    "a redirect to nowhere": (b"", 302),
    "no bytes": (b"", 200),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", 200),
    "packed in an unknown way": (bytes(range(256)) * 4, 200),
}


@pytest.mark.parametrize("way", NOTHING)
def test_what_came_and_holds_nothing_is_told_and_asked_for_again(way: str) -> None:
    body, status = NOTHING[way]
    found = answer(body, status=status)
    assert is_useless(found)
    assert found.problems


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize(("url", "target", "result"), [(URL, _NEXT, 0), (URL, None, 1), (f"{SITE}/jobs/", None, 0)])
def test_a_redirect_of_a_post_that_names_no_address_is_told(
    url: str, target: str | None, result: int, status: int
) -> None:
    headers = (("Location", target),) if target else ()
    found = extract(Capture(b"", url, "2021-03-01T00:00:00Z", "live", status, headers))
    assert (found.outcome, found.location) == ("redirect", target)
    assert [(problem.field, problem.kind) for problem in found.problems] == [("url", "redirect")] * result


@pytest.mark.parametrize("body", [make_page(), b"<p>Words of another look, which nobody knows.</p>"])
def test_a_page_is_not_asked_for_again(body: bytes) -> None:
    assert not is_useless(answer(body))
