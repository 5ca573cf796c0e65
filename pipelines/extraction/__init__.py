"""From the bytes of a page to the fields of a brief, each with its evidence; pure."""
