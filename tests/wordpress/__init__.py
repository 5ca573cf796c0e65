"""A real WordPress on loopback, from Debian's packages."""
