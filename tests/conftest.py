"""What several files need: archives filled once and copied, servers started once; and which files need services.

pytest-xdist gives whole files to its processes (`--dist loadfile`), so that `session` means once for each process.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import reading_room  # noqa: F401 - before Datasette: it closes a connection that Datasette would leave open
from tests.debian import describe_skips
from tests.support.shared_build import copy_shared

if TYPE_CHECKING:  # what a fixture needs is imported when it is asked for: browsers and servers take seconds to import
    from tests.pywb.front import Front
    from tests.support.browser import Room
    from tests.wordpress.server import WordPress

# Files to download are made in tests of their own: each night of the others would spend a quarter of a second on them.
os.environ["BRIEFS_SNAPSHOT_FILES"] = "none"

# Scrapy looks at the whole stack where this is imported: short in a thread, two seconds' work in a collection.
with ThreadPoolExecutor() as _pool:
    _pool.submit(import_module, "scrapy.core.downloader.contextfactory").result()
# A busy machine is no fault: what a case costs is measured in benchmarks/.
settings.register_profile("suite", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")
# What starts a program, a server or a browser, or fills whole archives: a file that imports any of it takes longer. So
# do the files that weigh what pages cost, rebuild, or say by `pytestmark` that they fill many archives.
_STARTERS = re.compile(
    r"^import subprocess|^pytestmark = pytest\.mark\.services$"
    r"|^from (?:demo|benchmarks|pipelines\.extraction\.cpu_budget|pipelines\.maintenance\.rebuild"
    r"|tests\.(?:support\.)?(?:archive_history|browser|commoncrawl_server|killing|link_server|listening|lived|loopback"
    r"|nights|pywb|read_only|room|sample_making|scrapy_running|serving|small_site|terminals|archive_tables|two_hosts"
    r"|warm_start|web_server|wordpress))\b",
    re.MULTILINE,
)
_FAST = "not services"  # what `make test-fast` asks for
_SERVERS = {
    "archive",
    "collection",
    "pristine",
    "sample",
    "site",
    "visited",
    "wayback",
    "well_read",
    "wordpress",
}  # fixtures that start them


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Without services their files are not even imported: that takes as long as a quarter of the other tests."""
    is_left_out = config.option.markexpr == _FAST and collection_path.match("test_*.py") and _is_slow(collection_path)
    return True if is_left_out else None


def _is_slow(file: Path) -> bool:
    return bool(_STARTERS.search(file.read_text("utf-8")))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs services, and begin with it: begun last, a slow file would keep all others waiting."""
    slow = set(filter(_is_slow, {item.path for item in items}))
    slow |= {item.path for item in items if _SERVERS & set(getattr(item, "fixturenames", ()))}
    for item in items:
        if item.path in slow:
            item.add_marker("services")
    items.sort(key=lambda item: item.path not in slow)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """A process more than there are cores: tests wait for servers and browsers a fifth of their time."""
    return (os.cpu_count() or 1) + int(config.option.markexpr != _FAST)


def pytest_unconfigure(config: pytest.Config) -> None:
    """The last line of all names what to install for the tests that were skipped."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or hasattr(config, "workerinput"):
        return
    reasons = [report.longrepr[2] for report in reporter.stats.get("skipped", [])]
    if line := describe_skips(reasons):
        reporter.write_line(line)


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of every page in tests/pages, for all: it is only read."""
    from tests.support.filled_archive import fill_archive  # noqa: PLC0415

    return copy_shared(tmp_path_factory, "kept", fill_archive)


@pytest.fixture
def archive(pristine: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed and damaged."""
    return Path(shutil.copytree(pristine, tmp_path / "archive"))


@pytest.fixture(scope="session")
def well_read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive that has lived through several runs, for all: it is only read."""
    from tests.support.archive_history import build_archive  # noqa: PLC0415

    return copy_shared(tmp_path_factory, "lived", build_archive)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of the sample site."""
    from demo.server import serve_site  # noqa: PLC0415

    with serve_site(0) as start:
        yield start


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sample archive, made as people make it, for all: it is only read."""
    from tests.support.sample_making import make_sample  # noqa: PLC0415

    def build(folder: Path) -> None:
        ran = make_sample(folder)
        assert ran.returncode == 0, ran.stdout + ran.stderr

    return copy_shared(tmp_path_factory, "sample", build)


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A pywb that holds the history."""
    from tests.pywb.history import save_history  # noqa: PLC0415
    from tests.pywb.server import run_pywb  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("pywb")
    with run_pywb(folder, save_history(folder)) as url:
        yield url


@pytest.fixture
def wayback(collection: str) -> Iterator[Front]:
    """The same, as web.archive.org would tell it."""
    from tests.pywb.front import serve_front  # noqa: PLC0415

    with serve_front(collection) as served:
        yield served


@pytest.fixture(scope="module")
def wordpress(request: pytest.FixtureRequest) -> Iterator[WordPress]:
    """A real WordPress with the POSTS of the file that asks for it."""
    from tests.wordpress.server import run_wordpress  # noqa: PLC0415

    with run_wordpress(request.module.POSTS) as site:
        yield site


@pytest.fixture(scope="module")
def room_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the archive that a browser is shown."""
    from tests.support.room import fill_room  # noqa: PLC0415

    return fill_room(tmp_path_factory.mktemp("room"))


@pytest.fixture(scope="module")
def reader(room_folder: Path) -> Iterator[Room]:
    """A browser before a server of that archive."""
    from tests.support.browser import browse_room  # noqa: PLC0415

    with browse_room(room_folder / "archive.db") as opened:
        yield opened
