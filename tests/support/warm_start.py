"""Processes of the program without the seconds that each spends on importing.

A base process has imported what its commands need; each run is a process forked from it, with arguments, environment,
output and end of its own. Verbs of ours run as `briefs` runs them, Scrapy's own as `scrapy` does. There are two bases,
for sets have another order in each (PYTHONHASHSEED): two runs one after the other that agree do not do so by chance.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import NoReturn

import scrapy

from scraper.console import main as briefs
from scraper.console.verbs import verb_names

_FOREIGN = """aiohttp.web bs4 dateutil.parser itemadapter jinja2 lxml.html nh3 platformdirs protego pyarrow.parquet
queuelib rich._emoji_codes rich.progress rich.table scrapy.cmdline scrapy.commands.crawl scrapy.commands.shell
scrapy.core.downloader.handlers.http11 scrapy.core.engine scrapy.downloadermiddlewares.cookies
scrapy.downloadermiddlewares.defaultheaders scrapy.downloadermiddlewares.downloadtimeout
scrapy.downloadermiddlewares.httpauth scrapy.downloadermiddlewares.httpcache
scrapy.downloadermiddlewares.httpcompression scrapy.downloadermiddlewares.httpproxy
scrapy.downloadermiddlewares.offsite scrapy.downloadermiddlewares.redirect scrapy.downloadermiddlewares.retry
scrapy.downloadermiddlewares.stats scrapy.downloadermiddlewares.useragent scrapy.dupefilters
scrapy.extensions.closespider scrapy.extensions.corestats scrapy.extensions.logcount scrapy.extensions.logstats
scrapy.extensions.memdebug scrapy.extensions.memusage scrapy.extensions.spiderstate scrapy.extensions.telnet
scrapy.linkextractors scrapy.logformatter scrapy.pqueues scrapy.spidermiddlewares.depth
scrapy.spidermiddlewares.httperror scrapy.spidermiddlewares.referer scrapy.spidermiddlewares.start
scrapy.spidermiddlewares.urllength scrapy.squeues scrapy.statscollectors sqlite_utils tldextract
twisted.internet.asyncioreactor unittest warcio yaml""".split()
# The verbs, and what they import no sooner than they need it, for most start faster without. Settings read the
# environment, and Datasette changes how Python's `csv` writes: these are left to the commands.
_LATE = """pipelines.ingest pipelines.keep pipelines.schema.doc pipelines.schema.migrations pipelines.store
scraper.console.crawl_progress""".split()
_OWN = [*_LATE, *(f"scraper.commands.{verb}" for verb in verb_names())]
_ROOT = Path(__file__).parents[2]
_WORDS = [sys.executable, "-W", "error::ResourceWarning", "-m", "tests.support.warm_start"]
_BASES = 2
_SCRAPY = str(Path(scrapy.__file__).with_name("__main__.py"))
_GLANCE = 0.005  # seconds between two looks at a process
Prefix = tuple[str, ...]  # a command that begins a base with other rights
_idle: dict[Prefix, deque[subprocess.Popen[str]]] = defaultdict(deque)
_all: dict[Prefix, list[subprocess.Popen[str]]] = defaultdict(list)


def run(
    words: Sequence[str],
    folder: Path,
    patience: float,
    prefix: Prefix = (),
    target: Path | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    program: Path | None = None,
    watch: Callable[[int], None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """`python -W error::ResourceWarning -m scrapy WORDS…` in the folder. Raises TimeoutExpired after `patience` s.

    With a target its standard output goes there, such as a terminal or a full disk, and is not read. With a program,
    which is `briefs`, that is what was typed. `watch` gets the number of the process every few milliseconds.
    """
    idle = _idle[prefix]
    base = idle.popleft() if len(_all[prefix]) >= _BASES and idle else _begin_base(prefix)
    with tempfile.TemporaryDirectory() as place:
        out, err = target or Path(place, "stdout"), Path(place, "stderr")
        order = {"words": list(words), "environment": dict(environment), "folder": str(folder)}
        order |= {"program": str(program or _SCRAPY)}
        print(json.dumps(order | {"out": str(out), "err": str(err)}), file=base.stdin, flush=True)
        process = _await_answer(base, patience)
        code = _await_answer(base, patience, partial(watch, process) if watch else None)
        idle.append(base)
        printed = "" if target else out.read_text()
        return subprocess.CompletedProcess(["scrapy", *words], code, printed, err.read_text())


def _begin_base(prefix: Prefix) -> subprocess.Popen[str]:
    pipe = subprocess.PIPE
    words = [*prefix, *_WORDS]
    base = subprocess.Popen(words, cwd=_ROOT, stdin=pipe, stdout=pipe, text=True, start_new_session=True)
    _all[prefix].append(base)
    return base


def _await_answer(base: subprocess.Popen[str], patience: float, watch: Callable[[], None] | None = None) -> int:
    assert base.stdout is not None
    answer, end = b"", time.monotonic() + patience
    while not answer.endswith(b"\n"):
        if select.select([base.stdout], [], [], _GLANCE if watch else patience)[0]:
            answer += os.read(base.stdout.fileno(), 1)
        elif time.monotonic() > end:
            os.killpg(base.pid, signal.SIGKILL)
            raise subprocess.TimeoutExpired(base.args, patience)
        elif watch:
            watch()
    return int(answer)


@atexit.register
def _end() -> None:
    """A base ends when nobody can ask it any more."""
    for base in chain.from_iterable(_all.values()):
        base.communicate()


def _serve() -> list[str]:
    """Fork a process for each order that comes; returns in such a process, with its program and words."""
    for name in (*_FOREIGN, *_OWN):
        import_module(name)
    gc.collect()
    gc.freeze()
    with os.fdopen(os.dup(0)) as orders, os.fdopen(os.dup(1), "w") as answers:
        while line := orders.readline():
            process = os.fork()
            if not process:
                return _become(**json.loads(line))
            print(process, file=answers, flush=True)
            code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            print(code, file=answers, flush=True)
    sys.exit()


def _become(words: list[str], environment: dict[str, str], folder: str, program: str, out: str, err: str) -> list[str]:
    os.chdir(folder)
    for place, name in enumerate((os.devnull, out, err)):
        opened = os.open(name, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, place)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    return [program, *words]


def _run(argv: list[str]) -> int:
    """Run the program with its words; the exit code."""
    sys.argv = argv
    try:
        if argv[0] != _SCRAPY or set(argv[1:2]) & set(verb_names()):
            briefs.main()
        runpy.run_module("scrapy", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return 1 if isinstance(end.code, str) else end.code or 0
    except BaseException:  # as the interpreter ends with what nobody caught
        traceback.print_exc()
        return 1
    return 0


def _exit(code: int) -> NoReturn:
    """End as the interpreter does, but for taking apart what the base has imported: that takes half a second."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()
    gc.collect()  # what was not closed is told now
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    _exit(_run(_serve()))
