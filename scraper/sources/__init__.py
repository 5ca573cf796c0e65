"""Readers that turn files into captures: WARC, saved pages and text, alone or in folders.

Each yields captures, and in between what it could not read (`Unreadable`) or left out on purpose (`Skipped`).
"""
