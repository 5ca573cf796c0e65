"""Revisit records and their originals, in any order of files and of commands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from scrapy.settings import Settings

from pipelines.archive import SqliteArchive
from pipelines.extract import extract
from scraper.address import SITE_HOSTS
from scraper.commands.ingest_paths import ingest_paths
from scraper.errors import DATA, OK
from scraper.records import Capture
from scraper.sources.revisits import normalise_digest
from scraper.sources.sidecar import make_sidecar
from tests.support.archive_tables import compare_tables, read_tables
from tests.support.filled_archive import query_database
from tests.support.specimens import ingest_capture, make_settings
from tests.support.warc_writing import DAY, IDENTICAL, Warc, address, html

UNMODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"
WHOLE = {f"/2019/03/{n:02}/page-{n}/" for n in (1, 2, 3, 4, 5, 9)}


def identifier(name: str) -> str:
    return f"<urn:uuid:00000000-0000-0000-0000-{name:0>12}>"


def by_date(n: int) -> dict[str, str]:
    return {"WARC-Refers-To-Target-URI": address(n), "WARC-Refers-To-Date": DAY}


def by_digest(n: int) -> dict[str, str]:
    body = Capture(html(n), None, None, "warc")
    return {"WARC-Payload-Digest": body.payload_sha1}


def files(folder: Path) -> list[Path]:
    """Originals, revisits of each profile and by each kind of name, one of a revisit, one of what nobody has."""
    named = Warc("WARC/1.0").page(1, warc={"WARC-Record-ID": identifier("a1")}).page(2)
    other = Warc().page(3, warc={"WARC-Payload-Digest": "xxh3:INVENTED"}).page(4)
    unmodified = {"WARC-Refers-To": identifier("a1"), "WARC-Record-ID": identifier("b1")}
    again = Warc("WARC/1.0").page(
        1,
        b"",
        status="304 Not Modified",
        kind="revisit",
        warc={"WARC-Date": "2020-01-01T00:00:00Z", "WARC-Profile": UNMODIFIED, **unmodified},
    )
    dated = Warc().revisit(2, by_date(2)).revisit(5, by_digest(1), "2021-01-01T00:00:00Z")
    chain = Warc().revisit(1, {"WARC-Refers-To": identifier("b1")}, "2022-01-01T00:00:00Z")
    chain.revisit(3, {"WARC-Payload-Digest": "xxh3:INVENTED"}, "2022-02-01T00:00:00Z")
    chain.revisit(9, {"WARC-Payload-Digest": by_digest(4)["WARC-Payload-Digest"]}, "2022-03-01T00:00:00Z")
    lost = Warc().revisit(7, by_date(7)).revisit(8, {}, profile="x:unknown")
    return [
        named.save(folder, name="named"),
        other.save(folder, "one gzip stream", name="other"),
        again.save(folder, name="again"),
        dated.save(folder, "plain", name="dated"),
        chain.save(folder, name="chain"),
        lost.save(folder, "plain", name="lost"),
    ]


def take_files(folder: Path, *commands: list[Path]) -> Path:
    """An archive into which each list of files was ingested by a command of its own."""
    folder.mkdir()
    for paths in commands:
        assert ingest_paths(make_settings(folder), paths, make_sidecar(None, None), SITE_HOSTS) in (OK, DATA)
    return folder / "archive.db"


def orders(paths: list[Path], count: int) -> Iterator[list[list[Path]]]:
    """`count` orders of the files, each cut into commands at random."""
    random = Random(4)
    for _ in range(count):
        mixed = random.sample(paths, len(paths))
        cuts = sorted(random.sample(range(1, len(paths)), random.randint(0, len(paths) - 1)))
        yield [mixed[item:other] for item, other in zip([0, *cuts], [*cuts, len(paths)], strict=True)]


def test_any_order_of_files_and_commands_gives_the_same_archive(tmp_path: Path) -> None:
    paths = files(tmp_path)
    once = take_files(tmp_path / "once", paths)
    assert {row[0] for row in query_database(once, "select path from captures")} == WHOLE
    assert len(query_database(once, "select 1 from captures")) == 10
    expected = read_tables(once)
    for number, commands in enumerate(orders(paths, 14)):
        result = read_tables(take_files(tmp_path / str(number), *commands))
        assert not compare_tables(expected, result), [[path.name for path in paths] for paths in commands]


def test_three_files_in_all_orders_one_by_one(tmp_path: Path) -> None:
    paths = files(tmp_path)[:1] + files(tmp_path)[2:5:2]
    result = [
        read_tables(take_files(tmp_path / str(number), *([path] for path in order)))
        for number, order in enumerate(permutations(paths))
    ]
    assert all(not compare_tables(result[0], item) for item in result[1:])


def test_a_revisit_has_its_own_address_instant_and_status_and_the_bytes_of_its_original(tmp_path: Path) -> None:
    *_, dated, _, _ = paths = files(tmp_path)
    database = take_files(tmp_path / "late", [paths[2], dated], paths[:1])
    rows = query_database(
        database, "select path, captured_at, source, status, name, digest from captures order by 1, 2"
    )
    first, second = (Capture(html(n), None, None, "warc").digest for n in (1, 2))
    assert [row for row in rows if row[1] > DAY] == [
        ("/2019/03/01/page-1/", "2020-01-01T00:00:00Z", "warc", 200, str(paths[2]), first),
        ("/2019/03/02/page-2/", "2020-05-05T00:00:00Z", "warc", 200, str(dated), second),
        ("/2019/03/05/page-5/", "2021-01-01T00:00:00Z", "warc", 200, str(dated), first),
    ]


def test_what_waits_is_told_and_kept_and_told_no_more_when_its_original_comes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named, _, again, *_, lost = files(tmp_path)
    database = take_files(tmp_path / "one", [again, lost])
    result = capsys.readouterr().err.replace("\n", "")
    assert result.count(" is a revisit ") == 3 and "it waits: ingest the file" in result
    assert len(query_database(database, "select 1 from problems where kind = 'revisit'")) == 3
    with closing(SqliteArchive.open(make_settings(tmp_path / "one"))) as archive:
        waiting = archive.revisits.read_all()
    assert sorted((item.url, item.captured_at) for item in waiting) == [
        (address(1), "2020-01-01T00:00:00Z"),
        (address(7), "2020-05-05T00:00:00Z"),
        (address(8), "2020-05-05T00:00:00Z"),
    ]
    assert ingest_paths(make_settings(tmp_path / "one"), [named], make_sidecar(None, None), SITE_HOSTS) == OK
    left = query_database(
        database, "select url from revisits union select message from problems where kind = 'revisit'"
    )
    assert not [row for row in left if address(1) in row[0]] and len(left) == 4
    assert ingest_paths(make_settings(tmp_path / "one"), [again, lost], make_sidecar(None, None), SITE_HOSTS) == OK
    assert len(query_database(database, "select 1 from revisits")) == 2


def live(n: int) -> Capture:
    return Capture(html(n), address(n), DAY, "live", 200, (("Content-Type", "text/html"),), "text/html")


@pytest.mark.parametrize("of", [by_date(1), by_digest(1)], ids=["address and instant", "digest"])
@pytest.mark.parametrize("first", [True, False])
def test_an_original_of_any_source_will_do(tmp_path: Path, of: dict[str, str], first: bool) -> None:
    settings: Settings = make_settings(tmp_path)
    revisit = Warc().revisit(1, of).save(tmp_path, name="again")
    if first:
        ingest_paths(settings, [revisit], make_sidecar(None, None), SITE_HOSTS)
    with closing(SqliteArchive.open(settings)) as archive:
        ingest_capture(archive, live(1), extract(live(1)))
    ingest_paths(settings, [Warc().page(2).save(tmp_path) if first else revisit], make_sidecar(None, None), SITE_HOSTS)
    rows = query_database(
        tmp_path / "archive.db", "select captured_at, source from captures where path like '%page-1/'"
    )
    assert sorted(rows) == [(DAY, "live"), ("2020-05-05T00:00:00Z", "warc")]
    assert not query_database(tmp_path / "archive.db", "select 1 from revisits")


def test_an_original_on_a_host_that_is_not_ours_serves_within_its_command_or_later(tmp_path: Path) -> None:
    other = Warc().page(1, url="https://example.org/copy").save(tmp_path, name="other")
    revisit = Warc().revisit(1, by_digest(1)).save(tmp_path, name="again")
    for number, commands in enumerate([[[revisit, other]], [[other, revisit]], [[revisit], [other]]]):
        database = take_files(tmp_path / str(number), *commands)
        assert query_database(database, "select path from captures") == [("/2019/03/01/page-1/",)]
        assert not query_database(database, "select 1 from revisits")


def test_revisits_of_what_is_no_page_do_not_wait(tmp_path: Path) -> None:
    result = {"WARC-Profile": IDENTICAL, **by_date(1)}
    images = Warc().page(1, b"", kind="revisit", content_type="image/png", warc=result)
    database = take_files(tmp_path / "one", [Warc().page(2).save(tmp_path), images.save(tmp_path, name="images")])
    assert not query_database(database, "select 1 from revisits")
    assert len(query_database(database, "select 1 from captures")) == 1


def test_a_digest_has_one_name_in_any_spelling() -> None:
    capture = Capture(b"harbour", None, None, "warc")
    base32 = capture.payload_sha1.removeprefix("sha1:")
    spelled = [f"sha1:{base32}", f"SHA-1:{base32.lower()}", base32, "sha1:6b4c1d4d", "sha1:zz" + "z" * 38]
    assert [normalise_digest(text) for text in spelled[:3]] == [capture.payload_sha1] * 3
    assert normalise_digest("sha1:" + "0" * 40) == "sha1:" + "A" * 32
    assert all(normalise_digest(text) for text in spelled[3:])
