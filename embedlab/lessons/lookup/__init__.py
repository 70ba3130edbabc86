"""Lookup: an embedding layer is a table."""
