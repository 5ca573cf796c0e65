"""URLs as browsers read them (WHATWG's URL standard): the host that is checked must be the host that is visited."""

from __future__ import annotations

import re
import socket
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

SAFE = "/~!$&'()*+,;=:@-._"
_PLAIN = re.compile(r"https?://[a-z0-9.-]*[a-z](?::(?!80[/?#]|443[/?#])[1-9]\d{0,4})?[/?#][^\x00-\x20\\\x7f]*")
_OUTSIDE = "".join(map(chr, range(0x21)))  # C0 controls and the space, which are dropped at both ends
_INSIDE = str.maketrans("", "", "\t\n\r")  # dropped wherever they stand
_WITH_HOST = re.compile(r"(?:(https?):[/\\]*|[/\\]{2,})([^/\\?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_USER = re.compile(r"""(?<=://)[^/?#\s"]*@""")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\x00-\x20#/<>?@\\^|%\x7f:\[\]]")
_NUMBER = re.compile(r"(?:^|\.)(?:0x[0-9a-f]*|\d+)\.?$")
_LONGEST_HOST = 2500  # characters: a name has 253 at most, of which each may be written as several
_PORTS = {"http": "80", "https": "443"}


def clean_url(url: str) -> str:
    """The URL with scheme, slashes and host in the one form that every program reads alike, and without a user's name.

    A host that no browser would accept stays as it is written. Path and query keep their characters.
    """
    if _PLAIN.fullmatch(url):  # nearly all
        return url
    url = url.strip(_OUTSIDE).translate(_INSIDE)
    if not (match := _WITH_HOST.fullmatch(url)):
        return url if _SCHEME.match(url) else _turn_slashes(url)
    scheme, authority, rest = (match[1] or "").lower(), match[2].rpartition("@")[2], match[3]
    host, port = _split_port(authority)
    port = "" if port == _PORTS.get(scheme) else port
    return f"{scheme}{':' if scheme else ''}//{_clean_host(host)}{port and ':' + port}{_turn_slashes(rest)}"


def drop_users(text: str) -> str:
    """The text, in whose addresses no user is named any more, and no password."""
    return _USER.sub("", text)


@lru_cache(maxsize=2048)  # an address is asked for its host, its path and its identity in turn
def split_address(url: str) -> SplitResult:
    """Split an address as browsers read it; an invalid one becomes a path."""
    try:
        return urlsplit(clean_url(url))
    except ValueError:
        return SplitResult("", "", quote(url, safe=SAFE), "", "")


def resolve_location(base: str, location: str) -> str | None:
    """Resolve where an answer at `base` redirects; None for what is no address, such as `http://[…`."""
    try:
        return urljoin(base, clean_url(location))
    except ValueError:
        return None


def _split_port(authority: str) -> tuple[str, str]:
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*):(\d*)", authority)
    return (match[1], match[2].lstrip("0") or match[2][-1:]) if match else (authority, "")


def _turn_slashes(rest: str) -> str:
    """Turn the backslashes of a path into slashes, but not those of a query or a fragment."""
    end = next((at for at, character in enumerate(rest) if character in "?#"), len(rest))
    return rest[:end].replace("\\", "/") + rest[end:]


def _clean_host(host: str) -> str:
    if host.startswith("[") or len(host) > _LONGEST_HOST:
        return host.lower()
    try:
        name = unquote(host, errors="strict")
        name = (name if name.isascii() else name.encode("idna").decode()).lower()
        name = socket.inet_ntoa(socket.inet_aton(name.rstrip("."))) if _NUMBER.search(name) else name
    except (ValueError, OSError):  # no such name, no such number
        return host.lower()
    return host.lower() if _FORBIDDEN.search(name) else name
