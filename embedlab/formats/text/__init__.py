"""Text formats: GloVe and word2vec text."""
