"""Writers are joined and parted by people alone; proposals never name two who cannot be one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from pipelines.archive import SqliteArchive
from pipelines.people.authors import list_writers
from pipelines.people.name_similarity import are_two_people, find_likeness, list_blocking_keys
from pipelines.people.proposals import propose_merges
from pipelines.people.records import Alias, Proposal, Writer
from pipelines.schema.migrations import ALIASES
from scraper.commands.authors import format_aliases_csv, read_aliases
from scraper.errors import BUSY, DATA, OK, USAGE, BadArgument, BadInput
from scraper.records import Author
from tests.support.scrapy_running import scrapy
from tests.support.specimens import ingest_capture, make_brief, make_page, make_settings, open_archive, read_rows

_WHY = "their page says so"
_BYLINES = """SELECT path, authors.name, authors.kind FROM brief_authors
    JOIN briefs ON briefs.id = brief_id JOIN authors ON authors.id = author_id ORDER BY path, position"""
_LETTERS = "the same letters: only accents, capitals, full stops, hyphens or titles differ"
_STAFF = Author("U.S. Resist News Staff", "collective")


def _sign_briefs(opened: SqliteArchive, *bylines: str | Author, domain: str = "Environment") -> None:
    """A brief each; names of one byline are parted by ` & `."""
    for number, names in enumerate(bylines, 1):
        item = [Author(name) for name in names.split(" & ")] if isinstance(names, str) else [names]
        path = f"/2020/01/{number:02}/{domain[:3].lower()}/"
        ingest_capture(
            opened, *make_page(make_brief(path, authors=tuple(item), published=f"2020-01-{number:02}", domain=domain))
        )


def _list_proposals(folder: Path) -> list[tuple[str, str]]:
    return [(item.name, item.author) for item in list_writers(make_settings(folder)).proposals]


@pytest.mark.parametrize(
    ("item", "other", "how"),
    [
        ("Rod Maggay", "Rodney A. Maggay", "a first name and its short form"),
        ("Rudy Lurz", "Rudolph Lurz", "a first name and its short form"),
        ("Todd Broadman", "Todd J. Broadman", "with and without a middle name, or its initial"),
        ("S. Bhimji", "Siam Bhimji", "a first name and its initial"),
        ("Charles A Rubin", "Charles A. Rubin", _LETTERS),
        ("Zack Huffman", "Zach Huffman", "one letter apart"),
        ("Cart Katherine", "Katherine Cart", "the same words in another order"),
        ("Cart, Katherine", "Katherine Cart", _LETTERS),
        ("JOSÉ Oak-Fenn", "Jose Oak Fenn", _LETTERS),
        ("Anora Morton, J.D.", "Anora Morton", _LETTERS),
        ("Maureen Darby", "Maureen Darby-Serson", "one family name is a part of the other"),
        ("Ina Quadir", "Ina Quadri", "one letter apart"),
        ("Dean Grayson", "Sean Grayson", "one letter apart, the first of a word"),
    ],
)
def test_names_that_are_alike(item: str, other: str, how: str) -> None:
    result = find_likeness(item, other)
    assert result is not None
    assert result.how == how
    assert find_likeness(other, item) == result
    assert set(list_blocking_keys(item)) & set(list_blocking_keys(other))


@pytest.mark.parametrize(
    ("item", "other"),
    [
        ("Ibrahim Sultan", "Ibrahim Castro"),
        ("John A. Smith", "John B. Smith"),
        ("John Smith Jr.", "John Smith III"),
        ("Emily Carty", "Emily Scanlon"),
        ("Ann Lee", "Ana Lee"),
        ("Siam", "Siam Bhimji"),
        ("A. Fenn", "Ben Fenn"),
    ],
)
def test_names_of_two_people(item: str, other: str) -> None:
    assert find_likeness(item, other) is None
    assert find_likeness(other, item) is None


_WORDS = st.sampled_from(
    ["Ann", "Anne", "A.", "B", "José", "Jose", "Rod", "Rodney", "Fenn", "Fenn-Oak", "Oak", "Jr.", ","]
)
_NAMES = st.one_of(st.lists(_WORDS, min_size=1, max_size=4).map(" ".join), st.text(max_size=12))


@given(_NAMES, _NAMES)
@trying(max_examples=30)
def test_likeness_is_the_same_both_ways_and_never_missed(item: str, other: str) -> None:
    assert find_likeness(item, other) == find_likeness(other, item)
    assert are_two_people(item, other) == are_two_people(other, item)
    if find_likeness(item, other):
        assert set(list_blocking_keys(item)) & set(list_blocking_keys(other))


_WRITERS = st.lists(
    st.tuples(_NAMES, st.sampled_from(["person", "collective"])), max_size=8, unique_by=lambda item: item[0]
)


@given(_WRITERS, st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7))))
@trying(max_examples=30)
def test_proposals_are_symmetric_and_never_of_two_who_sign_together(
    result: list[tuple[str, str]], signed: list[tuple[int, int]]
) -> None:
    writers = [Writer(at, name, kind, 1, None, None, ((name, 1),)) for at, (name, kind) in enumerate(result)]
    kinds = dict(result)
    folded = [name.casefold() for name, _ in result]
    together = {frozenset((folded[a % len(result)], folded[b % len(result)])) for a, b in signed if result}
    found = propose_merges(writers, (), together)
    assert propose_merges(writers[::-1], (), together) == found
    for item in found:
        assert kinds[item.name] == kinds[item.author]
        assert frozenset((item.name.casefold(), item.author.casefold())) not in together


@pytest.fixture(scope="module")
def writers_archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that only tests read which write nothing."""
    folder = tmp_path_factory.mktemp("known")
    with open_archive(folder, batch=100) as opened:
        _sign_briefs(opened, "Ada Fenn", "A. Fenn", "Bea Oakley & Ben Oakley", "B. Oakley", "Rod Maggay", _STAFF)
        _sign_briefs(opened, Author("Ada Fenn", role="Analyst"), "Ada Fern", "Rodney A. Maggay", domain="Education")
    return folder


def test_writers_are_listed_with_their_spellings(writers_archive: Path) -> None:
    result = list_writers(make_settings(writers_archive))
    (ada,) = (item for item in result.writers if item.name == "Ada Fenn")
    assert (ada.briefs, ada.first, ada.last, ada.roles) == (2, "2020-01-01", "2020-01-01", ("Analyst",))
    assert ada.domains == ("Education", "Environment")
    (rod,) = (item for item in result.writers if item.name == "Rodney A. Maggay")
    assert rod.spellings == (("Rod Maggay", 1), ("Rodney A. Maggay", 1))
    assert [item.kind for item in result.writers if item.name == _STAFF.name] == ["collective"]


def test_proposals_tell_what_speaks_for_them(writers_archive: Path) -> None:
    result = {(item.name, item.author): item for item in list_writers(make_settings(writers_archive)).proposals}
    assert set(result) == {
        ("A. Fenn", "Ada Fenn"),
        ("Ada Fern", "Ada Fenn"),
        ("B. Oakley", "Bea Oakley"),
        ("B. Oakley", "Ben Oakley"),
    }
    assert result["A. Fenn", "Ada Fenn"].evidence == ("a first name and its initial", "both write on Environment")


def test_a_mailbox_of_the_house_is_no_evidence() -> None:
    def writer(number: int, name: str, contact: str, first: str = "2020-01-01") -> Writer:
        return Writer(number, name, "person", 1, first, first, ((name, 1),), (), (contact,))

    def weigh_contacts(*contacts: str, first: str = "2020-01-01") -> Proposal:
        people = [writer(1, "Ada Fenn", contacts[0]), writer(2, "A. Fenn", contacts[1], first)]
        (found,) = propose_merges([*people, writer(3, "Ben Oak", contacts[-1])], (), ())
        return found

    apart = weigh_contacts("a", "b", "")
    assert (weigh_contacts("a", "a", "").score, weigh_contacts("a", "a").score, apart.score) == (9, 6, 4)
    assert apart.against == ("they give different addresses",)
    assert "4 years lie between their briefs" in weigh_contacts("a", "a", "", first="2024-06-01").against


@pytest.mark.parametrize(
    ("name", "role", "day", "score", "against"),
    [
        ("A. Fenn", "Analyst", "2020-01-01", 8, ()),  # one role and one time besides the initial
        ("A. Fenn", "Analyst", None, 5, ()),
        ("A. Fenn", "Editor", None, 4, ("their roles differ: Analyst and Editor",)),
        ("A. Fenn Jr.", None, None, 2, ("one is a Jr., Sr. or the like: a parent and a child have one name",)),
    ],
)
def test_roles_and_generations_are_evidence(
    name: str, role: str | None, day: str | None, score: int, against: tuple[str, ...]
) -> None:
    ada = Writer(1, "Ada Fenn", "person", 2, "2020-01-01", "2020-01-01", (), ("Analyst",))
    (found,) = propose_merges([ada, Writer(2, name, "person", 1, day, day, (), (role,) if role else ())], (), ())
    assert (found.score, found.against) == (score, against)


def test_merging_and_splitting_leave_everything_as_it_was(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, "Ada Fenn", "A. Fenn & Ben Oak", _STAFF)
        before = opened.db.execute(_BYLINES).fetchall()
        assert opened.aliases.merge("A. Fenn", "Ada Fenn", _WHY) == Alias("A. Fenn", "Ada Fenn", _WHY)
        assert opened.aliases.merge("a. fenn", "ADA FENN", "again") == Alias("A. Fenn", "Ada Fenn", _WHY)
        assert [row[1] for row in opened.db.execute(_BYLINES)] == ["Ada Fenn", "Ada Fenn", "Ben Oak", _STAFF.name]
        assert opened.aliases.split("a. fenn") == Alias("A. Fenn", "Ada Fenn", _WHY)
        assert opened.db.execute(_BYLINES).fetchall() == before
        with pytest.raises(BadInput, match="no alias"):
            opened.aliases.split("A. Fenn")
    assert _list_proposals(tmp_path) == [("A. Fenn", "Ada Fenn")]


def test_a_collective_byline_stays_one(tmp_path: Path) -> None:
    house = Author("US Resist News Staff", "collective")
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, _STAFF, house, "U. Resist News Staff", "Ada Fenn")
        with pytest.raises(BadArgument, match="collective byline"):
            opened.aliases.merge("Ada Fenn", _STAFF.name, _WHY)
        with pytest.raises(BadArgument, match="collective byline"):
            opened.aliases.merge(_STAFF.name, "Ada Fenn", _WHY)
        opened.commit()
    assert _list_proposals(tmp_path) == [(house.name, _STAFF.name)]
    with open_archive(tmp_path) as opened:
        opened.aliases.merge(house.name, _STAFF.name, "full stops")
        opened.aliases.split(house.name)
        assert [row[1:] for row in opened.db.execute(_BYLINES)][1] == (house.name, "collective")


def test_two_who_sign_one_brief_are_two_people(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, "Ada Fenn & A. Fenn", "Ada M. Fenn")
        with pytest.raises(BadArgument, match="sign one brief together"):
            opened.aliases.merge("A. Fenn", "Ada Fenn", _WHY)
        path = "/2020/01/01/env/"  # corrected later: what the older page said still counts
        ingest_capture(opened, *make_page(make_brief(path, authors=(Author("Ada Fenn"),)), "2022-06-01T12:00:00Z"))
        _sign_briefs(opened, "A. Fenn", domain="Education")
        with pytest.raises(BadArgument, match="sign one brief together"):
            opened.aliases.merge("A. Fenn", "Ada Fenn", _WHY)
    assert ("A. Fenn", "Ada Fenn") not in _list_proposals(tmp_path)


def test_a_rejection_lasts_until_it_is_taken_back(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, "Ann Rowe", "Anne Rowe")
        result = opened.aliases.reject("Anne Rowe", "Ann Rowe", "two biographies")
        assert opened.aliases.reject("ann rowe", "Anne Rowe", "again") == result
        with pytest.raises(BadArgument, match="two biographies"):
            opened.aliases.merge("Ann Rowe", "Anne Rowe", _WHY)
    assert _list_proposals(tmp_path) == []
    with open_archive(tmp_path) as opened:
        opened.aliases.withdraw_rejection("Ann Rowe", "Anne Rowe")
        opened.aliases.merge("Ann Rowe", "Anne Rowe", _WHY)
        with pytest.raises(BadArgument, match="one writer"):
            opened.aliases.reject("Ann Rowe", "Anne Rowe", "too late")
        with pytest.raises(BadInput, match="never rejected"):
            opened.aliases.withdraw_rejection("Ann Rowe", "Anne Rowe")


def test_chains_lead_to_their_end_and_circles_nowhere(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, "Ada M. Fenn", "Ada Fenn", "A. Fenn", "Mrs. Fenn")
        opened.aliases.merge("Ada Fenn", "Ada M. Fenn", _WHY)
        assert opened.aliases.merge("A. Fenn", "Ada Fenn", _WHY).author == "Ada M. Fenn"
        with pytest.raises(BadArgument, match="spellings of its own"):
            opened.aliases.merge("Ada M. Fenn", "Mrs. Fenn", _WHY)
        with pytest.raises(BadArgument, match="one writer already"):
            opened.aliases.merge("Ada M. Fenn", "A. Fenn", _WHY)
        with pytest.raises(BadArgument, match="capitals"):
            opened.aliases.merge("MRS. FENN", "Mrs. Fenn", _WHY)
        with pytest.raises(BadArgument, match="already"):
            opened.aliases.merge("A. Fenn", "Mrs. Fenn", _WHY)
        with pytest.raises(BadInput, match="did you mean Ada Fenn"):
            opened.aliases.merge("Ada Fen", "Mrs. Fenn", _WHY)
        with pytest.raises(BadArgument, match="reason"):
            opened.aliases.merge("Mrs. Fenn", "Ada M. Fenn", "  ")


def test_a_file_of_aliases_is_read_whole_or_not_at_all(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, "Ada Fenn", "A. Fenn")
        chain = [Alias("A. Fenn", "A. M. Fenn", "x"), Alias("A. M. Fenn", "Ada Fenn", "y")]
        assert opened.aliases.add_all(chain) == 2
        assert opened.aliases.add_all(chain) == 0
        with pytest.raises(BadArgument, match="leads to itself"):
            opened.aliases.add_all([Alias("New", "Newer", "z"), Alias("Ben", "Bea", "x"), Alias("bea", "BEN", "y")])
    assert read_rows(tmp_path, "SELECT count(*) FROM author_aliases WHERE name = 'New'") == [(0,)]
    assert read_rows(tmp_path, "SELECT name FROM authors") == [("Ada Fenn",)]
    file = tmp_path / "aliases.csv"
    file.write_text(format_aliases_csv(list_writers(make_settings(tmp_path))), encoding="utf-8")
    assert {alias.name for alias in read_aliases(file)} >= {alias.name for alias in read_aliases(ALIASES)}
    for text, message in (
        (b"name,author\na,b\n", "row 2"),
        (b"name,author,reason\na,b,\n", "row 2"),
        (b"\xff", "UTF-8"),
    ):
        file.write_bytes(text)
        with pytest.raises(BadInput, match=message):
            read_aliases(file)


def test_the_command(tmp_path: Path) -> None:
    with open_archive(tmp_path) as opened:
        _sign_briefs(opened, "Ada Fenn", "A. Fenn")
        assert scrapy(tmp_path, "authors", "split", "A. Fenn").returncode == BUSY
    merged = scrapy(tmp_path, "authors", "merge", "A. Fenn", "Ada Fenn", "--reason", _WHY)
    assert (merged.returncode, merged.stderr) == (OK, "")
    listed = scrapy(tmp_path, "authors")
    assert "A. Fenn (1)" in listed.stdout
    assert "1 people and 0 collective bylines; 8 aliases, 0 rejections, 0 proposals" in listed.stdout
    assert scrapy(tmp_path, "authors", "merge", "A. Fenn", "Ada Fenn").returncode == USAGE
    assert scrapy(tmp_path / "none", "authors").returncode == DATA
