"""The reading room: Datasette on archive.db, with pages of our own for briefs, authors, domains and resources."""

from reading_room.sqlite_features import skip_feature_checks

skip_feature_checks()
