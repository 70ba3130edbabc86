"""Word vectors: the one thing that everything becomes, and what can be asked of it.

V words with a (V, D) matrix. Vocabularies, nearest neighbors, analogies, exact search, spelling.
"""

from embedlab.vectors.analogy import Analogy, solve  # before the function of its name, which would be lost otherwise
from embedlab.vectors.queries import Neighbor, analogy, nearest_neighbors, odd_one_out, similarity
from embedlab.vectors.vocabulary import Vocabulary
from embedlab.vectors.word_vectors import WordVectors

__all__ = [
    "Analogy",
    "Neighbor",
    "Vocabulary",
    "WordVectors",
    "analogy",
    "nearest_neighbors",
    "odd_one_out",
    "similarity",
    "solve",
]
