"""An embedding layer taken apart: ids, one-hot rows, the table, and the gradient of one step.

Y = E[X]: X holds ids (B, L), E is the table (V, D), Y the vectors (B, L, D), and Y[i, j] is the row E[X[i, j]].
Multiplying one-hot rows with E gives the same numbers, which is why the layer counts as a linear layer without bias.
"""

from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Floats, Ids, Positions, read_only
from embedlab.checks import within
from embedlab.lessons.lookup.padding import PAD_ID, pad, read_sentences, table_words

MAX_DIMENSIONS = 8


@dataclass(frozen=True)
class LookupConfig:
    """What is looked up, and in which table (InvalidSetting: a number outside its range)."""

    dimensions: int = 4  # D, columns of the table, 1 to 8 so that every number can be read
    seed: int = 0  # of the table's N(0, 1) numbers, 0 to 2**31 - 1
    keep_pad_zero: bool = True  # padding_idx: the row of `PAD` starts at zero and never receives a gradient
    learning_rate: float = 0.1  # of the one step, 0.000001 to 1

    def __post_init__(self) -> None:
        within("number of dimensions", self.dimensions, 1, MAX_DIMENSIONS)
        within("seed", self.seed, 0, 2**31 - 1)
        within("learning rate", self.learning_rate, 1e-6, 1)

    @property
    def padding_idx(self) -> int | None:
        """As `torch.nn.Embedding` takes it."""
        return PAD_ID if self.keep_pad_zero else None


def standard_normal_table(size: int, config: LookupConfig) -> Floats:
    """(V, D) float32 from N(0, 1), as `torch.nn.Embedding` starts; row `PAD_ID` is zero where it must stay zero."""
    table = np.random.default_rng(config.seed).standard_normal((size, config.dimensions), dtype=np.float32)  # (V, D)
    if config.keep_pad_zero:
        table[PAD_ID] = 0
    return table


def one_hot(ids: Ids, size: int) -> Floats:
    """(..., V) float32: a row of zeros for each id, with a single 1 in the column of that id."""
    rows = np.zeros((*ids.shape, size), dtype=np.float32)  # (B, L, V)
    np.put_along_axis(rows, ids[..., None], 1, axis=-1)
    return rows


def by_product(ids: Ids, table: Floats) -> Floats:
    """(B, L, D): one-hot rows times the table. Every sum has one term that is not zero, so nothing is rounded."""
    return one_hot(ids, len(table)) @ table


def by_index(ids: Ids, table: Floats) -> Floats:
    """(B, L, D): the rows fetched by their numbers. This is the embedding layer in NumPy."""
    return table[ids]


def by_pytorch(ids: Ids, table: Floats, padding_idx: int | None = None) -> Floats:
    """(B, L, D): the embedding layer in PyTorch, holding a copy of the table."""
    import torch

    layer = torch.nn.Embedding.from_pretrained(torch.tensor(table), freeze=False, padding_idx=padding_idx)
    fetched: torch.Tensor = layer(torch.tensor(ids))
    return fetched.detach().numpy()


def equal_bits(a: Floats, *others: Floats) -> int:
    """How many numbers of float32 arrays of one shape have the same bits in all of them."""
    return int(np.logical_and.reduce([a.view(np.uint32) == other.view(np.uint32) for other in others]).sum())


@dataclass(frozen=True)
class GradientStep:
    """One step of gradient descent on the table; the arrays are read-only."""

    loss: float  # half the sum of squares of what the fetched numbers lack to 1
    loss_after: float
    gradient: Floats  # (V, D) dloss/dE: times looked up, times what the row has above 1
    table: Floats  # (V, D) after the step

    @property
    def touched(self) -> Positions:
        """Ids of the rows that received a gradient."""
        return np.flatnonzero(self.gradient.any(axis=1))


def one_step(ids: Ids, table: Floats, *, padding_idx: int | None, learning_rate: float) -> GradientStep:
    """A made-up task, to see where learning reaches: all fetched numbers should become 1.

    The gradient is what PyTorch's backward pass finds, to the last bit (a test compares them).
    """
    missing = by_index(ids, table) - 1  # (B, L, D) dloss/dY
    gradient = np.zeros_like(table)  # (V, D)
    np.add.at(gradient, ids, missing)  # a row looked up twice collects twice
    if padding_idx is not None:
        gradient[padding_idx] = 0
    after = table - np.float32(learning_rate) * gradient
    loss, loss_after = (float((lacks**2).sum() / 2) for lacks in (missing, by_index(ids, after) - 1))
    return GradientStep(loss, loss_after, read_only(gradient), read_only(after))


@dataclass(frozen=True)
class Lookup:
    """Everything that one lookup is made of; the arrays are read-only."""

    config: LookupConfig
    lines: tuple[tuple[str, ...], ...]  # B lines of words, not padded
    words: tuple[str, ...]  # V
    ids: Ids  # (B, L)
    table: Floats  # (V, D)
    one_hot: Floats  # (B, L, V)
    product: Floats  # (B, L, D) one_hot @ table
    fetched: Floats  # (B, L, D) table[ids]

    @property
    def equal_numbers(self) -> int:
        """How many of the B L D numbers have the same bits both ways."""
        return equal_bits(self.product, self.fetched)

    def one_step(self) -> GradientStep:
        """One step of learning on this table and batch, as `one_step` makes it."""
        padding_idx, learning_rate = self.config.padding_idx, self.config.learning_rate
        return one_step(self.ids, self.table, padding_idx=padding_idx, learning_rate=learning_rate)

    @property
    def row_labels(self) -> list[str]:
        """The V rows of the table, each with its number."""
        return [f"{row} {word}" for row, word in enumerate(self.words)]

    @property
    def column_labels(self) -> list[str]:
        """The D columns of the table."""
        return [f"d{i}" for i in range(self.table.shape[1])]

    def padded(self, line: int) -> list[str]:
        """The L words of a line, `PAD` after its end."""
        return [self.words[row] for row in self.ids[line]]

    @property
    def gaps(self) -> int:
        """How many of the B L places hold `PAD`."""
        return self.ids.size - sum(map(len, self.lines))

    @property
    def counts(self) -> Positions:
        """(V,) how often each row is looked up, padding included."""
        return np.bincount(self.ids.ravel(), minlength=len(self.words))

    def records(self, step: GradientStep) -> list[dict[str, object]]:
        """A line for each row of the table: id, word, times looked up, its numbers, and what `step` did to it."""
        return [
            {"id": row, "word": word, "count": int(self.counts[row])}
            | {f"d{i}": float(number) for i, number in enumerate(self.table[row])}
            | {f"gradient of d{i}": float(number) for i, number in enumerate(step.gradient[row])}
            for row, word in enumerate(self.words)
        ]

    def vector_records(self) -> list[dict[str, object]]:
        """A line for each of the B L places: where it is, its word, its id, and the D numbers fetched."""
        return [
            {"line": i + 1, "position": j, "word": self.words[self.ids[i, j]], "id": int(self.ids[i, j])}
            | {f"d{n}": float(number) for n, number in enumerate(self.fetched[i, j])}
            for i, j in np.ndindex(self.ids.shape)
        ]


def look_up(text: str, others: str, config: LookupConfig) -> Lookup:
    """Sentences to vectors, both ways.

    Args:
        text: one sentence a line; a line is one row of the batch.
        others: words that the table holds although no sentence uses them; may be empty.

    Raises InvalidText: nothing to look up, or too much to draw.
    """
    lines = read_sentences(text)
    words = table_words(lines, [word for line in (read_sentences(others) if others.strip() else []) for word in line])
    index = {word: row for row, word in enumerate(words)}
    ids = read_only(pad([[index[word] for word in line] for line in lines]))  # (B, L)
    table = read_only(standard_normal_table(len(words), config))  # (V, D)
    arrays = (read_only(array) for array in (one_hot(ids, len(words)), by_product(ids, table), by_index(ids, table)))
    return Lookup(config, tuple(map(tuple, lines)), words, ids, table, *arrays)


def in_keras(found: Lookup) -> str:
    """The same layer as a Keras program, which is shown and never run."""
    size, dim = found.table.shape
    return f"""import keras

layer = keras.layers.Embedding(
    input_dim={size},  # V
    output_dim={dim},  # D
    embeddings_initializer=keras.initializers.RandomNormal(stddev=1.0, seed={found.config.seed}),
    mask_zero={found.config.keep_pad_zero},  # tells later layers to skip id 0; its row is not set to zero
)
Y = layer(X)  # {found.ids.shape} -> {found.fetched.shape}
"""
