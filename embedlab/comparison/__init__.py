"""Two spaces: how far they agree, and one turned onto the other."""
