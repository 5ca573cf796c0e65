"""From an Extraction to rows in archive.db."""
