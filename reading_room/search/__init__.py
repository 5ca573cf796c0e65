"""The search: its language, its page, and the names that it knows."""
