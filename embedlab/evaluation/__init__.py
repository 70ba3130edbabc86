"""How good vectors are, and how biased."""
