"""Asks servers and reads files: everything ends in a Capture; only the commands know a database."""

VERSION = "0.2.0"
