"""The page Count or predict."""
