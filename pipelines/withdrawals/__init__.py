"""Which posts are withdrawn from readers, and how people ask for it."""
