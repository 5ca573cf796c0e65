"""Posts for the real WordPress: briefs in the wordings of all years, of invented prose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

DOMAINS = ("Foreign Policy", "Civil Rights", "Environment", "Education", "Technology", "Social Justice")
AUTHORS = ("Mara Quill", "Tobias Fenn", "Ines Adair")
NEVER_WAS = "/2019/01/01/never-was/"  # linked to, never published
_STAFF = "<!-- wp:paragraph --><p>{}</p><!-- /wp:paragraph -->"


@dataclass(frozen=True)
class WordPressPost:
    slug: str
    date: str
    title: str
    content: str
    category: str
    number: int
    author: str
    status: str = "publish"

    @property
    def path(self) -> str:
        year, month, day = self.date[:10].split("-")
        return f"/{year}/{month}/{day}/{self.slug}/"


def wordpress_posts(count: int = 101) -> list[WordPressPost]:
    """`count` published posts over 2018 to 2025, one more than REST puts on a page, and a draft that nobody may see."""
    posts = [_post(number) for number in range(1, count + 1)]
    draft = WordPressPost("secret", "2020-05-05 10:00:00", "Secret", "<p>Not yet.</p>", DOMAINS[0], 0, "", "draft")
    return [*posts, draft]


def _post(number: int) -> WordPressPost:
    domain, author = DOMAINS[number % len(DOMAINS)], AUTHORS[number % len(AUTHORS)]
    year = 2018 + number % 8
    title = f"The ferry line number {number} & its “last” timetable"
    if year >= 2025:
        title += f" ({domain if domain.endswith('Policy') else domain + ' Policy'} Brief #{number})"
    date = f"{year}-{1 + number % 12:02}-{1 + number % 28:02} 12:00:00"
    content = "\n\n".join(_STAFF.format(line) for line in _lines(number, year, domain, author))
    return WordPressPost(f"ferry-{number}", date, title, content + _resources(number), domain, number, author)


def _lines(number: int, year: int, domain: str, author: str) -> Iterator[str]:
    if year < 2025:
        yield f"Brief #{number}—{domain}" if year < 2022 else f"Brief #{number} – {domain} Policy Brief"
    yield f"By {author}" if year < 2023 else f"by: {author}"
    yield "Policy Summary"
    yield f"The island's council will close line {number} in spring, and says that buses over the new bridge will do."
    yield "Analysis"
    earlier = f'<a href="{NEVER_WAS}">an older note</a>' if number == 7 else "an older note"
    yield f"The bridge was counted twice in the council's own figures, as {earlier} said; nobody has answered it."


def _resources(number: int) -> str:
    if number % 3:
        return ""
    heading = "<!-- wp:heading --><h2>Engagement Resources</h2><!-- /wp:heading -->"
    item = '<li><a href="https://example.org/ferry">Ferry Friends</a>: they keep the timetable.</li>'
    return f"\n\n{heading}\n\n<!-- wp:list --><ul>{item}</ul><!-- /wp:list -->"
