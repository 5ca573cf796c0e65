"""Public sets of pages whose title, day, authors, text or photo credits people have written down.

The pages are other people's: they stay in a folder of their own, `OWNER+NAME` for each repository, never in this one.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.expected import list_saved_pages, load_capture, load_expectation

REPOSITORIES = (
    "scrapinghub/article-extraction-benchmark",
    "AndyTheFactory/article-extraction-dataset",
    "dobbersc/fundus-evaluation",
    "flairNLP/fundus",
    "adbar/htmldate",
    "adbar/trafilatura",
)


@dataclass(frozen=True, slots=True)
class Truth:
    """What people say of a page; None for what they do not say."""

    title: str | None = None
    day: str | None = None
    authors: tuple[str, ...] | None = None
    body: str | None = None
    credits: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A page with its address and the truth."""

    url: str
    html: bytes
    truth: Truth

    @property
    def is_wordpress(self) -> bool:
        """Whether the page was made by WordPress."""
        return b"wp-content" in self.html


def locate(folder: Path, repository: str) -> Path:
    """The place of a repository's files."""
    return folder / repository.replace("/", "+")


def _load(path: Path) -> Any:  # noqa: ANN401 - JSON of others
    return json.loads(path.read_text("utf-8"))


def _read_day(stated: object) -> str | None:
    return stated[:10] if isinstance(stated, str) and stated else None  # some are NaN


def _read_aeb(folder: Path) -> Iterator[Example]:
    base = locate(folder, REPOSITORIES[0])
    for name, truth in _load(base / "ground-truth.json").items():
        html = gzip.decompress((base / "html" / f"{name}.html.gz").read_bytes())
        yield Example(truth["url"], html, Truth(body=truth["articleBody"]))


def _read_naeb(folder: Path) -> Iterator[Example]:
    base = locate(folder, REPOSITORIES[1])
    for truth in _load(base / "news_articles.json"):
        file = base / "html" / f"{truth['html_file']}.html"
        authors = tuple(name.strip() for name in (truth["authors"] or "").split(",") if name.strip())
        if file.exists():
            day = _read_day(truth["date"])
            yield Example(truth["link"], file.read_bytes(), Truth(truth["title"], day, authors, truth["text"]))


def _read_fundus_evaluation(folder: Path) -> Iterator[Example]:
    base = locate(folder, REPOSITORIES[2]) / "dataset"
    for name, truth in _load(base / "ground_truth.json").items():
        paragraphs = [part if isinstance(part, str) else "\n".join(part) for part in truth["body"]]
        html = gzip.decompress((base / "html" / name).read_bytes())
        yield Example(truth["url"], html, Truth(body="\n".join(paragraphs)))


def _read_fundus_tests(folder: Path) -> Iterator[Example]:
    base = locate(folder, REPOSITORIES[3]) / "tests/resources/parser/test_data"
    for country in ("us", "uk", "ca", "au"):
        addresses = {name: meta["url"] for name, meta in _load(base / country / "meta.info").items()}
        publishers: dict[str, list[str]] = {}
        for name in sorted(addresses):
            if (base / country / name).exists():
                publishers.setdefault(name.rsplit("_", 3)[0], []).append(name)
        for publisher, names in publishers.items():
            truths = _load(base / country / f"{publisher}.json")
            if len(truths) != len(names):
                continue
            for name, (_, truth) in zip(names, sorted(truths.items()), strict=True):
                html = gzip.decompress((base / country / name).read_bytes())
                yield Example(addresses[name], html, _build_fundus_truth(truth))


def _build_fundus_truth(stated: dict[str, Any]) -> Truth:
    body = stated.get("body") or {}
    paragraphs = list(body.get("summary", ()))
    for section in body.get("sections", ()):
        paragraphs += [*section.get("headline", ()), *section.get("paragraphs", ())]
    images = stated.get("images") or ()
    credits = {" ".join(image["authors"]) for image in images if image.get("authors")}
    day = _read_day(stated.get("publishing_date"))
    authors = tuple(stated.get("authors") or ())
    # Where no picture has an author, nobody looked for one.
    return Truth(stated.get("title"), day, authors, "\n".join(paragraphs), tuple(sorted(credits)) or None)


def _read_htmldate(folder: Path) -> Iterator[Example]:
    base = locate(folder, REPOSITORIES[4]) / "tests"
    for name, places in (("eval_default.json", ("cache", "eval")), ("eval_mediacloud_2020.json", ("test_set",))):
        for url, truth in _load(base / name).items():
            if file := _find_file(base, places, truth["file"]):
                yield Example(url, file.read_bytes(), Truth(day=_read_day(truth["date"])))


def _read_trafilatura(folder: Path) -> Iterator[Example]:
    base = locate(folder, REPOSITORIES[5]) / "tests"
    for url, truth in _load(base / "evaldata.json").items():
        title, day = truth.get("title") or None, _read_day(truth.get("date"))
        if (title or day) and (file := _find_file(base, ("cache", "eval"), truth["file"])):
            yield Example(url, file.read_bytes(), Truth(title, day))


def _find_file(base: Path, places: tuple[str, ...], name: str) -> Path | None:
    return next((base / place / name for place in places if (base / place / name).exists()), None)


def _read_saved_pages(_: Path) -> Iterator[Example]:
    """The pages of our own tests, as a look that nobody knows: text and resources."""
    for page in list_saved_pages():
        capture, expected = load_capture(page), load_expectation(page)
        if page.page.suffix == ".html" and expected["outcome"] == "brief":
            brief = expected["briefs"][0]
            texts = [brief.get("body") or "", *(item["text"] for item in brief.get("resources", ()))]
            yield Example(capture.url or "https://example.org/", capture.body, Truth(body="\n\n".join(texts)))


SETS: dict[str, Callable[[Path], Iterator[Example]]] = {
    "saved pages": _read_saved_pages,
    "AEB": _read_aeb,
    "NAEB": _read_naeb,
    "fundus80": _read_fundus_evaluation,
    "fundus test": _read_fundus_tests,
    "htmldate": _read_htmldate,
    "trafilatura": _read_trafilatura,
}
