"""Readers that turn files into captures: WARC, saved pages and text, single files or folders.

Each reader yields captures, what it could not read (`Unreadable`), and what it left out on purpose (`Omission`).
"""
