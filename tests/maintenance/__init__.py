"""Verify, rebuild, withdraw, snapshot."""
