"""The file archive.db: who may open it, its transactions, and what its errors mean."""
