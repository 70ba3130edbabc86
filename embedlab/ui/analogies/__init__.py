"""The page Analogies."""
