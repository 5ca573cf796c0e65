"""Checks whether recommended resources still answer, and finds archived copies of the others."""
