"""Lists of words and sentences: their mean vectors, the cosine of the means, and the word mover's distance.

Named as the methods of gensim's KeyedVectors, with the vectors in front, and giving the same numbers. Where gensim
takes a list of words, a text does as well.
"""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from embedlab.arrays import Doubles, Floats
from embedlab.checks import within
from embedlab.errors import InvalidSetting
from embedlab.vectors.spelling import find_matches, look_up
from embedlab.vectors.word_vectors import WordVectors

Listed: TypeAlias = str | Sequence[str]  # a text, or words as the vectors hold them
MOST_DIFFERENT = 1_000  # words of a text whose word mover's distance is computed: seconds, and 8 MB of distances


def words_of(vectors: WordVectors, text: str) -> list[str]:
    """The words of a sentence as `spelling.find_matches` finds them, repeated ones too.

    Punctuation around a word is taken off where the vectors hold the word only without it; a token without a letter or
    digit that they do not hold is no word.
    """
    words = []
    for match in find_matches(vectors, text):
        word = match.word
        if match.way == "unknown" and not vectors.composes(word):
            bare = _without_punctuation(word)
            if not bare:
                continue
            word = look_up(vectors, bare).word
        words.append(word)
    return words


def get_mean_vector(
    vectors: WordVectors,
    keys: Listed,
    weights: Sequence[float] | None = None,
    pre_normalize: bool = True,
    post_normalize: bool = False,
    ignore_missing: bool = True,
) -> Floats:
    """(D,) float32 weighted mean of the vectors of words: their weighted sum over the sum of the weights' sizes.

    Args:
        keys: n words, or a text.
        weights: n finite numbers, of either sign; all 1 when None.
        pre_normalize: each vector is brought to length 1 first.
        post_normalize: the mean is brought to length 1; a mean of zeros stays.
        ignore_missing: leave out words that the vectors do not hold.

    Raises:
        UnknownWord: every missing word is listed; where they may be left out, only if nothing else is there.
        InvalidSetting: no word, weights that are not one for each word, that are not finite, or all 0.
    """
    words = words_of(vectors, keys) if isinstance(keys, str) else list(keys)
    if not words:
        raise InvalidSetting("There is no word to take the mean of: give at least one.")
    given = np.ones(len(words)) if weights is None else np.asarray(weights, dtype=np.float64)
    if given.shape != (len(words),):
        raise InvalidSetting(f"Weights of shape {given.shape} do not fit {len(words)} words: give one for each word.")
    if not np.isfinite(given).all():
        raise InvalidSetting("A weight is NaN or infinity: give finite numbers.")
    known = _known(vectors, words) if ignore_missing else list(range(len(words)))
    words, given = [words[i] for i in known], given[known]
    total = np.abs(given).sum()
    if total == 0:
        raise InvalidSetting("All weights are 0, and so there is no mean: give a word another weight.")
    rows = vectors.unit_vectors_of(words) if pre_normalize else vectors.vectors_of(words)  # (n, D)
    mean = given @ rows.astype(np.float64) / total
    if post_normalize:
        mean /= np.linalg.norm(mean) or 1
    return np.asarray(mean, dtype=np.float32)


def n_similarity(vectors: WordVectors, a: Listed, b: Listed, ignore_missing: bool = True) -> float:
    """Cosine in [-1, 1] of the mean vectors of two lists of words, or of two sentences; 0 where a mean is zero.

    Args:
        a, b: words, or a text. The vectors are not brought to length 1 first, so that long ones count for more.
        ignore_missing: leave out words that the vectors do not hold.

    Raises:
        UnknownWord: every missing word is listed; where they may be left out, only if a list has no other.
        InvalidSetting: an empty list.
    """
    means = [get_mean_vector(vectors, words, None, False, True, ignore_missing) for words in (a, b)]
    return float(np.clip(means[0].astype(np.float64) @ means[1], -1, 1))


def wmdistance(vectors: WordVectors, a: Listed, b: Listed, norm: bool = True, ignore_missing: bool = True) -> float:
    """Word mover's distance of two texts (Kusner et al. 2015): how far the words of one must travel to be the other.

    Each word carries its share of the text's words, and the cheapest way to move all of them is taken. 0 for texts of
    the same words in any order; with `norm`, at most 2.

    Args:
        a, b: words, or a text.
        norm: Euclidean distances between vectors of length 1, else between the vectors as they are.
        ignore_missing: leave out words that the vectors do not hold.

    Raises:
        UnknownWord: every missing word is listed; where they may be left out, only if a text has no other. (gensim
            gives infinity there.)
        InvalidSetting: an empty text, or more than 1,000 different words in one.
    """
    counts = [_counted(vectors, text, ignore_missing) for text in (a, b)]
    rows = [(vectors.unit_vectors_of if norm else vectors.vectors_of)(list(words)) for words in counts]
    shares = [np.array(list(words.values()), dtype=np.float64) / words.total() for words in counts]
    from scipy.spatial.distance import cdist

    costs: Doubles = cdist(rows[0].astype(np.float64), rows[1].astype(np.float64))  # (n, m)
    return cheapest_transport(shares[0], shares[1], costs)


def cheapest_transport(supply: Doubles, demand: Doubles, costs: Doubles) -> float:
    """The least cost of moving one distribution onto another: the earth mover's distance, by linear programming.

    Args:
        supply: (n,) shares that sum to 1.
        demand: (m,) shares that sum to 1.
        costs: (n, m) of moving all of it, at least 0.
    """
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, kron, vstack

    n, m = costs.shape
    leaving = kron(eye_array(n), np.ones((1, m)))  # (n, n m) what leaves each place
    arriving = kron(np.ones((1, n)), eye_array(m))  # (m, n m)
    # One equation follows from the others; with it, rounding of the shares could make the problem infeasible.
    equations = vstack([leaving, arriving]).tocsr()[:-1]
    found = linprog(costs.ravel(), A_eq=equations, b_eq=np.concatenate([supply, demand])[:-1], method="highs")
    if not found.success:
        raise InvalidSetting(f"The word mover's distance could not be computed ({found.message}): give shorter texts.")
    return max(float(found.fun), 0.0)


def _counted(vectors: WordVectors, text: Listed, ignore_missing: bool) -> Counter[str]:
    words = words_of(vectors, text) if isinstance(text, str) else list(text)
    if not words:
        raise InvalidSetting("A text without words is at no distance from another: give at least one word.")
    if ignore_missing:
        words = [words[i] for i in _known(vectors, words)]
    counted = Counter(words)
    within("number of different words in a text", len(counted), 1, MOST_DIFFERENT)
    return counted


def _known(vectors: WordVectors, words: Sequence[str]) -> list[int]:
    """Which of the words have a vector. Raises UnknownWord: none."""
    known = [i for i, word in enumerate(words) if word in vectors or vectors.composes(word)]
    if not known:
        raise vectors.unknown(list(dict.fromkeys(words)))
    return known


def _without_punctuation(word: str) -> str:
    """Without the signs around it; empty where it is made of signs alone."""
    inside = [i for i, c in enumerate(word) if unicodedata.category(c)[0] in "LMN"]
    return word[inside[0] : inside[-1] + 1] if inside else ""
