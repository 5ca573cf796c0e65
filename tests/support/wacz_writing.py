"""WACZ packages for tests, right ones and wrong ones."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from tests.support.warc_writing import Warc, three

DATA = "archive/data.warc.gz"
PACKAGE = "datapackage.json"
DIGEST = "datapackage-digest.json"
LIST = "pages/pages.jsonl"
INDEX = "indexes/index.cdx"
SITE = three()  # once: record ids are drawn at random


def sha256(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


def records(warc: Warc | None = None) -> bytes:
    """A WARC file, gzip per record; of three pages if none is given."""
    return b"".join((warc or SITE).pack_records("gzip per record"))


def pages(*urls: str) -> bytes:
    """A list of pages as pages.jsonl has it."""
    lines = [{"format": "json-pages-1.0", "id": "pages"}, *({"url": url, "ts": "2019-04-01T10:20:30Z"} for url in urls)]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def describe_members(members: dict[str, bytes], **more: object) -> bytes:
    """A datapackage.json of WACZ 1.1.1 that tells the truth about the members."""
    resources = [
        {"name": name.rpartition("/")[2], "path": name, "hash": sha256(data), "bytes": len(data)}
        for name, data in members.items()
    ]
    package = {"profile": "data-package", "wacz_version": "1.1.1", "resources": resources}
    return json.dumps(package | more).encode()


def whole(members: dict[str, bytes]) -> dict[str, bytes]:
    """The members with the two files that describe them."""
    package = describe_members(members)
    digest = json.dumps({"path": PACKAGE, "hash": sha256(package)}).encode()
    return {**members, PACKAGE: package, DIGEST: digest}


def save(folder: Path, members: dict[str, bytes], *, method: int = ZIP_STORED, name: str = "site.wacz") -> Path:
    """Write the ZIP; names are written as they are."""
    path = folder / name
    with ZipFile(path, "w", method) as file:
        for member, data in members.items():
            info = ZipInfo(member)
            info.compress_type = method
            info.filename = member  # zipfile would mend a hostile one
            file.writestr(info, data)
    return path
