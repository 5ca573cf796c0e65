"""Jobs of a cluster come to an end, each once and with one line, however its engine gives them up."""

from __future__ import annotations

from concurrent.futures import BrokenExecutor, Future
from typing import Any, cast

import pytest

from pipelines.cluster.executor import ClusterExecutor, Workforce


class Engine:
    """A client of a cluster, and its executor, that does nothing by itself."""

    def __init__(self) -> None:
        self.jobs: list[Future[bytes]] = []
        self.is_closed = False

    def get_executor(self, **_options: object) -> Engine:
        return self

    def submit(self, *_job: object) -> Future[bytes]:
        if self.is_closed:
            raise Exception("Client is closed. Can't send update-graph message.")
        self.jobs.append(Future())
        return self.jobs[-1]

    def sync(self, *_call: object, **_options: object) -> dict[str, Any]:
        raise OSError


def _open() -> tuple[Engine, ClusterExecutor, list[str]]:
    engine, lines = Engine(), list[str]()
    return engine, ClusterExecutor(cast("Any", engine), Workforce(2), lines.append), lines


def test_a_client_that_has_closed_itself_ends_all_jobs_with_one_line(caplog: pytest.LogCaptureFixture) -> None:
    engine, executor, lines = _open()
    pending = executor.submit(abs, -1)
    engine.is_closed = True
    for _ in range(2):
        with pytest.raises(BrokenExecutor):
            executor.submit(abs, -1)
    assert isinstance(pending.exception(5), BrokenExecutor)
    assert lines == ["the cluster has had no worker for a while: what is left is read by this process"]
    assert engine.jobs[0].cancelled()
    assert caplog.messages == []  # of a job that ends twice
    executor.close()


def test_jobs_that_the_engine_cancels_are_left_to_the_writer() -> None:
    engine, executor, lines = _open()
    futures = [executor.submit(abs, -1) for _ in range(3)]
    for job in engine.jobs:
        job.cancel()
    assert [type(future.exception(5)) for future in futures] == [BrokenExecutor] * 3
    assert len(lines) == 1
    assert "lost its scheduler" in lines[0]
    engine.is_closed = True
    with pytest.raises(BrokenExecutor):
        executor.submit(abs, -1)
    assert len(lines) == 1
    executor.close()
