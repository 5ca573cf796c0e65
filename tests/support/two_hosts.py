"""A stand-in for the network between the spider and the two real hosts: a loopback server answers for them."""

from __future__ import annotations

import os
from http.client import HTTPConnection
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http import HtmlResponse, Response

from scraper.address import host_of


class Stand:
    """Downloader middleware: asks the server at $STAND for /HOST/PATH, and answers as HOST would."""

    def process_request(self, request: Request) -> Response:
        stand, asked = urlsplit(os.environ["STAND"]), urlsplit(request.url)
        connection = HTTPConnection(stand.hostname or "", stand.port)
        query = f"?{asked.query}" if asked.query else ""
        agent = (request.headers.get("User-Agent") or b"").decode()
        connection.request("GET", f"/{host_of(request.url)}{asked.path}{query}", headers={"User-Agent": agent})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        headers = {name: value for name, value in answer.getheaders() if name != "Content-Length"}
        return HtmlResponse(request.url, answer.status, headers=headers, body=body)
