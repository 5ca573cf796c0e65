"""Files of object stores and web servers, named by an address such as `s3://crawls/2019.warc.gz`, read by fsspec."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from io import BufferedReader
from pathlib import Path
from tempfile import TemporaryFile
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, Literal, TypeVar
from urllib.parse import unquote, urlsplit

from scraper.errors import MissingExtra
from scraper.sources.sized_stream import SizedStream

if TYPE_CHECKING:
    from fsspec.spec import AbstractBufferedFile

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_WEB = ("http", "https")
_SECRETS = re.compile(r"(?<=://)[^/@]*@|\?.*", re.DOTALL)  # a password, a signature
_ODD = re.compile(r"[^\w.-]")
_GLOB = re.compile(r"[*\[]")
_BLOCK = 2**20  # bytes of a request
_BLOCKS = {"maxblocks": 16}  # that are kept: records are read forwards, with short steps back
_MAX_COPY = 16 * 2**30  # bytes of the temporary copy of a file that its server gives as a whole only
_PACKAGE = re.compile(r'(?:[Ii]nstall |requires ")(\w+)')  # what fsspec says of a kind of store
_LONGEST = 200  # characters of what a store says
_TRIES = 2
_REFUSED = (401, 403, 404, 410)  # statuses of what will not be there the next minute either
R = TypeVar("R")


class RemoteTrouble(OSError):
    """A store or a server did not give what was asked for."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file at an address, which opens as a Path does."""

    address: str

    def __str__(self) -> str:
        """The address without password and query, for people."""
        return _SECRETS.sub("", self.address)

    @property
    def name(self) -> str:
        """The last part of its path, as the name of a file."""
        name = unquote(urlsplit(self.address).path.rpartition("/")[2])
        return _ODD.sub("_", name).lstrip(".")[-_LONGEST:] or "index.html"

    def open(self, _mode: Literal["rb"] = "rb", buffering: int = -1) -> BinaryIO:
        """Open it as a seekable file: by parts, or a temporary copy where the server gives no parts. Raises OSError."""
        file = _ask(lambda: _open(self.address, _BLOCK))
        size = getattr(file, "size", None)
        if size is None or not _gives_parts(file, size):
            file.close()
            copy = TemporaryFile()  # noqa: SIM115 - the caller closes it
            self.copy_to(copy, _MAX_COPY)
            copy.seek(0)
            return copy
        return BufferedReader(_PartStream(file, size), max(buffering, 2**16))

    def copy_to(self, target: BinaryIO, max_size: int) -> None:
        """Copy its bytes; one that is bigger is refused. Raises OSError."""
        with _ask(lambda: _open(self.address, 0)) as file:
            while piece := _ask(lambda: file.read(_BLOCK), tries=1):
                target.write(piece)
                if target.tell() > max_size:
                    raise OSError(f"more than the {max_size // 2**20:,} MiB that such a file may have; not read")

    def measure_size(self) -> int:
        """Its bytes as its store states them, 0 where it does not."""
        with suppress(OSError):
            return _ask(lambda: int(_open(self.address, _BLOCK).size or 0))
        return 0


class _PartStream(SizedStream):
    """The bytes of a remote file, of which a part that comes short is an error and no end."""

    def __init__(self, file: AbstractBufferedFile, size: int) -> None:
        super().__init__(size)
        self._file = file

    def read_part(self, at: int, part: memoryview) -> int:
        """Ask for the part, once more if it comes short. Raises OSError."""
        part[:] = _ask(lambda: self._fetch_part(at, len(part)))
        return len(part)

    def _fetch_part(self, at: int, count: int) -> bytes:
        self._file.seek(at)
        piece = bytes(self._file.read(count))
        if len(piece) != count:
            cache = self._file.cache  # else the short part is what the next try finds
            self._file.cache = type(cache)(self._file.blocksize, self._file._fetch_range, self._size, **_BLOCKS)
            raise RemoteTrouble(f"cut off at byte {at + len(piece)} of {self._size}")
        return piece

    def close(self) -> None:
        self._file.close()
        super().close()


def is_address(argument: str) -> bool:
    """Whether an argument is the address of a file and no path; `file://` is a path."""
    return _ADDRESS.match(argument) is not None and urlsplit(argument).scheme.lower() != "file"


def read_argument(argument: str) -> Path | RemoteFile:
    """Read what a user gave: a path, also as `file://`, or an address."""
    if is_address(argument):
        return RemoteFile(argument)
    return Path(unquote(urlsplit(argument).path) if argument.lower().startswith("file://") else argument)


def list_files(file: RemoteFile) -> list[RemoteFile]:
    """List the files of a store below an address that ends in `/`, or that a pattern matches. Raises OSError."""
    fsspec, scheme = _load_fsspec(), urlsplit(file.address).scheme.lower()
    if scheme in _WEB or not (file.address.endswith("/") or _GLOB.search(file.address)):
        return [file]
    fs, path = _ask(lambda: fsspec.core.url_to_fs(file.address))
    names = _ask(lambda: fs.find(path) if file.address.endswith("/") else fs.glob(path))
    if not names:
        raise RemoteTrouble("there is no such file")
    return [RemoteFile(str(fs.unstrip_protocol(name))) for name in sorted(names)]


def _open(address: str, block: int) -> AbstractBufferedFile:
    cache = {"cache_type": "blockcache", "cache_options": _BLOCKS} if block else {}
    fs, path = _load_fsspec().core.url_to_fs(address)
    return fs.open(path, "rb", block_size=block or None if fs.protocol not in (_WEB, "http") else block, **cache)


def _gives_parts(file: AbstractBufferedFile, size: int) -> bool:
    def reads_byte(at: int) -> bool:
        try:
            file.seek(at)
            return len(file.read(1)) == min(1, size)
        except ValueError:  # as fsspec says that a server sends the whole file whatever part is asked for
            return False

    try:
        return _ask(lambda: reads_byte(max(0, size - 1)))
    except RemoteTrouble:  # what the store refuses of the end is told where it is read
        return _ask(lambda: reads_byte(0))


def _ask(do: Callable[[], R], tries: int = _TRIES) -> R:
    """Do something that asks a store, once more if it fails. Raises RemoteTrouble."""
    for turn in range(1, tries + 1):
        try:
            return do()
        except MissingExtra:
            raise
        except Exception as error:
            failure = _find_failure(error)
            if turn == tries or isinstance(failure, FileNotFoundError):
                raise _explain(failure) from error
    raise AssertionError


def _find_failure(error: Exception) -> Exception:
    """What failed: whatever kept fsspec from a file of a web server, it says that there is none."""
    cause = error.__cause__
    is_refused = getattr(cause, "status", None) in _REFUSED
    return cause if isinstance(error, FileNotFoundError) and isinstance(cause, Exception) and not is_refused else error


def _explain(error: Exception) -> RemoteTrouble:
    if isinstance(error, RemoteTrouble):
        return error
    if isinstance(error, FileNotFoundError):
        return RemoteTrouble("there is no such file, or it is not for us")
    what = " ".join(_SECRETS.sub("", str(error)).split())[:_LONGEST]
    if isinstance(error, ImportError) and (package := _PACKAGE.search(what)):
        return RemoteTrouble(f"a package that reads such addresses is missing: pip install {package[1]}")
    return RemoteTrouble(f"the store refuses or does not answer ({type(error).__name__}{f': {what}' if what else ''})")


def _load_fsspec() -> ModuleType:
    try:
        import_module("fsspec.core")
        return import_module("fsspec")
    except ImportError:
        raise MissingExtra("addresses are read by fsspec: pip install brief-archive[cluster]") from None


def expand_arguments(
    sources: Iterable[Path | RemoteFile],
) -> Iterator[tuple[Path | RemoteFile, RemoteTrouble | None]]:
    """Yield each path and each file at an address, with what is wrong with it. Raises MissingExtra."""
    for source in sources:
        try:
            files = list_files(source) if isinstance(source, RemoteFile) else [source]
        except RemoteTrouble as error:
            yield source, error
        else:
            yield from ((file, None) for file in files)
