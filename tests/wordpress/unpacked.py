"""A WordPress to copy: Debian's package, unpacked and not installed, with a driver that makes SQLite its database.

Installed, the package would bring a web server and a database server. All of it stands in `.wordpress/`, fetched once.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.debian import PHP
from tests.support.scrapy_running import ROOT

FOLDER = ROOT / ".wordpress"
_PACKAGES = ("wordpress", "wordpress-theme-twentytwentythree")
# The driver comes from the npm package of WordPress Playground; nothing else of that package is used.
_NPM = "https://registry.npmjs.org/@wp-playground/cli/-/cli-3.1.56.tgz"
_SHA256 = "7cba7021c70a824d309f8d3bcbf6f9250c44795445b5d2883baa763a63482a7c"
_DRIVER = "sqlite-database-integration"
_PATIENCE = 60  # seconds of silence of the registry


class DownloadError(Exception):
    """WordPress or its driver cannot be had; the message says why."""


def require_wordpress() -> Path:
    """The folder; skips the test where PHP is missing or WordPress cannot be had, but not where CI runs."""
    PHP.require()
    try:
        return find_wordpress()
    except DownloadError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"WordPress cannot be downloaded: {error}")


def find_wordpress() -> Path:
    """The folder, after it was fetched if it was not there. Raises DownloadError."""
    with _lock():
        if not FOLDER.exists():
            with TemporaryDirectory(dir=ROOT, prefix=".wordpress-") as part:
                root = _unpack_packages(Path(part))
                _add_driver(root)
                root.rename(FOLDER)
    return FOLDER


@contextmanager
def _lock() -> Iterator[None]:
    """Tests run side by side, and one of them fetches."""
    place = os.open(Path(__file__).parent, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def _unpack_packages(part: Path) -> Path:
    debs = part / "debs"
    debs.mkdir()
    if _apt_get(debs, "download", *_PACKAGES).returncode:
        # The machine's lists are missing or old, and only root may renew them: have lists of our own.
        own = _own_lists(part)
        for words in (["update"], ["download", *_PACKAGES]):
            done = _apt_get(debs, *own, *words)
            if done.returncode:
                raise DownloadError(f"apt-get {words[0]}: {done.stderr.strip()}")
    for deb in debs.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(deb), str(part)], check=True)
    root = part / "usr/share/wordpress"
    for file in root.rglob("*"):
        if file.is_symlink() and not file.exists():  # it leads into packages that no page of a reader needs
            file.unlink()
    return root


def _own_lists(part: Path) -> list[str]:
    for name in ("state/lists/partial", "cache/archives/partial"):
        (part / name).mkdir(parents=True)
    places = {
        "Dir::State": f"{part}/state",
        "Dir::Cache": f"{part}/cache",
        "Dir::State::status": "/var/lib/dpkg/status",
    }
    return [word for name, place in places.items() for word in ("-o", f"{name}={place}")]


def _apt_get(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["apt-get", "-qq", *words], cwd=folder, capture_output=True, text=True, check=False)


def _add_driver(root: Path) -> None:
    try:
        with urllib.request.urlopen(_NPM, timeout=_PATIENCE) as answer:
            package: bytes = answer.read()
    except OSError as error:
        raise DownloadError(f"{_NPM}: {error}") from error
    if (found := hashlib.sha256(package).hexdigest()) != _SHA256:
        raise DownloadError(f"{_NPM}: its SHA-256 is {found}, not {_SHA256}")
    with tarfile.open(fileobj=io.BytesIO(package)) as packed, zipfile.ZipFile(_driver_file(packed)) as files:
        files.extractall(root)
    driver = (root / f"plugin-{_DRIVER}").rename(root / "wp-content/plugins" / _DRIVER)
    shutil.copy(driver / "db.copy", root / "wp-content/db.php")
    # Until WordPress 6.2 its own class had this as protected, and PHP lets no subclass hide it.
    code = driver / "wp-includes/sqlite/class-wp-sqlite-db.php"
    code.write_text(code.read_text().replace("private $allow_unsafe", "protected $allow_unsafe"))


def _driver_file(packed: tarfile.TarFile) -> io.BytesIO:
    file = packed.extractfile(f"package/{_DRIVER}.zip")
    assert file is not None
    return io.BytesIO(file.read())


def main() -> int:
    """Fetch it where it is needed, and say so; returns the exit code."""
    if FOLDER.exists() or not PHP.is_met() or not shutil.which("apt-get"):
        return 0
    print(f"tests: downloading WordPress (10 MB) into {FOLDER.name}/; it is not installed", flush=True)
    try:
        find_wordpress()
    except DownloadError as error:
        print(f"tests: WordPress cannot be downloaded, its tests are skipped: {error}", file=sys.stderr)
        return int("CI" in os.environ)
    return 0


if __name__ == "__main__":
    sys.exit(main())
