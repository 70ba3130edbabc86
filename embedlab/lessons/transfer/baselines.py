"""Baselines without embeddings: logistic regression on word counts, and on TF-IDF of words and pairs of words.

Both are scikit-learn's. How little large weights cost, C, is chosen in every run: that of `STRENGTHS` with the lowest
loss on the validation sentences, by which the classifiers with embeddings stop early. TF-IDF counts words and pairs
of neighboring words, takes 1 + the logarithm of a count (`sublinear_tf=True`), gives those that few sentences hold
more weight, and scales each sentence to length 1.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from embedlab.arrays import Ids
from embedlab.lessons.transfer.data.sentences import Sentences

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

WORD_COUNTS, TF_IDF = "bag of words", "TF-IDF"
BASELINES = (WORD_COUNTS, TF_IDF)
STRENGTHS = (0.1, 1.0, 10.0, 100.0)  # C: the larger, the less large weights cost


def word_features(method: str) -> "CountVectorizer":
    """What turns sentences, as lists of words, into features; `method` is one of `BASELINES`."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    if method == WORD_COUNTS:
        return CountVectorizer(analyzer=list)
    return TfidfVectorizer(analyzer=_words_and_pairs, sublinear_tf=True)


def _words_and_pairs(words: Sequence[str]) -> list[str]:
    return [*words, *map(" ".join, pairwise(words))]


def predict_by_baseline(method: str, sentences: Sentences, rows: Ids) -> Ids:
    """(T,) the label of each test sentence, by a baseline trained on the sentences `rows`."""
    from sklearn.linear_model import LogisticRegression

    features = word_features(method)

    def texts(part: Ids) -> list[list[str]]:
        return [sentences.known_tokens[row] for row in part]

    parts = rows, sentences.rows("validation"), sentences.rows("test")
    training = features.fit_transform(texts(parts[0]))
    validation, test = (features.transform(texts(part)) for part in parts[1:])
    models = [LogisticRegression(C=c, max_iter=1_000).fit(training, sentences.label_ids[rows]) for c in STRENGTHS]
    best = min(models, key=lambda model: _loss(model, validation, sentences.label_ids[parts[1]]))
    return np.asarray(best.predict(test), dtype=np.int64)


def _loss(model: "LogisticRegression", features: Any, label_ids: Ids) -> float:
    """Mean negative log-likelihood of the right labels, in nats, as far as the training sentences have them."""
    rows = np.flatnonzero(np.isin(label_ids, model.classes_))
    columns = np.searchsorted(model.classes_, label_ids[rows])
    right = model.predict_proba(features[rows])[np.arange(len(rows)), columns]
    return float(-np.log(np.maximum(right, np.finfo(np.float64).tiny)).mean()) if len(rows) else 0.0
