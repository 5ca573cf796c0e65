"""A stray closing tag, or one that is missing, loses no text: what follows is found, in every look."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest

from pipelines.extract import extract
from pipelines.extraction.layouts.spill import has_stray_end
from scraper.markup.document_parser import count_ends, parse_document
from scraper.markup.html_page import Page
from scraper.records import Brief, Capture, Reading

URL = "https://www.usresistnews.org/2020/05/18/two-piers/"
_HEAD = f'<title>Two Piers Close</title><link rel="canonical" href="{URL}">'
_PIECES = (
    "<p>Brief #66—Foreign Policy</p>",
    "<p>By Mara Whitlock</p>",
    "<p><strong>Policy Summary</strong></p>",
    "<p>The harbour council voted in the spring to close two of its four piers to all foreign freight.</p>",
    "<p><strong>Analysis</strong></p>",
    "<p>Whether the council may do this at all is for the courts to say, and the towns along the bay will pay.</p>",
    "<p><strong>Resistance Resources</strong></p>",
    '<ul><li><a href="https://groups.example.org/bay/">Bay Towns Alliance</a>: An alliance of towns.</li></ul>',
    '<p>This Brief was written by USRESIST NEWS Analyst Mara Whitlock: <a href="mailto:m@example.org">Contact</a></p>',
)
_BELOW = "<p>This site follows what the councils do along the bay, and writes of it for its readers each week.</p>"


def _page(body: str, attributes: str = "") -> str:
    return f'<html {attributes}><head><meta charset="utf-8">{_HEAD}</head>{body}</html>'


def _classic(text: str) -> str:
    entry = (
        f'<h1 class="entry-title">Two Piers Close</h1><div class="entry-content">{text}</div> <!-- .entry-content -->'
    )
    return _page(
        f'<body class="single-post"><div><article class="et_pb_post">{entry}<div class="et_post_meta_wrapper">'
        f'</div></article></div><div id="sidebar">{_BELOW}</div><footer>{_BELOW}</footer></body>'
    )


def _build_page(text: str) -> str:
    module = f'<div class="et_pb_module et_pb_text"><div class="et_pb_text_inner">{text}</div></div>'
    return (
        f'<div id="et-boc"><div class="et_pb_section et_pb_section_0"><div class="et_pb_row"><div class="et_pb_column">'
        f"{module}</div></div></div></div>"
    )


def _theme(text: str) -> str:
    title = '<div class="et_pb_module et_pb_post_title"><h1 class="entry-title">Two Piers Close</h1></div>'
    content = f'<div class="et_pb_module et_pb_post_content et_pb_post_content_0_tb_body">{text}</div>'
    below = f'<div class="et_pb_module et_pb_text et_pb_text_1_tb_body"><div>{_BELOW}</div></div>'
    return _page(
        '<body class="single-post"><div class="et-l et-l--body"><div class="et_builder_inner_content">'
        f'<div class="et_pb_section et_pb_section_0_tb_body"><div class="et_pb_row et_pb_row_0_tb_body">'
        f'<div class="et_pb_column et_pb_column_4_4">{title}{content}{below}</div></div></div></div></div>'
        f'<footer class="et-l et-l--footer">{_BELOW}</footer></body>'
    )


def _blocks(text: str) -> str:
    return _page(
        f'<body class="single-post"><div class="wp-site-blocks"><main><h1 class="wp-block-post-title">Two Piers Close'
        f'</h1><div class="entry-content wp-block-post-content">{text}</div><div class="wp-block-group">{_BELOW}</div>'
        f'</main><footer class="wp-block-template-part">{_BELOW}</footer></div></body>'
    )


def _amp(text: str) -> str:
    return _page(
        f'<body><article class="amp-wp-article"><h1 class="amp-wp-title">Two Piers Close</h1>'
        f'<div class="amp-wp-article-content">{text}</div><footer class="amp-wp-article-footer">{_BELOW}</footer>'
        f'</article><footer class="amp-wp-footer">{_BELOW}</footer></body>',
        "amp",
    )


def _print_page(text: str) -> str:
    return _page(
        f'<body class="print"><main><p id="BlogTitle">Two Piers Close</p><div id="BlogContent">{text}</div></main><hr>'
        f"<p>Article printed from USRESIST NEWS: <b>https://www.usresistnews.org</b></p><p>URL to article: <b>{URL}</b>"
        "</p></body>"
    )


LOOKS = (
    _classic,
    lambda text: _classic(_build_page(text)),
    _theme,
    lambda text: _theme(_build_page(text)),
    _blocks,
    _amp,
    _print_page,
)
NAMES = ("classic", "builder", "theme", "theme and builder", "blocks", "amp", "print")
each_look = pytest.mark.parametrize("look", LOOKS, ids=NAMES)


def _read(page: str) -> Reading:
    capture = Capture(page.encode(), URL, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html")
    (reading,) = extract(capture).readings
    return reading


def _values(brief: Brief) -> tuple[object, ...]:
    return brief.label, brief.title, brief.body, brief.sections, brief.resources, brief.authors, brief.links


@each_look
@pytest.mark.parametrize("place", [1, 3, 4, 6, 7, 8])
@pytest.mark.parametrize(
    "stray",
    ["</div>", "</div></div>", "</section></div>", "</div></article>", "</p></span></div>", "</div>" * 9, "</body>"],
)
def test_what_follows_a_stray_closing_tag_is_found(look: Callable[[str], str], stray: str, place: int) -> None:
    cut = look("".join((*_PIECES[:place], stray, *_PIECES[place:])))
    assert _values(_read(cut).brief) == _values(_read(look("".join(_PIECES))).brief)


@each_look
@pytest.mark.parametrize("place", [3, 4, 6, 7, 8])
@pytest.mark.parametrize(
    "between",
    [
        '</div><div class="box">',  # as many tags as there should be
        '</div><section class="wide" id="second">',
        '</div><div id="attachment_7" class="wp-caption"><img src="/pier.jpg"></div>',
        '</div><hr><script>"</div>"</script>',
        "<form>",
        "<table><tr><td>",
    ],
)
def test_whatever_stands_between_its_halves_the_text_is_found(
    look: Callable[[str], str], between: str, place: int
) -> None:
    brief = _read(look("".join((*_PIECES[:place], between, *_PIECES[place:])))).brief
    whole = _read(look("".join(_PIECES))).brief
    assert (brief.body or "").startswith(whole.body or "-")
    assert (brief.resources, brief.authors) == (whole.resources, whole.authors)


@pytest.mark.parametrize("stray", ["</div>", "</div></div>", "</body>", "</body></html>", "</section></article>"])
@pytest.mark.parametrize("place", [1, 4, 7])
def test_a_stray_tag_in_a_dump_ends_nothing(stray: str, place: int) -> None:
    def read_dump(content: str) -> Brief:
        post = {"id": 9, "link": URL, "type": "post", "status": "publish", "title": {"rendered": "Two Piers Close"}}
        answer = json.dumps([{**post, "content": {"rendered": content}}]).encode()
        url = "https://www.usresistnews.org/wp-json/wp/v2/posts"
        (reading,) = extract(
            Capture(answer, url, "2024-05-05T00:00:00Z", "live", 200, content_type="application/json")
        ).readings
        return reading.brief

    assert read_dump("".join((*_PIECES[:place], stray, *_PIECES[place:]))) == read_dump("".join(_PIECES))


@pytest.mark.parametrize("look", [_theme, _blocks, _amp, _print_page], ids=["theme", "blocks", "amp", "print"])
def test_that_the_content_ends_early_is_told(look: Callable[[str], str]) -> None:
    cut = look("".join((*_PIECES[:3], "</div>", *_PIECES[3:])))
    assert ("body", "doubtful") in {(problem.field, problem.kind) for problem in _read(cut).problems}
    assert _read(look("".join(_PIECES))).problems == _read(_classic("".join(_PIECES))).problems


@pytest.mark.parametrize("look", [_classic, _theme, _amp], ids=["classic", "theme", "amp"])
@pytest.mark.parametrize("unclosed", ["<div>", "<section><div>", "<b>", "<em><strong>", "<span>"])
def test_an_element_that_is_not_closed_takes_in_nothing_of_the_template(
    look: Callable[[str], str], unclosed: str
) -> None:
    brief = _read(look("".join((*_PIECES[:4], unclosed, *_PIECES[4:])))).brief
    assert _BELOW[3:40] not in (brief.body or "")
    assert [resource.name for resource in brief.resources] == ["Bay Towns Alliance"]


def test_a_link_that_is_not_closed_ends_where_the_next_one_begins() -> None:
    brief = _read(_classic("".join((*_PIECES[:6], '<a href="https://x.example/">', *_PIECES[6:])))).brief
    assert [resource.url for resource in brief.resources] == ["https://groups.example.org/bay/"]
    assert [author.contact for author in brief.authors] == ["mailto:m@example.org"]


def test_prose_below_an_intact_content_is_told_and_left_out() -> None:
    page = _blocks("".join(_PIECES)).replace('<div class="wp-block-group">', f"{_BELOW}<div>")
    reading = _read(page)
    assert _BELOW[3:40] not in (reading.brief.body or "")
    assert any("left out" in problem.message for problem in reading.problems)


@pytest.mark.parametrize(
    ("markup", "stray"),
    [
        ("<div><p>Text</p></div>", False),
        ("<div><p>Text</p></div></div>", True),
        ("<div></div><!-- </div> --><script>'</div>'</script>", False),
        ("<section><div></div></section></SECTION>", True),
        ("<body></body></body>", True),
        ("<div><div></div>", False),
    ],
)
def test_a_stray_end_is_one_that_has_no_beginning(markup: str, stray: bool) -> None:
    lower = markup.lower().encode()
    assert has_stray_end(lower, count_ends(lower), parse_document(lower)[0]) is stray


@pytest.mark.parametrize("part", ["<!--", "<script>", "<div", "</div", "<div></div>", "-->"])
def test_a_long_document_is_looked_through_once(part: str) -> None:
    markup = part.encode() * 100_000
    tree = parse_document(markup)[0]
    begin = time.process_time()
    has_stray_end(markup, count_ends(markup), tree)
    assert time.process_time() - begin < 2


def test_a_document_ends_at_its_last_closing_tag() -> None:
    page = Page(b"<html><body><div><p>One</p></body></html><p>Two</p></div></body></html>", "text/html", None)
    assert [p.text for p in page.tree.iterfind(".//div/p")] == ["One", "Two"]


@pytest.mark.parametrize(
    "declared", ["[CDATpost", "[", "[]", "[x y]", "[-if", "[CDATA-x[", "[if !supportLists]", "[endif]"]
)
def test_a_declaration_that_no_parser_knows_hides_nothing(declared: str) -> None:
    page = Page(f"<p>One</p><!{declared}><p>Two</p><!{declared}>".encode(), "text/html", None)
    assert page.reparse_leniently().tree.text_content() == "OneTwo"


@pytest.mark.parametrize("url", [URL, None])
def test_the_posts_that_a_page_leads_to_are_found_where_it_is_known_where_they_lead(url: str | None) -> None:
    link = '<p>See also <a href="/2020/04/02/three-piers/">Three Piers</a>.</p>'
    found = extract(Capture(_classic("".join(_PIECES) + link).encode(), url, None, "wayback", 200, (), "text/html"))
    there = ["https://www.usresistnews.org/2020/04/02/three-piers/"] if url else []
    assert [address.url for address in found.found] == there
