"""One training step of skip-gram with every number: a window, a pair, its noise words, and the update by either loss.

A step is one (center, context) pair, as in word2vec. Pairs come in the order of the text, a window of fixed size
sliding over it; subsampling, reaches of different lengths and shuffling, which a run adds, would only hide the step.

NumPy in float64. Nothing depends on what was asked before: step k of a seed is the same bytes however one gets there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Ids, frozen
from embedlab.checks import one_of, within
from embedlab.errors import InvalidSetting
from embedlab.lessons.word2vec.pairs import Noise, window_pairs
from embedlab.text.corpus import Corpus
from embedlab.training.softmax import sigmoid

Loss = Literal["negative sampling", "full softmax"]
LOSSES: tuple[Loss, ...] = ("negative sampling", "full softmax")
MOST_STEPS = 10_000
_READ = 10_000  # words of text, which give as many pairs or more; a shorter text is read again


@dataclass(frozen=True)
class StepConfig:
    """What the steps depend on beside the text."""

    window: int = 2  # the largest distance between center and context
    negatives: int = 5  # K noise words for each pair
    dimensions: int = 3  # D, few enough to be read
    learning_rate: float = 0.3  # does not fall
    exponent: float = 0.75  # of the noise distribution
    seed: int = 1  # of the starting vectors and the noise words

    def __post_init__(self) -> None:
        within("window of a step", self.window, 1, 10)
        within("negatives of a step", self.negatives, 1, 20)
        within("dimensions of a step", self.dimensions, 2, 5)
        within("learning rate of a step", self.learning_rate, 0.001, 1.0)
        within("exponent", self.exponent, 0, 2)
        within("seed of a step", self.seed, 0, 2**31 - 1)


class StepPlace(NamedTuple):
    """Where in the text a step is: a sentence, the window in it, and the pair that is learned from."""

    sentence: Ids  # (n,) the words
    center: int  # position in the sentence
    window: tuple[int, ...]  # positions of the center's contexts, rising
    context: int  # position of this step's context, one of the window's


@dataclass(frozen=True, eq=False)
class StepCourse:
    """The pairs and noise words of all `MOST_STEPS` steps on a text with V words."""

    config: StepConfig
    size: int  # V
    ids: Ids  # (N,) words of the text's beginning
    sentences: Ids  # (N,) which sentence each is in
    centers: Ids  # (P,) positions of the pairs' words, in the order of the text
    contexts: Ids  # (P,)
    negatives: Ids  # (MOST_STEPS, K) ids

    def place(self, number: int) -> StepPlace:
        """Where step `number` is, from 1."""
        within("step", number, 1, MOST_STEPS)
        pair = (number - 1) % len(self.centers)
        center = self.centers[pair]
        first, after = np.searchsorted(self.sentences, [self.sentences[center], self.sentences[center] + 1])
        begin, end = np.searchsorted(self.centers, [center, center + 1])
        window = tuple((self.contexts[begin:end] - first).tolist())
        return StepPlace(self.ids[first:after], int(center - first), window, int(self.contexts[pair] - first))

    def words(self, number: int) -> tuple[int, int, Ids]:
        """Center, context and the K noise words of step `number`."""
        pair = (number - 1) % len(self.centers)
        return int(self.ids[self.centers[pair]]), int(self.ids[self.contexts[pair]]), self.negatives[number - 1]


class StepTables(NamedTuple):
    """Both tables after some steps by one loss."""

    loss: Loss
    steps: int
    center: Doubles  # (V, D) read-only
    context: Doubles  # (V, D) read-only


class RowUpdate(NamedTuple):
    """One step by one loss. R rows of the context table take part: all V, or the context and K noise words."""

    number: int  # of the step, from 1
    center: int  # id
    outputs: Ids  # (R,) ids; a noise word may be drawn twice, or be the context
    vector: Doubles  # (D,) the center's row
    rows: Doubles  # (R, D)
    scores: Doubles  # (R,) dot products of the two
    probabilities: Doubles  # (R,) softmax or sigmoid of the scores
    targets: Doubles  # (R,) 1 for the context, else 0
    loss: float  # nats
    vector_gradient: Doubles  # (D,)
    row_gradients: Doubles  # (R, D) of the whole row, also where a word comes twice
    new_vector: Doubles  # (D,)
    new_rows: Doubles  # (R, D)

    @property
    def errors(self) -> Doubles:
        """(R,) gradient of the loss by each score: probability less target."""
        return self.probabilities - self.targets


def step_course(text: Corpus, config: StepConfig) -> StepCourse:
    """The pairs and noise words of all steps on a text.

    Raises InvalidSetting: no two words of the text's beginning stand in one sentence.
    """
    ids, sentences = text.ids[:_READ], text.sentences[:_READ]
    centers, contexts = window_pairs(sentences, np.full(len(ids), config.window))
    if not len(centers):
        raise InvalidSetting("In the text’s beginning each word stands alone in its sentence: lower the minimum count.")
    order = np.lexsort((contexts, centers))
    noise = Noise(text.counts, config.exponent)
    drawn = noise.draw((MOST_STEPS, config.negatives), np.random.default_rng([config.seed, 1]))
    arrays = (ids.astype(np.int64), sentences.astype(np.int64), centers[order], contexts[order], drawn)
    return StepCourse(config, len(text.vocabulary), *map(frozen, arrays))


def starting_tables(course: StepCourse, loss: Loss) -> StepTables:
    """Before the first step, as word2vec begins: centers within half a unit over D, contexts at zero."""
    one_of("loss", loss, LOSSES)
    shape = course.size, course.config.dimensions
    center = (np.random.default_rng(course.config.seed).random(shape) - 0.5) / course.config.dimensions
    return StepTables(loss, 0, frozen(center), frozen(np.zeros(shape, order="F")))


def tables_after(course: StepCourse, steps: int, start: StepTables) -> StepTables:
    """The tables after `steps` steps in all, from any tables of fewer steps: all lead to the same bytes."""
    within("number of steps", steps, start.steps, MOST_STEPS)
    center, context = start.center.copy(), start.context.copy("K")
    for number in range(start.steps + 1, steps + 1):
        step = skip_gram_update(course, start.loss, number, center, context)
        center[step.center] = step.new_vector
        if start.loss == "full softmax":
            context = step.new_rows  # all of them
        else:
            context[step.outputs] = step.new_rows
    return StepTables(start.loss, steps, frozen(center), frozen(context))


def next_update(course: StepCourse, tables: StepTables) -> RowUpdate:
    """The step that follows these tables, with all of its numbers."""
    within("step", tables.steps + 1, 1, MOST_STEPS)
    return skip_gram_update(course, tables.loss, tables.steps + 1, tables.center, tables.context)


def skip_gram_update(course: StepCourse, loss: Loss, number: int, center: Doubles, context: Doubles) -> RowUpdate:
    """Step `number` from these (V, D) tables, which stay as they are."""
    word, right, negatives = course.words(number)
    rate = course.config.learning_rate
    vector = center[word].copy()
    if loss == "full softmax":
        outputs = np.arange(course.size)
        rows, targets = context, (outputs == right) * 1.0
        scores = rows @ vector
        powers = np.exp(scores - scores.max())  # of which `softmax` would not tell the sum
        probabilities = powers / powers.sum()
        value = float(np.log(powers.sum()) + scores.max() - scores[right])
        gradients = np.outer(vector, probabilities - targets).T  # ten times as fast as (V, D) with D so small
    else:
        outputs = np.concatenate([[right], negatives])
        rows, targets = context[outputs], np.zeros(len(outputs))
        targets[0] = 1.0
        scores = rows @ vector
        probabilities = sigmoid(scores)
        value = float(np.logaddexp(0, np.where(targets == 1, -scores, scores)).sum())
        same = outputs[:, None] == outputs  # a word that comes twice has one row, which gets both gradients
        gradients = same @ ((probabilities - targets)[:, None] * vector)
    slope = (probabilities - targets) @ rows
    return RowUpdate(
        number, word, outputs, vector, rows, scores, probabilities, targets, value,
        slope, gradients, vector - rate * slope, rows - rate * gradients,
    )  # fmt: skip


def likeliest(step: RowUpdate, count: int) -> Ids:
    """(count + 1,) positions in `outputs`: the context, then the likeliest others."""
    right = int(step.targets.argmax())
    order = np.argsort(-step.probabilities, kind="stable")
    return np.array([right, *order[order != right][:count]])


def drawn_again(step: RowUpdate) -> list[int]:
    """Ids of noise words whose row takes part more than once: as the context, too, or drawn twice."""
    ids, counts = np.unique(step.outputs, return_counts=True)
    return [int(word) for word in ids[counts > 1]]


def other_contexts(step: RowUpdate, place: StepPlace) -> list[int]:
    """Ids of noise words that stand in the window, too, where other steps have them as the context."""
    right, noise = step.outputs[0], step.outputs[1:]
    window = place.sentence[list(place.window)]
    return [int(word) for word in np.unique(noise[np.isin(noise, window) & (noise != right)])]


class LossCost(NamedTuple):
    """Multiplications that the scores of one pair take."""

    softmax: Ids  # V D
    negative_sampling: Ids  # (K + 1) D


def score_multiplications(sizes: Sequence[int], dimensions: int, negatives: int) -> LossCost:
    """The cost of a pair's scores for each size V of the vocabulary; gradients take twice as many again for both."""
    within("dimensions", dimensions, 1)
    within("negatives", negatives, 1)
    vocabulary = np.asarray(sizes, dtype=np.int64)
    return LossCost(vocabulary * dimensions, np.full(len(vocabulary), (negatives + 1) * dimensions))


def first_sentences(text: Corpus, count: int = 5, most: int = 40) -> list[list[str]]:
    """The words of the text's first sentences; of long ones the beginning, and an ellipsis."""
    shown = np.unique(text.sentences[: count * 10_000])[:count]
    words = text.vocabulary.words
    sentences = [[words[i] for i in text.ids[text.sentences == number][: most + 1]] for number in shown]
    return [sentence if len(sentence) <= most else [*sentence[:most], "…"] for sentence in sentences]
