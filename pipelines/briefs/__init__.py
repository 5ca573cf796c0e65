"""Briefs: the readings of all captures of a post merged into one, and its rows."""
