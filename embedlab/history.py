"""What is kept of a run: every figure, and a bounded number of snapshots."""

from collections.abc import Sequence

import numpy as np

from embedlab.errors import InvalidSetting
from embedlab.training import Snapshot


class History:
    """Losses and metrics of all snapshots appended, and at most `limit` of the snapshots themselves.

    When there are more, every second one is dropped and later ones are kept at twice the spacing: the first and the
    latest always stay, the others remain evenly spread.

    Args:
        limit: how many snapshots to keep at most, at least 3.

    Raises:
        InvalidSetting: the limit is below 3.
    """

    def __init__(self, limit: int = 400) -> None:
        if limit < 3:
            raise InvalidSetting(f"A history keeps at least 3 snapshots; {limit} is too few.")
        self.limit = limit
        self._spacing = 1
        self._kept: list[tuple[int, Snapshot]] = []  # with their number among all that were appended
        self._figures: list[tuple[int, float, dict[str, float]]] = []
        self._best: Snapshot | None = None

    def append(self, snapshot: Snapshot) -> None:
        """Adds a snapshot, whose step must be above the previous one's."""
        if self._figures and snapshot.step <= self._figures[-1][0]:
            raise InvalidSetting(f"Step {snapshot.step} does not come after step {self._figures[-1][0]}.")
        number = len(self._figures)
        kept = self._kept
        if kept and kept[-1][0] % self._spacing:  # it stayed only because it was the latest
            kept = kept[:-1]
        kept = [*kept, (number, snapshot)]
        while len(kept) > self.limit:
            self._spacing *= 2
            kept = [pair for pair in kept if pair[0] % self._spacing == 0 or pair[0] == number]
        self._kept = kept  # replaced, never changed: a reader in another thread keeps a whole list
        self._figures.append((snapshot.step, snapshot.loss, dict(snapshot.metrics)))
        if self._best is None or snapshot.loss < self._best.loss:
            self._best = snapshot

    def __len__(self) -> int:
        return len(self._figures)

    @property
    def snapshots(self) -> Sequence[Snapshot]:
        """The snapshots kept, in rising steps; the first and the latest are always among them."""
        return tuple(snapshot for _, snapshot in self._kept)

    @property
    def best(self) -> Snapshot | None:
        """The snapshot with the lowest loss so far, kept even where thinning dropped it; None before the first."""
        return self._best

    @property
    def steps(self) -> np.ndarray:
        """(S,) int64: the step of every snapshot appended."""
        return np.array([step for step, _, _ in self._figures], dtype=np.int64)

    @property
    def losses(self) -> np.ndarray:
        """(S,) float64 in nats: the loss of every snapshot appended."""
        return np.array([loss for _, loss, _ in self._figures], dtype=np.float64)

    def metric(self, name: str) -> np.ndarray:
        """(S,) float64: a metric at every snapshot appended; NaN where it was not measured."""
        return np.array([metrics.get(name, np.nan) for _, _, metrics in self._figures], dtype=np.float64)

    def embeddings(self) -> np.ndarray:
        """(number of kept snapshots, V, D) float32: the embeddings of the kept snapshots, in order."""
        return np.stack([snapshot.embeddings for snapshot in self.snapshots])
