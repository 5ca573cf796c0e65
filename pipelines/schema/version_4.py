"""What migration 004 adds: which posts are withdrawn, and how they are recognised again without their text."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.schema import views
from pipelines.schema.journal_triggers import LATER_TABLES, build_triggers
from pipelines.schema.tables import define_instant

TABLES = (
    f"""CREATE TABLE withdrawals (
        path TEXT PRIMARY KEY REFERENCES pages (path),
        post TEXT NOT NULL REFERENCES pages (path),
        brief_id INTEGER,
        {define_instant("withdrawn_at")} NOT NULL,
        reason TEXT NOT NULL,
        {define_instant("undone_at")},
        shared_ids TEXT NOT NULL DEFAULT '{{}}' CHECK (json_valid(shared_ids))
    ) STRICT""",
    "CREATE INDEX withdrawals_post ON withdrawals (post)",
    "CREATE INDEX withdrawals_brief_id ON withdrawals (brief_id)",
    # Pages of domains and resources count thousands of briefs; without these indexes each count reads the texts too.
    "CREATE INDEX IF NOT EXISTS briefs_domain_published ON briefs (domain, published, kind, number)",
    "CREATE INDEX IF NOT EXISTS brief_resources_brief ON brief_resources (brief_id, resource_id)",
    "DROP INDEX IF EXISTS brief_resources_resource_id",
    "CREATE INDEX IF NOT EXISTS brief_resources_resource ON brief_resources (resource_id, brief_id)",
    "DROP VIEW brief_list",
    views.BRIEF_LIST,  # it has a year now
)


def build_statements(columns: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Build the triggers that note changes of the new table for the journal; `columns` by table."""
    for table in LATER_TABLES:
        yield from build_triggers(table, columns[table.table])
