"""Addresses: the site's own paths, short ones, absolute ones, and routes that are closed."""
