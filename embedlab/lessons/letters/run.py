"""A run of the character model, kept: figures and embeddings of every frame, whole models at a few of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.errors import EmbedlabError
from embedlab.lessons.letters.alphabet import vowel_separation
from embedlab.lessons.letters.letter_model import WEIGHTS, LetterModel

MILESTONES = (0.0, 0.01, 0.03, 0.1, 0.3)  # of all steps: where a whole model is kept


@dataclass(frozen=True, eq=False)
class Frame:
    """The model after `step` updates, as copies."""

    step: int
    loss: float  # nats: mean over the batches since the frame before; at step 0 the first batch's
    dev_loss: float  # nats: mean over names that are not learned from
    model: LetterModel


@dataclass(frozen=True, eq=False)
class LetterRun:
    """S frames of a run, V = 27 symbols, D dimensions."""

    steps: np.ndarray  # (S,) int64, rising
    losses: np.ndarray  # (S,) float64 nats
    dev_losses: np.ndarray  # (S,) float64 nats
    embeddings: np.ndarray  # (S, V, D) float32
    models: Mapping[int, LetterModel]  # by step: early ones, the best and the last

    @classmethod
    def of(cls, frames: Sequence[Frame], milestones: Sequence[float] = MILESTONES) -> "LetterRun":
        """What is kept of at least one frame.

        Args:
            milestones: shares of all steps at which to keep whole models, beside the best and the last.
        """
        best = min(frames, key=lambda frame: frame.dev_loss)
        early = [min(frames, key=lambda frame: abs(frame.step - share * frames[-1].step)) for share in milestones]
        return cls(
            steps=np.array([frame.step for frame in frames], dtype=np.int64),
            losses=np.array([frame.loss for frame in frames]),
            dev_losses=np.array([frame.dev_loss for frame in frames]),
            embeddings=np.stack([frame.model.embeddings for frame in frames]),
            models={frame.step: frame.model for frame in (*early, best, frames[-1])},
        )

    @property
    def best(self) -> int:
        """Index of the frame with the lowest dev loss."""
        return int(np.argmin(self.dev_losses))

    @property
    def model(self) -> LetterModel:
        """The model at the best frame."""
        return self.models[int(self.steps[self.best])]

    @property
    def milestones(self) -> list[tuple[int, LetterModel]]:
        """Steps and models kept, in rising steps."""
        return sorted(self.models.items())

    def separations(self) -> np.ndarray:
        """(S, 3) float64: distances vowel to vowel and vowel to consonant, and the second over the first."""
        each = (vowel_separation(embeddings) for embeddings in self.embeddings)
        return np.array([(*separation, separation.ratio) for separation in each])

    def plane(self) -> np.ndarray:
        """(S, V, 2) coordinates: the embeddings where D is 2, else the two directions in which the last frame spreads
        most (PCA), the same for all frames.
        """
        dimensions = self.embeddings.shape[2]
        if dimensions == 2:
            return self.embeddings
        last = self.embeddings[-1].astype(np.float64)
        _, _, axes = np.linalg.svd(last - last.mean(axis=0), full_matrices=False)  # (min(V, D), D)
        axes = axes[:2] * np.sign(axes[:2, np.abs(axes[:2]).argmax(axis=1)].diagonal())[:, None]
        coordinates = (self.embeddings - last.mean(axis=0)) @ axes.T  # (S, V, 1 or 2)
        return np.pad(coordinates, ((0, 0), (0, 0), (0, 2 - coordinates.shape[2]))).astype(np.float32)

    @property
    def plane_share(self) -> float:
        """How much of the last frame's variance the plane shows, in [0, 1]."""
        last = self.embeddings[-1].astype(np.float64)
        spread = np.linalg.svd(last - last.mean(axis=0), compute_uv=False) ** 2
        return float(spread[:2].sum() / spread.sum()) if spread.sum() > 0 else 1.0

    def arrays(self, prefix: str = "") -> dict[str, np.ndarray]:
        """The run as plain arrays, for a file; embeddings as float16, the models as they are."""
        arrays = {"steps": self.steps, "losses": self.losses, "dev_losses": self.dev_losses}
        arrays["embeddings"] = self.embeddings.astype(np.float16)
        arrays["model_steps"] = np.array([step for step, _ in self.milestones], dtype=np.int64)
        for name in WEIGHTS:
            arrays[f"model_{name}"] = np.stack([getattr(model, name) for _, model in self.milestones])
        return {prefix + key: array for key, array in arrays.items()}

    @classmethod
    def load(cls, arrays: Mapping[str, np.ndarray], prefix: str = "") -> "LetterRun":
        """The run that `arrays` made.

        Raises:
            EmbedlabError: an array is missing.
        """
        try:
            steps, losses, dev_losses, embeddings, kept = (
                arrays[prefix + key] for key in ("steps", "losses", "dev_losses", "embeddings", "model_steps")
            )
            weights = {name: arrays[f"{prefix}model_{name}"] for name in WEIGHTS}
        except KeyError as error:
            raise EmbedlabError(f"The recorded run has no array {error}: get the project again.") from None
        models = {
            int(step): LetterModel.of({name: weights[name][i] for name in WEIGHTS}) for i, step in enumerate(kept)
        }
        return cls(steps, losses, dev_losses, embeddings.astype(np.float32), models)
