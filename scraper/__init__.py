"""From a kept page to an Extraction: pure code, no database."""

VERSION = "0.2.0"
