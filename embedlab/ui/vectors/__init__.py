"""The page Vectors."""
