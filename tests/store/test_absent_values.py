"""A value that the newest copy lacks stays, and is told until a copy shows it again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.extraction.test_copies import LONG
from tests.support.post_copies import make_copy, make_page, take_copies
from tests.support.specimens import read_rows

HEAD = "<p>Brief #31—Education</p><p>By Ada Wren</p><p>March 3, 2020</p>"
CREDIT = "<p>Photo by Jo Simm on Unsplash</p>"
LIST = "<p><strong>Resistance Resources</strong></p><ul><li>Lamp Trust: it pays for oil.</li></ul>"


@pytest.mark.parametrize(
    ("later", "fields"),
    [
        ((HEAD, CREDIT, ""), ["resources"]),
        ((HEAD, "", LIST), ["photo_credits"]),
        ((HEAD.replace("<p>By Ada Wren</p>", ""), CREDIT, LIST), ["authors"]),
        ((HEAD.replace("<p>March 3, 2020</p>", ""), CREDIT, LIST), ["dateline"]),
        (("<p>By Ada Wren</p><p>March 3, 2020</p>", "", LIST), ["label", "photo_credits"]),
        ((HEAD, CREDIT, LIST), []),
    ],
)
def test_a_value_that_the_newest_copy_lacks_stays_and_is_told(
    tmp_path: Path, later: tuple[str, ...], fields: list[str]
) -> None:
    result = "SELECT field FROM problems WHERE kind = 'absent' ORDER BY id"
    text = "<p><strong>Policy Summary</strong></p>" + LONG
    first, second = (make_page(f"{head}{text}{credit}{items}") for head, credit, items in ((HEAD, CREDIT, LIST), later))
    take_copies(tmp_path, make_copy(second, 2023), make_copy(first))
    assert [field for (field,) in read_rows(tmp_path, result)] == fields
    assert read_rows(tmp_path, "SELECT number, dateline FROM briefs") == [(31, "2020-03-03")]
    take_copies(tmp_path, make_copy(first, 2024))
    assert read_rows(tmp_path, result) == []


@pytest.mark.parametrize(("title", "fields"), [("", ["title"]), ("US Renew News", ["title"]), ("Lamps", [])])
def test_a_label_gives_way_to_the_headline_of_another_copy(tmp_path: Path, title: str, fields: list[str]) -> None:
    """A theme that shows the site's name, or nothing, as headline loses none."""
    result = "SELECT field FROM problems WHERE kind = 'absent'"
    content = f"{HEAD}<p><strong>Policy Summary</strong></p>{LONG}{CREDIT}{LIST}"
    take_copies(tmp_path, make_copy(make_page(content, title=title), 2023), make_copy(make_page(content)))
    kept = "Two Lamps for Aldmouth" if fields else title
    assert read_rows(tmp_path, "SELECT title, label FROM briefs") == [(kept, "Brief #31—Education")]
    changed = read_rows(tmp_path, "SELECT field FROM revisions WHERE field = 'title'")
    assert (changed == []) == bool(fields)
    assert [field for (field,) in read_rows(tmp_path, result)] == fields


@pytest.mark.parametrize(("paragraphs", "number"), [(5, 1), (9, 0)])
def test_half_a_text_counts_and_is_told(tmp_path: Path, paragraphs: int, number: int) -> None:
    later = "</p>".join(LONG.split("</p>")[:paragraphs]) + "</p>"
    first, second = (
        make_page(f"{HEAD}<p><strong>Policy Summary</strong></p>{text}{CREDIT}{LIST}") for text in (LONG, later)
    )
    take_copies(tmp_path, make_copy(first), make_copy(second, 2023))
    result = read_rows(tmp_path, "SELECT message FROM problems WHERE kind = 'absent' AND field = 'body'")
    assert len(result) == number


@pytest.mark.parametrize(
    ("labels", "category", "kind", "fields"),
    [
        (("Brief #31—Education", ""), "education", "brief", ["label"]),
        (("Brief #31—Education", ""), "opinion-editorial", "brief", ["label"]),
        (("Brief USRN Blog", ""), "education", "blog", ["label"]),
        (("", "Brief #31—Education"), "opinion-editorial", "brief", []),
        (("", ""), "opinion-editorial", "opinion", []),
        (("", ""), "education", "post", ["kind"]),
    ],
)
def test_a_post_keeps_the_kind_of_the_label_that_is_kept(
    tmp_path: Path, labels: tuple[str, str], category: str, kind: str, fields: list[str]
) -> None:
    first, second = (f"<p>{label}</p>" for label in labels)
    early = make_page(f"{first}<p><strong>Policy Summary</strong></p>{LONG}")
    hentry = f"hentry category-{category}".encode()
    late = make_page(f"{second}{LONG}").replace(b"hentry", hentry)
    take_copies(tmp_path, make_copy(late, 2023), make_copy(early))
    assert read_rows(tmp_path, "SELECT kind FROM briefs") == [(kind,)]
    result = read_rows(tmp_path, "SELECT field FROM problems WHERE kind = 'absent' ORDER BY id")
    assert [field for (field,) in result] == fields
    changed = read_rows(tmp_path, "SELECT field FROM revisions WHERE field = 'kind'")
    assert bool(changed) == (kind in ("opinion", "post"))


def test_a_kind_that_an_undated_copy_decides_is_no_revision(tmp_path: Path) -> None:
    labelled, bare, parts = (f"{head}{LONG}" for head in ("<p>Brief #31—Education</p>", "", "<h4>Analysis</h4>"))
    undated = replace(make_copy(make_page(labelled)), captured_at=None)
    take_copies(tmp_path, undated, make_copy(make_page(bare)), make_copy(make_page(parts), 2023))
    assert read_rows(tmp_path, "SELECT kind FROM briefs") == [("brief",)]
    assert read_rows(tmp_path, "SELECT 1 FROM revisions WHERE field = 'kind'") == []
    assert read_rows(tmp_path, "SELECT 1 FROM past_values WHERE field = 'kind'") == []
