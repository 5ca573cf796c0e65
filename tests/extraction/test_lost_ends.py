"""Text that stands in a comment or an element without its end, or too deep, is told; it is never lost in silence."""

from __future__ import annotations

import json

import pytest

from pipelines.extract import extract
from scraper.records import Capture, Extraction
from tests.support.histories import Post

_POST = Post("/2019/01/02/tolls/", 72, "Tolls of the river")
_HALF = "<p>Analysis"
_LATER = _POST.content.replace("<p>Engagement", "<!-- /note --><p>Engagement")


def _read(form: str, content: str) -> Extraction:
    page = _POST.html().replace(_POST.content.encode(), content.encode())
    item = (
        f"<item><title>T</title><link>https://www.usresistnews.org{_POST.path}</link><e:encoded><![CDATA[{content}]]>"
    )
    feed = f'<rss xmlns:e="http://purl.org/rss/1.0/modules/content/"><channel>{item}</e:encoded></item></channel></rss>'
    rest = json.dumps([_POST.rest() | {"content": {"rendered": content}}])
    body = {"page": page, "REST": rest.encode(), "RSS": feed.encode()}[form]
    return extract(Capture(body, None, "2024-01-01T00:00:00Z", "file"))


@pytest.mark.parametrize("form", ["page", "REST", "RSS"])
@pytest.mark.parametrize(
    ("opening", "content"),
    [
        ("<!-- ", _POST.content),
        ("<!-- ", _LATER),
        ("<!-- a --><!--", _POST.content),
        ("<script>", _POST.content),
        ("<style>", _POST.content),
        ("<textarea>", _POST.content),
        ('<iframe src="https://maps.example/">', _POST.content),
    ],
)
def test_what_browsers_do_not_show_for_want_of_an_end_is_told(form: str, opening: str, content: str) -> None:
    (reading,) = _read(form, content.replace(_HALF, opening + _HALF)).readings
    result = [problem.message for problem in reading.problems if problem.kind == "unread"]
    assert len(result) == 1
    assert "'Analysis Neither side says who pays" in result[0]
    assert "Neither side" not in (reading.brief.body or "")


@pytest.mark.parametrize("form", ["page", "REST", "RSS"])
@pytest.mark.parametrize(
    "closed",
    [
        *(
            "<!-- note -->",
            "<!---->",
            "<!-->",
            "<!-- a --!>",
            "<!--more-->",
            "<!--[if !IE]><!-->",
            "<script>a()</script>",
        ),
        *("<script><!-- a(); </script>", "<style>p {}</style>", "<? php ?>", "<!-- <p>An older summary.</p> -->"),
    ],
)
def test_what_has_its_end_hides_nothing(form: str, closed: str) -> None:
    content = _POST.content.replace(_HALF, closed + _HALF) + closed
    (reading,) = _read(form, content).readings
    assert [problem.kind for problem in reading.problems] == []
    assert "Neither side" in (reading.brief.body or "")


@pytest.mark.parametrize("form", ["page", "REST", "RSS"])
def test_elements_too_deep_in_one_another_are_told(form: str) -> None:
    deep = "<div>" * 2100
    found = _read(form, _POST.content.replace(_HALF, deep + _HALF))
    (reading,) = found.readings
    assert (reading.fidelity, reading.brief.path) == (0, _POST.path)
    assert "The towns on the river" in (reading.brief.body or "")
    assert ("body", "truncated") in [(problem.field, problem.kind) for problem in found.problems]
