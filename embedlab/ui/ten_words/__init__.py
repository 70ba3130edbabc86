"""The page Ten words."""
