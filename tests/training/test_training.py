"""The training loop, against plain PyTorch."""

import itertools
import subprocess
import sys
import threading
from collections.abc import Iterator

import numpy as np
import pytest
import torch
from torch import nn

from embedlab.errors import InvalidSetting, TrainingError
from embedlab.training.config import TrainConfig
from embedlab.training.loop import Snapshot, train

Batch = tuple[torch.Tensor, torch.Tensor]


class Tagger(nn.Module):
    """Five words, two dimensions, two classes."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.embedding = nn.Embedding(5, 2)
        self.linear = nn.Linear(2, 2)

    def loss(self, batch: Batch) -> torch.Tensor:
        return nn.functional.cross_entropy(self.linear(self.embedding(batch[0])), batch[1])

    def embedding_matrix(self) -> torch.Tensor:
        return self.embedding.weight


def batches() -> Iterator[Batch]:
    ids, tags = torch.arange(5), torch.tensor([0, 1, 0, 1, 1])
    return itertools.cycle([(ids[:3], tags[:3]), (ids[2:], tags[2:])])


def run(config: TrainConfig, seed: int = 0) -> list[Snapshot]:
    return list(train(Tagger(seed), batches(), config))


def by_pytorch(
    steps: int, make: type[torch.optim.Optimizer], rate: float, decay: float = 0.0
) -> tuple[list[float], np.ndarray]:
    """The loop everybody writes: losses and final embeddings."""
    model = Tagger()
    optimizer = make(model.parameters(), lr=rate, weight_decay=decay)  # type: ignore[call-arg]
    losses = []
    for batch in itertools.islice(batches(), steps):
        optimizer.zero_grad()
        loss = model.loss(batch)
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    return losses, model.embedding.weight.detach().numpy()


@pytest.mark.parametrize("decay", [0.0, 0.03])
@pytest.mark.parametrize(("name", "make"), [("sgd", torch.optim.SGD), ("adam", torch.optim.Adam)])
def test_same_bits_as_a_plain_pytorch_loop(name: str, make: type[torch.optim.Optimizer], decay: float) -> None:
    losses, embeddings = by_pytorch(500, make, 0.1, decay)
    snapshots = run(TrainConfig(500, 0.1, name, weight_decay=decay))  # type: ignore[arg-type]
    assert [s.step for s in snapshots] == list(range(501))
    assert [s.loss for s in snapshots[1:]] == losses
    assert snapshots[0].loss == losses[0]
    np.testing.assert_array_equal(snapshots[-1].embeddings, embeddings)


def test_a_snapshot_says_the_mean_loss_since_the_one_before() -> None:
    losses, _ = by_pytorch(10, torch.optim.SGD, 0.1)
    snapshots = run(TrainConfig(10, 0.1, snapshot_every=4))
    assert [s.step for s in snapshots] == [0, 4, 8, 10]
    expected = [losses[0], np.mean(losses[:4]), np.mean(losses[4:8]), np.mean(losses[8:])]
    assert [s.loss for s in snapshots] == pytest.approx(expected, abs=1e-12)


def test_nothing_runs_before_the_first_next_and_stopping_is_not_asking() -> None:
    model, asked = Tagger(), []

    def counted() -> Iterator[Batch]:
        for batch in batches():
            asked.append(1)
            yield batch

    before = model.embedding.weight.detach().clone()
    run = train(model, counted(), TrainConfig(1000, 0.1))
    assert not asked
    assert next(run).step == 0
    assert torch.equal(model.embedding.weight, before)
    next(run)
    run.close()
    assert len(asked) == 1
    assert not torch.equal(model.embedding.weight, before)


def test_snapshots_are_copies_that_nobody_can_change() -> None:
    config = TrainConfig(3, 0.5, record=("linear.bias",))
    first, *_, last = run(config)
    assert not np.array_equal(first.embeddings, last.embeddings)
    assert not np.array_equal(first.recorded["linear.bias"], last.recorded["linear.bias"])
    for array in (first.embeddings, first.recorded["linear.bias"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(TypeError):
        first.recorded["linear.bias"] = last.embeddings  # type: ignore[index]


def test_same_seed_same_bytes() -> None:
    config = TrainConfig(50, 0.1, "adam", schedule="linear")
    one, two, other = run(config, 3), run(config, 3), run(config, 4)
    assert [s.embeddings.tobytes() for s in one] == [s.embeddings.tobytes() for s in two]
    assert one[-1].embeddings.tobytes() != other[-1].embeddings.tobytes()


@pytest.mark.parametrize(("optimizer", "rate"), [("sgd", 1e6), ("adam", 1e6)])
def test_divergence_ends_with_step_rate_and_remedy(optimizer: str, rate: float) -> None:
    with pytest.raises(TrainingError, match=r"step \d+ .* nats with learning rate 1e\+06\. Choose a smaller .*0\.1"):
        run(TrainConfig(100, rate, optimizer))  # type: ignore[arg-type]


def test_a_divergence_under_a_linear_schedule_names_the_rate_that_was_given() -> None:
    with pytest.raises(TrainingError, match=r"learning rate 1e\+06\."):
        run(TrainConfig(3, 1e6, "adam", schedule="linear"))


def test_what_was_yielded_before_a_divergence_stays_valid() -> None:
    config = TrainConfig(100, 0.1, schedule="step", change_at=10, final_learning_rate=1e6)
    going = train(Tagger(), batches(), config)
    seen = [next(going) for _ in range(10)]
    with pytest.raises(TrainingError, match=r"learning rate 1e\+06"):
        list(going)
    assert seen[-1].loss == min(s.loss for s in seen) < seen[0].loss
    assert all(np.isfinite(s.embeddings).all() for s in seen)


def test_a_divergence_carries_the_best_snapshot_from_before_the_step_that_went_too_far() -> None:
    config = TrainConfig(100, 0.1, snapshot_every=2, schedule="step", change_at=10, final_learning_rate=1e6)
    seen: list[Snapshot] = []

    def watch() -> None:
        for snapshot in train(Tagger(), batches(), config):
            seen.append(snapshot)

    with pytest.raises(TrainingError) as caught:
        watch()
    spoiled = seen[-1]
    assert spoiled.step == 10
    assert spoiled.loss == min(s.loss for s in seen), "its loss is from before its last update"
    assert (caught.value.step, caught.value.best.step) == (11, 8)
    assert np.abs(caught.value.best.embeddings).max() < 10 < np.abs(spoiled.embeddings).max()
    with pytest.raises(TrainingError) as caught:
        list(train(Tagger(), batches(), TrainConfig(100, 1e6, snapshot_every=50)))
    assert caught.value.best.step == 0


def test_a_run_that_goes_too_far_in_its_very_last_update_has_diverged() -> None:
    leap = {"schedule": "step", "change_at": 10, "final_learning_rate": 1e6}
    for steps, given in ((10, None), (100, 10)):  # all steps made; the batches end
        config = TrainConfig(steps, 0.1, snapshot_every=3, **leap)  # type: ignore[arg-type]
        seen: list[Snapshot] = []
        with pytest.raises(TrainingError, match=r"at step 10 the loss .* learning rate 1e\+06") as caught:
            seen.extend(train(Tagger(), itertools.islice(batches(), given), config))
        assert [s.step for s in seen] == [0, 3, 6, 9]
        assert (caught.value.step, caught.value.best.step) == (10, 6)
    assert run(TrainConfig(9, 0.1, **leap))[-1].step == 9  # type: ignore[arg-type]


class Poisoned(Tagger):
    def loss(self, batch: Batch) -> torch.Tensor:
        return super().loss(batch) * float("nan")


def test_a_loss_that_is_not_a_number_ends_the_run() -> None:
    with pytest.raises(TrainingError, match="step 1 the loss is no longer a finite number"):
        list(train(Poisoned(), batches(), TrainConfig(5, 0.1)))


def test_a_perfect_start_may_rise_a_little() -> None:
    class Perfect(Tagger):
        calls = 0

        def loss(self, batch: Batch) -> torch.Tensor:
            self.calls += 1
            return super().loss(batch) * 0 + (1e-6 if self.calls == 1 else 0.5)

    assert len(list(train(Perfect(), batches(), TrainConfig(5, 0.1)))) == 6


def test_batches_may_end_before_the_steps_do() -> None:
    snapshots = list(train(Tagger(), itertools.islice(batches(), 7), TrainConfig(100, 0.1, snapshot_every=5)))
    assert [s.step for s in snapshots] == [0, 5, 7]
    assert list(train(Tagger(), [], TrainConfig(100, 0.1))) == []


def test_time_is_bounded() -> None:
    snapshots = list(train(Tagger(), batches(), TrainConfig(1_000_000, 0.01, snapshot_every=10**6, seconds=0.05)))
    assert snapshots[-1].step < 1_000_000
    assert len(snapshots) == 2


@pytest.mark.parametrize(
    ("schedule", "rates"),
    [
        ("constant", [1, 1, 1, 1]),
        ("step", [1, 1, 0.2, 0.2]),
        ("linear", [1, 0.8, 0.6, 0.4]),
        ("exponential", [1, 0.2**0.25, 0.2**0.5, 0.2**0.75]),
    ],
)
def test_schedules(schedule: str, rates: list[float]) -> None:
    config = TrainConfig(4, 1.0, schedule=schedule, final_learning_rate=0.2, change_at=3)  # type: ignore[arg-type]
    assert [config.learning_rate_at(step) for step in range(1, 5)] == pytest.approx(rates)


def test_the_schedule_is_what_the_updates_use() -> None:
    frozen = run(TrainConfig(6, 0.1, schedule="step", change_at=4, final_learning_rate=0.0))
    assert not np.array_equal(frozen[2].embeddings, frozen[3].embeddings)
    np.testing.assert_array_equal(frozen[3].embeddings, frozen[6].embeddings)


def test_frozen_parameters_stay() -> None:
    model = Tagger()
    model.embedding.weight.requires_grad_(False)
    snapshots = list(train(model, batches(), TrainConfig(5, 0.1, record=("linear.weight",))))
    np.testing.assert_array_equal(snapshots[0].embeddings, snapshots[-1].embeddings)
    assert not np.array_equal(snapshots[0].recorded["linear.weight"], snapshots[-1].recorded["linear.weight"])


def test_threads_are_set_while_training_only() -> None:
    inside, outside = [], []

    class Watched(Tagger):
        def loss(self, batch: Batch) -> torch.Tensor:
            inside.append(torch.get_num_threads())
            return super().loss(batch)

    def work() -> None:  # in its own thread: the setting belongs to a thread
        torch.set_num_threads(2)
        for _ in train(Watched(), batches(), TrainConfig(3, 0.1)):
            outside.append(torch.get_num_threads())

    before = torch.get_num_threads()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    torch.set_num_threads(before)
    assert set(inside) == {1}
    assert set(outside) == {2}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"steps": 0}, r"steps must be from 1 to 10,000,000; 0 is not"),
        ({"steps": 10**9}, r"1,000,000,000 is not"),
        ({"learning_rate": 0.0}, r"learning rate must be from"),
        ({"learning_rate": float("nan")}, r"nan is not"),
        ({"snapshot_every": 0}, r"between snapshots"),
        ({"optimizer": "lion"}, r"optimizer must be one of sgd, adam; “lion” is not"),
        ({"schedule": "step"}, r"needs change_at"),
        ({"seconds": 0}, r"seconds"),
    ],
)
def test_settings_are_checked_when_made(changed: dict, message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        TrainConfig(**{"steps": 10, "learning_rate": 0.1} | changed)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_training_imports_no_compiler(optimizer: str) -> None:
    code = f"""
import sys
import torch
from embedlab.training.config import TrainConfig
from embedlab.training.loop import train
class Slope(torch.nn.Linear):
    loss = lambda self, batch: (self(batch) ** 2).mean()
    embedding_matrix = lambda self: self.weight
[*_, last] = train(Slope(2, 1), [torch.ones(3, 2)] * 4, TrainConfig(4, 0.1, "{optimizer}", weight_decay=0.01))
assert last.step == 4
print("torch._dynamo" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    assert done.stdout.strip() == "False", "it takes 1.3 s and 76 MB, before a visitor's first movie"
