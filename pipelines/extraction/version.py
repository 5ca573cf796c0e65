"""The version of the rules, apart from them: whoever compares it need not load them."""

EXTRACTOR = "14"  # raised when a rule changes what is read; stands on every evidence row
