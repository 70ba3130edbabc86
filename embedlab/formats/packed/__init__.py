"""Compression and archives: what is read out of gz and zip files, and how much."""
