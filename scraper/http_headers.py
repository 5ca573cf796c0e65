"""Headers of an answer as names and values, in the order and the spelling in which they came."""

from __future__ import annotations

from collections.abc import Iterable

Headers = Iterable[tuple[str, str]]


def find_header(headers: Headers, wanted: str) -> str | None:
    """Find the first value of a header, whose name is given in lower case; None without one."""
    return next((value for name, value in headers if name.lower() == wanted), None)


def select_headers(headers: Headers, wanted: str) -> list[tuple[str, str]]:
    """Select the headers of a name, which is given in lower case."""
    return [header for header in headers if header[0].lower() == wanted]


def is_chunked(headers: Headers) -> bool:
    """Whether the body was sent in chunks."""
    return any("chunked" in value.lower() for _, value in select_headers(headers, "transfer-encoding"))


def find_content_length(headers: Headers) -> int:
    """Find how many bytes the sender states; 0 where it states none."""
    stated = (value for name, value in headers if name.lower() == "content-length")
    return max((int(value[:18]) for value in stated if value.isascii() and value.isdigit()), default=0)
