"""The addresses that the archive knows, how each was found, and whether its page is still there."""
