"""Text that page builders keep out of the HTML of a post is read all the same."""

from __future__ import annotations

import json
from base64 import b64encode
from urllib.parse import quote

import pytest

from pipelines.extract import extract
from pipelines.extraction.layouts.blocks import render_blocks
from scraper.records import Brief, Capture
from tests.extraction.test_people import reading
from tests.extraction.test_resource_lists import ITEMS, PROSE
from tests.sources.test_wxr import export
from tests.support.histories import Post

POST = Post("/2019/05/06/the-quay/", 61, "The quay")
WHOLE = POST.content
HEAD, _, REST = WHOLE.partition("<p>Policy Summary</p>")


def block(name: str, attributes: object, *, inner: str | None = None) -> str:
    """A block as the editor writes it: what could end a comment is escaped."""
    text = json.dumps(attributes)
    for mark, code in (("--", "\\u002d\\u002d"), ("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(mark, code)
    return f"<!-- wp:{name} {text} /-->" if inner is None else f"<!-- wp:{name} {text} -->{inner}<!-- /wp:{name} -->"


def part(value: object, screen: str = "desktop") -> dict[str, object]:
    return {"innerContent": {screen: {"value": value}}}


def divi(*modules: str) -> str:
    inner = "".join(modules)
    for name in ("divi/column", "divi/row", "divi/section"):
        inner = block(name, {"builderVersion": "5.0.0"}, inner=inner)
    return block("divi/placeholder", {}, inner=inner)


def text_module(value: object, **more: object) -> str:
    return block("divi/text", {"content": part(value)} | more)


def encode(html: str) -> str:
    """Encode HTML as WPBakery does in a post."""
    return b64encode(quote(html).encode()).decode()


CONTENTS = {
    "encoded": f'[vc_row][vc_column_text]{HEAD}[/vc_column_text][vc_raw_html el_class="x"]'
    f"{encode('<p>Policy Summary</p>' + REST)}[/vc_raw_html]"
    f"[vc_raw_js]{encode('<script>x()</script>')}[/vc_raw_js][/vc_row]",
    "one module": divi(text_module(WHOLE)),
    "a module around nothing": divi(block("divi/text", {"content": part(WHOLE)}, inner="")),
    "several modules": divi(
        text_module(HEAD), block("divi/heading", {"title": part("Policy Summary")}), text_module(REST)
    ),
    "a heading of a blurb": divi(
        text_module(HEAD), block("divi/blurb", {"content": part(REST), "title": part({"text": "Policy Summary"})})
    ),
    "a small screen's text": divi(block("divi/text", {"content": part(WHOLE, "phone")})),
    "a variable": divi(text_module('$variable({"type":"content","value":{"name":"post_date"}})$' + WHOLE)),
    "a module that nobody sees": divi(
        text_module("<p>Only a draft of it.</p>", module={"decoration": {"disabledOn": part("on")["innerContent"]}}),
        text_module(WHOLE),
    ),
    "Divi 4": f"[et_pb_section][et_pb_row][et_pb_column type='4_4'][et_pb_text]{WHOLE}[/et_pb_text][/et_pb_column]"
    "[/et_pb_row][/et_pb_section]",
    "Divi 4 inside Divi 5": divi(block("divi/shortcode-module", {}, inner=f"[et_pb_text]{WHOLE}[/et_pb_text]")),
    "WPBakery": f"[vc_row][vc_column][vc_column_text]{WHOLE}[/vc_column_text][/vc_column][/vc_row]",
    "the block editor": "".join(f"<!-- wp:paragraph -->{line}<!-- /wp:paragraph -->" for line in WHOLE.split("\n")),
    "a custom block": block("acf/story", {"name": "acf/story", "data": {"text": WHOLE, "_text": "field_5c1"}}),
}


def read_content(content: str) -> tuple[Brief, set[str]]:
    body = export(POST).replace(WHOLE.encode(), content.encode())
    (reading,) = extract(Capture(body, None, "2024-03-05T18:02:11Z", "file")).readings
    return reading.brief, {problem.kind for problem in reading.problems}


@pytest.mark.parametrize("case", CONTENTS)
def test_the_text_of_every_builder_is_read(case: str) -> None:
    whole, _ = read_content(WHOLE)
    found, problems = read_content(CONTENTS[case])
    assert (found.label, found.body) == (whole.label, whole.body)
    assert [section.heading for section in found.sections] == ["Policy Summary", "Analysis"]
    assert [resource.name for resource in found.resources] == ["River Keepers"]
    assert problems == ({"doubtful"} if case == "a custom block" else set())


@pytest.mark.parametrize("case", ["several modules", "Divi 4 inside Divi 5", "the block editor"])
@pytest.mark.parametrize("names", [("raw",), ("rendered",), ("raw", "rendered")])
def test_raw_text_of_an_answer_is_read_so_too(case: str, names: tuple[str, ...]) -> None:
    post = POST.rest() | {"content": dict.fromkeys(names, CONTENTS[case])}
    (reading,) = extract(Capture(json.dumps([post]).encode(), None, "2024-03-05T18:02:11Z", "file")).readings
    assert reading.brief.body == read_content(WHOLE)[0].body


def test_what_elementor_keeps_beside_an_empty_post_is_read() -> None:
    widgets = [
        {"elType": "widget", "widgetType": "text-editor", "settings": {"editor": HEAD}},
        {"elType": "widget", "widgetType": "heading", "settings": {"title": "Policy Summary", "align": "left"}},
        {"elType": "widget", "widgetType": "text-editor", "settings": {"editor": REST}},
    ]
    data = json.dumps([{"elType": "section", "settings": {}, "elements": [{"elType": "column", "elements": widgets}]}])
    key, value = "<wp:meta_key>_elementor_data</wp:meta_key>", f"<wp:meta_value><![CDATA[{data}]]></wp:meta_value>"
    meta = f"<wp:postmeta>{key}{value}</wp:postmeta>"
    body = export(POST, more=meta).replace(f"<![CDATA[{WHOLE}]]>".encode(), b"")
    (reading,) = extract(Capture(body, None, "2024-03-05T18:02:11Z", "file")).readings
    assert (reading.brief.body, reading.brief.label) == (read_content(WHOLE)[0].body, "Brief #61—Environment")


@pytest.mark.parametrize(
    "content", ["<!-- wp:divi/text {", "<!-- wp:divi/text {] /-->", "<!-- wp:x/y [1] /-->", "<!-- wp:"]
)
def test_broken_blocks_stay_as_they_are(content: str) -> None:
    assert render_blocks(content) == content


_TABS = {
    "Divi": (
        "<div class='et_pb_tabs'><ul class='et_pb_tabs_controls'><li><a>{0}</a></li><li><a>{2}</a></li>"
        "</ul><div class='et_pb_all_tabs'><div class='et_pb_tab'><div>{1}</div></div><div class='et_pb_tab'>{3}</div>"
        "</div></div>"
    ),
    "roles": (
        "<div><div role='tablist'><button role='tab'>{0}</button><button role='tab'>{2}</button></div>"
        "<div><div role='tabpanel'>{1}</div><div role='tabpanel'>{3}</div></div></div>"
    ),
}


@pytest.mark.parametrize("tabs", _TABS.values(), ids=_TABS)
def test_the_name_of_a_tab_heads_what_it_opens(tabs: str) -> None:
    for panels in (
        ("Outlook", f"<p>{PROSE}</p>", "Engagement Resources", ITEMS),
        ("Links", ITEMS, "Outlook", "<p>Wait.</p>"),
    ):
        found = reading(f"<p>Brief #62 – Technology</p><h4>Analysis</h4><p>{PROSE}</p>{tabs.format(*panels)}").brief
        assert [resource.name for resource in found.resources] == ["Bay Towns", "Law Desk"]
        assert [section.heading for section in found.sections] == ["Analysis", "Outlook"]


def widget(kind: str, inner: str) -> str:
    names = f"elementor-element elementor-widget elementor-widget-{kind}"
    return f'<div class="{names}"><div class="elementor-widget-container">{inner}</div></div>'


@pytest.mark.parametrize("location", ["", "<p>A footer of the theme.</p>"])
def test_a_post_of_several_widgets_of_elementor_is_read_whole(location: str) -> None:
    paragraphs = [f"{part}</p>" for part in WHOLE.split("</p>") if part.strip()]
    parts = [widget("text-editor", paragraph) for paragraph in paragraphs]
    page = f"""<html><head><title>The quay - USRESIST NEWS</title></head><body class="single single-post postid-61">
<div class="elementor elementor-5 elementor-location-header">{widget("text-editor", "<p>Menu</p>") * 3}</div>
<div class="elementor elementor-61">{widget("heading", '<h1 class="elementor-heading-title">The quay</h1>')}
{"".join(parts)}{widget("share-buttons", "<p>Share it with all of your friends on the quay, please.</p>")}</div>
<div class="elementor elementor-9 elementor-location-footer">{widget("text-editor", location) * 3}</div>
</body></html>"""
    (reading,) = extract(Capture(page.encode(), f"https://www.usresistnews.org{POST.path}", None, "live", 200)).readings
    brief, plain = reading.brief, read_content(WHOLE)[0]
    assert (brief.title, brief.label, brief.body) == ("The quay", plain.label, plain.body)
    assert (brief.authors, brief.resources) == (plain.authors, plain.resources)


@pytest.mark.parametrize(("protected", "count"), [(False, 1), (True, 0)])
def test_what_a_builder_left_unrendered_in_rest_is_read_as_typed(count: int, *, protected: bool) -> None:
    content = {"rendered": "\n", "raw": divi(text_module(WHOLE)), "protected": protected}
    post = {
        "id": 61,
        "link": f"https://www.usresistnews.org{POST.path}",
        "title": {"rendered": "x"},
        "content": content,
    }
    found = extract(Capture(json.dumps([post]).encode(), None, None, "file", content_type="application/json"))
    assert [bool(reading.brief.body) for reading in found.readings if reading.brief.body] == [True] * count
