"""The one training loop: every model, page, test and command trains through `train`.

It yields snapshots and does nothing else: it never prints, draws, sleeps or keeps what it has yielded. Stopping is
not asking for the next snapshot. Random draws belong to the code that makes the model and the batches.
"""

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
import torch

from embedlab.arrays import Array, Floats, read_only
from embedlab.errors import TrainingError
from embedlab.training.config import TrainConfig
from embedlab.training.optimizers import OPTIMIZERS

Batch = TypeVar("Batch", contravariant=True)
SMALLEST_START = 0.1  # nats; a run that starts nearly perfect may rise to ten times this before it counts as diverged


class Trainable(Protocol[Batch]):
    """What `train` asks of a model: two methods, and three that every `torch.nn.Module` has."""

    def loss(self, batch: Batch, /) -> torch.Tensor:
        """The mean loss of one batch in nats, as a scalar that gradients can flow from."""

    def embedding_matrix(self) -> torch.Tensor:
        """The embeddings, (V, D); `train` copies them."""

    def parameters(self) -> Iterator[torch.nn.Parameter]:
        """What is learned."""

    def train(self) -> object:
        """Prepares for training."""

    def state_dict(self) -> Mapping[str, torch.Tensor]:
        """All parameters by name; `train` copies those that `TrainConfig.record` names."""


@runtime_checkable
class ManualTrainable(Trainable[Batch], Protocol[Batch]):
    """A model that derives its gradients itself: neither PyTorch's gradients nor an optimizer are used."""

    def update(self, learning_rate: float) -> None:
        """One step down the loss that was asked for last."""


@dataclass(frozen=True, eq=False)
class Snapshot:
    """The state after `step` updates, as read-only copies."""

    step: int  # updates made so far
    loss: float  # nats: mean over the updates since the previous snapshot; at step 0 the first batch's
    embeddings: Floats  # (V, D) read-only
    recorded: Mapping[str, Array] = field(default_factory=dict)  # what config.record named, read-only


def train(model: Trainable[Batch], batches: Iterable[Batch], config: TrainConfig) -> Iterator[Snapshot]:
    """Trains `model` and yields what it looks like on the way; nothing runs before the first `next`.

    Args:
        model: it is changed in place.
        batches: whatever `model.loss` takes, one for each update; may be endless.
        config: how.

    Yields:
        Snapshots in rising steps: step 0 before the first update, then every `config.snapshot_every` updates, and the
        last update.

    Raises:
        TrainingError: the loss is not finite, or above `config.diverged` times its start. It carries the step,
            and the best snapshot from before.
    """
    run = _run(model, batches, config)
    best: Snapshot | None = None
    newest: Snapshot | None = None  # its loss is from before its last update, which may be the one that went too far
    while True:
        try:
            with _torch_threads(config.threads):  # never held across a yield: the consumer's own setting is its own
                snapshot = next(run, None)
        except TrainingError as error:
            error.best = best or newest
            raise
        if snapshot is None:
            return
        if newest is not None and (best is None or newest.loss < best.loss):
            best = newest
        newest = snapshot
        yield snapshot


def _run(model: Trainable[Batch], batches: Iterable[Batch], config: TrainConfig) -> Iterator[Snapshot]:
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = OPTIMIZERS[config.optimizer](parameters, config.weight_decay)
    deadline = time.monotonic() + config.seconds
    manual = model if isinstance(model, ManualTrainable) else None  # asked once: it costs as much as a small update
    total, since, start, step = 0.0, 0, math.inf, 0  # sum of losses and updates since the last snapshot
    model.train()
    for step, batch in enumerate(batches, start=1):
        loss = model.loss(batch)
        value = float(loss.detach())
        if step == 1:
            start, first = max(value, SMALLEST_START), batch
        _check_loss(value, start, step, config)
        if step == 1:
            yield _snapshot(model, 0, value, config)
        rate = config.learning_rate_at(step)
        if manual is not None:
            manual.update(rate)
        else:
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step(rate)
        total, since = total + value, since + 1
        if step >= config.steps or time.monotonic() > deadline:
            break
        if step % config.snapshot_every == 0:
            yield _snapshot(model, step, total / since, config)
            total, since = 0.0, 0
    if step:
        with torch.no_grad():  # no update follows whose loss would show that the last one went too far
            for given in (first, batch):  # a leap may well fit the batch that it was made for
                _check_loss(float(model.loss(given)), start, step, config)
    if since:
        yield _snapshot(model, step, total / since, config)


def _check_loss(loss: float, start: float, step: int, config: TrainConfig) -> None:
    if not (math.isfinite(loss) and loss <= config.diverged * start):
        raise TrainingError(_diverged(loss, start, step, _given_rate(config, step)), step=step)


def _snapshot(model: Trainable[Batch], step: int, loss: float, config: TrainConfig) -> Snapshot:
    embeddings = _copy(model.embedding_matrix())
    if not np.isfinite(embeddings).all():
        raise TrainingError(
            f"At step {step:,} the embeddings are no longer finite numbers: the learning rate "
            f"{_given_rate(config, max(step, 1)):g} is too large. Try {_tenth(_given_rate(config, max(step, 1)))}.",
            step=step,
        )
    state = model.state_dict() if config.record else {}
    recorded = {name: _copy(state[name]) for name in config.record}
    return Snapshot(step, loss, embeddings, MappingProxyType(recorded))


def _copy(tensor: torch.Tensor) -> Array:
    return read_only(tensor.detach().cpu().numpy())


def _diverged(value: float, start: float, step: int, rate: float) -> str:
    what = f"rose from {start:.3g} to {value:.3g} nats" if math.isfinite(value) else "is no longer a finite number"
    return (
        f"Training diverged: at step {step:,} the loss {what} with learning rate {rate:g}. "
        f"Choose a smaller learning rate, for example {_tenth(rate)}."
    )


def _given_rate(config: TrainConfig, step: int) -> float:
    """The learning rate to name in a message: a linear schedule's is the one it falls from, which somebody chose."""
    return (config.learning_rate if config.schedule == "linear" else config.learning_rate_at(step)) / config.unit


def _tenth(rate: float) -> str:
    return f"{min(rate / 10, 0.1):g}"  # nothing here trains well above 0.1 after having diverged


@contextmanager
def _torch_threads(count: int | None) -> Iterator[None]:
    before = torch.get_num_threads()
    if count is None or count == before:
        yield
        return
    torch.set_num_threads(count)  # OpenMP keeps this number for each thread, so other jobs keep theirs
    try:
        yield
    finally:
        torch.set_num_threads(before)
