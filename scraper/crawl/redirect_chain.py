"""A chain of redirects from one address: where it has been, and the cookies that the site sets on the way."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Self

from scrapy import Request
from scrapy.http import Response

from scraper.address import host_of, identity

REDIRECTS = 5  # on-site steps from one address


@dataclass
class RedirectChain:
    """The requests of one chain. Its cookies end with it: every page is asked for as by a first visitor."""

    start: str
    paths: set[str] = field(default_factory=set)  # identities of the addresses that were requested
    _requests: list[tuple[str, str]] = field(default_factory=list)  # address and cookies
    _cookies: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))  # by host

    @classmethod
    def of(cls, response: Response) -> Self:
        """The chain that an answer belongs to; one of its own where Scrapy itself asked, as for robots.txt."""
        return response.meta.get("chain") or cls(response.url)

    def add_request(self, request: Request) -> None:
        """Note a request of the chain, and give it the cookies that its host has set."""
        cookies = self._write_cookies(request.url)
        if cookies:
            request.headers["Cookie"] = cookies.encode("latin-1")
        self.paths.add(identity(request.url))
        self._requests.append((request.url, cookies))

    def take_cookies(self, response: Response) -> None:
        """Take the cookies that an answer sets."""
        for header in response.headers.getlist("Set-Cookie"):
            name, _, value = header.decode("latin-1").partition(";")[0].partition("=")
            self._cookies[host_of(response.url)][name.strip()] = value.strip()

    def explain_end(self, target: str) -> str | None:
        """Say why the next step is not made: it would repeat one, or there were too many; None if it is made."""
        if (target, self._write_cookies(target)) in self._requests:
            return "redirects in a circle"
        return "too many redirects" if len(self._requests) > REDIRECTS else None

    def _write_cookies(self, url: str) -> str:
        return "; ".join(f"{name}={value}" for name, value in self._cookies[host_of(url)].items())
