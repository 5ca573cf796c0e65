"""Texts that changed as no editor changes them make a night doubtful."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.briefs.text_doubts import (
    TextChange,
    apply_news,
    count_lasting_gaps,
    find_short_texts,
    find_text_doubts,
    find_unexplained,
    read_changes,
    read_unchanged,
)
from pipelines.briefs.verdicts import Verdicts
from pipelines.extraction.version import EXTRACTOR
from scraper.records import Brief, FoundAddress
from tests.support.specimens import PATH, SITE, ingest_capture, make_brief, make_page, open_archive

WORDS = "The pact was signed by the river, said the council’s own paper on page {} of it, and nobody asked who paid. "
TEXT = "".join(map(WORDS.format, range(12)))
SHORTER = "".join(map(WORDS.format, range(8)))
SHARE = 0.2


def make_change(after: str, number: int = 1, *, title: str = "", announced: bool = False) -> TextChange:
    before = make_brief(f"/2022/01/0{number}/pact/", title=f"The Pact {number}", body=TEXT)
    return TextChange(before.path, before, replace(before, body=after, title=title or before.title), announced)


def find(*changes: TextChange, read: int = 2) -> str:
    return "; ".join(map(str, find_text_doubts(changes, make_unchanged(read - len(changes)), read, SHARE)))


def make_unchanged(number: int, *, year: int = 2019) -> list[TextChange]:
    """Make pages that read as they did."""
    briefs = [make_brief(f"/{year}/03/01/road-{n}/", published=f"{year}-03-01", body=TEXT) for n in range(number)]
    return [TextChange(brief.path, brief, brief, is_announced=False) for brief in briefs]


@pytest.mark.parametrize(
    ("after", "doubt"),
    [
        (TEXT[: len(TEXT) * 6 // 10], "lost words"),
        (TEXT[: len(TEXT) * 6 // 10] + "… Read more", "lost words"),
        (TEXT[len(TEXT) // 4 :], "lost words"),
        ("Lorem ipsum dolor sit amet. " * 40, "lost words"),
        ("", "lost words"),
        (TEXT.replace("’", "â€™"), "garbled"),
        (TEXT + "Ã©tÃ©", "garbled"),
        (SHORTER + "other " * 17, "lost words"),  # a fifth of the 88 words that are gone
        (SHORTER + "other " * 18, ""),  # an editor's hand
        (TEXT, ""),
        (TEXT.replace("paid", "had paid"), ""),
        (TEXT + "It was signed twice. " * 20, ""),
    ],
)
def test_one_text_of_two_is_enough(after: str, doubt: str) -> None:
    assert doubt in (found := find(make_change(after)))
    assert bool(doubt) == bool(found)


CUT, GARBLED, BANNER = TEXT[: len(TEXT) * 6 // 10], TEXT.replace("’", "â€™"), TEXT + " Give to the bannerfund."


@pytest.mark.parametrize(
    ("after", "numbers", "held", "unchanged", "is_lone"),
    [
        (CUT, [1], [1], 3, True),
        (CUT, [1, 2], [1, 2], 6, True),
        (GARBLED, [1], [1], 3, True),
        (BANNER, [1, 2], [1, 2], 6, True),
        (CUT, [1], [1], 9, True),
        (CUT, [1, 2], [1], 30, True),
        (CUT, [1], [], 3, False),  # the first night: it may be the site
        (CUT, [1, 2], [1], 6, False),  # another one tonight
        (CUT, [1], [1], 2, False),  # too few others read well
        (CUT, [1, 2, 3], [1, 2, 3], 6, False),
        (BANNER, [1, 2], [1], 6, False),
    ],
)
def test_pages_that_are_held_already_hold_no_others(
    after: str, numbers: list[int], held: list[int], unchanged: int, is_lone: bool
) -> None:
    changes = [replace(make_change(after, number), was_held=number in held) for number in numbers]
    (doubt,) = find_text_doubts(changes, make_unchanged(unchanged, year=2024), len(numbers) + unchanged, SHARE)
    assert doubt.is_lone == is_lone
    assert (len(doubt.paths), len(doubt.held)) == (len(numbers), len(held))


@pytest.mark.parametrize(("numbers", "newer", "is_lone"), [([1], 0, True), ([1, 2], 0, False), ([1, 2], 1, True)])
def test_what_the_newest_posts_lost_the_next_may_lose(numbers: list[int], newer: int, is_lone: bool) -> None:
    """One post may be the newest and alone; of several at least one newer reads well."""
    changes = [replace(make_change(CUT, number), was_held=True) for number in numbers]
    unchanged = [*make_unchanged(30), *make_unchanged(newer, year=2024)]
    (doubt,) = find_text_doubts(changes, unchanged, 32, SHARE)
    assert doubt.is_lone == is_lone


@pytest.mark.parametrize(
    ("is_seen_again", "was_held", "is_doubtful"), [(False, False, True), (True, False, False), (True, True, True)]
)
def test_a_text_that_is_gone_for_good_is_no_news(is_seen_again: bool, was_held: bool, is_doubtful: bool) -> None:
    """Once nights have read it so, it says nothing of the others."""
    change = replace(make_change(""), is_seen_again=is_seen_again, was_held=was_held)
    assert bool(find(change, read=1)) == is_doubtful
    assert ("coverage/body/lacked" in count_lasting_gaps([change])) != is_doubtful
    assert count_lasting_gaps([change], {change.path})["coverage/body/lacked"] == 1


def test_what_is_as_short_as_it_was_says_nothing_of_the_night() -> None:
    notice = make_brief("/2022/01/07/notice/", body="The brief was taken back.")
    changes = [TextChange(notice.path, notice, notice, is_announced=False), make_change("Cut.")]
    assert list(find_short_texts(changes, 200)) == [notice.path]


def test_an_announced_edit_may_shorten_a_text_and_one_of_many_may_be_odd() -> None:
    assert not find(make_change(TEXT[:400], announced=True))
    assert not find(make_change(TEXT[:400]), read=6)


@pytest.mark.parametrize("edits", [1, 5, 30])
def test_edited_and_new_posts_do_not_hide_that_the_only_other_one_is_cut(edits: int) -> None:
    edited = [make_change(TEXT + f"Edit {number}.", announced=True) for number in range(edits)]
    assert "lost words" in find(make_change(TEXT[: len(TEXT) * 6 // 10], 2), *edited, read=edits + 1)
    assert not find(make_change(TEXT + "Another sentence.", 2), *edited, read=edits + 1)


DATED = replace(make_brief(body=TEXT), modified="2022-06-01T00:00:00Z")


@pytest.mark.parametrize(
    ("after", "known", "is_unexplained"),
    [
        (replace(DATED, body=TEXT + " Give to the bannerfund."), {}, True),
        (replace(DATED, body=TEXT[:-100]), {}, True),
        (replace(DATED, title="US News"), {}, True),
        (replace(DATED, body=TEXT + " Signed twice."), {"is_announced": True}, False),
        (replace(DATED, body=TEXT + " Signed twice."), {"is_seen_again": True}, False),
        (replace(DATED, body=TEXT + " Signed twice.", modified="2022-06-02T00:00:00Z"), {}, False),
        (replace(DATED, label=None, number=None, domain=None, authors=()), {}, True),  # none is another value
        (replace(DATED, body=None), {}, True),
        (replace(DATED, body=TEXT + " Signed twice."), {"has_other_rules": True}, False),
        (DATED, {}, False),
    ],
)
def test_a_change_that_no_edit_explains(after: Brief, known: dict[str, bool], is_unexplained: bool) -> None:
    change = TextChange(PATH, DATED, after, **{"is_announced": False} | known)
    assert bool(list(find_unexplained([change], ()))) == is_unexplained
    (named,) = apply_news([change], {PATH}, ())
    assert not list(find_unexplained([named], ()))
    (stale,) = apply_news([named], {PATH}, {PATH})
    assert not stale.is_announced
    assert bool(list(find_unexplained([named], {PATH}))) == change.is_revision


def test_what_a_post_lacks_as_before_says_nothing_of_the_night() -> None:
    """But what it had before counts: the night may have lost it."""
    brief = make_brief(label=None)
    never, lost = (TextChange(PATH, before, brief, is_announced=False) for before in (brief, make_brief()))
    gaps = count_lasting_gaps([never, never, lost])
    assert (gaps["coverage/label/lacked"], gaps["coverage/photo_credits/lacked"]) == (2, 3)
    assert "coverage/title/lacked" not in gaps


def test_one_title_for_several_posts_is_no_editors() -> None:
    item, other = make_change(TEXT, title="US News"), make_change(TEXT, 2, title="US News")
    assert "one title" in find(item, other)
    assert not find(item, make_change(TEXT, 2, title="US Views"))


@pytest.mark.parametrize(("announced", "is_doubtful"), [((True, True), False), ((True, False), True)])
def test_the_same_words_in_several_posts_are_a_plugins(announced: tuple[bool, bool], is_doubtful: bool) -> None:
    banner = " Please give to the bannerfund today."
    changes = [make_change(TEXT + banner, number, announced=known) for number, known in enumerate(announced, 1)]
    assert bool(find(*changes)) == is_doubtful


def test_what_other_rules_read_before_is_no_change_of_the_site(tmp_path: Path) -> None:
    unexplained = []
    for day, body, extractor in ((1, TEXT, EXTRACTOR), (2, TEXT + "More.", "0"), (3, TEXT + "Most.", EXTRACTOR)):
        with open_archive(tmp_path) as archive:
            archive.begin_run("briefs", {})
            assert archive.crawl_id
            ingest_capture(archive, *make_page(make_brief(PATH, body=body), f"2022-06-0{day}T02:00:00Z", source="live"))
            unexplained.append(len(list(find_unexplained(read_changes(archive.db, archive.crawl_id), ()))))
            archive.db.execute("UPDATE captures SET extractor = ?", (extractor,))
            archive.finish_run("finished", {})
    assert unexplained == [0, 1, 0]


@pytest.mark.parametrize("finder", ["", "rest", "sitemap"])
def test_the_archive_says_what_a_page_showed_before_and_what_was_announced(tmp_path: Path, finder: str) -> None:
    """A cut text that is held already is not what tonight's is compared with."""
    changes: list[TextChange] = []
    for day, body in enumerate((TEXT, TEXT[:300], TEXT[:310]), 1):
        with open_archive(tmp_path) as archive:
            archive.begin_run("briefs", {})
            assert archive.crawl_id
            if finder and day == 3:
                archive.add_found([FoundAddress(SITE + PATH, finder, "2022-06-03T01:00:00+00:00")])
            ingest_capture(archive, *make_page(make_brief(PATH, body=body), f"2022-06-0{day}T02:00:00Z", source="live"))
            changes = read_changes(archive.db, archive.crawl_id)
            archive.finish_run("finished", {})
    (change,) = changes
    assert (change.before.body, change.after.body) == (TEXT, TEXT[:310])
    assert change.is_announced == bool(finder)


def test_the_same_fault_on_a_second_night_is_the_same_doubt(tmp_path: Path) -> None:
    """Its bytes are a check of what is held, and no capture of that night."""
    found: list[str] = []
    held: list[bool] = []
    for day, body in enumerate((TEXT, TEXT[:600], TEXT[:600], TEXT[:590]), 1):
        with open_archive(tmp_path) as archive:
            archive.begin_run("briefs", {})
            assert archive.crawl_id
            Verdicts(archive.transaction).begin(archive.crawl_id)
            started = f"2022-06-0{day}T01:00:00Z"
            archive.db.execute("UPDATE crawls SET started_at = ? WHERE id = ?", (started, archive.crawl_id))
            ingest_capture(archive, *make_page(make_brief(PATH, body=body), f"2022-06-0{day}T02:00:00Z", source="live"))
            changes = read_changes(archive.db, archive.crawl_id)
            held += [change.was_held for change in changes]
            found = list(map(str, find_text_doubts(changes, [], 1, SHARE)))
            assert not read_unchanged(archive.db, archive.crawl_id)
            Verdicts(archive.transaction).settle(archive.crawl_id, "held" if found else None)
            archive.finish_run("finished", {})
    assert "lost words" in found[0]
    assert held == [False, True, True]
    with open_archive(tmp_path) as archive:
        assert archive.db.execute("SELECT count(*) FROM revisions").fetchone() == (0,)


def test_a_page_with_the_same_bytes_lacks_what_it_lacked(tmp_path: Path) -> None:
    for day in (1, 2):
        with open_archive(tmp_path) as archive:
            archive.begin_run("briefs", {})
            assert archive.crawl_id
            archive.db.execute("UPDATE crawls SET started_at = ?", (f"2022-06-0{day}T01:00:00Z",))
            ingest_capture(archive, *make_page(make_brief(PATH), f"2022-06-0{day}T02:00:00Z", source="live"))
            archive.commit()
            same = read_unchanged(archive.db, archive.crawl_id)
            archive.finish_run("finished", {})
    (unchanged,) = same
    assert unchanged.before == unchanged.after
    assert count_lasting_gaps(same)["coverage/photo_credits/lacked"] == 1
