"""The record of a run of the character model: losses and embeddings at each snapshot, whole models at a few."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embedlab.arrays import Array, Doubles, Floats, Ids, frozen
from embedlab.errors import EmbedlabError
from embedlab.lessons.letters.alphabet import LECTURE, Alphabet, vowel_separation
from embedlab.lessons.letters.letter_model import DIRECT, WEIGHTS, LetterModel
from embedlab.projection.pca import principal_plane

MILESTONES = (0.0, 0.01, 0.03, 0.1, 0.3)  # of all steps: where a whole model is kept
_GATHERED = 1.15  # times the vowel separation at the start, or no order: from there on vowels have gathered
_WORSE = 0.01  # nats of dev loss above the best that count as worse


@dataclass(frozen=True, eq=False)
class LetterSnapshot:
    """The model after `step` updates, as read-only copies."""

    step: int
    loss: float  # nats: mean over the batches since the snapshot before; at step 0 the first batch's
    dev_loss: float  # nats: mean over names that are not learned from
    model: LetterModel


@dataclass(frozen=True, eq=False)
class LetterRun:
    """S snapshots of a run, V symbols, D dimensions; all arrays read-only."""

    steps: Ids  # (S,) rising
    losses: Doubles  # (S,) nats
    dev_losses: Doubles  # (S,) nats
    embeddings: Floats  # (S, V, D)
    models: Mapping[int, LetterModel]  # by step: early ones, the best and the last

    @classmethod
    def of(cls, snapshots: Sequence[LetterSnapshot], milestones: Sequence[float] = MILESTONES) -> "LetterRun":
        """What is kept of at least one snapshot.

        Args:
            milestones: shares of all steps at which to keep whole models, beside the best and the last.
        """
        last = snapshots[-1]
        best = min(snapshots, key=lambda snapshot: snapshot.dev_loss)
        early = [min(snapshots, key=lambda snapshot: abs(snapshot.step - share * last.step)) for share in milestones]
        return cls(
            steps=np.array([snapshot.step for snapshot in snapshots], dtype=np.int64),
            losses=np.array([snapshot.loss for snapshot in snapshots]),
            dev_losses=np.array([snapshot.dev_loss for snapshot in snapshots]),
            embeddings=np.stack([snapshot.model.embeddings for snapshot in snapshots]),
            models={snapshot.step: snapshot.model for snapshot in (*early, best, last)},
        )

    def __post_init__(self) -> None:
        for array in (self.steps, self.losses, self.dev_losses, self.embeddings):
            frozen(array)

    @property
    def best(self) -> int:
        """Index of the snapshot whose model is used: the last, unless dev loss rose after its lowest."""
        return self._lowest if self.worsened or self._lowest == 0 else len(self.steps) - 1

    @property
    def _lowest(self) -> int:
        """Index of the snapshot with the lowest dev loss."""
        return int(np.argmin(self.dev_losses))

    @property
    def model(self) -> LetterModel:
        """The model at the best snapshot."""
        return self.models[int(self.steps[self.best])]

    @property
    def alphabet(self) -> Alphabet:
        """The V symbols."""
        return next((model.alphabet for model in self.models.values()), LECTURE)

    @property
    def milestones(self) -> list[tuple[int, LetterModel]]:
        """Steps and models kept, in rising steps; the one of the lowest dev loss only where it is `best`."""
        spare = {self._lowest} - {self.best, len(self.steps) - 1}
        return sorted((step, model) for step, model in self.models.items() if step not in self.steps[[*spare]])

    @property
    def gathered(self) -> bool:
        """Whether the vowels are clearly nearer to each other at the best snapshot than at the start."""
        ratios = self.separations()[:, 2]
        return self.alphabet.knows_vowels and bool(ratios[self.best] > _GATHERED * max(ratios[0], 1.0))

    @property
    def half_learned(self) -> int | None:
        """The step by which half of all that it learns about the next letter is learned; None where it learns nothing.

        What it learns is how far its lowest dev loss is below that of V equally likely symbols.
        """
        lowest, guessing = self.dev_losses[self._lowest], self.alphabet.uniform_loss
        reached = np.flatnonzero(self.dev_losses <= (guessing + lowest) / 2)
        return int(self.steps[reached[0]]) if lowest < guessing else None

    @property
    def worsened(self) -> bool:
        """Whether dev loss rose again after its lowest."""
        return bool(self.dev_losses[-1] > self.dev_losses[self._lowest] + _WORSE)

    @property
    def overfitted(self) -> bool:
        """Whether dev loss rose again while train loss went on falling."""
        return self.worsened and bool(self.losses[-1] < self.losses[self.best])

    def separations(self) -> Doubles:
        """(S, 3) read-only: distances vowel to vowel and vowel to consonant, and the second over the first; NaN where
        the alphabet's vowels are not known.
        """
        return self._separations

    @cached_property
    def _separations(self) -> Doubles:  # a page asks for them in eight places
        if not self.alphabet.knows_vowels:
            return frozen(np.full((len(self.steps), 3), np.nan))
        each = (vowel_separation(embeddings, self.alphabet) for embeddings in self.embeddings)
        return frozen(np.array([(*separation, separation.ratio) for separation in each]))

    def plane(self) -> Floats:
        """(S, V, 2) coordinates: the embeddings where D is 2, else the first two principal components of the last
        snapshot, the same for all snapshots.
        """
        if self.embeddings.shape[2] == 2:
            return self.embeddings
        return principal_plane(self.embeddings, self.embeddings[-1])[0].astype(np.float32)

    @property
    def plane_share(self) -> float:
        """How much of the last snapshot's variance the plane shows, in [0, 1]."""
        if self.embeddings.shape[2] <= 2:
            return 1.0
        return sum(principal_plane(self.embeddings[-1:], self.embeddings[-1])[1]) or 1.0  # 0 without any variance

    def arrays(self, prefix: str = "") -> dict[str, Array]:
        """The run as plain arrays, for a file; embeddings as float16, the models as they are."""
        arrays: dict[str, Array] = {
            "steps": self.steps,
            "losses": self.losses,
            "dev_losses": self.dev_losses,
        }
        arrays["embeddings"] = self.embeddings.astype(np.float16)
        arrays["model_steps"] = np.array([step for step, _ in self.milestones], dtype=np.int64)
        for name in self.model.arrays:
            arrays[f"model_{name}"] = np.stack([model.arrays[name] for _, model in self.milestones])
        return {prefix + key: array for key, array in arrays.items()}

    @classmethod
    def load(cls, arrays: Mapping[str, Array], prefix: str = "", alphabet: Alphabet = LECTURE) -> "LetterRun":
        """The run that `arrays` made, of this alphabet. Raises EmbedlabError: an array is missing."""
        try:
            steps, losses, dev_losses, embeddings, kept = (
                arrays[prefix + key] for key in ("steps", "losses", "dev_losses", "embeddings", "model_steps")
            )
            direct = [DIRECT] if f"{prefix}model_{DIRECT}" in arrays else []
            weights = {name: arrays[f"{prefix}model_{name}"] for name in (*WEIGHTS, *direct)}
        except KeyError as error:
            raise EmbedlabError(f"The recorded run has no array {error}: get the project again.") from None
        models = {
            int(step): LetterModel.of({name: weights[name][i] for name in weights}, alphabet)
            for i, step in enumerate(kept)
        }
        return cls(steps, losses, dev_losses, embeddings.astype(np.float32), models)
