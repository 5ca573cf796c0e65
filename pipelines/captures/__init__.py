"""Captures: their rows, their bytes in warcs/, and the way back from both."""
