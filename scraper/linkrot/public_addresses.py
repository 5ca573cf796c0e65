"""Keeps requests for recommended addresses out of internal networks: the addresses come from strangers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from scraper.address import host_of
from scraper.url_reading import split_address

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

# In an IPv6 address of these prefixes the last 32 bits are an IPv4 address: RFC 4291 (two), 2765 and 6052.
_TRANSLATED = tuple(map(ip_network, ("::/96", "::ffff:0:0/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
_ASSIGNED = ip_network("2000::/3")  # all that IANA has given out of the IPv6 space
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214
_NUMBERS = re.compile(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}\.?", re.IGNORECASE)
NOT_PUBLIC = "no public address"


class PublicAddressMiddleware:
    """Downloader middleware that refuses addresses inside a network, except hosts of `spider.inside`.

    It looks at names and numbers as they are written; PublicResolver at the addresses of names.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raises IgnoreRequest."""
        inside: frozenset[str] = getattr(self._crawler.spider, "inside", frozenset())
        name = urlsplit(request.url).hostname  # as the downloader reads it
        is_inside = host_of(request.url) in inside and name == split_address(request.url).hostname
        if not (is_inside or is_public(name or "")):
            raise IgnoreRequest(f"{request.url}: {NOT_PUBLIC}")


class PublicResolver(CachingThreadedResolver):
    """A resolver without an answer for a name whose address is inside a network."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        answer: Deferred[str] = super().getHostByName(name, timeout)
        if not is_number(name) and name != "localhost":  # the middleware has checked those
            answer.addCallback(require_public)
        return answer


def is_public(host: str) -> bool:
    """Whether a host is public, as far as its name or number shows; of most names only the resolver knows."""
    name = host.strip("[]").rstrip(".").lower()
    number = _parse_number(name)
    if number is not None:
        return _is_public_number(number)
    # 127.1, 0x7f.1 and 2130706433 are 127.0.0.1 to some resolvers.
    return not is_number(name) and bool(name) and name != "localhost" and not name.endswith((".localhost", ".local"))


async def leads_inside(url: str) -> bool:
    """Whether the name of an address has an address that is not public, so that PublicResolver refused it."""
    host = split_address(url).hostname or ""
    if is_number(host) or host == "localhost":
        return False
    with suppress(OSError, UnicodeError):
        infos = await asyncio.get_running_loop().getaddrinfo(host, None)
        return not all(is_public(str(info[4][0])) for info in infos)
    return False


async def is_online(urls: Iterable[str]) -> bool:
    """Whether the first of these names that can be resolved has an address; if none has, our network is down."""
    for url in urls:
        with suppress(OSError, UnicodeError):
            return bool(await asyncio.get_running_loop().getaddrinfo(split_address(url).hostname, None))
    return False


def is_number(host: str) -> bool:
    """Whether a host is an IP address, in any notation."""
    return _parse_number(host) is not None or _NUMBERS.fullmatch(host) is not None


def _is_public_number(number: IPv4Address | IPv6Address) -> bool:
    if isinstance(number, IPv6Address):
        is_translated = any(number in network for network in _TRANSLATED)
        # Nobody has to carry 6to4 and Teredo any more (RFC 7526), and Python's versions differ on them.
        is_routed = number in _ASSIGNED and number.is_global and not (number.teredo or number.sixtofour)
        return (is_routed or is_translated) and all(map(_is_public_number, _find_embedded(number, is_translated)))
    return number.is_global and not number.is_multicast


def _find_embedded(number: IPv6Address, is_translated: bool) -> list[IPv4Address]:
    """Find the IPv4 addresses to which gateways on the way would hand what is sent to an IPv6 address."""
    has_ending = is_translated or int(number) >> 32 & 0xFFFFFFFF in _ISATAP
    return [IPv4Address(int(number) & 0xFFFFFFFF)] if has_ending else []


def _parse_number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def require_public(address: str) -> str:
    """Return the address if it is public. Raises DNSLookupError."""
    if not is_public(address):
        raise DNSLookupError(f"the name leads to {address}, {NOT_PUBLIC}")
    return address
