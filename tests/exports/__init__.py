"""Exports and gaps."""
