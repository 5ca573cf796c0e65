"""Bring the real WordPress up and down: a private MariaDB, `php -S`, everything below one folder of its own."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.debian import need
from tests.wordpress.posts import WordPressPost

_PACKAGES = (
    *("wordpress", "wordpress-theme-twentytwentythree", "mariadb-server"),
    *("php-cli", "php-mysql", "php-xml", "php-mbstring"),
)
HERE = Path(__file__).parent
WORDPRESS = Path("/usr/share/wordpress")
_PROGRAMS = ("php", "mariadbd", "mariadb-install-db", "mariadb", "mariadb-admin")
_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', '');
define('DB_HOST', 'localhost:{socket}'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_HOME', '{url}'); define('WP_SITEURL', '{url}');
foreach (['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'] as $name) {{
    define($name . '_KEY', 'fixed for tests'); define($name . '_SALT', 'fixed for tests');
}}
define('WP_DEBUG', false); define('DISABLE_WP_CRON', true); define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HTTP_BLOCK_EXTERNAL', true); define('WP_POST_REVISIONS', false);
$table_prefix = 'wp_';
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
"""
_CLOSED = """<?php
add_filter('wp_sitemaps_enabled', '__return_false');
add_filter('rest_authentication_errors', fn() => new WP_Error('rest_forbidden', 'No.', ['status' => 401]));
"""


@dataclass(frozen=True)
class WordPress:
    url: str
    folder: Path

    def asked(self) -> list[str]:
        """The addresses that were asked for, in order; the log begins anew."""
        log = self.folder / "requests.log"
        lines = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines

    def publish(self, posts: Iterable[WordPressPost]) -> None:
        """Write further posts."""
        _seed(self.folder / "htdocs", self.folder / "more.json", posts)

    def edit(self, slug: str, old: str, new: str) -> None:
        """Replace words in a post, as its editor would."""
        _run("php", str(HERE / "seed.php"), str(self.folder / "htdocs"), "edit", slug, old, new)

    def close_sitemap_and_rest(self) -> None:
        """As many hosts do: only feeds and listings are left."""
        plugins = self.folder / "htdocs/wp-content/mu-plugins"
        plugins.mkdir(exist_ok=True)
        (plugins / "closed.php").write_text(_CLOSED)


def _present() -> bool:
    """Whether all of the packages is on this machine."""
    path = f"{os.environ['PATH']}:/usr/sbin"
    return all(shutil.which(name, path=path) for name in _PROGRAMS) and (WORDPRESS / "wp-settings.php").exists()


@contextmanager
def running(posts: Iterable[WordPressPost]) -> Iterator[WordPress]:
    """A WordPress with these posts, until the end of the block; without its packages the test is skipped."""
    need(_PACKAGES, _present, "WordPress")
    folder = Path(tempfile.mkdtemp(prefix="wordpress-"))
    folder.chmod(0o755)  # MariaDB gives up being root
    with _cleared(folder), _database(folder) as place:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        site = WordPress(f"http://127.0.0.1:{port}", folder)
        root = folder / "htdocs"
        shutil.copytree(WORDPRESS, root, ignore=shutil.ignore_patterns(".htaccess", "uploads"))
        (root / "wp-config.php").write_text(_CONFIG.format(socket=place, url=site.url))
        _run("php", str(HERE / "seed.php"), str(root), "install")
        _seed(root, folder / "posts.json", posts)
        second_over()
        with _php(root, port):
            yield site


def second_over() -> None:
    """Wait for the second after an edit: a feed that answers in the same is not remembered (rounds.Marks.note)."""
    time.sleep(1.05 - time.time() % 1)


@contextmanager
def _cleared(folder: Path) -> Iterator[None]:
    try:
        yield
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(folder: Path) -> Iterator[Path]:
    """A MariaDB that listens on a socket file alone."""
    data, place = folder / "db", folder / "db.sock"
    data.mkdir()
    user = ["--user=mysql"] if os.geteuid() == 0 else []
    if user:
        shutil.chown(folder, "mysql")
        shutil.chown(data, "mysql")
    quick = ["--auth-root-authentication-method=normal", "--skip-test-db"]
    _run("mariadb-install-db", "--no-defaults", f"--datadir={data}", *user, *quick)
    options = [f"--datadir={data}", f"--socket={place}", "--skip-networking", "--skip-log-bin", *user]
    options += ["--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", "--performance-schema=OFF"]
    with _process(["mariadbd", "--no-defaults", *options]):
        client = ["--no-defaults", "-uroot", f"--socket={place}"]
        _wait(
            lambda: subprocess.run(["mariadb-admin", *client, "ping"], capture_output=True, check=False).returncode == 0
        )
        _run("mariadb", *client, "-e", "CREATE DATABASE wordpress CHARACTER SET utf8mb4")
        yield place


def _seed(root: Path, file: Path, posts: Iterable[WordPressPost]) -> None:
    file.write_text(json.dumps([asdict(post) for post in posts]))
    _run("php", str(HERE / "seed.php"), str(root), "posts", str(file))


@contextmanager
def _php(root: Path, port: int) -> Iterator[None]:
    options = ["-d", "opcache.enable_cli=1", "-d", "display_errors=0"]
    with _process(["php", *options, "-S", f"127.0.0.1:{port}", "-t", str(root), str(HERE / "router.php")]):
        _wait(lambda: _answers(f"http://127.0.0.1:{port}/robots.txt"))
        yield


@contextmanager
def _process(command: list[str]) -> Iterator[None]:
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet) as process:
        try:
            yield
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")


def _wait(ready: Callable[[], bool]) -> None:
    for _ in range(600):
        if ready():
            return
        time.sleep(0.05)
    raise TimeoutError("the server did not come up in 30 s")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False
