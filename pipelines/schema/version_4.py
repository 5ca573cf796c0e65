"""What migration 004 adds: which posts are withdrawn from readers, and how they are known again without text."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.schema import views
from pipelines.schema.journal_triggers import LATER, triggers

_INSTANT = "CHECK ({0} IS strftime('%Y-%m-%dT%H:%M:%SZ', {0}))"


def _instant(column: str) -> str:
    return f"{column} TEXT {_INSTANT.format(column)}"


TABLES = (
    f"""CREATE TABLE withdrawals (
        path TEXT PRIMARY KEY REFERENCES pages (path),
        post TEXT NOT NULL REFERENCES pages (path),
        brief_id INTEGER,
        {_instant("withdrawn_at")} NOT NULL,
        reason TEXT NOT NULL,
        {_instant("undone_at")},
        shared_ids TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(shared_ids))
    ) STRICT""",
    "CREATE INDEX withdrawals_post ON withdrawals (post)",
    "CREATE INDEX withdrawals_brief_id ON withdrawals (brief_id)",
    # The pages of domains and resources count over thousands of briefs: without these each count reads the texts too.
    "CREATE INDEX IF NOT EXISTS briefs_domain_published ON briefs (domain, published, kind, number)",
    "CREATE INDEX IF NOT EXISTS brief_resources_brief ON brief_resources (brief_id, resource_id)",
    "DROP INDEX IF EXISTS brief_resources_resource_id",
    "CREATE INDEX IF NOT EXISTS brief_resources_resource ON brief_resources (resource_id, brief_id)",
    "DROP VIEW brief_list",
    views.BRIEF_LIST,  # it has a year now
)


def statements(columns: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """The triggers that note changes of the new table for the journal; `columns` by table."""
    for told in LATER:
        yield from triggers(told, columns[told.table])
