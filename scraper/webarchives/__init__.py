"""What web archives hold of the site: their indexes read, their answers checked."""
