"""Early stopping: how a run does on the validation sentences on the way, and in which state it did best.

Best is the highest accuracy, and the lowest loss where that is level. The loss alone would stop too soon after few
sentences: a classifier grows too sure of itself, which the loss punishes, long before its verdicts get worse.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab.arrays import Floats, Ids, Mask, frozen
from embedlab.lessons.transfer.config import Start
from embedlab.lessons.transfer.data.sentences import Sentences
from embedlab.lessons.transfer.initialization import InitialTable
from embedlab.lessons.transfer.predictions import Layers, TrainedClassifier, averaging, layer_scores, mean_loss


@dataclass(frozen=True, eq=False)
class State:
    """A run after an update."""

    update: int
    rows: Floats  # (R, D) embeddings of the words in its training sentences; none where they are frozen
    layers: Layers
    loss: float  # nats, on the validation sentences
    accuracy: float  # there, in [0, 1]

    def better_than(self, other: "State") -> bool:
        """On the validation sentences."""
        return (self.accuracy, -self.loss) > (other.accuracy, -other.loss)


class Run:
    """One run: its sentences, where its embeddings start, and what is measured on the validation sentences.

    Only words of its training sentences move, R of V; the others' part in the validation sentences is added up once.
    """

    def __init__(self, sentences: Sentences, training: Ids, start: Start, table: InitialTable) -> None:
        self.sentences, self.start, self.table = sentences, start, table
        self.seen: Mask = frozen(sentences.seen(training))
        held_out = sentences.rows("validation")
        self._labels = sentences.label_ids[held_out]
        weights = averaging(sentences.ids[held_out], len(self.seen))
        self._moving, still = weights[:, self.moves], weights[:, ~self.moves]
        self._still = np.asarray(still @ table.matrix[~self.moves])  # (validation sentences, D)

    @cached_property
    def moves(self) -> Mask:
        """(V,) whose rows are trained."""
        return self.seen & (self.start != "frozen")

    def state(self, update: int, rows: Floats, layers: Layers) -> State:
        """The run with these embeddings and layers, and how it does on the validation sentences."""
        rows = rows[: self._moving.shape[1]]  # none where they are frozen
        scores = layer_scores(self._moving @ rows + self._still, layers)
        accuracy = float((scores.argmax(axis=1) == self._labels).mean())
        return State(update, rows, layers, mean_loss(scores, self._labels), accuracy)

    def classifier(self, state: State) -> TrainedClassifier:
        """The run as it was in this state."""
        initial = embeddings = frozen(self.table.matrix)
        if self.moves.any():
            embeddings = initial.copy()
            embeddings[self.moves] = state.rows
        return TrainedClassifier(
            self.start, self.sentences.vocabulary.words, self.sentences.labels, initial, frozen(embeddings),
            self.seen, state.layers, self.table.pretrained, self.table.scale,
        )  # fmt: skip
