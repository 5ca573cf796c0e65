"""Tags and codings as readers' headers name them."""

from __future__ import annotations

import pytest

from reading_room.server.compression import accepts_gzip
from reading_room.server.page_tags import is_current


@pytest.mark.parametrize(
    ("sent", "current"),
    [('W/"a"', True), ('"a"', True), ('"b",W/"a"', True), ("*", False), ('"b"', False), ("", False), ('"aa"', False)],
)
def test_tags_are_compared_as_http_says(sent: str, current: bool) -> None:
    assert is_current({"headers": [(b"if-none-match", sent.encode())]}, b'W/"a"') is current


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        *(
            ("gzip", True),
            ("br, gzip;q=0.5", True),
            ("*", True),
            ("x-gzip", True),
            ("GZIP", True),
            ("gzip ; q=1", True),
        ),
        *(("", False), ("br", False), ("gzip;q=0", False), ("gzip; q=0.000", False), ("*;q=0", False)),
        *(("identity, *;q=0, gzip", True), ("gzip;q=0, *", False)),
    ],
)
def test_gzip_goes_to_whom_takes_it(sent: str, taken: bool) -> None:
    assert accepts_gzip({"headers": [(b"accept-encoding", sent.encode())]}) is taken
