"""SURT: the key under which web archives look an address up, with the host reversed and session ids removed."""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes

_PARTS = re.compile(rb"^(?:([a-z][a-z0-9+.-]*):)?/*([^/?#]*)([^?#]*)(\?[^#]*)?", re.IGNORECASE)
_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"  # a space, `#`, `%` and what is not ASCII are escaped
_WWW = re.compile(rb"^www\d*\.")
_PORTS = {b"http": b"80", b"https": b"443"}
_SESSIONS = re.compile(
    rb"(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]+&cftoken=[^&]+)(?:&|$)",
    re.IGNORECASE,
)


def make_surt(url: str) -> str:
    """Turn `https://www.Example.org:443/A/?b&a=1#c` into `org,example)/a?a=1&b`, as the Internet Archive does.

    An address that is not of the web (`urn:…`) is its own key, with spaces escaped.
    """
    raw = re.sub(r"[\t\r\n]", "", url.strip()).encode("utf-8", "replace")
    match = _PARTS.match(raw)
    if match is None or (match[1] or b"http").lower() not in _PORTS:
        return _escape(raw)
    scheme, netloc, path, query = (match[1] or b"http").lower(), match[2], match[3], (match[4] or b"")[1:]
    host, port = _reverse_host(netloc.rpartition(b"@")[2], scheme)
    return f"{host}{port}){_canonicalise_path(path)}{_canonicalise_query(query)}"


def _reverse_host(netloc: bytes, scheme: bytes) -> tuple[str, str]:
    name, _, port = netloc.partition(b":")
    host = _WWW.sub(b"", _unquote_fully(name).lower().replace(b"..", b".").strip(b"."))
    try:
        ascii_host = host.decode().encode("idna").decode() if not host.isascii() else host.decode()
    except UnicodeError:
        ascii_host = _escape(host)
    return ",".join(reversed(ascii_host.split("."))), f":{port.decode()}" if port not in (b"", _PORTS[scheme]) else ""


def _canonicalise_path(path: bytes) -> str:
    steps: list[bytes] = []
    for step in _unquote_fully(path).split(b"/")[1:]:
        if step == b".." and steps:
            steps.pop()
        elif step != b".":
            steps.append(step)
    return _escape(b"/" + b"/".join(filter(None, steps))).lower()


def _canonicalise_query(query: bytes) -> str:
    canonical = _escape(_SESSIONS.sub(b"", _unquote_fully(query))).lower()
    arguments = sorted(canonical.split("&"), key=lambda argument: argument.split("=", 1))
    return "?" + "&".join(arguments) if canonical else ""


def _unquote_fully(text: bytes) -> bytes:
    """Decode escapes until none is left, for they may have been escaped several times."""
    while (plain := unquote_to_bytes(text)) != text:
        text = plain
    return text


def _escape(text: bytes) -> str:
    return quote_from_bytes(text, safe=_SAFE)
