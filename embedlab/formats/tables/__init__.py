"""Tables with embeddings: CSV and TSV, JSON lines and JSON, Parquet and Arrow (Feather)."""
