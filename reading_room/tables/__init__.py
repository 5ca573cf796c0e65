"""Datasette's tables: filters, order, places and limits of their rows, as HTML, CSV and JSON."""
