"""embedlab: see word embeddings being learned, borrowed and used.

Everything becomes a `WordVectors`; every query, map, comparison and test takes one. Importing the package loads nothing
heavy, not even NumPy: each name below is fetched from its module when it is asked for (PEP 562).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embedlab.comparison.alignment import align as align
    from embedlab.comparison.overlap import neighbor_overlap as neighbor_overlap
    from embedlab.errors import EmbedlabError as EmbedlabError
    from embedlab.evaluation.scores import analogy_accuracy as analogy_accuracy
    from embedlab.evaluation.scores import similarity_correlation as similarity_correlation
    from embedlab.evaluation.weat import weat as weat
    from embedlab.formats import Limits as Limits
    from embedlab.formats import LoadReport as LoadReport
    from embedlab.formats import convert as convert
    from embedlab.formats import read_vectors as read_vectors
    from embedlab.formats import write_vectors as write_vectors
    from embedlab.lessons.counting.cooccurrence import cooccurrence as cooccurrence
    from embedlab.lessons.counting.cooccurrence import ppmi as ppmi
    from embedlab.lessons.counting.cooccurrence import svd_vectors as svd_vectors
    from embedlab.lessons.word2vec.gensim_engine import train_word2vec as train_word2vec
    from embedlab.library.bundled import bundled_vectors as bundled_vectors
    from embedlab.library.bundled import counted_vectors as counted_vectors
    from embedlab.projection import pca as pca
    from embedlab.projection import semantic_axes as semantic_axes
    from embedlab.projection import trustworthiness as trustworthiness
    from embedlab.projection import tsne as tsne
    from embedlab.text.tokenization import tokenize as tokenize
    from embedlab.training.config import TrainConfig as TrainConfig
    from embedlab.training.loop import Snapshot as Snapshot
    from embedlab.training.loop import train as train
    from embedlab.vectors.queries import Neighbor as Neighbor
    from embedlab.vectors.queries import analogy as analogy
    from embedlab.vectors.queries import nearest_neighbors as nearest_neighbors
    from embedlab.vectors.queries import odd_one_out as odd_one_out
    from embedlab.vectors.queries import similarity as similarity
    from embedlab.vectors.vocabulary import Vocabulary as Vocabulary
    from embedlab.vectors.word_vectors import WordVectors as WordVectors

__version__ = "0.1.0"

_PUBLIC = {
    "embedlab.comparison.alignment": ("align",),
    "embedlab.comparison.overlap": ("neighbor_overlap",),
    "embedlab.errors": ("EmbedlabError",),
    "embedlab.evaluation.scores": ("analogy_accuracy", "similarity_correlation"),
    "embedlab.evaluation.weat": ("weat",),
    "embedlab.formats": ("Limits", "LoadReport", "convert", "read_vectors", "write_vectors"),
    "embedlab.lessons.counting.cooccurrence": ("cooccurrence", "ppmi", "svd_vectors"),
    "embedlab.lessons.word2vec.gensim_engine": ("train_word2vec",),
    "embedlab.library.bundled": ("bundled_vectors", "counted_vectors"),
    "embedlab.projection": ("pca", "semantic_axes", "trustworthiness", "tsne"),
    "embedlab.text.tokenization": ("tokenize",),
    "embedlab.training.config": ("TrainConfig",),
    "embedlab.training.loop": ("Snapshot", "train"),
    "embedlab.vectors.queries": ("Neighbor", "analogy", "nearest_neighbors", "odd_one_out", "similarity"),
    "embedlab.vectors.vocabulary": ("Vocabulary",),
    "embedlab.vectors.word_vectors": ("WordVectors",),
}
_HOME = {name: module for module, names in _PUBLIC.items() for name in names}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(_HOME[name]), name)
    globals()[name] = found  # the next look needs no call
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
