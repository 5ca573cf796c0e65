"""A page that names the address of another post is read under its own."""

from __future__ import annotations

from dataclasses import replace

from pipelines.extraction.candidates import Candidate
from pipelines.extraction.evidence import Ledger
from pipelines.extraction.post import propose_dates
from scraper.records import Reading


def restore_own_address(reading: Reading, path: str, url: str | None) -> Reading:
    """The reading under the address that its page was captured from, instead of the one that the page names."""
    ledger = Ledger()
    for field, value in (("url", url), ("path", path)):
        if value is not None:
            ledger.add_evidence(field, value, f"{field}.captured", value, "stated")
    dates = [
        Candidate(item.value, item.rule, item.snippet, item.confidence)
        for item in reading.evidence
        if item.field == "published" and item.rule != "path.date"
    ]
    published = ledger.choose_value("published", propose_dates(dates, path))
    others = (
        replace(item, chosen=item.chosen and item.field not in ("url", "path"))
        for item in reading.evidence
        if item.field != "published"
    )
    brief = replace(reading.brief, path=path, url=url, published=published)
    return replace(reading, brief=brief, evidence=(*ledger.evidence, *others))
