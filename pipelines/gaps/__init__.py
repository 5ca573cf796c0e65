"""What is missing from the archive and where it may be; only read."""
