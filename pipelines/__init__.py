"""From a Capture to rows in archive.db, and all that is done with these rows."""
