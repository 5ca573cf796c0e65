"""Commands that fill an archive make the same rows in another order; benchmarks.attacks.command_orders tries more."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from benchmarks.attacks.command_orders import fill_archive, serve_sources
from tests.support.archive_tables import compare_tables


def test_a_backfill_before_the_site_is_a_backfill_after_it(tmp_path: Path) -> None:
    with ExitStack() as stack:
        words = serve_sources(stack, tmp_path)
        before = fill_archive(tmp_path / "before", words, ("live", "wayback"))
        after = fill_archive(tmp_path / "after", words, ("wayback", "live"))
    assert before["briefs"]
    assert compare_tables(before, after) == []
