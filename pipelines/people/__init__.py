"""Writers, their spellings, and who may be one person."""
