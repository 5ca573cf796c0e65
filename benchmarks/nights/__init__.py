"""Nights on a real WordPress, a day apart, with a truth that is written before them."""
