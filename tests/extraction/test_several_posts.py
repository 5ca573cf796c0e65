"""Files and pages that hold more than one post: no two posts become one row, and what is left out is told."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from pipelines.extraction.lines import Line
from pipelines.extraction.wording.credit import read_credit
from scraper.records import Capture, Extraction

PROSE = "The port authority withdrew its dredging rule in a two-page notice, and the committee objected. " * 3


def make_text(number: int, headline: str | None, mark: str = "") -> str:
    lines = [headline, f"Brief #{number} – Foreign Policy", "By Ana Kim", f"{mark}Policy Summary{mark}", PROSE]
    items = [f"{mark}Engagement Resources{mark}", f"• Group {number}: it acts."]
    return "\n\n".join(line for line in [*lines, "Analysis", PROSE, *items] if line)


def read(body: str, url: str | None = None, kind: str = "text/plain") -> Extraction:
    return extract(Capture(body.encode(), url, None, "file", content_type=kind))


SEAMS = ["\n\n\n", "\n\f", "\n\n=====\n\n", "\n\nShare This\n\n", "\n\n* * *\n\n"]


@pytest.mark.parametrize("seam", SEAMS)
@pytest.mark.parametrize("titled", [True, False])
def test_each_brief_of_a_text_is_a_row(seam: str, titled: bool) -> None:
    titles = [f"The {word} of Oxley" if titled else None for word in ("Quay", "Mill", "Levee")]
    text = seam.join(make_text(number, title) for number, title in enumerate(titles, 7))
    briefs = [reading.brief for reading in read(text).readings]
    assert [brief.number for brief in briefs] == [7, 8, 9]
    assert len({brief.path for brief in briefs}) == 3
    assert [[r.name for r in brief.resources] for brief in briefs] == [["Group 7"], ["Group 8"], ["Group 9"]]
    if titled:
        assert [brief.title for brief in briefs] == titles


@pytest.mark.parametrize(
    "again", ["Brief #{} – Foreign Policy", "(Brief #{}—Foreign Policy)", "Foreign Policy Brief #{}"]
)
@pytest.mark.parametrize("numbers", [[7], [7, 8]])
@pytest.mark.parametrize("titled", [True, False])
def test_a_label_that_stands_twice_begins_one_brief(again: str, numbers: list[int], titled: bool) -> None:
    def write(number: int) -> str:
        label = f"Brief #{number} – Foreign Policy"
        text = make_text(number, f"The Quay {number} of Oxley" if titled else None)
        return text.replace(label, f"{label}\n{again.format(number)}")

    briefs = [reading.brief for reading in read("\n\n".join(map(write, numbers))).readings]
    assert [(brief.number, [a.name for a in brief.authors]) for brief in briefs] == [(n, ["Ana Kim"]) for n in numbers]
    assert [[r.name for r in brief.resources] for brief in briefs] == [[f"Group {n}"] for n in numbers]


def test_a_text_with_an_address_is_one_post_and_the_rest_is_told() -> None:
    text = make_text(7, "The Quay of Oxley") + "\n\n" + make_text(8, "The Mill of Oxley")
    extraction = read(text, "https://www.usresistnews.org/2021/06/04/quay/")
    (reading,) = extraction.readings
    assert (reading.brief.number, [r.name for r in reading.brief.resources]) == (7, ["Group 7"])
    assert [problem.field for problem in extraction.problems if problem.kind == "doubtful"] == ["body"]


def test_a_digest_that_names_other_briefs_is_one_post() -> None:
    digest = "The Week That Was: Global News in Review\n\n" + "\n\n".join(
        f"The Mill of Oxley\n\nBrief #{number} – Foreign Policy\n\n{PROSE}" for number in (7, 8)
    )
    assert len(read(digest).readings) == 1


def test_a_text_in_markdown() -> None:
    text = make_text(7, "# The Quay of [Oxley](https://oxley.example.org/)", "**").replace("Analysis", "## Analysis")
    text = text.replace("• Group 7", "* [Group 7](https://group.example.org/a_b_c)")
    (reading,) = read(text).readings
    brief = reading.brief
    assert (brief.title, [s.heading for s in brief.sections]) == ("The Quay of Oxley", ["Policy Summary", "Analysis"])
    assert [(r.name, r.url, r.description) for r in brief.resources] == [
        ("Group 7", "https://group.example.org/a_b_c", "it acts.")
    ]


def make_page(slug: str, number: int, below: str = "", name: str = "entry-content") -> str:
    content = make_content(number)
    return (
        f"<!DOCTYPE html><html><head><title>The {slug}</title><link rel='canonical' "
        f"href='https://www.usresistnews.org/2021/06/04/{slug}/'><meta property='og:site_name' content='USRESIST NEWS'>"
        "</head><body class='single single-post'><main class='wp-block-group'>"
        f"<h1 class='wp-block-post-title'>The {slug}</h1><div class='{name} wp-block-post-content'>{content}</div>"
        f"{below}</main></body></html>"
    )


def make_content(number: int) -> str:
    head = f"<p>Brief #{number} – Foreign Policy<br>By Ana Kim</p><h2>Policy Summary</h2><p>{PROSE}</p>"
    return (
        f"{head}<h2>Analysis</h2><p>{PROSE}</p><h2>Engagement Resources</h2><ul><li>Group {number}: it acts.</li></ul>"
    )


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("url", [None, "https://www.usresistnews.org/2021/06/04/quay-1/"])
def test_each_page_of_a_file_is_a_row(count: int, url: str | None) -> None:
    pages = "\n".join(make_page(f"quay-{number}", number) for number in range(1, count + 1))
    briefs = [reading.brief for reading in read(pages, url, "text/html").readings]
    assert [brief.path for brief in briefs] == [f"/2021/06/04/quay-{number}/" for number in range(1, count + 1)]
    assert [[r.name for r in brief.resources] for brief in briefs] == [[f"Group {n}"] for n in range(1, count + 1)]


def test_one_page_twice_in_a_file_is_one_row() -> None:
    assert len(read(make_page("quay", 1) * 2, None, "text/html").readings) == 1


@pytest.mark.parametrize(
    "below",
    [
        "<article class='next-post'><h2><a href='/x'>The Mill</a></h2><div class='entry-content'>{}</div></article>",
        "<div class='next'><h1 class='entry-title'>The Mill</h1><div class='wp-block-post-content'>{}</div></div>",
        "<section><h2>Up next</h2><div class='alignfull entry-content is-layout-flow'>{}</div></section>",
        "<div class='entry-content'>{}</div>",
    ],
)
def test_the_next_post_below_a_post_is_left_out_and_told(below: str) -> None:
    (alone,) = read(make_page("quay", 1), None, "text/html").readings
    (reading,) = read(make_page("quay", 1, below.format(make_content(2))), None, "text/html").readings
    assert (reading.brief.body, reading.brief.resources) == (alone.brief.body, alone.brief.resources)
    assert [problem.field for problem in reading.problems if problem.kind == "doubtful"] == ["body"]


@pytest.mark.parametrize(
    ("text", "name", "source"),
    [
        ("Photo by Ana Kim: https://www.pexels.com/photo/" + "a-pier-in-the-morning-" * 6, "Ana Kim", "Pexels"),
        ("Photo by cottonbro studio: https://www.pexels.com/photo/x-1/", "cottonbro studio", "Pexels"),
        ("Photo by Ana Kim https://unsplash.com/@ana", "Ana Kim", "Unsplash"),
        ("Photo by Ana Kim (https://unsplash.com/@ana)", "Ana Kim", "Unsplash"),
        ("Image by Ana Kim from Pixabay https://pixabay.com/x", "Ana Kim", "Pixabay"),
        ("Photo credit: Ana Kim – www.flickr.com/photos/ana", "Ana Kim", "Flickr"),
        ("Photo by Ana Kim, https://piers.example.org/ana", "Ana Kim", None),
    ],
)
def test_an_address_behind_a_credit_belongs_to_no_name(text: str, name: str, source: str | None) -> None:
    credit = read_credit(Line(text))
    assert credit is not None
    assert (credit.value.name, credit.value.source) == (name, source)
    assert read_credit(Line("Photos of the pier stand at https://www.pexels.com/photo/x-1/")) is None


def test_a_heading_of_links_alone_in_words_that_nobody_knows_is_told() -> None:
    page = make_page("quay", 1).replace("Engagement Resources", "The Friends of the Pier")
    page = page.replace("Group 1:", "<a href='https://group.example.org/'>Group 1</a>:")
    (reading,) = read(page, None, "text/html").readings
    assert [(problem.field, problem.kind) for problem in reading.problems if problem.field == "resources"] == [
        ("resources", "unread")
    ]
