"""One HTML document: from bytes to text, from text to a tree, and the questions to it."""
