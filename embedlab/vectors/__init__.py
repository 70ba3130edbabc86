"""Word vectors: the one thing that everything becomes, and what can be asked of it.

V words with a (V, D) matrix. Vocabularies, nearest neighbors, analogies, exact search, spelling; and under gensim's
names, fetched when they are asked for (PEP 562), distances, ranks, sums of words and texts.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from embedlab.vectors.analogy import Analogy, solve  # before the function of its name, which would be lost otherwise
from embedlab.vectors.queries import Neighbor, analogy, nearest_neighbors, odd_one_out, similarity
from embedlab.vectors.vocabulary import Vocabulary
from embedlab.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from embedlab.vectors.measures.distances import all_similarities as all_similarities
    from embedlab.vectors.measures.distances import closer_than as closer_than
    from embedlab.vectors.measures.distances import distances as distances
    from embedlab.vectors.measures.distances import most_similar_to_given as most_similar_to_given
    from embedlab.vectors.measures.distances import rank as rank
    from embedlab.vectors.measures.distances import relative_cosine_similarity as relative_cosine_similarity
    from embedlab.vectors.measures.expression import Expression as Expression
    from embedlab.vectors.measures.expression import parse_expression as parse_expression
    from embedlab.vectors.measures.lists import get_mean_vector as get_mean_vector
    from embedlab.vectors.measures.lists import n_similarity as n_similarity
    from embedlab.vectors.measures.lists import wmdistance as wmdistance
    from embedlab.vectors.measures.senses import Sense as Sense
    from embedlab.vectors.measures.senses import senses as senses
    from embedlab.vectors.measures.senses import without_sense as without_sense
    from embedlab.vectors.measures.side_by_side import SideBySide as SideBySide
    from embedlab.vectors.measures.side_by_side import side_by_side as side_by_side
    from embedlab.vectors.measures.sums import most_similar as most_similar

_LATER = {
    "embedlab.vectors.measures.distances": (
        "all_similarities", "closer_than", "distances", "most_similar_to_given", "rank", "relative_cosine_similarity",
    ),
    "embedlab.vectors.measures.expression": ("Expression", "parse_expression"),
    "embedlab.vectors.measures.lists": ("get_mean_vector", "n_similarity", "wmdistance"),
    "embedlab.vectors.measures.senses": ("Sense", "senses", "without_sense"),
    "embedlab.vectors.measures.side_by_side": ("SideBySide", "side_by_side"),
    "embedlab.vectors.measures.sums": ("most_similar",),
}  # fmt: skip
_HOME = {name: module for module, names in _LATER.items() for name in names}

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
    *_HOME,
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found  # the next look needs no call
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
