"""Word vectors: the one thing that everything becomes, and what can be asked of it.

V words with a (V, D) matrix. Vocabularies, nearest neighbors, analogies, exact search, spelling.
"""

from embedlab.vectors.queries import Neighbor, analogy, nearest_neighbors, odd_one_out, similarity
from embedlab.vectors.vocabulary import Vocabulary
from embedlab.vectors.word_vectors import WordVectors

__all__ = [
    "Neighbor",
    "Vocabulary",
    "WordVectors",
    "analogy",
    "nearest_neighbors",
    "odd_one_out",
    "similarity",
]
