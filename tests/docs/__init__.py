"""That docs, set-up, names and rooms hold."""
