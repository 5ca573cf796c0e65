"""Ten tasks of researchers, done in the reading room by a browser: clicks, fields filled in, and seconds of waiting.

`python -m benchmarks.research_tasks archive.db` takes names and words from the archive, so that any will do.
"""

from __future__ import annotations

import argparse
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Locator, Page, sync_playwright
from rich.console import Console
from rich.table import Table

from tests.debian import find_browser
from tests.support.serving import serve_room


@dataclass(frozen=True, slots=True)
class Subject:
    """What the tasks ask about in this archive."""

    author: str
    word: str
    other: str
    year: str
    week: tuple[str, str]
    title: str


@dataclass
class Desk:
    """A reader at the front page: what is pressed and typed is counted, and how long pages are waited for."""

    page: Page
    server: str
    clicks: int = 0
    fields: int = 0
    seconds: float = 0
    lines: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Open the front page, where each task begins; it counts for nothing."""
        self.page.goto(self.server + "/")
        self.clicks, self.fields, self.seconds = 0, 0, 0.0

    def follow(self, name: str | re.Pattern[str]) -> None:
        """Click a link, and wait for its page."""
        self._press(self.page.get_by_role("link", name=name, exact=isinstance(name, str)).first)

    def unfold(self, name: str) -> None:
        """Click on what is folded."""
        self.clicks += 1
        self.page.locator("summary", has_text=name).first.click()

    def fill(self, selector: str, value: str) -> None:
        """Type into a field."""
        self.fields += 1
        self.page.locator(selector).first.fill(value)

    def choose(self, selector: str, value: str) -> None:
        """Choose from a list."""
        self.fields += 1
        self.page.locator(selector).first.select_option(value)

    def submit(self, name: str = "Search") -> None:
        """Press the button of the form that is filled in."""
        self._press(self.page.locator("main").get_by_role("button", name=name).first)

    def fetch(self, link: Locator) -> bytes:
        """Click a link that gives a file."""
        address, begun = link.get_attribute("href") or "", time.perf_counter()
        self.clicks += 1
        with urlopen(address if "://" in address else self.server + address) as answer:
            body: bytes = answer.read()
        self.seconds += time.perf_counter() - begun
        return body

    def show(self, text: str) -> None:
        """Raise AssertionError if the page does not show the text."""
        assert text in self.page.locator("main").inner_text(), (text, self.page.url)

    def _press(self, target: Locator) -> None:
        self.clicks += 1
        begun = time.perf_counter()
        target.click()
        self.page.wait_for_load_state("load")
        self.seconds += time.perf_counter() - begun


def search_by_author_and_year(desk: Desk, subject: Subject) -> None:
    """A word in one year by one author."""
    desk.fill("main input[name=q]", subject.word)
    desk.submit()
    desk.fill("#room-author", subject.author)
    desk.fill("#room-after", subject.year)
    desk.fill("#room-before", subject.year)
    desk.submit()
    desk.show("found")


def count_by_year_and_domain(desk: Desk, _: Subject) -> None:
    """Briefs by year and domain, as chart and CSV."""
    desk.follow("Charts")
    desk.follow("Posts per month by policy domain")
    desk.page.locator(".room-chart svg").first.wait_for()
    desk.follow("Data")
    desk.follow("Posts by year and domain")
    assert desk.fetch(desk.page.get_by_role("link", name="CSV", exact=True).first).startswith(b"year,domain,briefs")


def list_recommended_resources(desk: Desk, _: Subject) -> None:
    """Resources that more than five briefs recommend, and whether their addresses still answer."""
    desk.follow("Data")
    desk.follow("resource_links (rows)")
    desk.choose("select[name=_filter_column]", "briefs")
    desk.choose("select[name=_filter_op]", "gt")
    desk.fill("input[name=_filter_value]", "5")
    desk.submit("Apply")
    desk.show("outcome")


def read_changes(desk: Desk, subject: Subject) -> None:
    """What was changed in one brief."""
    desk.fill("main input[name=q]", subject.title)
    desk.submit()
    desk.follow(subject.title)
    desk.follow("Versions")
    desk.show("Versions")


def cite_a_brief(desk: Desk, subject: Subject) -> None:
    """A citation of one brief for LaTeX."""
    desk.fill("main input[name=q]", subject.title)
    desk.submit()
    desk.follow(subject.title)
    desk.unfold("BibTeX to copy")
    assert desk.fetch(desk.page.get_by_role("link", name="Download as .bib")).startswith(b"@")


def take_full_texts(desk: Desk, subject: Subject) -> None:
    """Two hundred full texts for pandas."""
    desk.fill("main input[name=q]", subject.other)
    desk.submit()
    desk.unfold("Use and cite this data")
    lines = desk.fetch(desk.page.get_by_role("link", name="full texts as JSON Lines")).splitlines()
    assert lines[0].startswith(b'{"path"')
    desk.lines.append(f"{len(lines)} texts")


def find_near_copies(desk: Desk, _: Subject) -> None:
    """Posts that may be one all the same."""
    desk.follow("Data")
    desk.follow("duplicates (rows)")
    desk.show("duplicates")


def search_one_without_other(desk: Desk, subject: Subject) -> None:
    """One word without another."""
    desk.fill("main input[name=q]", f"{subject.word} -{subject.other}")
    desk.submit()
    desk.show("found")


def list_a_week(desk: Desk, subject: Subject) -> None:
    """What was published in one week."""
    desk.fill("main input[name=q]", f"after:{subject.week[0]} before:{subject.week[1]}")
    desk.submit()
    desk.show("found")


def find_missing_numbers(desk: Desk, _: Subject) -> None:
    """Which numbers of a series are missing."""
    desk.follow("Economics")
    desk.show("Numbers")


TASKS: tuple[Callable[[Desk, Subject], None], ...] = (
    search_by_author_and_year,
    count_by_year_and_domain,
    list_recommended_resources,
    read_changes,
    cite_a_brief,
    take_full_texts,
    find_near_copies,
    search_one_without_other,
    list_a_week,
    find_missing_numbers,
)


def read_subject(database: Path) -> Subject:
    """What there is to ask about: the busiest author, common words of a brief of theirs, a title that stands once."""
    with closing(sqlite3.connect(database)) as db:
        author, path = db.execute("""SELECT name, max(path) FROM authors JOIN brief_authors ON author_id = authors.id
            JOIN briefs ON briefs.id = brief_id WHERE authors.kind = 'person' AND published IS NOT NULL
            GROUP BY name ORDER BY count(*) DESC LIMIT 1""").fetchone()
        day, body = db.execute("SELECT published, body FROM briefs WHERE path = ?", (path,)).fetchone()
        title = db.execute("""SELECT title FROM briefs WHERE title IS NOT NULL GROUP BY title HAVING count(*) = 1
            ORDER BY EXISTS (SELECT 1 FROM revisions WHERE brief_id = briefs.id) DESC, id LIMIT 1""").fetchone()[0]
        last = db.execute("SELECT date(?, '+6 days')", (day,)).fetchone()[0]
    words = [word.lower() for word in re.findall(r"[A-Za-z]{4,}", body)]
    return Subject(author, words[0], words[-1], day[:4], (day, last), title)


@contextmanager
def open_desk(database: Path) -> Iterator[Desk]:
    """A browser before a server of the archive."""
    with serve_room(database) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        yield Desk(browser.new_page(), server)
        browser.close()


def main() -> None:
    """Do the tasks and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("database", type=Path)
    database = parser.parse_args().database
    table = Table("task", "clicks", "fields", "seconds", title=str(database.name))
    with open_desk(database) as desk:
        for task in TASKS:
            desk.begin()
            task(desk, read_subject(database))
            table.add_row((task.__doc__ or "").rstrip("."), f"{desk.clicks}", f"{desk.fields}", f"{desk.seconds:.1f}")
    Console(width=120).print(table, *desk.lines)


if __name__ == "__main__":
    main()
