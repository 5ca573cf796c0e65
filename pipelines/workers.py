"""Pages read ahead of the writer, in processes beside it or in its own: in their order, a few at a time, none lost."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import parent_process
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")
J = TypeVar("J")
R = TypeVar("R")
_FEW = 40  # jobs for which more processes are not worth their start
_CHUNK = 8  # jobs that are handed over at once
# Jobs that the writer does in a row: reading and storing in turn, each would find the other's data in all caches.
_OWN_CHUNK = 32
_LONG = 1.0  # seconds that it does so before it stores: whoever asks it to stop waits for them
_THINGS = 64  # in a chunk, of which few may have a job
_WEIGHT = 2**22  # bytes of a chunk, so that big pages do not pile up
_MOST = 8  # processes that one writer can keep up with
_GARBAGE = 10_000  # new objects before circles among them are looked for: pages leave none, and looking takes time
_DEATHS = 3  # after so many the rest is read without workers
_DEATH = "a process that reads pages died or did not start: its pages are read by this one"


def _leave(result: R) -> R:
    return result


def _do_all(do: Callable[[J], R], finish: Callable[[R], R], jobs: list[J]) -> list[R]:
    return list(map(finish, [do(job) for job in jobs]))


def _do_silently(do: Callable[[J], R], finish: Callable[[R], R], jobs: list[J]) -> list[R]:
    """Do jobs without a message, as in a process of their own, until one fails or they take long: a stop may wait."""
    results: list[R] = []
    before, end = logging.root.manager.disable, time.monotonic() + _LONG
    logging.disable(logging.CRITICAL)
    try:
        with suppress(Exception):  # the writer meets it again, and reports it
            for job in jobs:
                results.append(do(job))
                if time.monotonic() > end:
                    break
            results = list(map(finish, results))
    finally:
        logging.disable(before)
    return results


def make_pool(count: int) -> Executor:
    """Make the processes of one machine."""
    return ProcessPoolExecutor(count, initializer=_prepare_worker)


def _prepare_worker() -> None:
    """Leave signals and messages to the writer, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # so that the pool can end the others when one has died
    logging.disable(logging.CRITICAL)
    sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - multiprocessing prints the traceback of what ends a process
    gc.set_threshold(_GARBAGE)
    threading.Thread(target=_end_with_writer, daemon=True).start()


def _end_with_writer() -> None:
    if writer := parent_process():
        writer.join()
        os._exit(1)


@contextmanager
def _collect_seldom() -> Iterator[None]:
    """Look for garbage in circles seldom as long as pages are read."""
    before = gc.get_threshold()
    gc.set_threshold(_GARBAGE)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@dataclass(slots=True)
class _Chunk(Generic[T, J, R]):
    """Things in their order, the jobs that some of them have, and where these are done."""

    is_own: bool  # the writer does its jobs
    things: list[tuple[T, bool]] = field(default_factory=list)  # and whether it has a job
    jobs: list[J] = field(default_factory=list)
    weight: int = 0
    executor: Executor | None = None
    future: Future[list[R]] | None = None
    results: list[R] = field(default_factory=list)
    error: Exception | None = None  # that ended the work behind it

    @property
    def is_full(self) -> bool:
        most = _OWN_CHUNK if self.is_own else _CHUNK
        return len(self.jobs) >= most or len(self.things) >= _THINGS or self.weight >= _WEIGHT


@dataclass(slots=True)
class Workers:
    """Who does jobs ahead of one writer: a process a core, or `count`; where that is 1 the writer itself."""

    say: Callable[[str], None]
    count: int | None = None
    few: int = _FEW
    make_executor: Callable[[int], Executor] = make_pool
    _executor: Executor | None = None
    _deaths: int = 0

    @property
    def is_alone(self) -> bool:
        """Whether the writer does all jobs itself, now and in future."""
        return self._processes < 2 or self._deaths >= _DEATHS

    @property
    def _processes(self) -> int:
        if self.count is not None:
            return self.count
        return min(_MOST, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)

    def run(
        self,
        do: Callable[[J], R],
        work: Iterable[tuple[T, J | None]],
        weigh: Callable[[J], int] = lambda _: 0,
        finish: Callable[[R], R] = _leave,
    ) -> Generator[tuple[T, tuple[R] | None], None, None]:
        """Yield each thing with the result of its job, in order; None where it has no job, or the writer is to do it.

        `do` must not change anything: a job may be begun and never asked for. `finish` is what else is to be done with
        the results of a chunk, once all its jobs are done. Raises what `work` raises, in its place.
        """
        pending: deque[_Chunk[T, J, R]] = deque()
        chunk: _Chunk[T, J, R]
        try:
            with _collect_seldom():
                for chunk in self._fill_chunks(work, weigh):
                    self._hand_over(do, finish, chunk)
                    pending.append(chunk)
                    while len(pending) > (self._processes + 2 if self._executor else 0):
                        yield from self._collect(pending.popleft())
                while pending:
                    yield from self._collect(pending.popleft())
        finally:
            self._shut_down()

    def _fill_chunks(self, work: Iterable[tuple[T, J | None]], weigh: Callable[[J], int]) -> Iterator[_Chunk[T, J, R]]:
        seen = 0
        chunk: _Chunk[T, J, R] = _Chunk(self._is_own(seen))
        try:
            for thing, job in work:
                chunk.things.append((thing, job is not None))
                if job is not None:
                    seen += 1
                    chunk.jobs.append(job)
                    chunk.weight += weigh(job)
                if chunk.is_full or seen == self.few:
                    yield chunk
                    chunk = _Chunk(self._is_own(seen))
        except Exception as error:  # what came before it has its turn first
            chunk.error = error
        yield chunk

    def _is_own(self, seen: int) -> bool:
        """Whether the writer itself does the next job, after so many."""
        return seen < self.few or self.is_alone

    def _hand_over(self, do: Callable[[J], R], finish: Callable[[R], R], chunk: _Chunk[T, J, R]) -> None:
        if chunk.is_own or self.is_alone:
            chunk.results = _do_silently(do, finish, chunk.jobs)
        elif chunk.jobs:
            try:
                self._executor = self._executor or self.make_executor(self._processes)
                chunk.future = self._executor.submit(_do_all, do, finish, chunk.jobs)
                chunk.executor = self._executor
            except (RuntimeError, OSError, ImportError):  # broken meanwhile, or the system gives no more processes
                self._report_death(self._executor)

    def _collect(self, chunk: _Chunk[T, J, R]) -> Iterator[tuple[T, tuple[R] | None]]:
        try:
            done = chunk.future.result() if chunk.future else []
        except BrokenExecutor:
            self._report_death(chunk.executor)
            done = []
        except Exception:  # the writer meets it again, and reports it
            done = []
        if len(done) != len(chunk.jobs):  # nobody knows whose each is
            done = chunk.results
        results = ((result,) for result in done)
        chunk.future = None
        for thing, has_job in chunk.things:
            yield thing, next(results, None) if has_job else None
        if chunk.error:
            raise chunk.error

    def _report_death(self, executor: Executor | None) -> None:
        """Report a death once, though all that was handed over to the same processes comes back undone."""
        if executor is self._executor:
            self.say(_DEATH)
            self._deaths += 1
            _stop_feeding(executor)
            self._shut_down()

    def _shut_down(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None


def _stop_feeding(executor: Executor | None) -> None:
    """Close the pipe to dead processes: before 3.11.5 Python waits for ever to fill it (python/cpython#94777)."""
    queue = getattr(executor, "_call_queue", None)
    if queue is not None and sys.version_info < (3, 11, 5):
        queue._reader.close()
