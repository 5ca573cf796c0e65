"""A page that shows the same brief has no versions, however its bytes change."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scraper.records import Capture
from tests.support.specimens import ingest_capture, open_archive, read_rows

PAGE = (Path(__file__).parents[1] / "pages" / "saved-from-divi.html").read_text(encoding="utf-8")
URL = "https://www.usrenewnews.org/2022/06/14/tenants-wait-for-the-moratorium-ruling/"
NIGHTS = 100
FIRST_NIGHT = datetime(2023, 1, 1, 3, tzinfo=UTC)
_WORDS = ("harbour", "forest", "river", "market", "school", "bridge")


def _recapture(night: int) -> Capture:
    """The page as it comes on that night: other nonces, times, advertisements, related posts and comments."""
    chance = random.Random(night)
    at = FIRST_NIGHT + timedelta(days=night)
    words = " ".join(chance.sample(_WORDS, 3))
    advertisement = f'<div class="et_pb_module et_pb_promo ad-{night}"><h2>Buy {words}</h2></div>'
    related = (
        f'<div class="related-posts"><h3>Related</h3><a href="/2022/01/{night % 28 + 1:02}/{night}/">{words}</a></div>'
    )
    comments = f'<div id="comments" class="comments-area"><h2>{chance.randrange(500)} Comments</h2></div>'
    page = (
        PAGE.replace("4f1c2ab9", f"{chance.getrandbits(32):08x}")
        .replace("2022-06-15T16:30:05+00:00", at.isoformat())
        .replace('content="4 minutes"', f'content="{chance.randrange(2, 9)} minutes"')
        .replace("<footer", f"{advertisement}{related}{comments}<footer", 1)
        .replace("</body>", f"<!-- cached at {at.isoformat()} in {chance.random():.4f} s --></body>")
    )
    headers = (("Content-Type", "text/html; charset=UTF-8"), ("X-Request-Id", f"{chance.getrandbits(64):x}"))
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return Capture(page.encode(), URL, stamp, "live", 200, headers, "text/html; charset=UTF-8")


def test_a_hundred_recaptures_make_no_version(tmp_path: Path) -> None:
    with open_archive(tmp_path, batch=30) as opened:
        for night in range(NIGHTS):
            capture = _recapture(night)
            assert ingest_capture(opened, capture) == "new"
    assert read_rows(tmp_path, "SELECT count(*), count(DISTINCT digest) FROM captures") == [(NIGHTS, NIGHTS)]
    assert read_rows(tmp_path, "SELECT count(*), max(modified) FROM briefs") == [(1, "2023-04-10T03:00:00Z")]
    assert read_rows(tmp_path, "SELECT field, old, new FROM revisions") == []
    assert read_rows(tmp_path, "SELECT field, value FROM past_values") == []
    assert read_rows(tmp_path, "SELECT event FROM page_events WHERE path LIKE '%tenants%'") == [("seen",)]
