"""The files that readers take away: formats of a snapshot, made once beside it, in a folder named by its digest."""

from __future__ import annotations

import gzip
import json
import shutil
import tempfile
import zipfile
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from scrapy.settings import BaseSettings

from pipelines import sample
from pipelines.database.opening import read_archive
from pipelines.exports.data_package import build_package
from pipelines.exports.download_files import KINDS, MANIFEST, DownloadFile, get_folder, read_files
from pipelines.exports.export import write_export
from pipelines.exports.request import ExportRequest, Format, Selection
from pipelines.exports.target import create_folder, hash_file, make_zip_entry
from pipelines.maintenance.snapshot import Snapshot, make_snapshot
from scraper.errors import BadArgument

_NONE = "none"  # for an empty variable of the environment counts as unset


@dataclass(frozen=True, slots=True)
class Publication:
    """A snapshot and the files beside it."""

    snapshot: Snapshot
    files: tuple[DownloadFile, ...]

    def __str__(self) -> str:
        """One line for people."""
        files = ", ".join(f"{file.name} {file.size / 1e6:.1f} MB" for file in self.files)
        return str(self.snapshot) + (f"; to download: {files}" if files else "")


def publish_snapshot(settings: BaseSettings, *, wait: bool = False) -> Publication:
    """Renew the snapshot and the files beside it that SNAPSHOT_FILES names.

    The files of the old one go before the new ones are made, for a brief that was withdrawn may be in them. Raises
    what `make_snapshot` and `write_export` raise.
    """
    kinds = _read_kinds(settings)
    snapshot = make_snapshot(settings, wait=wait)
    home = get_folder(snapshot.path)
    kept = home / snapshot.sha256
    for old in home.iterdir() if home.is_dir() else ():
        if old != kept or {file.kind for file in read_files(snapshot.path, snapshot.sha256)} != set(kinds):
            shutil.rmtree(old, ignore_errors=True)
    if not kept.exists() and kinds and _count_briefs(snapshot.path):
        home.mkdir(exist_ok=True)
        with create_folder(kept) as folder:
            _write_files(settings, snapshot.path, folder, kinds)
    return Publication(snapshot, read_files(snapshot.path, snapshot.sha256))


def _read_kinds(settings: BaseSettings) -> list[str]:
    """The kinds that SNAPSHOT_FILES names and this machine can make; raises BadArgument for one that there is not."""
    kinds = str(settings["SNAPSHOT_FILES"] or _NONE).replace(",", " ").split()
    if kinds == [_NONE]:
        return []
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise BadArgument(f"SNAPSHOT_FILES: {unknown[0]} is none of {', '.join(KINDS)}, none")
    can_write_parquet = find_spec("pyarrow") is not None
    return [kind for kind in dict.fromkeys(kinds) if kind != "parquet" or can_write_parquet]


def _count_briefs(snapshot: Path) -> int:
    with read_archive(snapshot) as db:
        return int(db.execute("SELECT count(*) FROM briefs").fetchone()[0])


def _write_files(settings: BaseSettings, snapshot: Path, folder: Path, kinds: list[str]) -> None:
    """Write the files of the kinds and their list; all are made of the snapshot, so that they are of one state."""
    of_snapshot = settings.copy()
    of_snapshot.set("ARCHIVE_DB", str(snapshot), priority="cmdline")
    files = []
    for kind in kinds:
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            target = folder / KINDS[kind][1]
            _write_file(of_snapshot, KINDS[kind][0], Path(scratch) / "export", target)
        target.chmod(0o644)  # a web server may serve them
        files.append(DownloadFile(target.name, kind, target.stat().st_size, hash_file(target)))
    text = json.dumps([asdict(file) for file in files], indent=1)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def _write_file(settings: BaseSettings, name: Format, scratch: Path, target: Path) -> None:
    write_export(settings, ExportRequest(format=name, selection=Selection(), target=scratch))
    if name == "csv-tables":
        with read_archive(Path(settings["ARCHIVE_DB"])) as db:
            package = build_package(f"{sample.read_publisher(db)}: policy briefs", sorted(scratch.iterdir()))
        text = json.dumps(package, ensure_ascii=False, indent=1)
        (scratch / "datapackage.json").write_text(f"{text}\n", encoding="utf-8")
    if scratch.is_dir():
        _zip_folder(scratch, target)
    elif target.suffix == ".gz":
        with scratch.open("rb") as file, target.open("wb") as out, gzip.GzipFile("", "wb", 6, out, 0) as packed:
            shutil.copyfileobj(file, packed)
    else:
        scratch.replace(target)


def _zip_folder(folder: Path, target: Path) -> None:
    with zipfile.ZipFile(target, "w") as package:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = make_zip_entry(path.relative_to(folder).as_posix(), compress=path.suffix != ".parquet")
            with path.open("rb") as file, package.open(entry, "w", force_zip64=True) as out:
                shutil.copyfileobj(file, out)
