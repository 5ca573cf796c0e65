"""What editors type beside a byline, in labels without a number, and in pictures; and what programs leave in a text."""

from __future__ import annotations

import pytest

from pipelines.extraction.lines import Line
from pipelines.extraction.wording.byline import read_byline
from pipelines.extraction.wording.closing_line import read_closing
from pipelines.extraction.wording.label import read_label
from pipelines.extraction.wording.lives import read_bio
from tests.extraction.test_people import LABEL, TEXT, has_problem, names, reading
from tests.extraction.test_resource_lists import HEADING, ITEMS
from tests.support.unknown_look import read_unknown

ADA, TOM = "Ada Wren", "Tom Vale"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"By {ADA} (she/her) and {TOM} (he/him)", [ADA, TOM]),
        (f"By {ADA}, they/them", [ADA]),
        (f"By {ADA}/{TOM}", [ADA, TOM]),
        (f"by: {ADA}; {TOM}; and Io Marsh", [ADA, TOM, "Io Marsh"]),
        (f"By {ADA} • {TOM}", [ADA, TOM]),
        (f"By {ADA} –", [ADA]),
        (f"By. {ADA}", [ADA]),
        (f"By author: {ADA}", [ADA]),
        (f"By Author {ADA}", [ADA]),
        (f"By {ADA}, Intern at U.S. RESIST NEWS", [ADA]),
    ],
)
def test_a_byline_is_read_whatever_stands_around_its_names(line: str, found: list[str]) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert ([author.name for author in byline.authors], byline.confidence) == (found, "read")


@pytest.mark.parametrize(
    ("line", "found", "confidence"),
    [
        ("By Ada WrenTom Vale", [ADA, TOM], "guessed"),
        ("By Ada WrenTom Vale and Io Marsh", [ADA, TOM, "Io Marsh"], "guessed"),
        ("By Ada MacDonald Wren", ["Ada MacDonald Wren"], "read"),
        ("By Ada LaToya Wren", ["Ada LaToya Wren"], "read"),
    ],
)
def test_two_names_without_a_space_between_them_are_parted_as_a_guess(
    line: str, found: list[str], confidence: str
) -> None:
    byline = read_byline(line)
    assert byline is not None
    assert ([author.name for author in byline.authors], byline.confidence) == (found, confidence)


@pytest.mark.parametrize(
    "line",
    [
        "Port Lark, Ohio",
        "(Lark, NH)",
        "Washington, D.C.",
        "Edited by Tom Vale",
        "Fact checker: Tom Vale",
        "X: @adawren",
    ],
)
def test_a_line_beside_the_byline_is_left_out_and_told(line: str) -> None:
    found = reading(f"{LABEL}<p>By {ADA}</p><p>{line}</p>{TEXT}")
    assert (names(found), (found.brief.body or "")[:14]) == ([ADA], "Policy Summary")
    assert has_problem(found, "body")


@pytest.mark.parametrize("line", ["ada@lark.example", "Contact: ada@lark.example", "E-mail me at: ada@lark.example"])
def test_a_mailbox_below_the_byline_is_the_writers_contact(line: str) -> None:
    found = reading(f"{LABEL}<p>By {ADA}</p><p>{line}</p>{TEXT}")
    assert [(author.name, author.contact) for author in found.brief.authors] == [(ADA, "mailto:ada@lark.example")]
    assert (found.brief.body or "").startswith("Policy Summary")


@pytest.mark.parametrize("line", ["Port Lark, Old Harbor", "Edited by hand, page by page", "Ohio"])
def test_other_lines_below_the_byline_are_text(line: str) -> None:
    found = reading(f"{LABEL}<p>By {ADA}</p><p>{line}</p>{TEXT}")
    assert (found.brief.body or "").startswith(line)


@pytest.mark.parametrize(
    ("line", "number", "domain"),
    [
        ("Brief—Civil Rights", None, "Civil Rights"),
        ("Policy Brief: Immigration", None, "Immigration"),
        ("Brief # – Civil Rights", None, "Civil Rights"),
        ("Brief #TBD – Foreign Policy Brief", None, "Foreign Policy"),
        ("Brief: #164 – Civil Rights", 164, "Civil Rights"),
        ("Brief №164 – Civil Rights", 164, "Civil Rights"),
        ("Brief nº 164—Civil Rights", 164, "Civil Rights"),
        ("Brief #164A – Civil Rights", 164, "Civil Rights"),
        ("Brief #164-B – Civil Rights", 164, "Civil Rights"),
        ("Brief #1,164 – Civil Rights", 1164, "Civil Rights"),
        ("Brief #164/Civil Rights", 164, "Civil Rights"),
        ("#164 Civil Rights Policy Brief", 164, "Civil Rights"),
    ],
)
def test_a_label_with_a_number_that_is_odd_or_missing_is_a_guess(line: str, number: int | None, domain: str) -> None:
    label = read_label(line)
    assert label is not None
    assert (label.text, label.number, label.domain, label.is_lenient) == (line, number, domain, True)


@pytest.mark.parametrize("line", ["Brief—What Happened", "Brief: The Port", "In Brief: Immigration", "#4 Harbor Brief"])
def test_a_brief_about_anything_else_is_no_label(line: str) -> None:
    assert read_label(line) is None


def test_a_line_that_presents_a_writer_of_the_house_signs_the_text() -> None:
    found = reading(f"{LABEL}{TEXT}<p>{ADA} is a Technology Analyst for U.S. RESIST NEWS. She lives in Port Lark.</p>")
    assert [(author.name, author.role) for author in found.brief.authors] == [(ADA, "Technology Analyst")]
    assert has_problem(found, "authors") and "lives" not in (found.brief.body or "")
    assert read_bio(Line("The port is a great place for U.S. RESIST NEWS.")) is None
    closing = read_closing(Line(f"This Resistance Brief was compiled by {ADA}."))
    assert closing is not None and closing[0][0].name == ADA


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (f"*This Brief was submitted by {ADA}.", [ADA]),
        (f"(This Brief was submitted by our Technology Analyst {ADA})", [ADA]),
        (f"This Brief was compiled by {ADA} and edited by {TOM}.", [ADA]),
        (f"This Brief was submitted by {ADA}; it was edited by {TOM}.", [ADA]),
        (f"This Brief was submitted on June 10, 2021 by {ADA}.", [ADA]),
        (f"Brief developed by {ADA}, U.S. RESIST NEWS Analyst", [ADA]),
        (f"Author: {ADA} – Contact: ada@lark.example", [ADA]),
        (f"About the author: {ADA} is a lawyer in Port Lark.", [ADA]),
        (f"{ADA}, Technology Analyst", [ADA]),
        (f"<strong>Analyst: {ADA}</strong>", [ADA]),
        (f"– {ADA}", []),
    ],
)
def test_a_line_that_signs_the_text_is_no_resource(line: str, found: list[str]) -> None:
    post = reading(f"{LABEL}{TEXT}{HEADING}{ITEMS}<p>{line}</p>")
    assert (names(post), len(post.brief.resources)) == (found, 2)
    assert found or has_problem(post, "authors")
    assert not found or (post.brief.body or "").endswith("same afternoon.")


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Technology Policy Brief #62 (By Ada Wren)", "Technology Policy Brief #62"),
        ("Technology Policy Brief #62: By Ada Wren", "Technology Policy Brief #62"),
        ("Technology Policy Brief #62 I By Ada Wren I March 4, 2021", "Technology Policy Brief #62"),
        ("Technology Policy Brief #62 – By: Ada Wren – March 4, 2021", "Technology Policy Brief #62"),
        ("Brief #62 – Technology<sup>1</sup><br>By Ada Wren<sup>2</sup>", "Brief #62 – Technology"),
        ("Technology Policy Brief #62<sup>1</sup><br>By Ada Wren", "Technology Policy Brief #62"),
    ],
)
def test_label_and_byline_are_parted_by_many_marks(line: str, label: str) -> None:
    found = reading(f"<p>{line}</p>{TEXT}")
    assert (found.brief.label, found.brief.number, names(found)) == (label, 62, [ADA])
    assert (found.brief.body or "").startswith("Policy Summary")


@pytest.mark.parametrize("mark", [" | ", " -- ", "---", " • "])
def test_a_mark_behind_a_linked_name_is_no_description(mark: str) -> None:
    items = f'<ul><li><a href="https://lark.example/">Lark Watch</a>{mark}counts ships.</li></ul>'
    resources = reading(LABEL + TEXT + HEADING + items).brief.resources
    assert [(found.name, found.description) for found in resources] == [("Lark Watch", "counts ships.")]


@pytest.mark.parametrize("sign", ["·<span>&nbsp;&nbsp; </span>", "o<span>&nbsp; </span>", "1.<span>&nbsp; </span>", ""])
def test_a_list_of_word_is_a_list_without_its_bullets(sign: str) -> None:
    items = "".join(f'<p class="MsoListParagraphCxSpMiddle">{sign}{text}</p>' for text in ("The pier.", "The quay."))
    brief = reading(f"{LABEL}{TEXT}{items}<p>- Said aloud.</p>").brief
    assert (brief.body or "").endswith("The pier.\n\nThe quay.\n\n- Said aloud.")
    assert (brief.body_html or "").count("<li>") == 2


def test_a_quotation_is_one_in_the_body_that_readers_see() -> None:
    html = reading(
        f"{LABEL}{TEXT}<blockquote><p>We keep the lamp.</p></blockquote><p>So they said.</p>"
    ).brief.body_html
    assert (html or "").endswith("<blockquote><p>We keep the lamp.</p></blockquote>\n<p>So they said.</p>")


def test_a_credit_in_the_title_of_a_picture_counts_where_the_page_shows_none() -> None:
    picture = '<p><img src="a.jpg" alt="" title="Photo by Ida Fenn on Unsplash"></p>'
    credits = [
        [(credit.name, credit.source) for credit in reading(LABEL + picture + TEXT + end).brief.photo_credits]
        for end in ("", "<p>Photo by Bo Lund on Pexels</p>")
    ]
    assert credits == [[("Ida Fenn", "Unsplash")], [("Bo Lund", "Pexels")]]


@pytest.mark.parametrize(
    "typed",
    [
        "[et_pb_code]&lt;script&gt;var k=2;&lt;/script&gt;[/et_pb_code]",
        "[et_pb_code]var k=2;<br>go(k);[/et_pb_code]",
        "&lt;script async&gt;<br>var k=2;<br>&lt;/script&gt;",
        "&lt;STYLE&gt;p{color:red}&lt;/STYLE&gt;",
        "&lt;style&gt;<br>h1,<br>h2 {}<br>&lt;/style&gt;&lt;script src='a.js'&gt;&lt;/script&gt;",
        "&lt;script&gt;document.write('&lt;style&gt;p{}&lt;/style&gt;');&lt;/script&gt;",
    ],
)
def test_a_program_that_was_typed_as_text_is_no_text(typed: str) -> None:
    found = reading(f"{LABEL}{TEXT}<p>{typed}</p><p>A last line.</p>")
    assert (found.brief.body or "").endswith("same afternoon.\n\nA last line.")


@pytest.mark.parametrize(
    "prose",
    [
        "The tracker loads by one &lt;script&gt; tag on each page.",
        "&lt;script&gt; tags are how trackers come in; (all pages) = many.",
        "&lt;style&gt; and &lt;/style&gt; go around the colours.",
        "A page has a &lt;script&gt;k = 2;&lt;/script&gt; in its head.",
    ],
)
def test_a_tag_that_prose_names_hides_no_text(prose: str) -> None:
    body = reading(f"{LABEL}{TEXT}<p>{prose}</p><p>A last line.</p>").brief.body or ""
    shown = prose.replace("&lt;", "<").replace("&gt;", ">")
    assert body.endswith(f"same afternoon.\n\n{shown}\n\nA last line.")


def test_a_sign_that_nobody_sees_swallows_no_space() -> None:
    found = reading(f"{LABEL}<p>By \ufeff<span>Ada</span>\u200b <b>\u00adWren</b></p>{TEXT}")
    assert names(found) == [ADA]


_META = "<div class='meta'>Mar 5, 2021 | Posted by usresist in Technology</div>"


@pytest.mark.parametrize(
    ("credit", "found"),
    [
        ("<p>Photo credit: Ida Fenn/Reuters</p>", [("Ida Fenn", "Reuters")]),
        ("<figure><figcaption>Photo from Lark photos by Vecteezy</figcaption></figure>", [("Lark photos", "Vecteezy")]),
        (
            "<figure><figcaption>Photo by <a href='https://unsplash.com/@ida'>Ida Fenn</a></figcaption></figure>",
            [("Ida Fenn", "Unsplash")],
        ),
        ("<figure><figcaption>Photo by unsplash-logoIda Fenn</figcaption></figure>", [("Ida Fenn", "Unsplash")]),
    ],
)
def test_an_unknown_look_has_each_credit_once_and_the_account_of_its_meta_line(
    credit: str, found: list[tuple[str, str]]
) -> None:
    post = read_unknown(f"{_META}<div class='text'>{LABEL}<p>By {ADA}</p>{credit}{TEXT}</div>")
    assert [(each.name, each.source) for each in post.brief.photo_credits] == found
    assert (post.brief.posted_by, names(post)) == ("usresist", [ADA])
    assert not has_problem(post, "posted_by")


@pytest.mark.parametrize("name", ["wp-block-button__link", "et_pb_button"])
@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("Now <a class='{}' href='https://x.example.org/'>read the order</a> at once.", "Now read the order at once."),
        ("Now <a class='{}' href='/ports/'>view the port</a> at once.", "Now view the port at once."),
        ("<a class='{}' href='https://x.example.org/'>The order</a>", "The order"),
        ("<a class='{}' href='/donate/'>Donate</a>", ""),
    ],
)
def test_a_button_amid_a_sentence_is_a_part_of_it(name: str, markup: str, shown: str) -> None:
    found = reading(f"{LABEL}{TEXT}<p>{markup.format(name)}</p><p>A last line.</p>")
    between = (found.brief.body or "").split("same afternoon.")[-1].removesuffix("A last line.").strip()
    assert between == shown
