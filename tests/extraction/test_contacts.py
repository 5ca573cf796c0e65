"""Whose address is whose, where a line names several writers: each has their own, or none and a problem."""

from __future__ import annotations

import pytest

from tests.extraction.test_people import LABEL, TEXT, has_problem, reading

ADA, LEO, KIT = "Ada Wren", "Leo Marsh", "Kit Vale"
CLOSING = "This Brief was submitted by USRESIST NEWS Analysts "


def link(box: str, words: str = "Contact") -> str:
    return f"<a href='mailto:{box}@lamps.example'>{words}</a>"


@pytest.mark.parametrize(
    ("line", "boxes"),
    [
        (f"By {link('x', ADA)}", ["x"]),
        (f"By {ADA} ({link('x')}) and {LEO} ({link('y')})", ["x", "y"]),
        (f"By {ADA} {link('x')}, {LEO} {link('y')} and {KIT} {link('z')}", ["x", "y", "z"]),
        (f"By {ADA} and {LEO} ({link('x')}, {link('y')})", ["x", "y"]),
        (f"By {ADA} and {LEO} ({link('marsh')}, {link('ada.wren')})", ["ada.wren", "marsh"]),
        (f"By {link('x', ADA)} and {link('y', LEO)}", ["x", "y"]),
        (f"By {ADA} and {link('y', LEO)}", [None, "y"]),
        (f"By {ADA} (x@lamps.example) and {LEO} (y@lamps.example)", ["x", "y"]),
        (f"By {ADA} and {LEO}<br>lmarsh@lamps.example", [None, "lmarsh"]),
    ],
)
def test_a_byline_gives_each_writer_the_address_that_is_theirs(line: str, boxes: list[str | None]) -> None:
    found = reading(LABEL + f"<p>{line}</p>" + TEXT)
    urls = [f"mailto:{box}@lamps.example" if box else None for box in boxes]
    assert [author.contact for author in found.brief.authors] == urls
    assert [author.name for author in found.brief.authors] == [ADA, LEO, KIT][: len(boxes)]
    assert not has_problem(found, "authors")


@pytest.mark.parametrize(
    ("names", "boxes"),
    [
        (f"{ADA} and {LEO}: {link('x')}, {link('y')}", ["x", "y"]),
        (f"{ADA}, {LEO} and {KIT}: {link('x')} / {link('y')} / {link('z')}", ["x", "y", "z"]),
        (f"{ADA} and {LEO}: {link('x', 'x@lamps.example')} and {link('y', 'y@lamps.example')}", ["x", "y"]),
        (f"{ADA} and {LEO}. Contact: x@lamps.example, y@lamps.example", ["x", "y"]),
        (f"{ADA}: {link('x')} and {LEO}: {link('y')}", ["x", "y"]),
        (f"{link('x', ADA)} and {link('y', LEO)}", ["x", "y"]),
        (f"{ADA} and {LEO}: {link('ada')}", ["ada", None]),
        (f"{ADA} and {LEO}</p><p>{link('leo')}", [None, "leo"]),
    ],
)
def test_a_closing_line_does_so_too(names: str, boxes: list[str | None]) -> None:
    found = reading(LABEL + TEXT + f"<p>{CLOSING}{names}</p>")
    urls = [f"mailto:{box}@lamps.example" if box else None for box in boxes]
    assert [author.contact for author in found.brief.authors] == urls
    assert not has_problem(found, "authors")


@pytest.mark.parametrize(
    ("line", "boxes"),
    [
        (f"{ADA} and {LEO}: {link('x')}", [None, None]),
        (f"{ADA} and {LEO}, x@lamps.example", [None, None]),
        (f"{link('x', f'{ADA} and {LEO}')}", [None, None]),
        (f"{ADA} and {LEO} ({link('marsh')}, {link('x')})", [None, "marsh"]),
        (f"{ADA} ({link('x')}), {LEO} and {KIT} ({link('z')})", ["x", None, None]),
        (f"{ADA} and {LEO}<br>x@lamps.example", [None, None]),
    ],
)
def test_an_address_that_may_be_of_either_is_nobodys_and_told(line: str, boxes: list[str | None]) -> None:
    found = reading(LABEL + f"<p>By {line}</p>" + TEXT)
    urls = [f"mailto:{box}@lamps.example" if box else None for box in boxes]
    assert [author.contact for author in found.brief.authors] == urls
    assert has_problem(found, "authors")


@pytest.mark.parametrize("end", [f": {link('x')}", f".</p><p>{link('x')}", f" ({link('x')}), {KIT} ({link('z')})"])
def test_so_it_is_in_a_closing_line(end: str) -> None:
    found = reading(LABEL + TEXT + f"<p>{CLOSING}{ADA} and {LEO}{end}</p>")
    assert [author.contact for author in found.brief.authors[:2]] == [None, None]
    assert has_problem(found, "authors")


def test_accounts_are_no_addresses_of_writers() -> None:
    names = f"<a href='https://lamps.example/a'>{ADA}</a> and <a href='https://lamps.example/l'>{LEO}</a>"
    found = reading(LABEL + f"<p>By {names}</p>" + TEXT)
    assert [author.contact for author in found.brief.authors] == [None, None]
    assert not has_problem(found, "authors")


@pytest.mark.parametrize(
    ("line", "boxes"),
    [
        (link("x"), ["x", None]),
        (link("x", "Contact the author"), ["x", None]),
        ("Contact: x@lamps.example", ["x", None]),
        (f"{link('x')}, {link('y')}", ["x", "y"]),
        ("Contact: x@lamps.example and y@lamps.example", ["x", "y"]),
        ("E-mail: leo@lamps.example / ada@lamps.example", ["ada", "leo"]),
    ],
)
@pytest.mark.parametrize("gap", ["<br>", "</p><p>"])
def test_addresses_on_a_line_of_their_own_are_the_writers(line: str, boxes: list[str | None], gap: str) -> None:
    writers = [ADA, LEO][: 2 - boxes.count(None)]
    urls = [f"mailto:{box}@lamps.example" for box in boxes if box]
    for content in (
        f"{LABEL}<p>By {' and '.join(writers)}{gap}{line}</p>{TEXT}",
        f"{LABEL}{TEXT}<p>{CLOSING}{' and '.join(writers)}{gap}{line}</p>",
    ):
        found = reading(content)
        assert [(author.name, author.contact) for author in found.brief.authors] == list(
            zip(writers, urls, strict=True)
        )
        assert not has_problem(found, "authors") and "ontact" not in (found.brief.body or "")


def test_a_second_writer_of_a_closing_line_stands_below_the_first() -> None:
    lines = f"<p>{CLOSING}{ADA}: {link('x')}<br>and Analyst {LEO}: {link('y')}</p>"
    authors = reading(LABEL + TEXT + lines).brief.authors
    assert [(author.name, author.contact) for author in authors] == [
        (ADA, "mailto:x@lamps.example"), (LEO, "mailto:y@lamps.example")]  # fmt: skip


def test_other_lines_below_the_writers_are_text() -> None:
    for line in ("Contact your senator before the vote", "Contact", "And the committee objected the same afternoon."):
        found = reading(f"{LABEL}{TEXT}<p>{CLOSING}{ADA}: {link('x')}<br>{line}</p>")
        assert [author.name for author in found.brief.authors] == [ADA]
        assert line in (found.brief.body or "")


@pytest.mark.parametrize("url", ["mailto:?subject=The%20rule", "https://lamps.example/x/?share=email"])
def test_buttons_to_share_a_page_lead_to_no_writer(url: str) -> None:
    for gap in (" ", "<br>", "</p><p>", " | "):
        found = reading(f"{LABEL}<p>By {ADA}{gap}<a href='{url}'>Email</a></p>{TEXT}")
        assert [(author.name, author.contact) for author in found.brief.authors] == [(ADA, None)]
