"""Count or predict: co-occurrence counts, PPMI and truncated SVD beside skip-gram."""
