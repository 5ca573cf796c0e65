"""WARC files in ranges: whatever a file holds, the ranges give what one reading of the whole file gives."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

import pytest

from pipelines.cluster.warc_ranges import RangeJob, RangeResult, WarcRanges, digest_key, read_range
from scraper.address import SITE_HOSTS
from scraper.records import Capture
from scraper.sources import warc
from scraper.sources.events import ReadPage, SourceItem, Unreadable
from scraper.sources.remote import RemoteTrouble
from scraper.sources.revisits import Revisit
from scraper.sources.zip_member import SharedFile
from tests.support.warc_writing import FORMS, Warc, address

Files = dict[str, Callable[[Path], Path]]


def _pages(count: int = 7) -> Warc:
    crawl = Warc()
    for number in range(1, count + 1):
        crawl.page(number, warc={"WARC-Record-ID": f"<urn:uuid:{number}>"})
    return crawl.revisit(3, {"WARC-Refers-To": "<urn:uuid:2>"}).page(1, url="https://elsewhere.example/")


def _save(folder: Path, data: bytes) -> Path:
    path = folder / "crawl.warc.gz"
    path.write_bytes(data)
    return path


def _store_record(record: bytes) -> bytes:
    """A record in a gzip member that packs nothing, so that what it holds stands in the file as it is."""
    packer = zlib.compressobj(0, wbits=31)
    return packer.compress(record) + packer.flush()


def _cut(folder: Path) -> Path:
    return _save(folder, b"".join(_pages().pack_records("gzip per record"))[:-60])


def _flip_bytes(folder: Path) -> Path:
    data = bytearray(b"".join(_pages().pack_records("gzip per record")))
    for at in range(900, len(data), 1500):
        data[at] ^= 0x55
    return _save(folder, bytes(data))


def _pad_members(folder: Path) -> Path:
    return _save(
        folder, b"".join(member + b"\0" * 300 + b"odd" * 99 for member in _pages().pack_records("gzip per record"))
    )


def _nest_files(folder: Path) -> Path:
    """Pages whose bytes are WARC files themselves."""
    inner = b"".join(Warc().page(90).page(91).pack_records("gzip per record"))
    crawl = Warc().page(1, inner + inner, content_type="text/html").page(2).page(3, inner).page(4)
    return _save(folder, b"".join(map(_store_record, crawl.records)))


def _split_members(folder: Path) -> Path:
    """Records of which each goes on in a second member."""
    return _save(folder, b"".join(gzip.compress(r[:300]) + gzip.compress(r[300:]) for r in _pages().records))


FILES: Files = {
    **{form: (lambda folder, form=form: _pages().save(folder, form)) for form in FORMS},  # type: ignore[misc]
    **{make.__name__[1:]: make for make in (_cut, _flip_bytes, _pad_members, _nest_files, _split_members)},
}


def _flatten(items: Iterable[SourceItem]) -> list[SourceItem]:
    """The items, each page that was read with its file as the capture that it is."""
    return [item.capture if isinstance(item, ReadPage) else item for item in items]


def _read_whole(path: Path) -> tuple[list[SourceItem], list[Revisit]]:
    revisits: list[Revisit] = []
    return list(warc.read_captures(path, SITE_HOSTS, lambda _: None, revisits)), revisits


def _find_none(_: str) -> list[tuple[str, str | None]]:
    return []


class _Unsteady(ThreadPoolExecutor):
    """An executor of which some jobs fail and others cannot be handed over."""

    def submit(self, do: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as its own
        chance = random.Random(args[0].begin).random()
        if chance < 0.2:
            raise RuntimeError("broken")
        return super().submit(_fail if chance < 0.5 else do, *args, **kwargs)


class _BrokenPool(ThreadPoolExecutor):
    def submit(self, do: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401 - as its own
        raise RuntimeError("broken")


def _fail(job: RangeJob) -> RangeResult:
    raise OSError(f"no disk here for {job.file}")


@pytest.mark.parametrize("make_executor", [ThreadPoolExecutor, _Unsteady])
@pytest.mark.parametrize("name", FILES)
def test_ranges_hold_what_the_file_holds(tmp_path: Path, name: str, make_executor: Callable[[int], Executor]) -> None:
    path = FILES[name](tmp_path)
    items, revisits = _read_whole(path)
    assert sum(isinstance(item, Capture) for item in items) > 3
    found: list[Revisit] = []
    with make_executor(2) as executor:
        ranges = WarcRanges(executor, 2, lambda _: None, _find_none, 700)
        assert _flatten(ranges.read_captures(path, SITE_HOSTS, lambda _: None, found)) == items
    assert found == revisits


@dataclass(frozen=True)
class _Flaky:
    """A file that cannot be opened every third time."""

    path: Path
    opened: list[int] = field(default_factory=list)

    def open(self, _mode: Literal["rb"] = "rb", buffering: int = -1) -> BinaryIO:
        self.opened.append(1)
        if len(self.opened) % 3 == 0:
            raise RemoteTrouble("cut off")
        return self.path.open("rb", buffering=buffering)

    def __str__(self) -> str:
        return str(self.path)


def test_a_range_that_cannot_be_had_is_told_and_the_next_ones_are_read(tmp_path: Path) -> None:
    path = _pages(40).save(tmp_path)
    whole = _read_whole(path)[0]
    with _BrokenPool(1) as executor:
        ranges, flaky = WarcRanges(executor, 2, lambda _: None, _find_none, 2000), cast(Path, _Flaky(path))
        items = list(ranges.read_captures(flaky, SITE_HOSTS, lambda _: None, []))
    troubles = [item for item in items if isinstance(item, Unreadable)]
    read = [item for item in items if item not in troubles]
    assert {problem.what for problem in troubles} == {"remote"}
    assert len(troubles) > 2
    assert len(read) > 10
    assert read == [item for item in whole if item in read]  # in order, none twice


def test_pages_that_the_archive_has_are_not_extracted(tmp_path: Path) -> None:
    path = _pages().save(tmp_path)
    known = [item for item in _read_whole(path)[0] if isinstance(item, Capture)][:3]
    keys = frozenset(digest_key(capture.digest, capture.captured_at) for capture in known)
    job = RangeJob(SharedFile(path, "as given"), 0, path.stat().st_size, SITE_HOSTS, keys)
    result = read_range(job)
    assert result
    pages = [item for item in result.items if isinstance(item, ReadPage)]
    assert [page.extraction is None for page in pages] == [True] * 3 + [False] * 4
    assert {page.capture.name for page in pages} == {"as given"}
    assert pages[-1].extraction
    assert pages[-1].extraction.url == address(7)
    assert result.next is None
