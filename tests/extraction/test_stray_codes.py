"""Shortcodes of plugins that are gone, and messages of PHP, are no text of a brief."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from pipelines.extraction.lines import Line, Span
from pipelines.extraction.wording.stray_codes import strip_stray_codes
from scraper.records import Brief
from tests.support.post_copies import TEXT, make_copy, make_page

_WORDS = "<p>The clerk counted nine lamps.</p>"


def _read(content: str) -> Brief:
    (reading,) = extract(make_copy(make_page(content))).readings
    return reading.brief


@pytest.mark.parametrize(
    "code",
    [
        '[mc4wp_form id="12"]',
        '[contact-form-7 id="12" title="Contact"]',
        '[contact-form-7 404 "Not Found"]',
        "[wpforms id=&#8221;5&#8243;]",
        "[ninja_form id=3]",
        "[give_form]",
        "[rev_slider home]",
        '[adrotate banner="3"]',
        "[toc]",
        "[youtube https://youtu.be/x]",
        '[su_button url="https://x.example/" style="flat"][/su_button]',
        '[gravityform id="1" title="false" ajax="true"]',
        "[et_pb_section][et_pb_row][/et_pb_row][/et_pb_section]",
        "[spoiler]\n[/spoiler]",
    ],
)
def test_a_raw_shortcode_is_no_text(code: str) -> None:
    assert _read(f"{TEXT}{_WORDS}<p>{code}</p>").body == _read(TEXT + _WORDS).body
    inline = code.replace("[toc]", "")  # amid a sentence it may be the editors' word
    assert _read(f"{TEXT}<p>The clerk counted {inline} nine lamps.</p>").body == _read(TEXT + _WORDS).body


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ('[su_spoiler title="More"]The clerk counted.[/su_spoiler]', "The clerk counted."),
        ("[dropcap]T[/dropcap]he clerk counted.", "The clerk counted."),
        ("[note]The clerk[/note] counted.", "The clerk counted."),
    ],
)
def test_the_words_between_codes_stay(text: str, bare: str) -> None:
    (line,) = strip_stray_codes([Line(text)])
    assert line.text == bare


@pytest.mark.parametrize(
    "words",
    [
        "The clerk [sic] counted.",
        "He told [the board] so.",
        "[Editor’s note: the clerk = a woman.]",
        "[redacted]",
        "[then-president] Whitlow said so.",
        "See [the report](https://pier.example.org/).",
        "The tide [see https://pier.example.org/] turned.",
        "[1] The clerk’s ledger",
        "[Laughter]",
        "The donate [donate] button",
    ],
)
def test_brackets_of_the_editors_stay(words: str) -> None:
    assert strip_stray_codes([Line(words)]) == [Line(words)]


_MESSAGES = [
    "Deprecated: Function foo is deprecated in /home/u/wp-includes/functions.php on line 5413",
    "Notice: Undefined index: foo in /home/u/x.php on line 3",
    "Warning: file_get_contents(): failed to open stream in C:\\inetpub\\x.php on line 9",
    "PHP Warning: Undefined variable $x in /var/www/x.php(12) : eval()'d code on line 1",
    "Fatal error: Uncaught Error: No function x() in /a/b.php:3 Stack trace: #0 {main} thrown in /a/b.php on line 3",
    "Notice: Function _load_textdomain was called incorrectly. See more. (This was added in version 6.7.0.)"
    " in /home/u/wp-includes/functions.php on line 6114",
]


@pytest.mark.parametrize("message", _MESSAGES)
def test_a_message_of_php_is_no_text(message: str) -> None:
    kind, _, rest = message.partition(": ")
    printed = f"<br />\n<b>{kind}</b>:  {rest.replace(' on line ', ' on line <b>')}</b><br />\n"
    plain = _read(TEXT + _WORDS).body
    assert _read(printed + TEXT + _WORDS).body == plain
    assert _read(f"{TEXT}<p>{message}</p>{_WORDS}").body == plain
    assert _read(f"{TEXT}<p>The clerk counted {message} nine lamps.</p>").body == plain


@pytest.mark.parametrize(
    "words",
    [
        "Warning: the clerk waits in the harbour on line 9 of the list.",
        "Notice: all lamps are counted in the hall.",
        "Read the warning in /home on line 4.",
    ],
)
def test_warnings_of_the_editors_stay(words: str) -> None:
    assert strip_stray_codes([Line(words)]) == [Line(words)]


def test_a_message_of_the_database_is_no_text() -> None:
    message = "WordPress database error: [Table 'x.wp_votes' doesn't exist] SELECT * FROM wp_votes"
    assert strip_stray_codes([Line(message), Line("The clerk.")]) == [Line("The clerk.")]


def test_links_stay_at_their_words() -> None:
    line = Line(
        "The clerk [toc id='3'] counted lamps", spans=(Span("a", 0, 9, "https://a/"), Span("a", 31, 36, "https://b/"))
    )
    (bare,) = strip_stray_codes([line])
    assert [bare.text[link.start : link.end] for link in bare.links] == ["The clerk", "lamps"]
