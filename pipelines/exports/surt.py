"""The key under which web archives look an address up: host reversed, without what does not tell pages apart."""

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


def surt(url: str) -> str:
    """`https://www.Example.org:443/A/?b&a=1#c` → `org,example)/a?a=1&b`, as the Internet Archive's canonicaliser does.

    An address that is not of the web (`urn:…`) is its own key, without spaces.
    """
    raw = re.sub(r"[\t\r\n]", "", url.strip()).encode("utf-8", "replace")
    match = _PARTS.match(raw)
    if match is None or (match[1] or b"http").lower() not in _PORTS:
        return _escaped(raw)
    scheme, netloc, path, query = (match[1] or b"http").lower(), match[2], match[3], (match[4] or b"")[1:]
    host, port = _host(netloc.rpartition(b"@")[2], scheme)
    return f"{host}{port}){_path(path)}{_query(query)}"


def _host(netloc: bytes, scheme: bytes) -> tuple[str, str]:
    name, _, port = netloc.partition(b":")
    host = _WWW.sub(b"", _plain(name).lower().replace(b"..", b".").strip(b"."))
    try:
        spelled = host.decode().encode("idna").decode() if not host.isascii() else host.decode()
    except UnicodeError:
        spelled = _escaped(host)
    return ",".join(reversed(spelled.split("."))), f":{port.decode()}" if port not in (b"", _PORTS[scheme]) else ""


def _path(path: bytes) -> str:
    kept: list[bytes] = []
    for step in _plain(path).split(b"/")[1:]:
        if step == b".." and kept:
            kept.pop()
        elif step != b".":
            kept.append(step)
    return _escaped(b"/" + b"/".join(filter(None, kept))).lower()


def _query(query: bytes) -> str:
    told = _escaped(_SESSIONS.sub(b"", _plain(query))).lower()
    arguments = sorted(told.split("&"), key=lambda argument: argument.split("=", 1))
    return "?" + "&".join(arguments) if told else ""


def _plain(text: bytes) -> bytes:
    """Without escapes, also where they were escaped themselves."""
    while (plain := unquote_to_bytes(text)) != text:
        text = plain
    return text


def _escaped(text: bytes) -> str:
    return quote_from_bytes(text, safe=_SAFE)
