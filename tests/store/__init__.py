"""Captures to rows, in any order."""
