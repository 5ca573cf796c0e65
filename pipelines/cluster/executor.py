"""The workers of a cluster of Dask as an executor, whose jobs all come to an end, whatever becomes of the cluster."""

from __future__ import annotations

import asyncio
import logging
import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from pipelines.cluster import worker_process
from pipelines.cluster.worker_process import OtherVersion, ProgramVersion, do_job, read_version
from scraper.errors import ClusterUnavailable, MissingExtra

if TYPE_CHECKING:
    from distributed import Client

P = ParamSpec("P")
R = TypeVar("R")
_CONNECT = 10  # seconds until a scheduler must have answered
_WAIT = 30  # seconds that a cluster may be without workers
_TALKERS = ("distributed", "tornado")  # loggers; what they say of a lost connection is said here in one line
_LOOK = 1.0  # seconds between two looks whether it has some
_GONE = "the cluster has had no worker for a while: what is left is read by this process"
_LOST = "the cluster has lost its scheduler and all that was handed over: that is read by this process"


@dataclass(frozen=True, slots=True)
class Workforce:
    """The workers of a cluster that have this version of the program."""

    threads: int
    only: frozenset[str] = frozenset()  # their addresses where others are refused; else whoever comes is welcome


class ClusterExecutor(Executor):
    """Does jobs in the processes of a cluster's workers; a worker that dies costs its jobs only, done by another."""

    def __init__(self, client: Client, workers: Workforce, say: Callable[[str], None], wait: float = _WAIT) -> None:
        self.processes = workers.threads
        self._client = client
        self._workers = workers.only
        self._say = say
        self._wait = wait
        self._lines: set[str] = set()
        self._pending: dict[Future[Any], Future[bytes]] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._is_broken = False
        only = {"workers": sorted(workers.only), "allow_other_workers": False} if workers.only else {}
        self._executor = client.get_executor(pure=False, **only)
        threading.Thread(target=self._watch, daemon=True).start()

    def submit(self, do: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Hand a job over. Raises BrokenExecutor where there are no workers any more."""
        future: Future[R] = Future()
        inner = self._submit_job(read_version(), pickle.dumps((partial(do, **kwargs), args)))
        with self._lock:
            if self._is_broken:  # nobody would end the job any more
                raise BrokenExecutor(_GONE)
            self._pending[future] = inner
        inner.add_done_callback(partial(self._settle, future))
        return future

    def _submit_job(self, version: ProgramVersion, job: bytes) -> Future[bytes]:
        try:
            inner: Future[bytes] = self._executor.submit(do_job, version, job)
        except Exception as error:  # a client that finds its scheduler no more closes itself
            self._give_up()
            raise BrokenExecutor(_GONE) from error
        return inner

    def _settle(self, future: Future[Any], inner: Future[bytes]) -> None:
        with self._lock:
            is_pending = self._pending.pop(future, None) is not None
        if not (is_pending and future.set_running_or_notify_cancel()):  # else it was ended here, before the cluster did
            return
        try:
            result, error = pickle.loads(inner.result())  # noqa: S301 - from our own code, as the whole cluster is
        except CancelledError:
            self._say_once(_LOST)
            result, error = None, BrokenExecutor(_LOST)
        except OtherVersion as other:
            self._say_once(f"a worker is refused: {other}; install the same version there")
            result, error = None, BrokenExecutor(str(other))
        except BaseException as failure:
            result, error = None, failure if isinstance(failure, Exception) else BrokenExecutor(str(failure))
        future.set_exception(error) if error else future.set_result(result)

    def _say_once(self, line: str) -> None:
        if line not in self._lines:
            self._lines.add(line)
            self._say(line)

    def _watch(self) -> None:
        """Give up all jobs once there were no workers for a while."""
        absent = 0.0
        while not self._is_over.wait(_LOOK):
            absent = 0.0 if self._has_workers() else absent + _LOOK
            if absent >= self._wait:
                self._give_up()
                return

    def _give_up(self) -> None:
        with self._lock:
            self._is_broken = True
        if _LOST not in self._lines:
            self._say_once(_GONE)
        self._end_jobs(BrokenExecutor(_GONE))

    def _has_workers(self) -> bool:
        try:
            names = self._client.sync(self._client.scheduler.identity, callback_timeout=_LOOK)["workers"]
        except Exception:
            return False
        return bool(self._workers & set(names) if self._workers else names)

    def _end_jobs(self, error: Exception | None) -> None:
        with self._lock:
            pending = list(self._pending.items())
            self._pending.clear()
        for future, inner in pending:
            if error and future.set_running_or_notify_cancel():
                future.set_exception(error)
            else:
                future.cancel()
            inner.cancel()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Give up what was handed over; new jobs may still come, for the cluster stays."""
        if cancel_futures:
            self._end_jobs(None)

    def close(self) -> None:
        """Watch no longer."""
        self._is_over.set()
        self._end_jobs(None)


@contextmanager
def open_cluster(address: str, say: Callable[[str], None], wait: float = _WAIT) -> Iterator[ClusterExecutor]:
    """Connect with a scheduler; workers of another version are refused. Raises ClusterUnavailable, MissingExtra."""
    client = _connect(address, wait)
    executor: ClusterExecutor | None = None
    try:
        executor = ClusterExecutor(client, _choose_workers(client, address, say, wait), say, wait)
        yield executor
    finally:
        if executor:
            executor.close()
        with suppress(Exception):  # it may be gone
            client.close(timeout=_CONNECT)


def _connect(address: str, wait: float) -> Client:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtra("--cluster needs Dask: pip install brief-archive[cluster]") from None
    for name in tuple(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _TALKERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
    seconds = min(wait, _CONNECT)
    try:
        asyncio.run(asyncio.wait_for(_greet(address, seconds), seconds + 1))  # the engine waits for a mute one for ever
        return Client(address, timeout=seconds, set_as_default=False)
    except Exception as error:  # what is no scheduler may send anything
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ClusterUnavailable(f"{address}: no scheduler answers there ({what}); nothing was taken in") from None


async def _greet(address: str, seconds: float) -> None:
    """Connect once and hang up: a client that meets what is no scheduler can neither be used nor closed."""
    from distributed.comm import connect  # noqa: PLC0415 - an extra
    from distributed.security import Security  # noqa: PLC0415

    await (await connect(address, timeout=seconds, **Security().get_connection_args("client"))).close()


def _choose_workers(client: Client, address: str, say: Callable[[str], None], wait: float) -> Workforce:
    """Choose the workers with this version; raises ClusterUnavailable where there are none."""
    with suppress(TimeoutError):
        client.wait_for_workers(1, timeout=wait)
    threads = client.nthreads()
    versions = client.run(worker_process.read_version, on_error="return") if threads else {}
    own, sound = read_version(), set()
    for worker, version in sorted(versions.items()):
        if version == own:
            sound.add(worker)
        else:
            say(f"{worker} is refused: {_describe(version)}, and the writer {own}; install the same version there")
    if not sound:
        what = f"none of its {len(versions)} workers has this version" if versions else "it has no workers"
        raise ClusterUnavailable(f"{address}: {what}; nothing was taken in")
    only = frozenset(sound) if len(sound) < len(versions) else frozenset[str]()
    return Workforce(sum(threads.get(worker, 1) for worker in sound), only)


def _describe(version: object) -> str:
    if isinstance(version, ProgramVersion):
        return f"it has {version}"
    return f"it does not know the program ({type(version).__name__}: {str(version)[:100]})"
