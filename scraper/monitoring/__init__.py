"""Watches the nights: monitors over the runs of `crawls`, the report on a run, and alerts."""
