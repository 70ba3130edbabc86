"""A trained mean-of-embeddings classifier as plain arrays: its predictions, and what each word adds to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from embedlab.arrays import Array, Floats, Ids, Int32s, Mask
from embedlab.errors import InvalidText
from embedlab.lessons.transfer.config import Start
from embedlab.lessons.transfer.data.sentences import PAD
from embedlab.text.rules import ENGLISH, Rules
from embedlab.text.tokenization import sentence_tokens
from embedlab.training.softmax import softmax
from embedlab.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from scipy import sparse

Layers: TypeAlias = tuple[tuple[Floats, Floats], ...]  # weight (in, out) and bias (out,) of each
Known = Literal["trained", "pretrained", "untrained", "unknown"]


class Contribution(NamedTuple):
    """A word of a sentence and what it adds to a prediction."""

    word: str
    known: Known  # seen in training; only pretrained; in the table but never seen in training; without a vector
    amount: float  # nats of log-odds; 0 for an unknown word


def averaging(ids: Int32s, words: int) -> "sparse.csr_matrix":
    """(N, V) weights, which times a (V, D) table give the mean embedding of each sentence, zero where it has no word.

    Args:
        ids: (N, L), filled up with `PAD`, which does not count.
    """
    from scipy import sparse  # 12 MB and a tenth of a second, for those who train

    real = ids != PAD
    shares = np.broadcast_to(1 / np.maximum(real.sum(axis=1, keepdims=True), 1, dtype=np.float32), ids.shape)
    places = (np.nonzero(real)[0], ids[real])
    return sparse.csr_matrix((shares[real], places), shape=(len(ids), words))


def layer_scores(means: Floats, layers: Layers) -> Floats:
    """(N, C) logits of (N, D) means."""
    hidden = means
    for weight, bias in layers[:-1]:
        hidden = np.maximum(hidden @ weight + bias, 0)
    weight, bias = layers[-1]
    return np.asarray(hidden @ weight + bias)


def mean_loss(scores: Floats, label_ids: Ids) -> float:
    """Mean negative log-likelihood of the right labels, in nats; scores are (N, C)."""
    exact = scores - scores.max(axis=1, keepdims=True).astype(np.float64)  # so that no exponential overflows
    return float((np.log(np.exp(exact).sum(axis=1)) - exact[np.arange(len(exact)), label_ids]).mean())


@dataclass(frozen=True, eq=False)
class TrainedClassifier:
    """Mean of embeddings, then one to three linear layers with ReLU between them. V words, D dimensions, C labels.

    This is the lecture's "CBOW classifier", which is not word2vec's CBOW; with hidden layers it is the Deep Averaging
    Network (Iyyer et al. 2015).
    """

    start: Start  # how the embeddings came about
    words: tuple[str, ...]  # V words
    labels: tuple[str, ...]  # C names
    initial: Floats  # (V, D) before training, read-only
    embeddings: Floats  # (V, D) after training, read-only
    seen: Mask  # (V,) words that occur in the training sentences
    layers: Layers  # the last has C outputs
    # more words for sentences that are typed in; their vectors are used as they are, times `scale`
    pretrained: WordVectors | None = None
    scale: float = 1.0  # what pretrained vectors were multiplied with

    @property
    def is_linear(self) -> bool:
        """No hidden layer: every word's contribution is exact."""
        return len(self.layers) == 1

    def means(self, ids: Int32s) -> Floats:
        """(N, D) mean embedding of the words of each sentence, as `averaging` takes them."""
        return np.asarray(averaging(ids, len(self.embeddings)) @ self.embeddings)

    def scores(self, means: Floats) -> Floats:
        """(N, C) logits of (N, D) means."""
        return layer_scores(means, self.layers)

    def probabilities(self, ids: Int32s) -> Floats:
        """(N, C) in [0, 1]."""
        return softmax(self.scores(self.means(ids)))

    def predict(self, ids: Int32s) -> Ids:
        """(N,): the likeliest label of each sentence."""
        return np.asarray(self.scores(self.means(ids)).argmax(axis=1))

    def accuracy(self, ids: Int32s, label_ids: Ids) -> float:
        """Share of sentences whose likeliest label is right, in [0, 1]."""
        return float((self.predict(ids) == label_ids).mean())

    def loss(self, ids: Int32s, label_ids: Ids) -> float:
        """Mean negative log-likelihood of the right labels, in nats."""
        return mean_loss(self.scores(self.means(ids)), label_ids)

    def word_vectors(self) -> WordVectors:
        """The learned space, for the Explore pages: words with a vector; from scratch, those seen in training."""
        kept = self.seen if self.start == "scratch" else self.embeddings.any(axis=1)
        rows = np.flatnonzero(kept)
        words = [self.words[row] for row in rows]
        return WordVectors(words, self.embeddings[rows], source=f"Transfer: {self.start}")


@dataclass(frozen=True)
class Prediction:
    """What one classifier predicts for one sentence, and why."""

    start: Start
    probabilities: dict[str, float]  # by label, in [0, 1]
    label: str  # whose log-odds the words' contributions add up to
    contributions: tuple[Contribution, ...]  # one for each word of the sentence, in order
    bias: float  # nats: the log-odds without any word
    exact: bool  # they and the bias add up to the log-odds; otherwise each is what leaving the word out would change
    log_odds: float  # nats: of the whole sentence
    alone: tuple[float, ...]  # nats: the log-odds of each word by itself; 0 for an unknown word

    @property
    def winner(self) -> str | None:
        """The likeliest label; None where no word has a vector."""
        if all(word.known == "unknown" for word in self.contributions):
            return None
        return max(self.probabilities, key=self.probabilities.__getitem__)

    @property
    def milder(self) -> tuple[Contribution, float] | None:
        """Of inexact contributions the largest that points away from the verdict, though the word by itself speaks for
        it, and the word's own log-odds: the others speak for it more, so that their mean does without this word.
        """
        if self.exact:
            return None
        pairs = zip(self.contributions, self.alone, strict=True)
        found = [pair for pair in pairs if pair[0].amount * self.log_odds < 0 < pair[1] * self.log_odds]
        return max(found, key=lambda pair: abs(pair[0].amount), default=None)


def explain(
    classifier: TrainedClassifier, sentence: str, label: str | None = None, rules: Rules = ENGLISH
) -> Prediction:
    """A sentence's prediction with every word's contribution to it.

    The log-odds of `label` are its score less the mean score of the other labels (with two labels: the logarithm of
    the odds). Without hidden layers the score is linear in the mean, so a word's contribution is its own vector's
    score divided by the number of words, exactly.

    Args:
        label: one of the classifier's; the last one when None.
        rules: of the sentences that it was trained on.

    Raises:
        InvalidText: no word at all. Words outside the vocabulary and the pretrained vectors are left out; where there
            is no other, all labels are equally likely.
    """
    tokens = sentence_tokens(sentence, rules)
    if not tokens:
        raise InvalidText("There is no word in the sentence: type one, such as: the soup was cold but good")
    index = {word: row for row, word in enumerate(classifier.words)}
    vectors, known = zip(*(_vector(classifier, index, word) for word in tokens), strict=True)
    rows = [vector for vector in vectors if vector is not None]
    wanted = classifier.labels.index(label) if label is not None else len(classifier.labels) - 1
    name = classifier.labels[wanted]
    if not rows:
        even = dict.fromkeys(classifier.labels, 1 / len(classifier.labels))
        nothing = tuple(Contribution(word, "unknown", 0.0) for word in tokens)
        return Prediction(classifier.start, even, name, nothing, 0.0, classifier.is_linear, 0.0, (0.0,) * len(tokens))
    matrix = np.stack(rows)  # (T, D)
    scores = classifier.scores(matrix.mean(axis=0, keepdims=True))  # (1, C)
    amounts, bias = _contributions(classifier, matrix, wanted)
    amount = iter(amounts.tolist())
    contributions = tuple(
        Contribution(word, kind, 0.0 if vector is None else next(amount))
        for word, vector, kind in zip(tokens, vectors, known, strict=True)
    )
    probabilities = dict(zip(classifier.labels, softmax(scores)[0].tolist(), strict=True))
    log_odds = float(_log_odds(scores, wanted)[0])
    each = iter(_log_odds(classifier.scores(matrix), wanted).tolist())
    singles = (None if vector is None else next(each) for vector in vectors)
    alone = tuple(0.0 if kind == "unknown" else single or 0.0 for kind, single in zip(known, singles, strict=True))
    return Prediction(classifier.start, probabilities, name, contributions, bias, classifier.is_linear, log_odds, alone)


def _vector(classifier: TrainedClassifier, index: dict[str, int], word: str) -> tuple[Floats | None, Known]:
    """Its vector, as training and testing would use it, and how it is known; None for a word to be left out."""
    row = index.get(word)
    if row is not None:
        vector = classifier.embeddings[row]
        if not vector.any():  # lacks a pretrained vector; adds nothing, but counts in the mean
            return vector, "unknown"
        if classifier.seen[row]:
            return vector, "trained"
        return vector, "untrained" if classifier.start == "scratch" else "pretrained"
    if classifier.pretrained is not None and word in classifier.pretrained:
        return classifier.pretrained[word] * np.float32(classifier.scale), "pretrained"
    return None, "unknown"


def _contributions(classifier: TrainedClassifier, matrix: Floats, label: int) -> tuple[Array, float]:
    """(T,) nats of log-odds that each word adds, and the bias."""
    count = len(matrix)
    if classifier.is_linear:
        weight, bias = classifier.layers[0]
        return _log_odds(matrix @ weight, label) / count, float(_log_odds(bias[None], label)[0])
    total = _log_odds(classifier.scores(matrix.mean(axis=0, keepdims=True)), label)[0]
    others = matrix.sum(axis=0, keepdims=True) - matrix  # (T, D); zero where there is no other word
    without = others / max(count - 1, 1)
    return total - _log_odds(classifier.scores(without), label), 0.0


def _log_odds(scores: Floats, label: int) -> Floats:
    """(N,) score of a label less the mean of the others."""
    others = (scores.sum(axis=1) - scores[:, label]) / (scores.shape[1] - 1)
    return np.asarray(scores[:, label] - others)


def confusion(predicted: Ids, right: Ids, labels: Sequence[str]) -> Ids:
    """(C, C) counts: rows are the right label, columns the prediction."""
    size = len(labels)
    return np.bincount(right * size + predicted, minlength=size * size).reshape(size, size)
