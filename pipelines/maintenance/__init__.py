"""Is the archive whole, and how it is made again: verify, snapshot, rebuild, reextract."""
