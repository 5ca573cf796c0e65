"""Pages read in processes: the same rows, ids and messages as in one, whatever becomes of the processes."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import parent_process
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import pytest
from scrapy.exceptions import UsageError

from pipelines.workers import Workers, make_pool
from scraper.console.command_base import read_workers
from tests.support.ingested_rows import Rows, ingest_twice, write_source
from tests.support.scrapy_running import ROOT

P = ParamSpec("P")
T = TypeVar("T")
# A writer whose workers wait: prints their numbers.
_WAITING = r"""
import os, sys, time
from pipelines.workers import Workers, make_pool
def wait(job):
    os.write(1, b"%d\n" % os.getpid())  # at once, so that two of them do not mix
    time.sleep(300)
list(Workers(print, 2, few=0).run(wait, ((n, n) for n in range(16))))
"""


def _double(job: int) -> int:
    return 2 * job


def _tell_process(_job: int) -> int:
    return os.getpid()


def _die_once(file: Path, job: int) -> int:
    """Die in a worker, the first time that job 20 comes."""
    if job == 20 and parent_process() and not file.exists():
        file.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if job >= 32 and parent_process() and not file.exists():
        time.sleep(60)  # busy when the other dies
    return 2 * job


class _TooBig:
    """A job for which the process that gets it has no memory."""

    def __reduce__(self) -> tuple[Callable[[], None], tuple[()]]:
        return _exhaust, ()


def _exhaust() -> None:
    raise MemoryError


def _die_at_once(count: int) -> Executor:
    return ProcessPoolExecutor(count, initializer=os._exit, initargs=(1,))


def _refuse(_count: int) -> Executor:
    raise OSError("no more processes")


def _run(workers: Workers, do: Callable[[int], int], count: int = 50) -> list[tuple[int, int | None]]:
    """Do a job for each even number."""
    work = ((number, None if number % 2 else number) for number in range(count))
    return [(number, result[0] if result else None) for number, result in workers.run(do, work)]


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_results_come_in_order_with_what_has_no_job(processes: int) -> None:
    lines: list[str] = []
    done = _run(Workers(lines.append, processes, few=10), _double)
    assert done == [(number, None if number % 2 else 2 * number) for number in range(50)]
    assert lines == []


@pytest.mark.parametrize(("processes", "own"), [(1, 100), (2, 40), (3, 40)])
def test_the_first_jobs_are_not_worth_a_process(processes: int, own: int) -> None:
    by_whom = [process == os.getpid() for _, process in _run(Workers(print, processes), _tell_process, 200)[::2]]
    assert by_whom == [True] * own + [False] * (100 - own)


def test_the_writer_does_a_job_that_fails_again_and_reports_it_then(caplog: pytest.LogCaptureFixture) -> None:
    def fail_on_three(job: int) -> int:
        logging.getLogger("rules").error("a rule failed")
        return job // (job - 3)

    done = list(Workers(print, 1).run(fail_on_three, ((number, number) for number in range(40))))
    assert [result for _, result in done] == [(0,), (-1,), (-2,)] + [None] * 29 + [(1,)] * 8
    assert caplog.messages == []
    logging.getLogger("rules").error("the writer met it")
    assert caplog.messages == ["the writer met it"]


def test_the_writer_reads_no_more_than_a_second_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter(range(1000))
    monkeypatch.setattr("time.monotonic", lambda: next(seconds) / 4)
    done = list(Workers(print, 1).run(_double, ((number, number) for number in range(20))))
    assert [result for _, result in done] == [(2 * number,) for number in range(5)] + [None] * 15


def test_no_more_is_read_ahead_than_a_few_chunks() -> None:
    ahead: list[int] = []
    read = 0

    def count_work() -> Iterator[tuple[int, int]]:
        nonlocal read
        for number in range(2000):
            read = number
            yield number, number

    workers = Workers(print, 2, few=0, make_executor=ThreadPoolExecutor)
    for number, _ in workers.run(_double, count_work()):
        ahead.append(read - number)
    assert len(ahead) == 2000
    assert max(ahead) < 50

    big = Workers(print, 2, few=0, make_executor=ThreadPoolExecutor)
    ahead = [read - number for number, _ in big.run(_double, count_work(), weigh=lambda _: 2**22)]
    assert max(ahead) < 8  # of big pages as few as there are chunks


def test_an_error_of_the_reader_comes_after_what_was_read_before_it() -> None:
    def break_off() -> Iterator[tuple[int, int]]:
        yield from ((number, number) for number in range(20))
        raise OSError("no such disk")

    done: list[int] = []
    with pytest.raises(OSError, match="no such disk"):
        done.extend(number for number, _ in Workers(print, 2, few=0).run(_double, break_off()))
    taken: list[int] = []
    with pytest.raises(OSError, match="no such disk"):
        for number, _ in Workers(print, 2, few=0, make_executor=ThreadPoolExecutor).run(_double, break_off()):
            taken.append(number)
    assert taken == list(range(20))


def test_a_worker_that_dies_costs_one_line_and_no_result(tmp_path: Path) -> None:
    lines: list[str] = []
    done = _run(Workers(lines.append, 2, few=0), partial(_die_once, tmp_path / "died"), 400)
    assert lines == ["a process that reads pages died or did not start: its pages are read by this one"]
    assert [number for number, _ in done] == list(range(400))
    undone = [number for number, result in done if result is None and number % 2 == 0]
    assert 20 in undone
    assert len(undone) < 100  # what was handed over; then there are workers again


def test_a_worker_without_memory_costs_a_line_and_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    lines: list[str] = []
    work = ((number, _TooBig()) for number in range(8))
    assert [result for _, result in Workers(lines.append, 2, few=0).run(id, work)] == [None] * 8
    assert (len(lines), capfd.readouterr()) == (1, ("", ""))


@pytest.mark.parametrize("make_executor", [_die_at_once, _refuse])
def test_where_all_workers_die_the_writer_goes_on_alone(make_executor: Callable[[int], Executor]) -> None:
    lines: list[str] = []
    done = _run(Workers(lines.append, 2, few=0, make_executor=make_executor), _double, 400)
    assert {result for number, result in done if result != 2 * number} == {None}
    assert [result for _, result in done[-100::2]] == list(range(600, 800, 4))
    assert len(lines) == 3


class ShortExecutor(ThreadPoolExecutor):
    """Bring back one result too few of each chunk."""

    def submit(self, do: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        return super().submit(lambda: cast("T", cast("list[object]", do(*args, **kwargs))[:-1]))


def test_results_that_nobody_can_match_are_left_to_the_writer() -> None:
    done = _run(Workers(print, 2, few=0, make_executor=ShortExecutor), _double)
    assert done == [(number, None) for number in range(50)]


def test_workers_end_with_a_writer_that_is_killed() -> None:
    words = [sys.executable, "-c", _WAITING]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout
        numbers = [int(writer.stdout.readline()) for _ in range(2)]
        writer.kill()
        writer.wait()
        assert writer.stdout.read() == ""  # the end of the pipe: no worker holds it any more
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            for _ in range(500):  # until the system has reaped it
                os.kill(number, 0)
                time.sleep(0.01)


def test_fewer_than_one_process_is_refused() -> None:
    assert read_workers(argparse.Namespace(workers=None)) is None
    assert read_workers(argparse.Namespace(workers=3)) == 3
    with pytest.raises(UsageError, match="--workers 0 is no number of processes"):
        read_workers(argparse.Namespace(workers=0))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_source(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def alone(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Rows, list[str]]:
    lines: list[str] = []
    folder = tmp_path_factory.mktemp("alone") / "archive"
    return ingest_twice(source, folder, Workers(lines.append, 1), lines), lines


@pytest.mark.parametrize(
    "make_executor", [make_pool, ThreadPoolExecutor, _die_at_once], ids=["processes", "threads", "dead"]
)
def test_an_archive_is_the_same_with_workers(
    source: Path,
    tmp_path: Path,
    alone: tuple[Rows, list[str]],
    make_executor: Callable[[int], Executor],
) -> None:
    lines: list[str] = []
    workers = Workers(lines.append, 2, few=0, make_executor=make_executor)
    rows = ingest_twice(source, tmp_path / "archive", workers, lines)
    assert rows == alone[0]
    assert [line for line in lines if not line.startswith("a process")] == alone[1]


def test_garbage_is_looked_for_seldom_while_pages_are_read_and_as_before_then() -> None:
    """Whoever goes on in the same process finds the collector as it was, after a fault too."""
    before = gc.get_threshold()
    gc.set_threshold(700, *before[1:])  # as Python has it: an earlier test may stand amid a run
    run = Workers(print, 1).run(_double, ((n, n) for n in range(4)))
    next(run)
    assert gc.get_threshold()[0] > 700
    run.close()
    assert gc.get_threshold()[0] == 700
    gc.set_threshold(*before)
