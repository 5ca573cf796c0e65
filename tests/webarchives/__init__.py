"""The Wayback Machine and Common Crawl."""
