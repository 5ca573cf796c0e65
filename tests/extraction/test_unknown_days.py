"""The day of publication on pages in a look that nobody knows."""

from __future__ import annotations

import pytest

from scraper.dates import find_visible_date
from tests.support.unknown_look import COMMENT, JSON_LD, TEXT, list_flags, read_unknown


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        ('<meta property="article:published_time" content="2020-05-18T14:00:00+00:00">', ""),
        ('<meta name="dc.date.issued" content="2020-05-18">', ""),
        ('<meta name="pubdate" content="Mon, 18 May 2020 14:00:00 GMT">', ""),
        ('<meta name="parsely-pub-date" content="2020-05-18T14:00:00Z">', ""),
        (f'{JSON_LD}{{"@type": "ReportageNewsArticle", "datePublished": "2020-05-18"}}</script>', ""),
        ("", '<span itemprop="datePublished" content="2020-05-18">Monday</span>'),
        ("", '<time class="updated" datetime="2021-01-02"/><time class="published" datetime="2020-05-18"/>'),
        ("", '<abbr class="published" title="2020-05-18T10:00:00-04:00">Monday</abbr>'),
        ("", '<div class="post-meta">Posted on May 18, 2020 by Mara Whitlock</div>'),
        ("", '<div class="info-line">18 May 2020</div>'),
        ("", '<div class="sidebar"><p>1 June 2022</p></div><small>Written on the 18th of May, 2020</small>'),
    ],
)  # fmt: skip
def test_the_day_is_found_in_whatever_form(head: str, shown: str) -> None:
    reading = read_unknown(f'{shown}<div class="t">{TEXT}</div>', head)
    assert reading.brief.published == "2020-05-18"


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("03/05/2013", "en", "2013-03-05"),
        ("03/05/2013", "fr", "2013-05-03"),
        ("05.03.2013", "en", "2013-03-05"),
        ("Am 5.3.2013 von Anna", "de", "2013-03-05"),
        ("23. Juli 2017", "de", "2017-07-23"),
        ("Samstag, 3. Dezember 2011 um 9 Uhr", "en", "2011-12-03"),
        ("Publicado el 23 de julio de 2017", "es", "2017-07-23"),
        ("2013.03.05", "en", "2013-03-05"),
        ("99.99.2013", "en", None),
        ("2 days ago", "en", None),
    ],
)
def test_a_written_date_is_read_in_the_order_of_its_language(text: str, language: str, day: str | None) -> None:
    assert find_visible_date(text, language) == day


@pytest.mark.parametrize(
    "path", ["news/2020/05/18/two-piers", "2020/may/18/two-piers", "20200518-two-piers", "x/2020/5/18/piers"]
)
def test_a_day_in_any_part_of_the_permalink_counts(path: str) -> None:
    link = f'<link rel="canonical" href="https://www.usresistnews.org/{path}/">'
    assert read_unknown(f'<div class="t">{TEXT}</div>', link).brief.published == "2020-05-18"


def test_a_day_in_any_part_of_the_permalink_corrects_another_clock() -> None:
    link = '<link rel="canonical" href="https://www.usresistnews.org/news/2020/05/18/two-piers/">'
    stated = '<meta property="article:published_time" content="2020-05-17T22:30:00Z">'
    reading = read_unknown(f'<div class="t">{TEXT}</div>', link + stated)
    assert (reading.brief.published, list_flags(reading, "published")) == ("2020-05-18", [])


@pytest.mark.parametrize(
    ("head", "shown", "is_guess"),
    [
        ('<meta name="pubdate" content="11/01/2023 12:43">', "", True),
        ('<meta name="pubdate" content="11/13/2023 12:43">', "", False),
        ('<meta name="pubdate" content="11/01/2023">', '<time datetime="2023-11-01"></time>', False),
        ("", "<time>May 3, 2021</time><time>May 9, 2021</time>", True),
        ("", "<time>May 3, 2021</time><time>May 3, 2021</time>", False),
        ("", '<time class="published">May 3, 2021</time><time>May 9, 2021</time>', False),
        ('<meta name="pubdate" content="2021-05-03">', "<time>May 3, 2021</time><time>May 9, 2021</time>", False),
    ],
)
def test_a_day_is_a_guess_where_its_order_or_its_element_may_be_another(head: str, shown: str, is_guess: bool) -> None:
    reading = read_unknown(f'{shown}<div class="t">{TEXT}</div>', head)
    assert ("guessed" in list_flags(reading, "published")) is is_guess


def test_a_date_in_the_text_is_no_day_of_publication() -> None:
    body = f'<div class="t"><p>On May 18, 2020 the council met in haste, and nobody was told of it.</p>{TEXT}</div>'
    assert read_unknown(body).brief.published is None


def test_an_instant_is_of_the_day_that_the_page_shows_for_it_in_its_own_zone() -> None:
    stated = '<meta property="article:published_time" content="2020-05-19T02:30:00+00:00">'
    text = f'<div class="t">{TEXT}</div>'
    assert read_unknown(text, stated).brief.published == "2020-05-18"
    local = '<time datetime="2020-05-19T11:30:00+09:00">x</time>'
    assert read_unknown(local + text, stated).brief.published == "2020-05-19"


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        ('<link rel="canonical" href="https://www.usresistnews.org/news/2020/05/19/two-piers/">', ""),
        ('<meta name="date" content="2020-05-19">', ""),
        ("", '<time datetime="2020-05-19">x</time>'),
        ("", '<div class="post-meta">May 19, 2020</div>'),
        ("", '<div class="info-line">19 May 2020</div>'),
    ],
)
def test_a_day_without_a_time_decides_which_day_an_instant_in_utc_was(head: str, shown: str) -> None:
    stated = '<meta property="article:published_time" content="2020-05-19T02:30:00+00:00">'
    assert read_unknown(f'{shown}<div class="t">{TEXT}</div>', stated + head).brief.published == "2020-05-19"


@pytest.mark.parametrize(
    ("head", "shown"),
    [
        ("", '<time datetime="2020-05-18T23:30:00-07:00">x</time>'),
        ('<meta name="sailthru.date" content="2020-05-18 23:30:00">', ""),
        (f'{JSON_LD}{{"@type": "NewsArticle", "datePublished": "2020-05-18T23:30:12-07:00"}}</script>', ""),
    ],
)
def test_an_instant_has_the_day_of_the_page_s_own_clock(head: str, shown: str) -> None:
    stated = '<meta property="article:published_time" content="2020-05-19T06:30:00+00:00">'
    assert read_unknown(f'{shown}<div class="t">{TEXT}</div>', stated + head).brief.published == "2020-05-18"
    assert read_unknown(f'<div class="t">{TEXT}</div>', stated).brief.published == "2020-05-19"


@pytest.mark.parametrize(
    "script",
    ['{"date_published":"20200519","id":4}', '{"pagePostDate": "May 19, 2020"}', "PUBLISH_DATE = '2020-05-19'"],
)
def test_a_day_in_a_script_decides_which_day_an_instant_in_utc_was(script: str) -> None:
    stated = '<meta property="article:published_time" content="2020-05-19T02:30:00+00:00">'
    reading = read_unknown(f'<div class="t">{TEXT}</div>', f"{stated}<script>push({script})</script>")
    assert (reading.brief.published, list_flags(reading, "published")) == ("2020-05-19", [])


@pytest.mark.parametrize(
    ("zone", "day"), [("+02:00", "2020-05-19"), ("-05:00", "2020-05-18"), ("-04:00", "2020-05-18")]
)
def test_an_instant_in_utc_has_its_day_in_the_zone_of_other_times_on_the_page(zone: str, day: str) -> None:
    stated = '<meta property="article:published_time" content="2020-05-19T02:30:00+00:00">'
    comment = f'<div class="comment"><time datetime="2020-06-30T11:00:00{zone}">x</time>{COMMENT}</div>'
    reading = read_unknown(f'<div class="t">{TEXT}</div>{comment}', stated)
    assert reading.brief.published == day
    assert ("guessed" in list_flags(reading, "published")) is (day == "2020-05-19")


def test_the_sentence_that_says_where_a_post_is_filed_says_its_day() -> None:
    filed = "This entry was posted on Monday, May 18th, 2020 at 9:04 am and is filed under Harbours, Piers. You can "
    more = "follow any responses to this entry through the feed. Both comments and pings are currently closed."
    reading = read_unknown(f'<div class="t">{TEXT}<p class="postmetadata alt"><small>{filed}{more}</small></p></div>')
    assert reading.brief.published == "2020-05-18"


def test_a_day_in_the_address_goes_before_one_that_only_stands_on_the_page() -> None:
    head = '<link rel="canonical" href="https://www.usresistnews.org/news/2020/05/18/two-piers/">'
    shown = '<div class="info-line">Monday, 25 May 2020</div>'
    assert read_unknown(f'{shown}<div class="t">{TEXT}</div>', head).brief.published == "2020-05-18"


def test_a_day_in_an_element_that_is_called_a_date_goes_before_one_in_the_last_places() -> None:
    below = "<footer>Posted 17 February 2024</footer>"
    reading = read_unknown(f'<div class="details">18 May 2020</div><div class="t">{TEXT}</div>{below}')
    assert reading.brief.published == "2020-05-18"
    assert "guessed" in list_flags(reading, "published")


@pytest.mark.parametrize(
    "below",
    [
        '<script>var post = {"datePublished": "2020-05-18T10:00:00"};</script>',
        "<footer>Posted 18 May 2020</footer>",
    ],
)
def test_a_day_in_the_last_places_is_a_guess(below: str) -> None:
    reading = read_unknown(f'<div class="t">{TEXT}</div>{below}')
    assert reading.brief.published == "2020-05-18"
    assert "guessed" in list_flags(reading, "published")


@pytest.mark.parametrize("name", ["article:modified_time", "og:updated_time"])
def test_a_day_of_an_update_is_no_day_of_publication(name: str) -> None:
    update = f'<meta property="{name}" content="2020-05-18T14:00:00+00:00">'
    assert read_unknown(f'<div class="t">{TEXT}</div>', update).brief.published is None
