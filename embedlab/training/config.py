"""How to train: steps, learning rate and its schedule, snapshots."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from embedlab.checks import one_of, within
from embedlab.errors import InvalidSetting

MAX_STEPS = 10_000_000
Optimizer = Literal["sgd", "adam"]  # keys of `optimizers.OPTIMIZERS`
Schedule = Literal["constant", "step", "linear", "exponential"]


@dataclass(frozen=True)
class TrainConfig:
    """How to train; checked when made (InvalidSetting: names the value and its range)."""

    steps: int  # updates at most; fewer when the batches end
    learning_rate: float
    optimizer: Optimizer = "sgd"
    snapshot_every: int = 1  # updates between snapshots; the first is before the first update, the last after the last
    schedule: Schedule = "constant"
    final_learning_rate: float = 0.0  # "step": from change_at on; others: reached after the last step
    change_at: int | None = None  # step from which "step" uses final_learning_rate
    weight_decay: float = 0.0
    seconds: float = 600.0  # the run ends with a last snapshot when this much time has passed
    diverged: float = 10.0  # times the first loss: above it a run has diverged; infinity: only without a finite number
    threads: int | None = 1  # torch threads while training; tiny models are far faster on one. None: as set outside
    record: tuple[str, ...] = field(default=())  # names in model.state_dict() that each snapshot copies as well
    unit: float = 1.0  # by which the learning rate that somebody chose was multiplied; errors name what was chosen

    def __post_init__(self) -> None:
        within("steps", self.steps, 1, MAX_STEPS)
        within("learning rate", self.learning_rate, 1e-9, 1e9)
        within("unit of the learning rate", self.unit, 1e-9, 1e9)
        within("steps between snapshots", self.snapshot_every, 1, MAX_STEPS)
        within("final learning rate", self.final_learning_rate, 0.0, 1e9)
        within("weight decay", self.weight_decay, 0.0, 1e9)
        within("loss at which it has diverged", self.diverged, 1)
        within("seconds", self.seconds, 1e-3, 86_400)
        one_of("optimizer", self.optimizer, get_args(Optimizer))
        one_of("schedule", self.schedule, get_args(Schedule))
        if self.schedule == "step" and self.change_at is None:
            raise InvalidSetting("The schedule “step” needs change_at: the step at which the learning rate changes.")
        if self.schedule == "exponential" and not self.final_learning_rate > 0:
            raise InvalidSetting("The schedule “exponential” needs a final learning rate above 0.")

    def learning_rate_at(self, step: int) -> float:
        """The learning rate of update `step`, counted from 1."""
        start, end = self.learning_rate, self.final_learning_rate
        done = (step - 1) / self.steps
        if self.schedule == "step" and self.change_at is not None:
            return start if step < self.change_at else end
        if self.schedule == "linear":
            return start + (end - start) * done
        if self.schedule == "exponential":
            return float(start * (end / start) ** done)
        return start
