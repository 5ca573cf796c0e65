"""What no reader sees is no part of a brief, and neither are the signs that programs add to its headings."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from scraper.records import Reading
from tests.support.post_copies import TEXT, make_copy, make_page

_LIST = '<h3>Engagement Resources</h3><ul><li><a href="https://pier.example.org/">Pier Watch</a>: A group.</li></ul>'
_LINK = '<a href="https://slots.example/">Play slots</a>'
_PLAIN = TEXT + "<h3>Outlook</h3><p>The clerk counted nine lamps.</p>"


def _read(content: str, title: str = "Two Lamps for Aldmouth") -> Reading:
    (reading,) = extract(make_copy(make_page(content, title=title))).readings
    return reading


def _has_doubt(reading: Reading) -> bool:
    return any((problem.field, problem.kind) == ("body", "doubtful") for problem in reading.problems)


_HIDING = [
    "position:absolute;left:-9999px",
    "position: absolute; LEFT: -5000PX",
    "position:fixed;top:-2000px",
    "text-indent:-9999px",
    "margin-left:-9999px",
    "font-size:0",
    "font-size:0px !important",
    "font-size: 1px",
    "opacity:0",
    "opacity:0.0;",
    "visibility:hidden",
    "height:0;overflow:hidden",
    "max-height:0px;overflow:hidden",
    "width:1px;height:1px;overflow:hidden",
    "width:0;height:0",
    "position:absolute;clip:rect(1px,1px,1px,1px)",
    "clip: rect(0 0 0 0)",
    "clip-path: inset(50%)",
    "transform:translateX(-9999px)",
    "transform:scale(0)",
    "color:#fff;background:#ffffff",
    "background-color: white; color: rgb(255, 255, 255)",
]


@pytest.mark.parametrize("style", _HIDING)
@pytest.mark.parametrize(
    "form", ['<div style="{}">{}</div>', '<p style="{}">{} online now.</p>', '<ul style="{}"><li>{}</li></ul>']
)
def test_hidden_links_are_neither_text_nor_resource(style: str, form: str) -> None:
    injected = form.format(style, _LINK)
    reading, plain = _read(TEXT + injected + _LIST + injected), _read(TEXT + _LIST)
    assert (reading.brief.body, reading.brief.resources) == (plain.brief.body, plain.brief.resources)


@pytest.mark.parametrize(
    "attributes",
    [
        'style="font-size:10px"',
        'style="margin-left:-15px;opacity:0.9"',
        'style="position:absolute;top:1450px;left:120px"',
        'style="margin:0 -9999px;padding:0 9999px"',
        'style="height:0;padding-bottom:56%;overflow:hidden"',
        'style="color:#fff;background:#123456"',
        'style="overflow:hidden;height:10px"',
        'style="text-indent:-20px"',
        'class="tooltip"',
    ],
)
def test_styles_of_the_editors_hide_nothing(attributes: str) -> None:
    reading = _read(f"{TEXT}<div {attributes}><p>The clerk counted nine lamps.</p></div>")
    assert (reading.brief.body or "").endswith("The clerk counted nine lamps.")
    assert not _has_doubt(reading)


@pytest.mark.parametrize(
    "attributes",
    [
        'class="et_animated" style="opacity: 0; animation-duration: 900ms"',
        'class="wow" style="visibility: hidden"',
        'class="accordion-panel" style="height:0;overflow:hidden"',
        'style="opacity:0"',
        'class="slick-track" style="left:-1200px"',
        'class="et_pb_toggle_content clearfix" style="display: none"',
        'class="elementor-tab-content" style="display:none"',
        'class="faq-answer" style="display:none;"',
    ],
)
def test_prose_that_a_script_may_show_stays_and_is_told(attributes: str) -> None:
    words = "The clerk counted nine lamps in the harbour, and wrote all of them down in the ledger of the school."
    reading = _read(f"{TEXT}<div {attributes}><p>{words}</p></div>")
    assert (reading.brief.body or "").endswith(words)
    assert _has_doubt(reading)


def test_words_in_a_size_of_their_own_are_seen_in_an_element_without_one() -> None:
    reading = _read(f'{TEXT}<div style="font-size:0"><p style="font-size:16px">The clerk counted nine.</p></div>')
    assert (reading.brief.body or "").endswith("The clerk counted nine.")


@pytest.mark.parametrize(
    "name",
    "sr-only visually-hidden visuallyhidden screen-reader-text show-for-sr u-visually-hidden tooltiptext"
    " visually-hidden-focusable".split(),
)
def test_words_for_screen_readers_are_no_text(name: str) -> None:
    hidden = f'<span class="{name}"> opens in a new tab</span>'
    link = f'<a href="https://pier.example.org/report">the report{hidden}</a>'
    reading = _read(f"{TEXT}<p>The clerk{hidden} counted nine lamps in {link}.</p>", f"{hidden}Two Lamps")
    assert (reading.brief.body or "").endswith("\n\nThe clerk counted nine lamps in the report.")
    assert [item.text for item in reading.brief.links] == ["the report"]
    assert reading.brief.title == "Two Lamps"


@pytest.mark.parametrize(
    "mark",
    [
        '<a class="anchor" href="#outlook">#</a>',
        '<a href="#outlook">¶</a>',
        '<a href="#o">§</a>',
        '<a href="#o">🔗</a>',
        '<a href="#o">⚓︎</a>',
        f'<a href="{"https://www.usresistnews.org/2021/02/09/two-lamps/"}#o">#</a>',
        '<a href="#o">Permalink</a>',
        '<a href="#top">Back to top</a>',
        '<a href="#page">↑ Top</a>',
        '<a href="#">Return to top ↑</a>',
        '<span class="edit-link">[edit]</span>',
        '<a class="headerlink" title="Permalink">¶</a>',
        '<a href="/wp-admin/post.php?post=31&action=edit">Edit</a>',
    ],
)
def test_marks_of_plugins_are_no_part_of_headings_text_and_headline(mark: str) -> None:
    reading = _read(
        f"{TEXT}<h3>Outlook {mark}</h3><p>The clerk counted nine lamps. {mark}</p>", f"Two Lamps for Aldmouth {mark}"
    )
    plain = _read(_PLAIN)
    assert (reading.brief.title, reading.brief.body) == (plain.brief.title, plain.brief.body)
    assert reading.brief.sections == plain.brief.sections


@pytest.mark.parametrize(
    "note", ['<a href="#fn1">[1]</a>', '<a href="#fn1">2</a>', '<a href="#map">the top of the map</a>']
)
def test_links_of_the_text_to_its_own_places_stay(note: str) -> None:
    reading = _read(f"{TEXT}<p>The clerk counted nine lamps {note}</p>")
    assert len(reading.brief.links) == 1


@pytest.mark.parametrize("form", ["<div>{}</div>", "<p>{}</p>", "<div><p>{}</p></div>"])
def test_a_bare_link_apart_from_the_list_is_told(form: str) -> None:
    reading = _read(TEXT + _LIST + form.format(_LINK))
    assert ("resources", "doubtful") in [(problem.field, problem.kind) for problem in reading.problems]


def test_buttons_in_a_headline_are_no_part_of_it() -> None:
    assert _read(TEXT, "Two Lamps<button>Save</button><script>x()</script>").brief.title == "Two Lamps"


_AD = "<p>Ships are sold here at half price, and nobody asks the buyer where they have been.</p>"


def _read_styled(sheet: str, content: str) -> Reading:
    return _read(f"<style>{sheet}</style>{TEXT}{content}")


@pytest.mark.parametrize(
    ("sheet", "attributes"),
    [
        (".hidden{display:none}", 'class="hidden"'),
        ("a{color:red} .x, div.d-none { color: red; display: none !important; }", 'class="note d-none"'),
        ("/* .y{} */ #hide-me{display:none}", 'id="hide-me"'),
        (
            ".sr-only-note{position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)}",
            'class="sr-only-note"',
        ),
        (".offscreen-x{position:absolute;left:-9999px}", 'class="offscreen-x"'),
        ("@media print{.a{display:block}} .is-hidden{display:none}", 'class="is-hidden"'),
    ],
)
def test_what_a_sheet_of_the_page_hides_by_a_name_that_says_so_is_no_text(sheet: str, attributes: str) -> None:
    reading = _read_styled(
        sheet, f"<div {attributes}>{_AD}</div><p>The clerk counted nine <b {attributes}>x</b>lamps.</p>"
    )
    assert reading.brief.body == _read(f"{TEXT}<p>The clerk counted nine lamps.</p>").brief.body


@pytest.mark.parametrize(
    ("sheet", "attributes"),
    [
        (".answer{display:none}", 'class="answer"'),
        ("#more{display:none}", 'id="more"'),
        (".hidden{display:none}</style><script>show('.hidden')</script><style>", 'class="hidden"'),
        (".hidden{display:none}</style><a onclick=\"$('.hidden').show()\">More</a><style>", 'class="hidden"'),
    ],
)
def test_prose_that_a_sheet_hides_and_a_script_may_show_stays_and_is_told(sheet: str, attributes: str) -> None:
    reading = _read_styled(sheet, f'<div {attributes}>{_AD}<p>It is <a href="/x/">well known</a>.</p></div>')
    assert "Ships are sold here" in (reading.brief.body or "")
    assert _has_doubt(reading)


@pytest.mark.parametrize("name", ["answer", "k7x", "hidden"])
def test_links_that_a_sheet_hides_are_neither_text_nor_resource(name: str) -> None:
    reading = _read_styled(f".{name}{{display:none}}", f'<div class="{name}">{_LINK}</div>{_LIST}')
    plain = _read(TEXT + _LIST)
    assert (reading.brief.body, reading.brief.resources) == (plain.brief.body, plain.brief.resources)


@pytest.mark.parametrize(
    ("sheet", "attributes"),
    [
        (".hidden{display:none} @media (min-width:60em){.hidden{display:block}}", 'class="hidden"'),
        ("@media print{.hidden{display:none}}", 'class="hidden"'),
        (".menu .hidden, .hidden:empty{display:none}", 'class="hidden"'),
        (".hidden{display:none}", 'class="hidden" style="display:block"'),
        (".d-none{display:none}", 'class="d-none d-md-block"'),
        (".hidden{display:none} .note.hidden{display:inline}", 'class="note hidden"'),
        (".hidden{display:none}" + " " * 20_000, 'class="hidden"'),
        ("</style><style media='print'>.hidden{display:none}", 'class="hidden"'),
        (".row{font-size:0} .card{color:#fff;background:#fff}", 'class="row card"'),
    ],
)
def test_what_a_sheet_shows_on_some_screen_stays(sheet: str, attributes: str) -> None:
    reading = _read_styled(sheet, f"<div {attributes}>{_AD}</div>")
    assert "Ships are sold here" in (reading.brief.body or "")
    assert not _has_doubt(reading)
