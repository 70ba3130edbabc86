"""What a worker process is asked for: a layout of vectors that lie in a file."""

from collections.abc import Iterator

import numpy as np

from embedlab.atlas.layout import LayoutProgress, lay_out
from embedlab.atlas.word_map import WordMap
from embedlab.vectors.word_vectors import WordVectors


def lay_out_file(
    path: str, words: tuple[str, ...], source: str, seed: int, start: WordMap | None
) -> Iterator[LayoutProgress | WordMap]:
    """`lay_out` of the rows in a .npy file, which stay in it."""
    matrix = np.load(path, mmap_mode="r", allow_pickle=False)
    yield from lay_out(WordVectors(words, matrix, source=source), seed=seed, start=start)
