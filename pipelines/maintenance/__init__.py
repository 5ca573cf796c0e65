"""Whether the archive is whole, and how it is made again: verify, snapshot, rebuild, reextract."""
