"""From a kept page to an Extraction: pure code, no database."""
