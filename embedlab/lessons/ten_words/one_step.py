"""One training step of Ten words with every number: lookup, scores, softmax, loss, gradients and the rows after it.

NumPy in float64; the tests compare with PyTorch's own gradients. The step is plain SGD's.
"""

from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Ids, Reals
from embedlab.checks import within
from embedlab.lessons.ten_words.run import TenWordsRun
from embedlab.training.softmax import log_softmax, softmax


class TaggerParameters(NamedTuple):
    """All that the model learns; also what a gradient has one number for each of."""

    embeddings: Doubles  # (V, 2)
    weights: Doubles  # (T, 2)
    biases: Doubles  # (T,)


class TaggerStep(NamedTuple):
    """A sentence of N tokens forward and backward, and the update."""

    ids: Ids  # (N,) words
    tags: Ids  # (N,) right tags
    before: TaggerParameters
    vectors: Doubles  # (N, 2) rows that were looked up
    scores: Doubles  # (N, T)
    probabilities: Doubles  # (N, T)
    losses: Doubles  # (N,) nats
    score_gradients: Doubles  # (N, T) of the mean loss: probability less target, over N
    gradient: TaggerParameters
    after: TaggerParameters

    @property
    def loss(self) -> float:
        """Mean over the tokens, nats."""
        return float(self.losses.mean())


def tagger_step(before: TaggerParameters, ids: Ids, tags: Ids, learning_rate: float) -> TaggerStep:
    """One update on one sentence.

    Args:
        ids, tags: (N,) its words and their right tags.
    """
    embeddings, weights, biases = before
    vectors = embeddings[ids]
    scores = vectors @ weights.T + biases
    probabilities = softmax(scores)
    token = np.arange(len(ids))
    losses = -log_softmax(scores)[token, tags]
    slopes = probabilities.copy()
    slopes[token, tags] -= 1
    slopes /= len(ids)
    of_embeddings = np.zeros_like(embeddings)
    np.add.at(of_embeddings, ids, slopes @ weights)  # a word that comes twice gets both
    gradient = TaggerParameters(of_embeddings, slopes.T @ vectors, slopes.sum(axis=0))
    after = TaggerParameters(*(old - learning_rate * change for old, change in zip(before, gradient, strict=True)))
    return TaggerStep(ids, tags, before, vectors, scores, probabilities, losses, slopes, gradient, after)


def steps_of_run(run: TenWordsRun) -> int:
    """How many steps, one a sentence, lead to a run's last snapshot; at least those of its first epoch."""
    return max(int(run.epochs[-1]), 1) * len(run.text.sentences)


def step_of_run(run: TenWordsRun, number: int, learning_rate: float) -> TaggerStep:
    """Step `number` of a run, from 1: one on each sentence in turn, by SGD from the last snapshot before it."""
    within("step", number, 1, steps_of_run(run))
    count = len(run.text.sentences)
    snapshot = int(np.searchsorted(run.epochs, (number - 1) // count, "right")) - 1
    done = int(run.epochs[snapshot]) * count

    def doubles(array: Reals) -> Doubles:
        return np.asarray(array[snapshot], dtype=np.float64)

    state = TaggerParameters(doubles(run.embeddings), doubles(run.weights), doubles(run.biases))
    for at in range(done, number):
        ids, tags = (np.array(part, dtype=np.int64) for part in run.text.sentences[at % count])
        step = tagger_step(state, ids, tags, learning_rate)
        state = step.after
    return step
