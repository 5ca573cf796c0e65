"""The reading room: Datasette on archive.db, with pages of our own for briefs, authors, domains and resources."""

from reading_room.sqlite_features import skip_feature_checks
from reading_room.units_of_measure import leave_out_units

leave_out_units()
skip_feature_checks()
