"""The charts of the room: the ready query behind each, its form, and what its table shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from datasette.utils import tilde_encode  # type: ignore[import-untyped]

from reading_room.charts.chart_canvas import Canvas
from reading_room.charts.chart_forms import (
    Bars,
    Columns,
    Grid,
    Link,
    Ranks,
    list_months,
    list_quarters,
    list_years_between,
)
from reading_room.query import Row
from reading_room.server.settings import NAME

OTHERS = "others"  # what briefs_by_month calls all but the largest domains


class Form(Protocol):
    """Draws rows as a picture so many pixels wide."""

    def draw(self, rows: Sequence[Row], width: int, link: Link) -> Canvas:
        """The picture."""


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart; its parameters are those of its query."""

    name: str
    title: str
    about: str
    query: str
    form: Form
    columns: tuple[str | tuple[str, str], ...]  # of the table: a name, and a heading that is none of HEADINGS
    filters: tuple[str, ...] = ()
    link: Link = lambda _: ""  # of each mark, and of the last column: to what was counted

    @property
    def table(self) -> list[tuple[str, str]]:
        """The columns of the table with their headings."""
        return [(column, HEADINGS[column]) if isinstance(column, str) else column for column in self.columns]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Charts that are shown on one page."""

    name: str
    title: str
    about: str
    charts: tuple[Chart, ...]

    @property
    def filters(self) -> tuple[str, ...]:
        """The filters of any of its charts."""
        return tuple(dict.fromkeys(name for chart in self.charts for name in chart.filters))


def _list_posts(row: Row, period: str, domain: str | None) -> str:
    parameters = {"published__startswith": period, **({"domain": domain} if domain else {})}
    return f"{NAME}/brief_list?{urlencode(parameters)}"


def _link_month(row: Row) -> str:
    return "" if row["domain"] in (None, OTHERS) else _list_posts(row, row["month"], row["domain"])


def _link_author_year(row: Row) -> str:
    return f"{NAME}/search?{urlencode({'author': row['author_id'], 'year': row['year'], 'sort': 'newest'})}"


def _link_resource(row: Row) -> str:
    return f"{NAME}/resources/{row['resource_id']}"


def _link_domain_year(row: Row) -> str:
    return _list_posts(row, row["year"], row["domain"])


def _link_captures(row: Row) -> str:
    return f"{NAME}/captures?{urlencode({'captured_at__startswith': row['month'] or '', 'source': row['source']})}"


def _link_end(row: Row) -> str:
    table = "authors" if row["kind"] == "author" else "resources"
    return f"{NAME}/{table}/{tilde_encode(str(row['id']))}"


HEADINGS = {
    **{"month": "Month", "quarter": "Quarter", "year": "Year", "first": "First", "last": "Last", "kind": "Kind"},
    **{"domain": "Policy domain", "first_number": "First number", "last_number": "Last number", "missing": "Missing"},
    **{
        "percent": "Per cent",
        "present": "Numbers here",
        "writers": "Writers",
        "author": "Author",
        "authors": "Authors",
    },
    **{"name": "Resource", "briefs": "Posts", "posts": "Posts", "source": "Source", "captures": "Captures"},
    **{"pages": "Pages", "state": "State", "links": "Links", "host": "Web host", "answers": "Answer"},
    **{"moved": "Moved", "closed": "Closed", "dead": "Dead"},
}
DASHBOARDS = (
    Dashboard(
        "posts",
        "Posts over time",
        "How many posts the site published, month by month and by policy domain.",
        (
            Chart(
                "posts-by-month",
                "Posts per month by policy domain",
                "The seven largest domains; all others, and posts without a domain, are counted as others. Months "
                "without posts are empty.",
                "briefs_by_month",
                Columns("month", "domain", "briefs", list_months, "posts", last=OTHERS),
                ("month", "domain", "briefs"),
                ("domain", "from", "to"),
                link=_link_month,
            ),
            Chart(
                "timeline",
                "Timeline of the policy domains",
                "A row for each policy domain of the site, a field for each month; the stronger its colour, "
                "the more posts. Empty fields are months without posts.",
                "posts_timeline",
                Grid("domain", "month", "posts", list_months, "posts"),
                ("domain", "month", "first_number", "last_number", "posts"),
                ("from", "to"),
                link=_link_month,
            ),
        ),
    ),
    Dashboard(
        "authors",
        "Authors over time",
        "How many people wrote for the site, how many of them for the first time, and when the busiest wrote.",
        (
            Chart(
                "new-authors",
                "Authors per quarter",
                "Those who wrote for the first time (in the policy domain, if one is chosen) stand apart from those "
                "who had written before.",
                "authors_by_quarter",
                Columns("quarter", "writers", "authors", list_quarters, "authors", order=("returning", "new")),
                ("quarter", "writers", "authors"),
                ("domain",),
            ),
            Chart(
                "busiest-authors",
                "The busiest authors, year by year",
                "The fifteen authors with the most posts, and how many each wrote in each year.",
                "busiest_authors",
                Grid("author", "year", "briefs", list_years_between, "posts", text="briefs"),
                ("author", "year", "briefs"),
                ("domain",),
                link=_link_author_year,
            ),
        ),
    ),
    Dashboard(
        "resources",
        "Recommended resources",
        "Which organisations and pages the posts recommend to their readers most, in which policy domains, and who "
        "wrote there.",
        (
            Chart(
                "top-resources",
                "The most recommended resources",
                "The twenty-five that most posts recommend.",
                "resources_by_briefs",
                Bars("name", (("briefs", "posts recommend it", "t1"),)),
                ("name", "first", "last", "briefs"),
                ("domain", "year"),
                link=_link_resource,
            ),
            Chart(
                "network",
                "Authors, policy domains and resources",
                "The twenty busiest authors and the twenty most recommended resources, and the domains between them. "
                "A band is as thick as there are posts: those of the author in the domain, or those of the domain "
                "that recommend the resource.",
                "network",
                Ranks(),
                ("kind", ("name", "Author or resource"), "domain", "posts"),
                link=_link_end,
            ),
        ),
    ),
    Dashboard(
        "completeness",
        "Coverage and gaps",
        "How much of the site is here, by the numbers its briefs carry and by the copies they were read from.",
        (
            Chart(
                "numbers",
                "Which share of the numbers is here",
                "By policy domain and year, in per cent. The figures in the fields are the numbers that are "
                "missing; a missing one counts for the year of the number before it.",
                "numbers_by_year",
                Grid("domain", "year", "percent", list_years_between, "per cent are here", text="missing", most=100),
                ("domain", "year", "missing", "percent", "present"),
                ("domain",),
                link=_link_domain_year,
            ),
            Chart(
                "captures",
                "Captures per month and source",
                "How many copies of pages were made in which month, and where they come from. Copies without a date "
                "are in the table only.",
                "coverage",
                Grid("source", "month", "captures", list_months, "captures"),
                ("month", "source", "pages", "captures"),
                ("year",),
                link=_link_captures,
            ),
        ),
    ),
    Dashboard(
        "links",
        "Dead links",
        "Whether the addresses that posts recommend still answer: by the month of the check, and by web host.",
        (
            Chart(
                "links-by-month",
                "Checks of recommended links per month",
                "Each link once a month, by its last check in it. “Dead” is gone, broken or not reachable; “closed” "
                "refuses programs. Months without checks are empty.",
                "links_by_month",
                Columns(
                    "month",
                    "state",
                    "links",
                    list_months,
                    "links",
                    order=("answers", "moved", "closed", "dead", "unchecked"),
                ),
                (("month", "Month of the check"), "state", "links"),
            ),
            Chart(
                "links-by-host",
                "Web hosts with the most dead links",
                "By the last check of each recommended address; the twenty-five hosts with the most dead ones.",
                "links_by_host",
                Bars(
                    "host",
                    (
                        ("dead", "dead", "t2"),
                        ("moved", "moved", "t6"),
                        ("closed", "closed to programs", "t8"),
                        ("answers", "answer", "t3"),
                    ),
                ),
                ("host", "answers", "moved", "closed", ("posts", "Posts that recommend them"), "dead"),
            ),
        ),
    ),
)
CHARTS = {chart.name: chart for dashboard in DASHBOARDS for chart in dashboard.charts}
PAGES = {dashboard.name: dashboard for dashboard in DASHBOARDS}
# Addresses of earlier versions of the room, which people may have cited.
EARLIER = {
    "briefs": "posts",
    "briefs/by_month": "posts-by-month",
    "authors/new_and_returning": "new-authors",
    "authors/busiest": "busiest-authors",
    "resources/top": "top-resources",
    "completeness/numbers": "numbers",
    "completeness/captures": "captures",
}
