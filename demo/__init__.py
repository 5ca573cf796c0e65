"""The sample site: invented briefs in the looks of the real site, served on loopback and crawled into an archive."""
