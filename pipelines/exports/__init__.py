"""Files to take out of the archive: one small module a format, one place that says what is chosen."""
