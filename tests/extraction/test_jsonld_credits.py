"""Credits in JSON-LD count for the post's own picture, and where the page shows none."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pipelines.extract import extract
from scraper.records import Brief, Capture
from tests.support.post_copies import TEXT, URL, make_page

_FILE = "https://www.usresistnews.org/wp-content/uploads/2021/02/lamp.jpg"
_PERSON = {"@type": "Person", "name": "Ada Fenn", "url": "https://photos.example/ada"}


def _picture(**values: object) -> dict[str, object]:
    return {"@type": "ImageObject", "@id": f"{URL}#primaryimage", "url": _FILE} | values


def _read(*nodes: object, text: str = TEXT) -> Brief:
    graph = json.dumps({"@context": "https://schema.org", "@graph": nodes})
    page = make_page(text, head=f'<script type="application/ld+json">{graph}</script>')
    (reading,) = extract(Capture(page, URL, "2024-01-01T00:00:00Z", "live", 200)).readings
    if reading.brief.photo_credits:
        (evidence,) = [item for item in reading.evidence if item.field == "photo_credits"]
        assert (evidence.confidence, evidence.chosen) == (("stated", True) if text == TEXT else ("read", True))
    return reading.brief


def _article(**values: object) -> dict[str, Any]:
    return {"@type": "Article", "@id": f"{URL}#article", "author": {"name": "Desk"}} | values


_PAGE = {"@type": "WebPage", "@id": URL, "primaryImageOfPage": {"@id": f"{URL}#primaryimage"}}
_CREDIT = {"creditText": "Photo by Ada Fenn/Reuters"}
FORMS = {
    "inline": [_article(image=_picture(**_CREDIT))],
    "in a list": [_article(image=[_picture(**_CREDIT)])],
    "by id": [_article(image={"@id": f"{URL}#primaryimage"}), _picture(**_CREDIT)],
    "by address": [_article(image=_FILE), _picture(**_CREDIT)],
    "the page's": [_PAGE, _picture(**_CREDIT)],
    "the page's, beside an article": [_article(), _PAGE, _picture(**_CREDIT)],
}


@pytest.mark.parametrize("nodes", FORMS.values(), ids=FORMS.keys())
def test_the_credit_of_the_post_s_picture_is_read(nodes: list[object]) -> None:
    (credit,) = _read(*nodes).photo_credits
    assert (credit.text, credit.name, credit.source) == ("Photo by Ada Fenn/Reuters", "Ada Fenn", "Reuters")


@pytest.mark.parametrize(
    ("values", "credit"),
    [
        ({"creator": _PERSON}, ("Ada Fenn", "Ada Fenn", None, "https://photos.example/ada")),
        ({"creator": "Ada Fenn"}, ("Ada Fenn", "Ada Fenn", None, None)),
        ({"creator": [_PERSON, "Rod"]}, ("Ada Fenn", "Ada Fenn", None, "https://photos.example/ada")),
        ({"creditText": "Getty Images", "creator": _PERSON}, ("Getty Images", None, "Getty Images", _PERSON["url"])),
        ({"creditText": "USRESIST NEWS", "creator": _PERSON}, ("Ada Fenn", "Ada Fenn", None, _PERSON["url"])),
    ],
)
def test_creditor_and_creator(values: dict[str, object], credit: tuple[str | None, ...]) -> None:
    (found,) = _read(_article(image=_picture(**values))).photo_credits
    assert (found.text, found.name, found.source, found.url) == credit


@pytest.mark.parametrize(
    "nodes",
    [
        [_article(), _picture(**_CREDIT)],
        [_article(image=_FILE), _picture(**_CREDIT) | {"@id": "#logo", "url": "https://a.example/logo.png"}],
        [_article(publisher={"name": "U.S. News", "logo": _picture(**_CREDIT)})],
        [_article(image=_picture(creator="Desk"), author={"name": "Desk"})],
        [_article(image=_picture(creditText="USRESIST NEWS"))],
        [_article(image=_picture(creditText=""))],
        [_article(image=_picture(creator={"@id": "#ada"}))],
        [_article(image=_picture(creditText="x" * 200))],
        [_article(image=_picture(**_CREDIT), url="https://www.usresistnews.org/2019/01/02/another/")],
    ],
)
def test_other_pictures_and_the_site_itself_are_none(nodes: list[object]) -> None:
    assert _read(*nodes).photo_credits == ()


def test_what_the_page_shows_wins() -> None:
    brief = _read(_article(image=_picture(**_CREDIT)), text=TEXT + "<p>Photo by Mara Quill on Unsplash</p>")
    assert [credit.name for credit in brief.photo_credits] == ["Mara Quill"]
