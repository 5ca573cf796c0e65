"""What an element whose name may say boilerplate is by its text: a sentence, a heading or a line of words stays."""

from __future__ import annotations

import pytest
from lxml.html import fromstring

from pipelines.extraction.boilerplate import find_standing, has_sentence

BOAT = "<a href='/b'>boat</a>"
SHORT = "Of the bay and its boats it is said so."


def pad(length: int) -> str:
    """A sentence of so many characters."""
    return f"It {'x' * (length - 7)} is."


@pytest.mark.parametrize(
    ("inside", "stays"),
    [
        ("", False),
        ("Three words here", False),
        ("Here are four words", True),
        ("Here are four <em>words</em>", True),
        (f"We left {BOAT}.", False),
        (f"We have left {BOAT}.", True),
        (f'We have left "{BOAT}".', True),
        (f"We have left “{BOAT}.”", True),
        (f"We have left (the {BOAT})!", True),
        (f"We have left “{BOAT}”.", True),
        (f"Have we left {BOAT}?", True),
        (f"We have left {BOAT} now.", True),
        (f"{BOAT} we have left now.", True),
        (f"We have left {BOAT}", False),
        (f"We have left {BOAT} …", False),
        ("We left <a href='/b'>the bay</a>.", True),
        ("We left <a href='/b'>the boats of the bay</a>.", False),
        (f"<a href='/b'>{SHORT} {SHORT}</a>", False),
        (f"<a href='/b'>{SHORT}</a> {pad(61)}", True),
        (f"<a href='/b'>{SHORT} {SHORT} {SHORT}</a> {pad(61)}", True),
        (f"<a href='/b'>{SHORT} {SHORT} {SHORT}</a> {pad(40)}", False),
        (f"{BOAT} {'piers and boats ' * 9}", False),
        (f"<input>{pad(300)}", False),
        (f"<input>{pad(301)}", True),
        (f"<input>{'Piers and boats ' * 30}", False),
        (f"<input>{pad(301)} {BOAT}", True),
        (f"<input><a href='/b'>{pad(301)}</a> {SHORT}", False),
    ],
)
@pytest.mark.parametrize("outer", ["<div class='banner-quote'>{}</div>", "<aside>{}</aside>", "<footer>{}</footer>"])
def test_an_element_that_is_only_named_so_is_boilerplate_without_words_of_its_own(
    outer: str, inside: str, stays: bool
) -> None:
    assert find_standing(fromstring(outer.format(inside))) == ("doubtful" if stays else "boilerplate")
    assert find_standing(fromstring(f"<div class='newsy'>{inside}</div>")) == "text"


@pytest.mark.parametrize("name", ["inlinetweet", "tm-tweet-clear", "tweet-this"])
@pytest.mark.parametrize("tag", ["a", "span"])
def test_words_of_a_sentence_that_a_plugin_offers_to_quote_are_text(name: str, tag: str) -> None:
    for markup, standing in (
        (f"<p>The port <{tag} class='{name}'>is shut</{tag}> since May.</p>", "text"),
        (f"<p>The port is shut. <{tag} class='{name}'>Tweet this</{tag}></p>", "boilerplate"),
        (f"<p>The port <{tag} class='{name}' style='display:none'>is shut</{tag}> since May.</p>", "boilerplate"),
    ):
        assert find_standing(fromstring(markup)[0]) == standing


@pytest.mark.parametrize(
    ("inside", "stays"),
    [("", False), ("Piers", True), ("Piers and boats", True), (BOAT, False), (f"Left by this very {BOAT} now.", True)],
)
@pytest.mark.parametrize("tag", ["h2", "h3", "h6"])
def test_a_heading_that_is_only_named_so_goes_where_it_is_a_link(tag: str, inside: str, stays: bool) -> None:
    element = fromstring(f"<{tag} class='banner-heading'>{inside}</{tag}>")
    assert find_standing(element) == ("doubtful" if stays else "boilerplate")


@pytest.mark.parametrize(
    ("markup", "standing"),
    [
        ("<footer><p>Here are four words</p></footer>", "doubtful"),
        ("<blockquote><footer>Of <a href='/b'>us</a></footer></blockquote>", "text"),  # who said it
        ("<form><p>Of us</p></form>", "text"),
        ("<form><p>Of us</p><button>Go</button></form>", "boilerplate"),
        ("<nav><p>Here are four words</p></nav>", "boilerplate"),
        ("<div class='sharedaddy'>Here are four words</div>", "boilerplate"),
        ("<div style='display:none'>Here are four words</div>", "boilerplate"),
        ("<a href='#piers'>¶</a>", "boilerplate"),
        ("<a href='#top'>Back to top</a>", "boilerplate"),
        ("<a href='#piers'>The piers</a>", "text"),
        ("<a href='/x/'>Here</a>", "text"),
        ("<a class='x' href='/x/'>Here</a>", "text"),
        ("<div hidden>Here are four words</div>", "boilerplate"),
        ("<svg><text>Here are four words</text></svg>", "boilerplate"),
        ("<div>Of us</div>", "text"),
        ("<p id='menu-of-piers'>Of us</p>", "text"),
        ("<div id='menu-of-piers'>Of us</div>", "boilerplate"),
        ("<p id='breadcrumbs'>Of us</p>", "boilerplate"),
    ],
)
def test_what_tag_and_name_say_of_an_element(markup: str, standing: str) -> None:
    element = fromstring(markup)
    assert find_standing(element[0] if element.tag == "blockquote" else element) == standing


@pytest.mark.parametrize(
    ("text", "linked", "is_sentence"),
    [
        (pad(60), 0, True),
        (pad(59), 0, False),
        (pad(60), 1, False),
        (pad(70), 10, True),
        (pad(70)[:-1], 0, False),
        (pad(70)[:-1] + "!”", 0, True),
        (pad(70) + "Then", 0, False),
        (pad(70).upper(), 0, False),
        (f"So: {pad(70)} Then", 0, True),
    ],
)
def test_a_sentence_has_sixty_characters_outside_of_links_and_an_end(text: str, linked: int, is_sentence: bool) -> None:
    assert has_sentence(text, linked) is is_sentence
