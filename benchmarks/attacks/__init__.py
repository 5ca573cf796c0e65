"""Attacks on the archive: what they lose, tear or hang."""
