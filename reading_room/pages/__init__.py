"""Pages for readers: a brief, a writer, a domain, a resource, a capture, two versions, what is in place of them."""
