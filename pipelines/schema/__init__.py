"""Tables, views and triggers of archive.db, and the migrations that lead to them."""
