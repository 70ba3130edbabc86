"""Ten words: two dimensions, four parts of speech (embeddingVis)."""
