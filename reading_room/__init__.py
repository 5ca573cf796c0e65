"""The reading room: Datasette on archive.db, with pages of its own where they make reading better."""
