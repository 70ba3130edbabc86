"""Softmax and its logarithm against SciPy's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.testing import assert_allclose
from scipy import special

from embedlab.arrays import Floats
from embedlab.training.softmax import log_softmax, sigmoid, softmax

SCORES = arrays.arrays(
    np.float32, st.tuples(st.integers(0, 3), st.integers(1, 9)), elements=st.floats(-(2.0**127), 2.0**127, width=32)
)


@given(SCORES)
@pytest.mark.filterwarnings("ignore:overflow")  # SciPy's own
def test_they_are_as_scipy_has_them(scores: Floats) -> None:
    for each in (scores, scores.astype(np.float64)):
        for own, theirs in ((softmax, special.softmax), (log_softmax, special.log_softmax)):
            assert own(each).dtype == each.dtype
            assert_allclose(own(each), theirs(each, axis=-1), rtol=1e-6)
        assert_allclose(sigmoid(each), special.expit(each), rtol=1e-6, atol=1e-37)


def test_they_work_along_the_last_axis() -> None:
    scores = np.log(np.arange(1.0, 13.0)).reshape(2, 2, 3)
    assert_allclose(softmax(scores)[0, 0], [1 / 6, 2 / 6, 3 / 6])
    assert_allclose(np.exp(log_softmax(scores)), softmax(scores))
    assert_allclose(sigmoid(np.log(np.array([3.0]))), [0.75])
