"""Citations of briefs and of data, for people and for reference managers."""
