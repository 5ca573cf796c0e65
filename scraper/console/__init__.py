"""The `briefs` program: its help pages, its configuration, and what it prints to the terminal.

It is not inside `scraper.commands`, because Scrapy takes every command class that it finds there for a command.
"""
