"""An embedding layer taken apart: ids, one-hot rows, the table, and the gradient of one step.

Y = E[X]: X holds ids (B, L), E is the table (V, D), Y the vectors (B, L, D), and Y[i, j] is the row E[X[i, j]].
Multiplying one-hot rows with E gives the same numbers, which is why the layer counts as a linear layer without bias.
"""

import string
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.errors import InvalidSetting, InvalidText

PAD = "<pad>"
PAD_ID = 0
MAX_LINES, MAX_LENGTH, MAX_WORDS, MAX_LETTERS = 8, 12, 30, 40
MAX_DIMENSIONS = 8
_EDGES = string.punctuation.replace("<", "").replace(">", "") + "“”„‘’«»…–—"
_FLOAT, _ID = 4, 8  # bytes of one float32 and of one int64


@dataclass(frozen=True)
class LookupConfig:
    """What is looked up, and in which table.

    Raises:
        InvalidSetting: a number outside its range.
    """

    dimensions: int = 4  # D, columns of the table, 1 to 8 so that every number can be read
    seed: int = 0  # of the table's N(0, 1) numbers, 0 or more
    keep_pad_zero: bool = True  # padding_idx: the row of `PAD` starts at zero and never receives a gradient
    learning_rate: float = 0.1  # of the one step, above 0 and at most 1

    def __post_init__(self) -> None:
        if not 1 <= self.dimensions <= MAX_DIMENSIONS:
            raise InvalidSetting(f"{self.dimensions} dimensions cannot be drawn here: give 1 to {MAX_DIMENSIONS}.")
        if self.seed < 0:
            raise InvalidSetting(f"Seed {self.seed} is not allowed: give 0 or more.")
        if not 0 < self.learning_rate <= 1:
            raise InvalidSetting(f"Learning rate {self.learning_rate:g} is not allowed: give more than 0, at most 1.")

    @property
    def padding_idx(self) -> int | None:
        """As `torch.nn.Embedding` takes it."""
        return PAD_ID if self.keep_pad_zero else None


def read_sentences(text: str) -> list[list[str]]:
    """Lower-cased words of every line that has any; split at spaces, punctuation cut from both ends.

    Raises:
        InvalidText: no word at all, or more than can be drawn; the message names the line.
    """
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        words = [word for run in line.lower().split() if (word := run.strip(_EDGES))]
        if len(words) > MAX_LENGTH:
            raise InvalidText(f"Line {number} has {len(words)} words: at most {MAX_LENGTH} can be drawn. Break it up.")
        for word in words:
            if len(word) > MAX_LETTERS:
                raise InvalidText(
                    f"Line {number} holds a word of {len(word):,} characters: at most {MAX_LETTERS}. Put spaces in it."
                )
        if words:
            lines.append(words)
    if not lines:
        raise InvalidText("There is no word to look up: type a sentence, such as: the cat saw the dog")
    if len(lines) > MAX_LINES:
        raise InvalidText(f"{len(lines)} lines are too many to draw: give at most {MAX_LINES}.")
    return lines


def table_words(lines: Sequence[Sequence[str]], others: Sequence[str] = ()) -> tuple[str, ...]:
    """The V words of the table: `PAD` first, then every word once, as it first appears; `others` come last.

    Raises:
        InvalidText: more words than rows can be drawn.
    """
    words = tuple(dict.fromkeys([PAD, *(word for line in lines for word in line), *others]))
    if len(words) > MAX_WORDS:
        raise InvalidText(f"{len(words)} different words are too many to draw: at most {MAX_WORDS}, {PAD} included.")
    return words


def pad(lines: Sequence[Sequence[int]]) -> np.ndarray:
    """(B, L) int64 ids: shorter lines are filled up with `PAD_ID` to the length of the longest."""
    ids = np.full((len(lines), max(map(len, lines))), PAD_ID, dtype=np.int64)  # (B, L)
    for row, line in enumerate(lines):
        ids[row, : len(line)] = line
    return ids


def initial_table(size: int, config: LookupConfig) -> np.ndarray:
    """(V, D) float32 from N(0, 1), as `torch.nn.Embedding` starts; row `PAD_ID` is zero when it is to stay so."""
    table = np.random.default_rng(config.seed).standard_normal((size, config.dimensions), dtype=np.float32)  # (V, D)
    if config.keep_pad_zero:
        table[PAD_ID] = 0
    return table


def one_hot(ids: np.ndarray, size: int) -> np.ndarray:
    """(..., V) float32: a row of zeros for each id, with a single 1 in the column of that id."""
    rows = np.zeros((*ids.shape, size), dtype=np.float32)  # (B, L, V)
    np.put_along_axis(rows, ids[..., None], 1, axis=-1)
    return rows


def by_product(ids: np.ndarray, table: np.ndarray) -> np.ndarray:
    """(B, L, D): one-hot rows times the table. Every sum has one term that is not zero, so nothing is rounded."""
    return one_hot(ids, len(table)) @ table


def by_index(ids: np.ndarray, table: np.ndarray) -> np.ndarray:
    """(B, L, D): the rows fetched by their numbers. This is the embedding layer in NumPy."""
    return table[ids]


def by_pytorch(ids: np.ndarray, table: np.ndarray, padding_idx: int | None = None) -> np.ndarray:
    """(B, L, D): the embedding layer in PyTorch, holding a copy of the table."""
    import torch

    layer = torch.nn.Embedding.from_pretrained(torch.tensor(table), freeze=False, padding_idx=padding_idx)
    return layer(torch.from_numpy(ids)).detach().numpy()


@dataclass(frozen=True)
class Step:
    """One step of gradient descent on the table."""

    loss: float  # half the sum of squares of what the fetched numbers lack to 1
    gradient: np.ndarray  # (V, D) dloss/dE: times looked up, times what the row has above 1
    table: np.ndarray  # (V, D) after the step

    @property
    def touched(self) -> np.ndarray:
        """Ids of the rows that received a gradient."""
        return np.flatnonzero(self.gradient.any(axis=1))


def one_step(ids: np.ndarray, table: np.ndarray, *, padding_idx: int | None, learning_rate: float) -> Step:
    """A made-up task, to see where learning reaches: all fetched numbers should become 1. PyTorch does the rest."""
    import torch

    layer = torch.nn.Embedding.from_pretrained(torch.tensor(table), freeze=False, padding_idx=padding_idx)
    optimizer = torch.optim.SGD(layer.parameters(), lr=learning_rate)
    fetched = layer(torch.from_numpy(ids))  # (B, L, D)
    loss = ((fetched - 1) ** 2).sum() / 2
    loss.backward()
    gradient = layer.weight.grad
    assert gradient is not None  # backward() has just filled it
    optimizer.step()
    return Step(loss.item(), gradient.numpy(), layer.weight.detach().numpy())


@dataclass(frozen=True)
class Lookup:
    """Everything that one lookup is made of; the arrays are read-only."""

    lines: tuple[tuple[str, ...], ...]  # B lines of words, not padded
    words: tuple[str, ...]  # V
    ids: np.ndarray  # (B, L)
    table: np.ndarray  # (V, D)
    one_hot: np.ndarray  # (B, L, V)
    product: np.ndarray  # (B, L, D) one_hot @ table
    fetched: np.ndarray  # (B, L, D) table[ids]

    @property
    def equal_numbers(self) -> int:
        """How many of the B L D numbers have the same bits both ways."""
        return int((self.product.view(np.uint32) == self.fetched.view(np.uint32)).sum())

    @property
    def row_labels(self) -> list[str]:
        """The V rows of the table, each with its number."""
        return [f"{row} {word}" for row, word in enumerate(self.words)]

    def padded(self, line: int) -> list[str]:
        """The L words of a line, `PAD` where it has ended."""
        return [self.words[row] for row in self.ids[line]]

    def counts(self) -> np.ndarray:
        """(V,) how often each row is looked up, padding included."""
        return np.bincount(self.ids.ravel(), minlength=len(self.words))


def look_up(text: str, others: str, config: LookupConfig) -> Lookup:
    """Sentences to vectors, both ways.

    Args:
        text: one sentence a line; a line is one row of the batch.
        others: words that the table holds although no sentence uses them; may be empty.

    Raises:
        InvalidText: nothing to look up, or too much to draw.
    """
    lines = read_sentences(text)
    words = table_words(lines, [word for line in (read_sentences(others) if others.strip() else []) for word in line])
    index = {word: row for row, word in enumerate(words)}
    ids = pad([[index[word] for word in line] for line in lines])  # (B, L)
    table = initial_table(len(words), config)  # (V, D)
    arrays = (ids, table, one_hot(ids, len(words)), by_product(ids, table), by_index(ids, table))
    for array in arrays:
        array.flags.writeable = False
    return Lookup(tuple(map(tuple, lines)), words, *arrays)


@dataclass(frozen=True)
class Footprint:
    """What B sentences of L words cost in a table of V words and D dimensions, one-hot against dense."""

    words: int  # V
    dimensions: int  # D
    batch: int = 32  # B
    length: int = 20  # L

    @property
    def parameters(self) -> int:
        """Numbers to learn, V D."""
        return self.words * self.dimensions

    @property
    def bytes(self) -> dict[str, int]:
        """Bytes of each array: float32 numbers, int64 ids."""
        tokens = self.batch * self.length
        return {
            "ids": tokens * _ID,
            "vectors": tokens * self.dimensions * _FLOAT,
            "table": self.parameters * _FLOAT,
            "one-hot": tokens * self.words * _FLOAT,
        }

    @property
    def products(self) -> int:
        """Multiplications of one-hot rows with the table, B L V D; fetching by index needs none."""
        return self.batch * self.length * self.parameters
