"""Whether a text is English alone: extensions print a translation below each paragraph, and leave no other mark."""

from __future__ import annotations

import pytest

from pipelines.extract import extract
from pipelines.extraction.wording.language import is_english
from tests.support.post_copies import TEXT, URL, make_copy, make_page

_BELOW = {
    "spanish": "La escuela del puerto ha pedido al consejo una segunda lámpara, y el dinero que hace falta.",
    "french": "L’école du port a demandé au conseil une seconde lampe et de quoi la garder allumée pendant les nuits.",
    "german": "Die Schule des Hafens hat den Rat um eine zweite Lampe gebeten und um das Geld für die langen Nächte.",
    "portuguese": "A escola do porto pediu ao conselho uma segunda lâmpada e o dinheiro que não tem, que é preciso.",
    "chinese": "港口学校已请求议会提供第二盏灯，以及让它整个冬天都亮着的经费。议会读了两遍信，只回了一次。",
    "russian": "Школа в порту попросила у совета вторую лампу и денег, чтобы она горела всю зиму.",
    "arabic": "طلبت مدرسة الميناء من المجلس مصباحا ثانيا والمال اللازم لإبقائه مضاء طوال الشتاء.",
}
_ENGLISH = """The harbour school has asked the council for a second lamp, and for the money to keep it lit.
The council has read the letter of the school twice and answered it once, and it is not known to us who is to pay."""


@pytest.mark.parametrize("language", _BELOW)
def test_a_text_with_a_translation_below_each_paragraph_is_not_english_alone(language: str) -> None:
    text = "".join(f"{line}\n{_BELOW[language]} {_BELOW[language]}\n" for line in _ENGLISH.splitlines())
    assert is_english(text) is False
    content = TEXT.replace("</p>", f"<br>{_BELOW[language]}</p>")
    (reading,) = extract(make_copy(make_page(content), 2022, URL)).readings
    assert reading.fidelity == 0
    assert [problem.field for problem in reading.problems if problem.kind == "language"] == ["body"]


@pytest.mark.parametrize(
    "addition",
    [
        "Anne de la Cour, Luis de la Cruz, Ana de los Santos and Wim van den Berg agreed.",
        "“Una sola lámpara no basta para los barcos que vuelven de noche,” said the pilot of La Paloma.",
        "The sign says 港口学校, the school of the harbour; the boats call it Школа.",
    ],
)
def test_names_and_quotations_in_other_languages_leave_a_text_english(addition: str) -> None:
    assert is_english(f"{_ENGLISH}\n{_ENGLISH}\n{addition}") is True
