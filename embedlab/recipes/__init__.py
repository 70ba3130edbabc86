"""How data/ was made."""
