"""Broken and hostile vector files, made here, and the guarded process that loads them."""
