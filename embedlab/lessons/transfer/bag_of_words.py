"""Logistic regression on word counts: the old method that every learned embedding has to beat."""

from dataclasses import dataclass

import numpy as np

from embedlab.lessons.transfer.sentences import PAD

_ROUNDS = 300


@dataclass(frozen=True, eq=False)
class BagOfWords:
    """A weight for every word and label. V words, C labels."""

    weights: np.ndarray  # (V, C) float64
    bias: np.ndarray  # (C,) float64

    def predict(self, ids: np.ndarray) -> np.ndarray:
        """(N,) int64: the likeliest label of (N, L) ids filled up with `PAD`."""
        return np.asarray(_counts(ids, len(self.weights)) @ self.weights + self.bias).argmax(axis=1)


def fit_bag_of_words(
    ids: np.ndarray, label_ids: np.ndarray, *, words: int, labels: int, strength: float = 1.0
) -> BagOfWords:
    """Minimizes the sum of the losses plus half the squared weights over `strength`, as scikit-learn's C = strength.

    Args:
        ids: (N, L) word ids filled up with `PAD`; a word counts as often as it occurs.
        label_ids: (N,).
        words: V.
        labels: C, at least 2.
        strength: above 0; larger trusts the sentences more.
    """
    from scipy.optimize import minimize

    counts = _counts(ids, words)  # (N, V) sparse
    seen = np.unique(counts.indices)  # a word that does not occur keeps the weight 0, so it need not be fitted
    counts = counts[:, seen]  # (N, W)
    right = np.eye(labels)[label_ids]  # (N, C)
    columns = labels if labels > 2 else 1  # two labels need one column: the other's score is 0

    def objective(flat: np.ndarray) -> tuple[float, np.ndarray]:
        table = flat.reshape(len(seen) + 1, columns)  # the last row is the bias
        scores = counts @ table[:-1] + table[-1]  # (N, columns)
        if columns == 1:
            scores = np.hstack([np.zeros_like(scores), scores])  # (N, 2)
        top = scores.max(axis=1, keepdims=True)
        odds = np.exp(scores - top)
        total = odds.sum(axis=1, keepdims=True)
        loss = float((np.log(total) + top).sum() - (scores * right).sum())
        error = (odds / total - right)[:, labels - columns :]  # (N, columns)
        gradient = np.vstack([counts.T @ error + table[:-1] / strength, error.sum(axis=0)])
        return loss + float((table[:-1] ** 2).sum()) / (2 * strength), gradient.ravel()

    start = np.zeros((len(seen) + 1) * columns)
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS, "gtol": 1e-5})
    table = found.x.reshape(len(seen) + 1, columns)
    weights, bias = np.zeros((words, labels)), np.zeros(labels)
    weights[seen, labels - columns :], bias[labels - columns :] = table[:-1], table[-1]
    return BagOfWords(weights, bias)


def _counts(ids: np.ndarray, words: int):  # type: ignore[no-untyped-def]  # scipy has no types
    """(N, V) sparse float64 counts."""
    from scipy.sparse import csr_array

    sentence, place = np.nonzero(ids != PAD)
    columns = ids[sentence, place]
    return csr_array((np.ones(len(columns)), (sentence, columns)), shape=(len(ids), words))
