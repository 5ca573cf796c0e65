"""WACZ packages as captures: what is verified, what is refused, what is told."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.records import Capture
from scraper.sources import zip_member as zipped
from scraper.sources.events import IndexEntry, Omission, SourceItem, Unreadable
from tests.support.wacz_writing import (
    DATA,
    DIGEST,
    INDEX,
    LIST,
    PACKAGE,
    SITE,
    describe_members,
    pages,
    records,
    save,
    sha256,
    whole,
)
from tests.support.warc_writing import DAY, Warc, address, html, read

MEMBERS = {DATA: records(), LIST: pages(address(1), address(2) + "#top")}


def bodies(result: list[SourceItem]) -> list[bytes]:
    return [item.body for item in result if isinstance(item, Capture)]


def lines(result: list[SourceItem]) -> list[Unreadable]:
    return [item for item in result if isinstance(item, Unreadable)]


THREE = [html(1), html(2), html(3)]


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_every_page_of_a_package_comes_out(tmp_path: Path, method: int) -> None:
    path = save(tmp_path, whole(MEMBERS), method=method)
    result = read(path)
    assert bodies(result) == THREE
    assert lines(result) == []
    first = next(item for item in result if isinstance(item, Capture))
    assert (first.url, first.captured_at, first.source) == (address(1), DAY, "wacz")
    assert first.name == f"{path}!{DATA}"
    kept = [item.record for item in result if isinstance(item, Capture)]
    assert kept == SITE.pack_records("gzip per record")


def test_a_package_of_version_1_2_and_one_of_1_0_are_verified_too(tmp_path: Path) -> None:
    new = {DATA: records(), PACKAGE: describe_members({DATA: records()}, profile="wacz", home={"url": address(1)})}
    assert lines(read(save(tmp_path, new, name="new.wacz"))) == []
    stats = {"hash": sha256(b"else").removeprefix("sha256:"), "bytes": len(records())}
    old = json.dumps({"resources": [{"path": DATA, "stats": stats, "hashing": "sha256"}]}).encode()
    (result,) = lines(read(save(tmp_path, {DATA: records(), PACKAGE: old}, name="old.wacz")))
    assert "sha256 is not the one" in str(result)


def test_a_zip_without_the_name_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    assert bodies(read(save(tmp_path, whole(MEMBERS), name="download"))) == THREE


def test_a_revisit_in_a_package_finds_its_original_beside_it(tmp_path: Path) -> None:
    of = {"WARC-Refers-To-Target-URI": address(2), "WARC-Refers-To-Date": DAY}
    members = {"archive/a.warc.gz": records(Warc().revisit(2, of)), "archive/b.warc.gz": records()}
    result = read(save(tmp_path, whole(members), method=ZIP_DEFLATED))
    assert bodies(result) == [*THREE, html(2)]


CHANGED = describe_members({DATA: records(Warc().page(1))})
# What is in the package, what is said of it, and whether something was lost.
TOLD: list[tuple[str, dict[str, bytes], str, bool]] = [
    ("other bytes", {**MEMBERS, PACKAGE: CHANGED}, "its sha256 is not the one datapackage.json states", False),
    ("another length", {**MEMBERS, PACKAGE: CHANGED}, "bytes, datapackage.json says", False),
    ("not listed", {**MEMBERS, PACKAGE: describe_members({"x": b""})}, "not listed in datapackage.json", False),
    (
        "missing",
        {**MEMBERS, PACKAGE: describe_members({"archive/b.warc": b""})},
        "b.warc: listed in datapackage.json",
        True,
    ),
    ("no package file", MEMBERS, "no datapackage.json in it", False),
    ("no JSON", {**MEMBERS, PACKAGE: b"{"}, "cannot be read", False),
    ("deep JSON", {**MEMBERS, PACKAGE: b"[" * 100_000}, "cannot be read", False),
    ("no list", {**MEMBERS, PACKAGE: b'{"resources": 7}'}, "it lists no resources", False),
    ("odd digest", {**MEMBERS, PACKAGE: describe_members({}), DIGEST: b'{"hash": 9}'}, "states no digest", False),
    (
        "wrong digest",
        {**MEMBERS, PACKAGE: describe_members({}), DIGEST: b'{"hash": "sha256:00"}'},
        "states a digest that datapackage.json does not have",
        False,
    ),
    ("a page of no WARC", whole({**MEMBERS, LIST: pages(address(1), address(9))}), f"holds: {address(9)}", False),
    ("climbing", whole({**MEMBERS, "archive/../../x.warc.gz": b"x"}), "leads out of the package; refused", True),
    ("absolute", whole({**MEMBERS, "/etc/x.warc.gz": b"x"}), "leads out of the package; refused", True),
    ("backslashes", whole({**MEMBERS, "archive\\x.warc.gz": b"x"}), "leads out of the package; refused", True),
    ("a drive", whole({**MEMBERS, "C:x.warc.gz": b"x"}), "leads out of the package; refused", True),
    ("nested", whole({**MEMBERS, "archive/inner.wacz": b"PK"}), "take it out and ingest it", True),
]


@pytest.mark.parametrize(("members", "why", "lost"), [case[1:] for case in TOLD], ids=[case[0] for case in TOLD])
def test_what_does_not_agree_is_told_and_the_pages_are_read(
    tmp_path: Path, members: dict[str, bytes], why: str, lost: bool
) -> None:
    result = read(save(tmp_path, members))
    assert bodies(result) == THREE
    assert [line.lost for line in lines(result) if why in str(line)] == [lost], lines(result)


def test_a_signature_is_told_as_not_verified(tmp_path: Path) -> None:
    members = whole(MEMBERS)
    digest = json.loads(members[DIGEST]) | {"signedData": {"domain": "sign.example.org", "signature": "x"}}
    (result,) = lines(read(save(tmp_path, members | {DIGEST: json.dumps(digest).encode()})))
    assert "signed by sign.example.org; the signature was not verified" in str(result)
    assert not result.lost


def test_a_package_without_a_warc_is_told(tmp_path: Path) -> None:
    result = read(save(tmp_path, {"data/readme.md": b"hello", **whole({})}))
    assert [type(item) for item in result] == [Omission, Unreadable]
    assert lines(result)[0].lost


def test_members_of_the_same_name_are_both_read(tmp_path: Path) -> None:
    path = save(tmp_path, {DATA: records(), "archive/date.warc.gz": records(Warc().page(4)), **whole({})})
    path.write_bytes(path.read_bytes().replace(b"date.warc", b"data.warc"))
    result = read(path)
    assert bodies(result) == [*THREE, html(4)]
    assert "2 members have the name archive/data.warc.gz" in str(lines(result)[0])


def test_an_encrypted_member_and_an_unknown_method_are_told(tmp_path: Path) -> None:
    locked = save(tmp_path, whole({DATA: records()}), name="locked.wacz")
    data = bytearray(locked.read_bytes())
    data[data.rindex(b"PK\x01\x02", 0, data.index(b"PK\x01\x02") + 4) + 8] |= 1
    locked.write_bytes(bytes(data))
    assert "encrypted" in str(lines(read(locked))[0])
    (result, *_) = lines(read(save(tmp_path, {DATA: records()}, method=ZIP_BZIP2)))
    assert (result.lost, "packed by method 12" in str(result)) == (True, True)


def test_a_bomb_ends_at_the_cap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "FREE", 2**20)
    bomb = b"".join(Warc().page(1).records) + bytes(100 * 2**20)
    result = read(save(tmp_path, whole({"archive/bomb.warc": bomb}), method=ZIP_DEFLATED))
    assert html(1) in bodies(result)
    cut = next(line for line in lines(result) if "unpacks to more than" in str(line))
    assert cut.lost


@pytest.mark.parametrize("field", [20, 24])  # where the index has the packed and the unpacked size
def test_lengths_that_lie_in_the_index_are_told(tmp_path: Path, field: int) -> None:
    path = save(tmp_path, whole({DATA: records()}))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + field, 2**31)
    path.write_bytes(bytes(data))
    result = read(path)
    assert set(THREE) <= set(bodies(result))
    assert any("and the ZIP says" in str(line) for line in lines(result))


@pytest.mark.parametrize("method", [ZIP_STORED, ZIP_DEFLATED])
def test_a_package_whose_index_is_cut_off_is_read_from_member_to_member(tmp_path: Path, method: int) -> None:
    path = save(tmp_path, whole(MEMBERS), method=method)
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"PK\x01\x02") + 20])
    result = read(path)
    assert bodies(result) == THREE
    assert "index at the end of the ZIP is damaged" in str(lines(result)[0])
    assert lines(result)[0].lost


def test_a_package_that_breaks_off_in_its_warc_gives_what_is_there(tmp_path: Path) -> None:
    path = save(tmp_path, {DATA: records()})
    path.write_bytes(path.read_bytes()[: len(records()) - 100])
    result = read(path)
    assert bodies(result)[:2] == THREE[:2]
    assert any(line.lost for line in lines(result))


def test_the_index_in_a_package_is_held_against_its_warcs(tmp_path: Path) -> None:
    first, second, _ = (len(member) for member in SITE.pack_records("gzip per record"))
    result = {"filename": "data.warc.gz", "mime": "text/html", "status": 200}
    index = "".join(
        f"org,x)/{n} 20190401102030 {json.dumps(result | {'url': address(n), 'offset': offset})}\n"
        for n, offset in ((1, 0), (2, first), (3, first + second + 5))
    )
    found = read(save(tmp_path, whole({**MEMBERS, INDEX: index.encode()})))
    assert [(item.memento.url, item.is_held) for item in found if isinstance(item, IndexEntry)] == [
        *((address(1), True), (address(2), True), (address(3), False)),
    ]
    assert "are not at their position" in str(lines(found)[0])


@given(at=st.floats(0, 1), cut=st.booleans(), noise=st.binary(min_size=1, max_size=40), packed=st.booleans())
def test_no_damage_whatever_stops_the_reading(at: float, cut: bool, noise: bytes, packed: bool) -> None:
    with TemporaryDirectory() as folder:
        path = save(Path(folder), whole(MEMBERS), method=ZIP_DEFLATED if packed else ZIP_STORED)
        data = path.read_bytes()
        place = int(at * len(data))
        path.write_bytes(data[:place] if cut else data[:place] + noise + data[place + len(noise) :])
        result = read(path)
        assert bodies(result)[:3] == THREE or lines(result)
