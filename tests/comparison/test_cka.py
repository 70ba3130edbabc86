"""Linear CKA beside its definition by Gram matrices, and what it does not depend on."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.arrays import Doubles, unit_rows
from embedlab.comparison.cka import linear_cka
from embedlab.comparison.overlap import share
from embedlab.vectors.word_vectors import WordVectors


def space(matrix: Doubles) -> WordVectors:
    return WordVectors([f"w{i}" for i in range(len(matrix))], matrix, source="")


def by_gram_matrices(a: Doubles, b: Doubles) -> float:
    """HSIC of the two linear kernels, each centered by H K H (Kornblith et al. 2019, equations 2 and 3)."""
    n = len(a)
    center = np.eye(n) - 1 / n
    first, second = (center @ (unit_rows(m) @ unit_rows(m).T) @ center for m in (a, b))
    return float((first * second).sum() / np.sqrt((first**2).sum() * (second**2).sum()))


@settings(max_examples=40)
@given(st.integers(3, 40), st.integers(1, 6), st.integers(1, 6), st.integers(0, 999))
def test_it_is_its_definition(n: int, d: int, e: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.standard_normal((n, d)) + 0.2, rng.standard_normal((n, e))
    if np.ptp(unit_rows(a), axis=0).max() < 0.1 or np.ptp(unit_rows(b), axis=0).max() < 0.1:
        return  # one vector for all words
    assert linear_cka(share(space(a), space(b))) == pytest.approx(by_gram_matrices(a, b), abs=1e-4)


def test_a_turned_space_is_the_same_and_noise_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedlab.comparison.cka._AT_ONCE", 37)
    rng = np.random.default_rng(0)
    a = rng.standard_normal((500, 8))
    turned = a @ np.linalg.qr(rng.standard_normal((8, 8)))[0]
    assert linear_cka(share(space(a), space(3 * turned))) == pytest.approx(1, abs=1e-5)
    assert linear_cka(share(space(a), space(rng.standard_normal((500, 8))))) < 0.05
    assert np.isnan(linear_cka(share(space(np.ones((5, 2))), space(a[:5]))))


def test_a_space_is_known_to_be_itself() -> None:
    a = np.random.default_rng(0).standard_normal((20, 4))
    assert share(space(a), space(2 * a)).is_one_space
    assert share(space(a), space(a[:10])).is_one_space
    assert not share(space(a), space(-a)).is_one_space
    assert not share(space(a), space(a[:, :3])).is_one_space
