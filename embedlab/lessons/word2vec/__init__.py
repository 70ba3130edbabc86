"""Word2vec: skip-gram by full softmax, negative sampling, and gensim."""
