"""A Dask cluster of two real workers: the same rows and messages as on one machine, whatever becomes of the workers."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Future
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from distributed import LocalCluster

from pipelines.cluster import executor as cluster_executor
from pipelines.cluster.executor import ClusterExecutor, open_cluster
from pipelines.cluster.warc_ranges import WarcRanges
from pipelines.cluster.worker_process import ProgramVersion
from pipelines.workers import Workers
from scraper.errors import ClusterUnavailable
from tests.support.ingested_rows import Rows, ingest_twice, write_source
from tests.support.scrapy_running import ROOT


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The address of a scheduler without workers."""
    with LocalCluster(
        n_workers=0, processes=False, protocol="tcp://", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:
        yield cluster.scheduler_address


@pytest.fixture(scope="module")
def workers(address: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    words = [sys.executable, "-m", "tests.support.dask_worker", address]
    with ExitStack() as stack:
        processes = [
            stack.enter_context(subprocess.Popen(words, cwd=ROOT, stderr=subprocess.DEVNULL)) for _ in range(2)
        ]
        yield processes
        for process in processes:
            process.kill()


def _ingest(source: Path, folder: Path, executor: ClusterExecutor, lines: list[str]) -> Rows:
    ranges = WarcRanges(executor, 2, lines.append, lambda _: [], 5000)
    staff = Workers(lines.append, 2, few=0, make_executor=lambda _: executor)
    return ingest_twice(source, folder, staff, lines, ranges.read_captures)


def test_a_cluster(
    address: str, workers: list[subprocess.Popen[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "source"
    source.mkdir()
    write_source(source)
    lines: list[str] = []
    expected = ingest_twice(source, tmp_path / "alone", Workers(lines.append, 1), lines), lines

    result: list[str] = []
    with open_cluster(address, result.append) as executor:
        assert executor.processes in (1, 2)
        executor._client.wait_for_workers(2)
        done = 0

        def kill_one(future: Future[Any], inner: Future[bytes]) -> None:
            nonlocal done
            done += 1
            if done == 3:
                workers[0].kill()
            settle(future, inner)

        settle = executor._settle
        monkeypatch.setattr(executor, "_settle", kill_one)
        assert (_ingest(source, tmp_path / "cluster", executor, result), result) == expected
        assert done > 10
    _ask_for_others(address, workers[1], result, monkeypatch)


def _ask_for_others(
    address: str, worker: subprocess.Popen[bytes], result: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cluster of another version, one whose last worker dies, and one without a worker."""
    with monkeypatch.context() as patch:
        patch.setattr(cluster_executor, "read_version", lambda: ProgramVersion("0", "other"))
        with (
            pytest.raises(ClusterUnavailable, match="none of its 1 workers has this version"),
            open_cluster(address, result.append),
        ):
            pass
    assert "is refused: it has extractor" in result.pop()
    with open_cluster(address, result.append, wait=2) as executor:
        worker.kill()
        future = executor.submit(abs, -1)
        with pytest.raises(BrokenExecutor):
            future.result()
        with pytest.raises(BrokenExecutor):
            executor.submit(abs, -1)
    assert result.pop().startswith("the cluster has had no worker")
    with pytest.raises(ClusterUnavailable, match="it has no workers"), open_cluster(address, result.append, wait=0.1):
        pass


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n\r\n" * 9, b"\xff" * 64, None])
def test_what_is_no_scheduler_is_one_error(answer: bytes | None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            caller, _ = server.accept()
            with caller:
                caller.sendall(answer or b"")
                is_over.wait()

        is_over = threading.Event()
        threading.Thread(target=greet, daemon=True).start()
        with (
            pytest.raises(ClusterUnavailable, match="no scheduler answers"),
            open_cluster(f"tcp://127.0.0.1:{server.getsockname()[1]}", pytest.fail, wait=0.3),
        ):
            pass
        is_over.set()


def test_tls_without_certificates_is_one_error() -> None:
    with pytest.raises(ClusterUnavailable, match=r"answers there .TLS"), open_cluster("tls://127.0.0.1:1", pytest.fail):
        pass
