"""Style sheets and scripts, named by their digest: browsers keep them for ever, for a new version is a new address."""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import parse_qs

import datasette  # type: ignore[import-untyped]
from datasette.app import Datasette  # type: ignore[import-untyped]
from datasette.plugins import get_plugins  # type: ignore[import-untyped]
from jinja2 import Environment
from jinja2.ext import Extension

from reading_room.server.asgi import App, Receive, Scope, Send, get_query, send_answer
from reading_room.server.compression import accepts_gzip
from reading_room.server.page_tags import is_current
from reading_room.server.settings import HERE, STATIC

_DIGEST = "v"  # the parameter that holds it
_FOR_EVER = b"public, max-age=31536000, immutable"
_DATASETTE_FILE = re.compile(r"\{\{ ?base_url ?\}\}-/static/([\w.-]+)")
_STATIC_URL = re.compile(
    r"(urls\.(?:static(?:_plugins)?\([^()]*\)|path\('room/[^']*'\))) ?\}\}(?:\?\{\{ app_css_hash \}\})?"
)


@dataclass(frozen=True)
class StaticFile:
    """A file of the looks, as readers get it."""

    body: bytes
    media_type: str

    @cached_property
    def digest(self) -> str:
        """What tells it from other versions of it."""
        return hashlib.sha256(self.body).hexdigest()[:16]

    @cached_property
    def gzip_body(self) -> bytes:
        """The same in gzip."""
        return gzip.compress(self.body, 6, mtime=0)


class StaticFiles:
    """The files by their path in addresses, below the base of the room."""

    def __init__(self, room: Datasette) -> None:
        self._base = room.setting("base_url")
        folders = {"-/static": Path(datasette.__file__).parent / "static", STATIC: HERE / "static"}
        for plugin in get_plugins():
            if plugin["static_path"]:
                for name in {plugin["name"], plugin["name"].replace("-", "_")}:
                    folders[f"-/static-plugins/{name}"] = Path(plugin["static_path"])
        self._files = {
            f"{prefix}/{name}": file
            for prefix, folder in folders.items()
            for name, file in _read_folder(folder).items()
        }
        self._files["favicon.ico"] = self._files[f"{STATIC}/favicon.svg"]  # Datasette has a logo of its own there

    def find(self, path: str) -> StaticFile | None:
        """The file at the path of a request, which may lack the base, or None."""
        return self._files.get(path.removeprefix(self._base).removeprefix("/"))

    def add_digest(self, url: str) -> str:
        """The address with the digest of what is there."""
        file = self.find(url)
        return f"{url}?{_DIGEST}={file.digest}" if file else url


@lru_cache(maxsize=32)
def _read_folder(folder: Path) -> dict[str, StaticFile]:
    return {
        path.relative_to(folder).as_posix(): StaticFile(path.read_bytes(), guess_type(path.name)[0] or "text/plain")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class StaticFileExtension(Extension):
    """Have the source of each template, Datasette's too, name the digest of each file that it links."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The template with a digest in the address of each file."""
        return _STATIC_URL.sub(r"\1 | add_digest }}", _DATASETTE_FILE.sub(r"{{ urls.static('\1') }}", source))


def name_static_files(env: Environment, files: StaticFiles) -> None:
    """Have all templates name files with their digests."""
    env.add_extension(StaticFileExtension)
    env.filters["add_digest"] = files.add_digest


def serve_static_files(app: App, files: StaticFiles) -> App:
    """The app, in front of which the files are served from memory."""

    async def handle_request(scope: Scope, receive: Receive, send: Send) -> None:
        file = files.find(scope["path"]) if scope["method"] in ("GET", "HEAD") else None
        if file is None:
            await app(scope, receive, send)
            return
        asked = parse_qs(get_query(scope)).get(_DIGEST)
        tag = f'W/"{file.digest}"'.encode()
        headers = [
            (b"etag", tag),
            (b"cache-control", _FOR_EVER if asked == [file.digest] else b"no-cache"),
            (b"vary", b"accept-encoding"),
            (b"x-content-type-options", b"nosniff"),
        ]
        if is_current(scope, tag):
            await send_answer(send, 304, headers, b"")
            return
        is_packed = accepts_gzip(scope) and len(file.gzip_body) < len(file.body)
        body = file.gzip_body if is_packed else file.body
        headers += [(b"content-type", file.media_type.encode()), (b"content-length", str(len(body)).encode())]
        headers += [(b"content-encoding", b"gzip")] if is_packed else []
        await send_answer(send, 200, headers, b"" if scope["method"] == "HEAD" else body)

    return handle_request
