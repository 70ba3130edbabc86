"""Word vectors: the one thing that everything becomes, and what can be asked of it.

V words with a (V, D) matrix. Vocabularies, nearest neighbors, analogies, exact search, spelling.
"""
