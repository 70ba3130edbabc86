"""The record of a run of Ten words: every epoch's embeddings and borders, and what they say of the words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids, Positions, Reals
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import TaggedText
from embedlab.training.softmax import log_softmax, softmax


@dataclass(frozen=True, eq=False)
class TenWordsRun:
    """A finished run, epoch by epoch. S snapshots, V words, T tags; all arrays read-only."""

    seed: int
    text: TaggedText
    epochs: Ids  # (S,), the first is 0: before the first update
    embeddings: Floats  # (S, V, 2)
    weights: Floats  # (S, T, 2)
    biases: Floats  # (S, T)
    broke: bool = False  # after the last snapshot a number was no longer finite: the steps were too large

    def logits(self) -> Floats:
        """(S, V, T): the score of each tag for each word."""
        with np.errstate(over="ignore"):  # just before a run breaks: a score of -inf is a probability of 0
            return np.asarray(self.embeddings @ self.weights.transpose(0, 2, 1) + self.biases[:, None])

    def probabilities(self) -> Floats:
        """(S, V, T) in [0, 1]: the probability of each tag for each word."""
        return softmax(self.logits())

    def answers(self, points: Reals, snapshots: Positions) -> Reals:
        """(len(snapshots), N, T) in [0, 1]: the probability of each tag for words at points (N, 2)."""
        scores = points @ self.weights[snapshots].transpose(0, 2, 1) + self.biases[snapshots][:, None]
        return softmax(scores)

    def predicted(self) -> Positions:
        """(S, V): the likeliest tag of each word."""
        return np.asarray(self.logits().argmax(axis=-1))

    def accuracies(self) -> Doubles:
        """(S,) in [0, 1]: the share of words whose likeliest tag is right."""
        return np.asarray((self.predicted() == self.text.tag_of).mean(axis=1))

    def losses(self) -> Doubles:
        """(S,) in nats: mean negative log-likelihood of the tags of all tokens in the text."""
        of_right = log_softmax(self.logits())[:, np.arange(len(self.text.words)), self.text.tag_of]  # (S, V)
        return np.asarray(-of_right @ self.text.counts / self.text.counts.sum())

    def confusion(self, at: int) -> Ids:
        """(T, T): how many words of each tag, the rows, get which tag from the model, the columns, at a snapshot."""
        table = np.zeros((len(self.text.tags), len(self.text.tags)), dtype=np.int64)
        np.add.at(table, (self.text.tag_of, self.predicted()[at]), 1)
        return table

    def first_perfect(self) -> int | None:
        """The first epoch after which every word is right; None when there is none."""
        perfect = np.flatnonzero(self.accuracies() == 1)
        return int(self.epochs[perfect[0]]) if len(perfect) else None

    def mean_distances(self, at: int) -> tuple[float, float] | None:
        """Mean distance between words of one tag, and of different tags; None where no two words share a tag.

        Args:
            at: number of a snapshot.
        """
        places = self.embeddings[at].astype(np.float64)
        distances = np.linalg.norm(places[:, None] - places[None], axis=-1)  # (V, V)
        same = self.text.tag_of[:, None] == self.text.tag_of[None]
        pairs = np.triu(np.ones_like(same), 1)
        alike, others = distances[same & pairs], distances[~same & pairs]
        return (float(alike.mean()), float(others.mean())) if len(alike) else None

    def records(self, at: int) -> list[dict[str, str | float]]:
        """A line for each word at a snapshot: its tag, the likeliest tag, its place, and each tag's percentage."""
        predicted, shares = self.predicted()[at], self.probabilities()[at]
        tags = self.text.tags
        return [
            {"word": word, "tag": tags[tag], "predicted": tags[predicted[i]]}
            | {axis: float(number) for axis, number in zip("xy", self.embeddings[at, i], strict=True)}
            | {f"{name} %": float(share) * 100 for name, share in zip(tags, shares[i], strict=True)}
            for i, (word, tag) in enumerate(zip(self.text.words, self.text.tag_of, strict=True))
        ]

    def until(self, config: TenWordsConfig) -> "TenWordsRun":
        """The run up to where the stop condition of `config` holds for the first time."""
        met = {"never": np.zeros(len(self.epochs), bool)}
        met["perfect"] = self.accuracies() == 1
        met["loss"] = self.losses() < config.stop_loss
        stops = np.flatnonzero(met[config.stop])
        return self._first(int(stops[0]) + 1) if len(stops) else self

    def finite(self) -> "TenWordsRun":
        """The run up to the first snapshot whose loss is not finite; at least the first snapshot."""
        with np.errstate(over="ignore", invalid="ignore"):
            bad = np.flatnonzero(~np.isfinite(self.losses()))
        return replace(self._first(max(1, int(bad[0]))), broke=True) if len(bad) else self

    def _first(self, count: int) -> "TenWordsRun":
        if count == len(self.epochs):
            return self
        names = ("epochs", "embeddings", "weights", "biases")
        return replace(self, broke=False, **{name: getattr(self, name)[:count] for name in names})


class Ending(NamedTuple):
    """How a run ended, without its way there."""

    run: TenWordsRun  # its last snapshot alone
    first_perfect: int | None  # as `TenWordsRun.first_perfect` of the whole run

    @classmethod
    def of(cls, run: TenWordsRun) -> "Ending":
        """The end of a whole run."""
        last = {name: getattr(run, name)[-1:] for name in ("epochs", "embeddings", "weights", "biases")}
        return cls(replace(run, **last), run.first_perfect())


def in_company(endings: Sequence[Ending]) -> int:
    """In how many runs words of one tag end nearer to each other, on average, than to words of other tags."""
    distances = [ending.run.mean_distances(-1) for ending in endings]
    return sum(each is not None and each[0] < each[1] for each in distances)


def agreement_in_place(endings: Sequence[Ending]) -> float:
    """How far N runs agree on where words lie, from 0 to 1: the mean length of the mean of a word's N directions."""
    places = np.stack([ending.run.embeddings[-1] for ending in endings]).astype(np.float64)  # (N, V, 2)
    lengths = np.linalg.norm(places, axis=2, keepdims=True)  # (N, V, 1)
    directions = places / np.maximum(lengths, np.finfo(np.float64).tiny)
    return float(np.linalg.norm(directions.mean(axis=0), axis=1).mean())


def agreement_by_chance(runs: int) -> float:
    """`agreement_in_place` of N runs with random directions: Rayleigh's mean length of a long random walk, over N."""
    return float(np.sqrt(np.pi / runs) / 2)


def coordinate_rows(runs: Sequence[TenWordsRun]) -> Iterator[tuple[int, int, str, str, str, float, float]]:
    """Every word at every snapshot: seed, epoch, word, tag, likeliest tag, x and y."""
    for run_ in runs:
        tags, predicted = run_.text.tags, run_.predicted()
        for s, epoch in enumerate(run_.epochs):
            for i, (word, tag) in enumerate(zip(run_.text.words, run_.text.tag_of, strict=True)):
                x, y = map(float, run_.embeddings[s, i])
                yield run_.seed, int(epoch), word, tags[tag], tags[predicted[s, i]], x, y
