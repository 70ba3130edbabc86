"""What is kept of a run."""

import numpy as np
import pytest

from embedlab.errors import InvalidSetting
from embedlab.history import History
from embedlab.training import Snapshot


def snapshot(step: int, loss: float) -> Snapshot:
    return Snapshot(step, loss, np.full((3, 2), step, dtype=np.float32), {"double": 2.0 * step})


def filled(count: int, limit: int, pitch: int = 10) -> History:
    history = History(limit)
    for i in range(count):
        history.append(snapshot(i * pitch, 1 / (i + 1)))
    return history


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9, 16, 17, 100, 257])
def test_snapshots_are_bounded_evenly_spread_and_hold_both_ends(count: int) -> None:
    history = filled(count, limit=8)
    steps = [s.step for s in history.snapshots]
    assert len(steps) <= 8
    assert (steps[0], steps[-1]) == (0, (count - 1) * 10)
    gaps = set(np.diff(steps[:-1]).tolist())
    assert len(gaps) <= 1
    assert count <= 8 or len(steps) >= 4
    assert history.embeddings().shape == (len(steps), 3, 2)


def test_every_figure_is_kept() -> None:
    history = filled(100, limit=5)
    assert len(history) == 100
    np.testing.assert_array_equal(history.steps, np.arange(100) * 10)
    np.testing.assert_allclose(history.losses, 1 / np.arange(1, 101))
    np.testing.assert_array_equal(history.metric("double"), np.arange(100) * 20)
    assert np.isnan(history.metric("unknown")).all()


def test_the_best_is_kept_even_where_thinning_drops_it() -> None:
    history = History(4)
    for step in range(50):
        history.append(snapshot(step, 0.1 if step == 33 else 1.0))
    assert history.best is not None
    assert history.best.step == 33
    assert 33 not in [s.step for s in history.snapshots]
    assert History().best is None


def test_a_reader_keeps_what_it_has_read() -> None:
    history = filled(8, limit=8)
    before = history.snapshots
    for i in range(8, 40):
        history.append(snapshot(i * 10, 0.0))
    assert [s.step for s in before] == list(range(0, 80, 10))


def test_steps_must_rise_and_the_limit_must_leave_room() -> None:
    history = filled(3, limit=8)
    with pytest.raises(InvalidSetting, match="Step 20 does not come after step 20"):
        history.append(snapshot(20, 1.0))
    with pytest.raises(InvalidSetting, match="at least 3"):
        History(2)
