"""The reading room: Datasette on archive.db, with pages of our own for briefs, authors, domains and resources."""

from reading_room.server.datasette_start import leave_out_units, skip_feature_checks

leave_out_units()
skip_feature_checks()
