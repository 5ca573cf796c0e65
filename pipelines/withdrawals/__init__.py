"""Which posts are withdrawn from readers, and how a withdrawal is requested."""
