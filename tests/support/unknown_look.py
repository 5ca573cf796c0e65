"""A page of a look that nobody knows, and what is read of it."""

from __future__ import annotations

from pipelines.extract import extract
from scraper.records import Capture, Reading

URL = "https://www.usresistnews.org/?p=77"
FIRST = "The harbour council voted in the spring to close two of its four piers to foreign freight."
SECOND = "Shippers say that the order was written without them, and a survey of captains agrees."
THIRD = "Whether the council may do this at all is for the courts to say, and they are in no hurry."
BODY = "\n\n".join((FIRST, SECOND, THIRD))
TEXT = f"<p>{FIRST}</p><p>{SECOND}</p><p>{THIRD}</p>"
LINKS = "".join(f'<li><a href="/{n}/">Menu item number {n}</a></li>' for n in range(9))
FRAME = """<html lang="en"><head><meta property="og:site_name" content="USRESIST NEWS">{head}
<title>Two Piers Close</title></head><body class="single"><header><ul>{links}</ul></header><h1>Two Piers Close</h1>
{body}
<footer><p>The news service is run by volunteers, and whoever wants to help may write to the editors at any time.</p>
</footer></body></html>"""
JSON_LD = '<script type="application/ld+json">'
COMMENT = "<p>I was there when they put up the chains, and nobody asked any of us what we thought of it at all.</p>"
TEASER = '<h3><a href="/x/">A Bridge Too Slow for Its Town</a></h3><p>The county waits for its third engineer.</p>'


def read_unknown(body: str, head: str = "") -> Reading:
    """Read a page with this body, below the theme's menu and above its footer."""
    page = FRAME.format(head=head, links=LINKS, body=body).encode()
    (reading,) = extract(Capture(page, URL, "2024-05-05T00:00:00Z", "live", 200, content_type="text/html")).readings
    return reading


def list_flags(reading: Reading, field: str) -> list[str]:
    """List the kinds of the problems of a field."""
    return [problem.kind for problem in reading.problems if problem.field == field]
