"""Finds addresses of posts in listings, feeds, sitemaps and REST answers; pure functions."""
