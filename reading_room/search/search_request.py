"""A reader's search: what stands in the box and in the fields beside it, as the ready queries take it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from reading_room.search.search_language import ParsedSearch, parse_search
from reading_room.tables.filter_values import BadFilter, FilterValues, check_ranges, quote_value

FILTERS = ("domain", "author", "year", "kind", "after", "before", "number")
LAST_PAGE = 10**9  # larger numbers would overflow SQLite's integers
_ROWS, _MOST_ROWS = 20, 100  # of a page; data have more


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """A search; an unset filter is the empty text."""

    q: str = ""
    without: str = ""
    domain: str = ""
    author: str = ""
    year: str = ""  # or the beginning of a date, such as 2021-05
    kind: str = ""
    after: str = ""
    before: str = ""
    number: str = ""
    sort: str = ""
    size: str = ""
    page: int = 1

    @property
    def rows(self) -> int:
        """How many briefs a page shows."""
        return int(self.size or _ROWS)

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set."""
        return {name: getattr(self, name) for name in FILTERS if getattr(self, name)}

    @property
    def parameters(self) -> dict[str, str]:
        """The search as the ready queries take it."""
        parsed = parse_search(self.q)
        without = " OR ".join(filter(None, (parsed.without, self.without)))
        return {"q": parsed.words, "without": without, **{name: getattr(self, name) for name in FILTERS}}

    @property
    def is_by_date(self) -> bool:
        """Whether the results are in the order of their dates."""
        return self.sort in ("newest", "oldest") or not self.parameters["q"]

    def build_query(self, **changes: object) -> str:
        """The query string of this search with some values changed."""
        search = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        fields = {name: getattr(search, name) for name in ("q", "without", *FILTERS, "sort", "size")}
        page = {"page": search.page} if search.page > 1 else {}
        return urlencode({name: value for name, value in fields.items() if value or name == "q"} | page)


@dataclass(frozen=True, slots=True)
class ReadSearch:
    """A search as it was understood: without the fields that were not, which `errors` tells."""

    search: SearchRequest
    notes: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


def read_search(given: Mapping[str, str], values: FilterValues) -> ReadSearch:
    """Read the box and the fields; filters in the box become fields."""
    fields = {name: (given.get(name) or "").strip() for name in ("q", "without", *FILTERS, "sort", "size", "page")}
    fields["q"] = quote_domains(fields["q"], values)
    parsed = parse_search(fields["q"])
    unwanted = parse_search(fields["without"])
    errors = list(filter(None, [_explain_nothing(fields["q"], parsed), _explain_nothing(fields["without"], unwanted)]))
    for name, value in parsed.filters:
        if fields[name] and not _is_same(name, fields[name], value, values):
            errors.append(f"{name} is given twice: {quote_value(fields[name])} and {quote_value(value)}")
        fields[name] = fields[name] or value
    if parsed.filters:
        fields["q"] = parsed.text
    for name in (*FILTERS, "sort", "size", "page"):
        try:
            fields[name] = values.check(name, fields[name])
            if name == "size" and int(fields[name] or _ROWS) > _MOST_ROWS:
                raise BadFilter(f"A page shows {_MOST_ROWS} briefs at most: .json and .csv have more")
        except BadFilter as error:
            errors.append(str(error))
            fields[name] = ""
    try:
        check_ranges(fields)
    except BadFilter as error:
        errors.append(str(error))
    if errors:
        fields["q"] = (given.get("q") or "").strip()  # to be mended
    page = min(max(int(fields.pop("page") or 1), 1), LAST_PAGE)
    return ReadSearch(SearchRequest(**fields, page=page), (*parsed.notes, *parsed.refusals), tuple(errors))


def _explain_nothing(typed: str, parsed: ParsedSearch) -> str | None:
    """What to say of a search of nothing but signs, which would else be none and show all posts."""
    if not typed.strip() or parsed.groups or parsed.left_out or parsed.filters:
        return None
    return f"Nothing in {quote_value(typed.strip())} can be searched for: write letters or digits"


def _is_same(name: str, value: str, other: str, values: FilterValues) -> bool:
    try:
        return values.check(name, value) == values.check(name, other)
    except BadFilter:
        return True  # it is told anyway


def quote_domains(typed: str, values: FilterValues) -> str:
    """The words with quotation marks around a domain of several words: `domain:Foreign Policy` is meant so."""
    names = sorted((name for name in values.domains if " " in name), key=len, reverse=True)
    if "domain:" not in typed.lower() or not names:
        return typed
    shape = "|".join(re.escape(name) for name in names)
    return re.sub(rf"(domain:)\s*({shape})(?!\w)", r'\1"\2"', typed, flags=re.IGNORECASE)


def expand_search(pairs: list[tuple[str, str]], values: FilterValues) -> list[tuple[str, str]]:
    """The parameters of a search as data: filters in the words become parameters; raises BadFilter."""
    given = dict(pairs)
    typed = quote_domains(given.get("q", ""), values)
    parsed = parse_search(typed)
    if parsed.refusals:
        raise BadFilter(parsed.refusals[0])
    for words, reading in ((typed, parsed), (given.get("without", ""), parse_search(given.get("without", "")))):
        if explanation := _explain_nothing(words, reading):
            raise BadFilter(explanation)
    if not parsed.filters and not parsed.left_out and parsed.groups == parse_search(typed, has_filters=False).groups:
        return pairs
    without = " OR ".join(filter(None, (parsed.without, given.get("without", "").strip())))
    others = [(name, value) for name, value in pairs if name not in ("q", "without")]
    return [("q", parsed.words), ("without", without), *others, *parsed.filters]
