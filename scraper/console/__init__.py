"""What users meet at the terminal: the `briefs` program, its help pages and its configuration.

It stands beside `scraper.commands`, not in it: Scrapy takes every command class that it finds there for a command.
"""
