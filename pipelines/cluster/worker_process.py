"""A process beside each thread of a cluster's worker that does its jobs: there a page's CPU time can be limited.

The engine's own thread only waits, so that it answers its scheduler, and a page that ends the process ends no worker.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from pipelines.extraction.version import EXTRACTOR

_LENGTH = 8  # bytes of a length before each message
_PACKAGES = ("scraper", "pipelines")
_own = threading.local()


class OtherVersion(Exception):
    """A worker has another version of the program than the writer."""


class DeadProcess(Exception):
    """The process that did a job died of it."""


@dataclass(frozen=True, slots=True)
class ProgramVersion:
    """What decides how pages are read: the version of the rules, and the code."""

    extractor: str
    code: str

    def __str__(self) -> str:
        """`extractor 7, code 1f2e3d4c`."""
        return f"extractor {self.extractor}, code {self.code}"


@cache
def read_version() -> ProgramVersion:
    """Read the version of the program that this process runs."""
    code = hashlib.sha256()
    for package in _PACKAGES:
        spec = find_spec(package)
        folder = Path(spec.origin).parent if spec and spec.origin else Path()
        for file in sorted(folder.rglob("*.py")):
            code.update(f"{package}/{file.relative_to(folder).as_posix()}\n".encode() + file.read_bytes())
    return ProgramVersion(EXTRACTOR, code.hexdigest()[:8])


def do_job(version: ProgramVersion, job: bytes) -> bytes:
    """Do a pickled job in this thread's process; returns the pickled result. Raises OtherVersion, DeadProcess."""
    if version != read_version():
        raise OtherVersion(f"it has {read_version()}, and the writer {version}")
    process: subprocess.Popen[bytes] | None = getattr(_own, "process", None)
    if process is None or process.poll() is not None:
        words = [sys.executable, "-m", __name__]
        process = _own.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    assert process.stdin
    assert process.stdout
    try:
        write_message(process.stdin, job)
        result = read_message(process.stdout)
    except BrokenPipeError:
        result = None
    if result is None:
        raise DeadProcess(f"the process that did it ended with {process.wait()}")
    return result


def write_message(file: IO[bytes], message: bytes) -> None:
    """Write a message with its length."""
    file.write(len(message).to_bytes(_LENGTH, "big") + message)
    file.flush()


def read_message(file: IO[bytes]) -> bytes | None:
    """Read a message, None at the end."""
    head = file.read(_LENGTH)
    size = int.from_bytes(head, "big")
    message = file.read(size)
    return message if len(head) == _LENGTH and len(message) == size else None


def main() -> None:
    """Do jobs until their sender ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    jobs, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not print among the results
    while (message := read_message(jobs)) is not None:
        try:
            do, arguments = pickle.loads(message)  # noqa: S301 - from our own writer, as the whole cluster is
            outcome: tuple[object, Exception | None] = do(*arguments), None
        except Exception as error:
            outcome = None, error
        write_message(results, pickle.dumps(outcome))


if __name__ == "__main__":
    main()
