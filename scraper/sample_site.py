"""The sample site that comes with the program (demo/): its name, and how to recognise its pages."""

from __future__ import annotations

from dataclasses import replace

from scraper.address import SAMPLE_HOST, host_of, is_loopback
from scraper.records import Capture
from scraper.url_reading import split_address

SAMPLE_HOME = f"https://{SAMPLE_HOST}"
SAMPLE_PORT = 8642  # where it is served, unless another program uses the port
SAMPLE_START = f"http://127.0.0.1:{SAMPLE_PORT}/"
SAMPLE_HEADER = "X-Sample-Site"  # of every answer; WARC records keep it
SAMPLE_MARK = "brief-archive sample site"  # at the head of every page, so that saved pages keep it
SAMPLE_PUBLISHER = "SAMPLE: invented briefs, published by nobody"
# Only the head is searched: a reader's comment must not make a page of the real site look like a sample.
_HEAD = 4096  # bytes


def is_sample_page(capture: Capture) -> bool:
    """Whether the page is one of the sample site, live, saved or from a web archive."""
    if capture.url and host_of(capture.url) == SAMPLE_HOST:
        return True
    return any(name.lower() == SAMPLE_HEADER.lower() for name, _ in capture.headers) or (
        SAMPLE_MARK.encode() in capture.body[:_HEAD]
    )


def move_to_sample_host(capture: Capture) -> Capture:
    """Give a capture of the sample site the site's own address, whatever port served it; others stay as they are."""
    if not (capture.url and is_loopback(host_of(capture.url)) and is_sample_page(capture)):
        return capture
    parts = split_address(capture.url)
    return replace(capture, url=f"{SAMPLE_HOME}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else ""))
