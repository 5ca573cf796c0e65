"""Watching the nights: monitors over the runs of `crawls`, the report on one, and alerts to people."""
