"""Measures and sums of word vectors under gensim's names, and arithmetic on words as one types it."""
