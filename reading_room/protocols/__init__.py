"""For programs: OAI-PMH, Memento, feeds, sitemap, OpenAPI, downloads."""
