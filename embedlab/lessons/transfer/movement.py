"""Movement of embeddings under fine-tuning: how far words moved, where to, and how similar antonyms are afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Array, Doubles, Floats
from embedlab.lessons.transfer.config import Start
from embedlab.lessons.transfer.predictions import TrainedClassifier

# Pairs whose members occur in the same places, so that vectors learned from running text lie close together.
ANTONYMS = (
    ("good", "bad"), ("best", "worst"), ("better", "worse"), ("great", "terrible"), ("excellent", "awful"),
    ("love", "hate"), ("loved", "hated"), ("beautiful", "ugly"), ("happy", "unhappy"), ("clean", "dirty"),
    ("friendly", "rude"), ("fresh", "stale"), ("comfortable", "uncomfortable"), ("easy", "difficult"),
    ("strong", "weak"), ("exciting", "boring"), ("clever", "stupid"), ("quiet", "noisy"), ("warm", "cold"),
    ("fast", "slow"), ("cheap", "expensive"), ("rich", "poor"), ("right", "wrong"), ("interesting", "dull"),
    ("well", "badly"), ("reliable", "unreliable"), ("sharp", "blurred"), ("funny", "sad"), ("always", "never"),
    ("everyone", "nobody"),
)  # fmt: skip
WORDS = 10  # of the sentence for which a word's share is given


class Move(NamedTuple):
    """Where training took a word."""

    word: str
    distance: float  # Euclidean; the pretrained vectors' components have a mean square of 1
    turn: float  # cosine of its vector before and after, in [-1, 1]; 0 where it started at zero
    before: float  # nats of log-odds of the classifier's last label, for a sentence of this one word
    after: float

    def as_one_of(self, words: int = WORDS) -> tuple[float, float]:
        """The nats, before and after, that it contributes to a sentence of `words` words."""
        return self.before / words, self.after / words


def moves(classifier: TrainedClassifier) -> list[Move]:
    """Words that training has touched, the farthest first; judged by the trained layers before and after."""
    rows = np.flatnonzero(classifier.seen)
    before, after = classifier.initial[rows], classifier.embeddings[rows]  # (n, D)
    distances = np.linalg.norm(after - before, axis=1)
    turns = _cosines(before, after)
    odds = [log_odds(classifier, matrix) for matrix in (before, after)]
    order = np.lexsort((rows, -distances))
    return [
        Move(classifier.words[rows[i]], float(distances[i]), float(turns[i]), float(odds[0][i]), float(odds[1][i]))
        for i in order
    ]


def log_odds(classifier: TrainedClassifier, vectors: Array) -> Array:
    """(n,) nats: score of the last label less the mean of the others, for means (n, D)."""
    scores = classifier.scores(vectors)
    return np.asarray(scores[:, -1] - scores[:, :-1].mean(axis=1))


@dataclass(frozen=True, eq=False)
class MovementPlane:
    """Two perpendicular directions in the space of embeddings, and what they mean."""

    center: Doubles  # (D,)
    axes: Doubles  # (D, 2) columns of length 1
    meaning: str  # of the horizontal axis

    def coordinates(self, embeddings: Array) -> Doubles:
        """(..., 2) of (..., D)."""
        return np.asarray((embeddings.astype(np.float64) - self.center) @ self.axes)


def movement_plane(classifier: TrainedClassifier, words: Sequence[str]) -> MovementPlane:
    """One plane for before and after, on which most of the movement of these words can be seen.

    Horizontal is the direction along which the linear classifier tells its two labels apart; with more labels or hidden
    layers there is no such direction, and it is the main direction of the moves. Vertical is the main direction of what
    is left of all positions.
    """
    index = {word: row for row, word in enumerate(classifier.words)}
    rows = [index[word] for word in words]
    before, after = (m[rows].astype(np.float64) for m in (classifier.initial, classifier.embeddings))  # (W, D)
    if classifier.is_linear and len(classifier.labels) == 2:
        weight = classifier.layers[0][0].astype(np.float64)  # (D, 2)
        across = weight[:, 1] - weight[:, 0]
        meaning = f"← {classifier.labels[0]} · {classifier.labels[1]} →"
    else:
        across = np.linalg.svd(after - before, full_matrices=False)[2][0]
        sided = (after - before) @ across @ (log_odds(classifier, after) - log_odds(classifier, before))
        across = across if sided >= 0 else -across
        meaning = "main direction of the moves"
    across = across / max(float(np.linalg.norm(across)), 1e-12)
    both = np.concatenate([before, after])
    center = both.mean(axis=0)
    rest = both - center
    rest = rest - np.outer(rest @ across, across)
    up = np.linalg.svd(rest, full_matrices=False)[2][0]
    up = up - (up @ across) * across
    up = up / max(float(np.linalg.norm(up)), 1e-12)
    return MovementPlane(center, np.stack([across, up], axis=1), meaning)


class AntonymSimilarity(NamedTuple):
    """Cosine of two words in one space, in [-1, 1]."""

    pair: tuple[str, str]
    space: Start
    before: float  # training
    similarity: float


def antonym_similarities(
    classifiers: Iterable[TrainedClassifier], pairs: Iterable[Sequence[str]] = ANTONYMS
) -> list[AntonymSimilarity]:
    """Each pair in every trained space; a pair counts when training has seen both words and both began with vectors."""
    spaces = list(classifiers)
    indexes = [{word: row for row, word in enumerate(classifier.words)} for classifier in spaces]
    found = []
    for first, second in pairs:
        in_all = [
            _pair(classifier, [index[first], index[second]])
            for classifier, index in zip(spaces, indexes, strict=True)
            if first in index and second in index
        ]
        if len(in_all) == len(spaces) and all(in_all):
            found += [pair for pair in in_all if pair]
    return found


def _pair(classifier: TrainedClassifier, rows: list[int]) -> AntonymSimilarity | None:
    tables = (classifier.initial[rows], classifier.embeddings[rows])  # two (2, D)
    if not classifier.seen[rows].all() or not all(table.any(axis=1).all() for table in tables):
        return None
    before, after = (float(_cosines(table[:1], table[1:])[0]) for table in tables)
    first, second = (classifier.words[row] for row in rows)
    return AntonymSimilarity((first, second), classifier.start, before, after)


def _cosines(a: Floats, b: Floats) -> Floats:
    """(n,) of two (n, D); 0 where either is zero."""
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray(np.clip((a * b).sum(axis=1) / np.where(lengths > 0, lengths, 1), -1, 1))
