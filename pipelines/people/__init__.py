"""Writers, the spellings of their names, and which writers may be one person."""
