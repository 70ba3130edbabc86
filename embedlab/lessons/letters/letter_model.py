"""A trained character model in NumPy: probabilities of the next letter, surprise at a name, sampling of names."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from embedlab.arrays import Array, Doubles, Floats, read_only
from embedlab.checks import within
from embedlab.errors import InvalidText
from embedlab.lessons.letters.alphabet import END, LECTURE, Alphabet, Tally
from embedlab.training.softmax import log_softmax
from embedlab.vectors.word_vectors import WordVectors

LONGEST = 30  # letters of an invented name; the model is cut off there
MAX_SAMPLES = 10_000
TEMPERATURES = (0.05, 5.0)
_AT_ONCE = 8_192  # contexts in one matrix product, which bounds the memory of long lists


class LetterSurprise(NamedTuple):
    """One letter of a name and how unexpected it was."""

    letter: str
    nats: float  # minus the natural logarithm of its probability


@dataclass(frozen=True, eq=False)
class LetterModel:
    """The numbers of a trained `CharMLP`, read-only.

    V symbols (the lecture's 27, or a list's), D dimensions, C letters of context, H hidden units.
    """

    embeddings: Floats  # (V, D)
    hidden_weights: Floats  # (C * D, H)
    hidden_bias: Floats  # (H,)
    output_weights: Floats  # (H, V)
    output_bias: Floats  # (V,)
    direct_weights: Floats | None = None  # (C * D, V) from the letters straight to the scores; None without
    alphabet: Alphabet = LECTURE

    @classmethod
    def of(cls, arrays: Mapping[str, Array], alphabet: Alphabet = LECTURE) -> "LetterModel":
        """From arrays by name, as snapshots record them and files hold them."""
        names = (*WEIGHTS, DIRECT) if DIRECT in arrays else WEIGHTS
        return cls(**{name: read_only(arrays[name].astype(np.float32)) for name in names}, alphabet=alphabet)

    @property
    def arrays(self) -> dict[str, Floats]:
        """Its arrays by name; without direct connections there is none for them."""
        found = {name: getattr(self, name) for name in (*WEIGHTS, DIRECT)}
        return {name: array for name, array in found.items() if array is not None}

    @property
    def context(self) -> int:
        """C, letters that the model looks back."""
        width: int = self.embeddings.shape[1]
        return len(self.hidden_weights) // width

    @property
    def nbytes(self) -> int:
        """Bytes of its arrays."""
        return sum(array.nbytes for array in self.arrays.values())

    def vectors(self, source: str = "letters, trained here") -> WordVectors:
        """The letters and “.” as word vectors."""
        return WordVectors(list(self.alphabet.symbols), self.embeddings, source=source)

    def log_probabilities(self, contexts: Array) -> Doubles:
        """(N, C) ids before, to (N, V) natural logarithms of the probability of each symbol after."""
        looked_up = self.embeddings[contexts].reshape(len(contexts), -1)  # (N, C * D)
        hidden = np.tanh(looked_up @ self.hidden_weights + self.hidden_bias)  # (N, H)
        scores = hidden @ self.output_weights + self.output_bias  # (N, V)
        if self.direct_weights is not None:
            scores += looked_up @ self.direct_weights
        return log_softmax(scores.astype(np.float64))

    def loss(self, seen: Tally) -> float:
        """Mean surprise of what followed, in nats."""
        total = 0.0
        for start in range(0, len(seen.contexts), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            total -= float((seen.counts[part] * self.log_probabilities(seen.contexts[part])).sum())
        return total / int(seen.counts.sum())

    def next_letter(self, before: str) -> Doubles:
        """(V,) probability of each symbol of the alphabet after the letters `before`, of which the last C count."""
        context = self.alphabet.encode((END * self.context + before)[-self.context :])
        return np.asarray(np.exp(self.log_probabilities(context[None])[0]))

    def surprises(self, name: str) -> list[LetterSurprise]:
        """How unexpected each letter of a name is, and its end last.

        Raises InvalidText: an empty name, or a sign outside the alphabet.
        """
        if not name or END in name:
            example = ", for example emma" if self.alphabet == LECTURE else ""
            raise InvalidText(f"“{name}” is not a name of {self.alphabet.said}: type one{example}.")
        stream = self.alphabet.encode(END * self.context + name + END)
        windows = np.lib.stride_tricks.sliding_window_view(stream, self.context + 1)  # (len(name) + 1, C + 1)
        logs = self.log_probabilities(windows[:, :-1])
        return [
            LetterSurprise(letter, -float(row[target]))
            for letter, row, target in zip(name + END, logs, windows[:, -1], strict=True)
        ]

    def sample(self, count: int, *, temperature: float = 1.0, seed: int = 0, start: str = "") -> list[str]:
        """Names that the model invents, letter by letter; the same arguments give the same names.

        Args:
            count: 1 to 10,000.
            temperature: 0.05 to 5; probabilities are raised to 1 / temperature. Low repeats the likeliest names, high
                comes near to random letters.
            start: letters of the alphabet, what every name begins with.

        Raises:
            InvalidSetting, InvalidText: outside of that.
        """
        within("number of names", count, 1, MAX_SAMPLES)
        within("temperature", temperature, *TEMPERATURES)
        if END in start or len(start) >= LONGEST:
            allowed = f"at most {LONGEST - 1} of {self.alphabet.said}"
            raise InvalidText(f"A start has {allowed}; “{start[:40]}” does not fit.")
        random = np.random.default_rng(seed)
        written = np.zeros((count, self.context + LONGEST), dtype=np.int64)  # ids; 0 before, and from the end on
        at = self.context + len(start)
        written[:, self.context : at] = self.alphabet.encode(start)
        going = np.arange(count)  # names that have not ended
        while len(going) and at < written.shape[1]:
            logs = self.log_probabilities(written[going, at - self.context : at]) / temperature  # (n, V)
            odds = np.exp(logs - logs.max(axis=1, keepdims=True)).cumsum(axis=1)
            draws = random.random(count)[going] * odds[:, -1]  # one draw for each name, ended or not
            letters = (odds <= draws[:, None]).sum(axis=1)
            written[going, at] = letters
            going, at = going[letters > 0], at + 1
        return ["".join(self.alphabet.symbols[i] for i in row[row > 0]) for row in written[:, self.context :]]


DIRECT = "direct_weights"
WEIGHTS = tuple(
    field.name for field in fields(LetterModel) if field.name not in (DIRECT, "alphabet")
)  # that all models have
