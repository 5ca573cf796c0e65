"""The live site and its links."""
