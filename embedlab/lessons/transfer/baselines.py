"""Baselines without embeddings: logistic regression on word counts, and on TF-IDF of words and pairs of words.

Both are scikit-learn's, with its own penalty, C = 1. TF-IDF counts words and pairs of neighboring words
(`ngram_range=(1, 2)`), takes 1 + the logarithm of a count (`sublinear_tf=True`), gives those that few sentences hold
more weight, and scales each sentence to length 1.
"""

from typing import TYPE_CHECKING

import numpy as np

from embedlab.arrays import Ids
from embedlab.lessons.transfer.data.sentences import Sentences

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

WORD_COUNTS, TF_IDF = "bag of words", "TF-IDF"
BASELINES = (WORD_COUNTS, TF_IDF)


def baseline(method: str) -> "Pipeline":
    """An untrained baseline, one of `BASELINES`, which takes sentences as words with blanks in between."""
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = {"lowercase": False, "token_pattern": r"\S+"}  # sentences are cut into words already
    tf_idf = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, **words)
    features = CountVectorizer(**words) if method == WORD_COUNTS else tf_idf
    return make_pipeline(features, LogisticRegression(C=1.0, max_iter=1_000))


def predict_by_baseline(method: str, sentences: Sentences, rows: Ids) -> Ids:
    """(T,) the label of each test sentence, by a baseline trained on the sentences `rows`."""
    index = sentences.vocabulary.index
    texts = [" ".join(word for word in tokens if word in index) for tokens in sentences.tokens]
    model = baseline(method).fit([texts[row] for row in rows], sentences.label_ids[rows])
    return np.asarray(model.predict([texts[row] for row in sentences.rows("test")]), dtype=np.int64)
