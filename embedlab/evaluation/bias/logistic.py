"""Logistic regression with two classes, by Newton's method: small enough for a page to need no library."""

import numpy as np

from embedlab.arrays import Doubles, Mask, Reals

_MOST_STEPS, _CLOSE = 100, 1e-10


def fit(rows: Reals, positive: Mask) -> Doubles:
    """(D + 1,) weights, the intercept last, that make ½|w|² + Σ log(1 + exp(−y w·x)) least.

    That is what scikit-learn's LogisticRegression with `solver="liblinear"` and C = 1 makes least, intercept included.

    Args:
        rows: (N, D).
        positive: (N,) which rows belong to the class y = 1; the others are y = −1.
    """
    x = np.column_stack([rows.astype(np.float64), np.ones(len(rows))])  # (N, D + 1)
    y = np.where(positive, 1.0, -1.0)
    weights = np.zeros(x.shape[1])

    def loss(at: Doubles) -> float:
        return float(at @ at / 2 + np.logaddexp(0, -y * (x @ at)).sum())

    for _ in range(_MOST_STEPS):
        wrong = 1 / (1 + np.exp(np.clip(y * (x @ weights), -500, 500)))  # (N,) probability of the other class
        gradient = weights - x.T @ (y * wrong)
        hessian = np.eye(len(weights)) + (x.T * (wrong * (1 - wrong))) @ x
        step = np.linalg.solve(hessian, gradient)
        scale = 1.0
        while scale > _CLOSE and loss(weights - scale * step) > loss(weights):
            scale /= 2
        weights = weights - scale * step
        if np.abs(step).max() < _CLOSE:
            break
    return weights


def probabilities(weights: Doubles, rows: Reals) -> Doubles:
    """(N,) of the class y = 1, in (0, 1)."""
    return np.asarray(1 / (1 + np.exp(-np.clip(rows @ weights[:-1] + weights[-1], -500, 500))))
