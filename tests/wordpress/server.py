"""Bring the real WordPress up and down: SQLite and `php -S`, everything below one folder of its own."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from tests.support.waiting import LIMIT, wait_for
from tests.wordpress.posts import WordPressPost
from tests.wordpress.unpacked import require_wordpress

HERE = Path(__file__).parent
_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_DIR', '{folder}'); define('DB_FILE', 'wordpress.sqlite');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
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
    process_id: int = 0

    def take_requests(self) -> list[str]:
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

    def update(self, slug: str, **values: str) -> None:
        """Change fields of a post: its status, date or slug."""
        _run("php", str(HERE / "seed.php"), str(self.folder / "htdocs"), "update", slug, json.dumps(values))

    def run_php(self, code: str) -> None:
        """Run code within WordPress."""
        _run("php", str(HERE / "seed.php"), str(self.folder / "htdocs"), "run", code)

    def plug_in(self, name: str, code: str | None) -> None:
        """Add a plugin of this code, or take it away."""
        file = self.folder / f"htdocs/wp-content/mu-plugins/{name}.php"
        file.parent.mkdir(exist_ok=True)
        if code is None:
            file.unlink(missing_ok=True)
        else:
            file.write_text(f"<?php\n{code}\n")

    def close_sitemap_and_rest(self) -> None:
        """As many hosts do: only feeds and listings are left."""
        plugins = self.folder / "htdocs/wp-content/mu-plugins"
        plugins.mkdir(exist_ok=True)
        (plugins / "closed.php").write_text(_CLOSED)


@contextmanager
def run_wordpress(posts: Iterable[WordPressPost]) -> Iterator[WordPress]:
    """A WordPress with these posts, until the end of the block; without its parts the test is skipped."""
    wordpress = require_wordpress()
    with tempfile.TemporaryDirectory(prefix="wordpress-") as name:
        folder = Path(name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        site = WordPress(f"http://127.0.0.1:{port}", folder)
        root = folder / "htdocs"
        shutil.copytree(wordpress, root)
        (root / "wp-config.php").write_text(_CONFIG.format(folder=folder, url=site.url))
        _run("php", str(HERE / "seed.php"), str(root), "install")
        _seed(root, folder / "posts.json", posts)
        wait_for_next_second()
        with _php(root, port) as process:
            yield replace(site, process_id=process.pid)


def wait_for_next_second() -> None:
    """Wait for the second after an edit: a feed that answers in the same is not remembered (rounds.Marks.note)."""
    time.sleep(1.05 - time.time() % 1)


def _seed(root: Path, file: Path, posts: Iterable[WordPressPost]) -> None:
    file.write_text(json.dumps([asdict(post) for post in posts]))
    _run("php", str(HERE / "seed.php"), str(root), "posts", str(file))


@contextmanager
def _php(root: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    options = ["-d", "opcache.enable_cli=1", "-d", "display_errors=0"]
    command = ["php", *options, "-S", f"127.0.0.1:{port}", "-t", str(root), str(HERE / "router.php")]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as process:
        try:
            wait_for(lambda: _answers(process, f"http://127.0.0.1:{port}/robots.txt"), "an answer of WordPress")
            yield process
        finally:
            process.kill()


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LIMIT)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stdout}{done.stderr}")


def _answers(process: subprocess.Popen[bytes], url: str) -> bool:
    assert process.poll() is None, f"PHP ended with {process.returncode}"
    try:
        with urllib.request.urlopen(url, timeout=LIMIT) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False
