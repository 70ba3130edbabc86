"""Layout of a whole space: t-SNE of the most frequent words, and a place for each of the others.

It loads openTSNE and scikit-learn, so a worker process or a command calls it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids, Reals, frozen
from embedlab.atlas.districts import divide
from embedlab.atlas.faithfulness import kept_counts, smoothed, tree_of
from embedlab.atlas.fast_tsne import PERPLEXITY, descend
from embedlab.atlas.naming import name_levels
from embedlab.atlas.word_map import NEAREST, WordMap, from_whole, scaled, whole
from embedlab.checks import within
from embedlab.comparison.overlap import nearest_rows
from embedlab.errors import TooFewWords
from embedlab.projection.pca import principal_plane
from embedlab.projection.projection import checked
from embedlab.vectors.word_vectors import WordVectors

WORDS = 50_000  # laid out by t-SNE; all others are placed beside them
FEWEST = 20
_DIRECTIONS = 3  # different ones; fewer have no shape
_CHECKED = 100  # rows at a time, of which most sets need the first alone
_FRAMES, _PARTS = 30, 10  # snapshots of t-SNE, and of the steps before and after it
_ENDS = 2  # further ones of t-SNE, at the ends of its parts
STEPS = _PARTS + _FRAMES + _ENDS + 1 + _PARTS + 1  # snapshots of `lay_out` at most
_PLACED_BY = 3  # nearest words laid out, between which another word is placed
_ROUNDS = 30  # until a place between them has settled
_AT_ONCE = 3_000_000  # cosines ranked at once: 12 MB


@dataclass(frozen=True, eq=False)
class LayoutProgress:
    """How far a layout is."""

    doing: str  # for the screen
    positions: Floats | None = None  # (n, 2) of the words that are being laid out, scaled as a map's

    def condensed(self) -> "LayoutProgress":
        """What is kept of it once there is a newer one."""
        return replace(self, positions=None)

    @property
    def nbytes(self) -> int:
        """Bytes of its positions."""
        return 0 if self.positions is None else self.positions.nbytes


def lay_out(
    vectors: WordVectors, *, words: int = WORDS, seed: int = 0, start: WordMap | None = None
) -> Iterator[LayoutProgress | WordMap]:
    """Lays out a whole space: the first words by t-SNE, each other one between its three nearest of those.

    Args:
        words: how many are laid out by t-SNE, 20 to 50,000.
        seed: same seed, same map.
        start: another map, from whose positions this one begins, without exaggeration, so that the two can be compared;
            words that it lacks begin between their three nearest that it has.

    Yields:
        How far it is, and at the end the map. Settings are checked at once.

    Raises:
        InvalidSetting: a setting outside its range; vectors of which no map can be made; a start that shares too few
            words.
        TooFewWords: fewer than 20, or fewer than three different directions.
    """
    within("number of words to lay out", words, FEWEST, WORDS)
    within("seed", seed, 0)
    check_enough(vectors)
    return _layout(vectors, min(words, len(vectors)), seed, start)


def check_enough(vectors: WordVectors) -> None:
    """Raises TooFewWords: fewer words or different directions than a map takes; vectors of one number have two."""
    if len(vectors) < FEWEST:
        raise TooFewWords(
            f"An atlas takes {FEWEST} words or more; these vectors have {len(vectors)}. The page Neighbors draws few."
        )
    directions: set[bytes] = set()
    for start in range(0, min(len(vectors), WORDS), _CHECKED):
        directions.update(row.tobytes() for row in vectors.unit_rows(slice(start, min(start + _CHECKED, WORDS))))
        if len(directions) >= _DIRECTIONS:
            return
    raise TooFewWords(
        f"An atlas takes {_DIRECTIONS} different directions or more; these vectors have {len(directions)}. The page "
        "Neighbors draws them."
    )


def finished(steps: Iterator[LayoutProgress | WordMap], say: Callable[[str], None] = lambda line: None) -> WordMap:
    """The map at the end of a layout; `say` takes a line on each step."""
    for found in steps:
        if isinstance(found, WordMap):
            return found
        say(found.doing)
    raise ValueError("a layout ended without a map")


def nearest_of(table: Floats, queries: Floats, k: int, *, left_out: Ids | None = None) -> tuple[Ids, Floats]:
    """(n, k) rows of a table nearest to each query, nearest first, and their (n, k) cosines; all rows of length 1."""
    found = np.sort(nearest_rows(table, queries, k, left_out=left_out), axis=1)
    cosines = np.einsum("nkd,nd->nk", table[found], queries)
    order = np.argsort(-cosines, axis=1, kind="stable")
    return np.take_along_axis(found, order, axis=1), np.take_along_axis(cosines, order, axis=1)


def between(places: Reals) -> Floats:
    """(n, 2) geometric medians: the places whose distances to k others sum to least (Weiszfeld's iteration).

    A mean lies between groups, where nothing is; medians of x and of y apart draw stripes, since many words share one.

    Args:
        places: (n, k, 2).
    """
    found = places.mean(axis=1)
    for _ in range(_ROUNDS):
        weights = 1 / np.maximum(np.linalg.norm(places - found[:, None], axis=2), 1e-6)  # (n, k)
        found = np.einsum("nk,nkd->nd", weights / weights.sum(axis=1, keepdims=True), places)
    return np.asarray(found, np.float32)


def blocks(size: int, first: int, end: int) -> Iterator[Ids]:
    """The rows from first to end, as many at a time as are compared with `size` others at once."""
    step = max(1, _AT_ONCE // size)
    for start in range(first, end, step):
        yield np.arange(start, min(start + step, end))


def _layout(vectors: WordVectors, count: int, seed: int, start: WordMap | None) -> Iterator[LayoutProgress | WordMap]:
    unit, words = vectors.unit_rows(slice(count)), vectors.words[:count]  # (n, D)
    rows = checked(unit, most=WORDS)
    first = principal_plane(rows)[0] if start is None else _positions_on(start, words, unit)  # (n, 2)
    del rows
    near = np.empty((count, min(3 * PERPLEXITY, count - 1)), np.int64)  # (n, k)
    cosines = np.empty(near.shape, np.float32)
    for own in blocks(count, 0, count):
        near[own], cosines[own] = nearest_of(unit, unit[own], near.shape[1], left_out=own)
        yield from _parts("Finding neighbors", own, 0, count)
    distances = np.sqrt(np.maximum(2 - 2 * cosines, 0))  # between points on the unit sphere
    found = first
    for done, total, found in descend(near, distances, first, seed=seed, frames=_FRAMES, exaggerated=start is None):
        yield LayoutProgress(f"t-SNE, iteration {done} of {total}", scaled(found))
    positions = from_whole(whole(scaled(found)))
    yield LayoutProgress("Naming districts", positions)
    parts = divide(unit, words, positions, seed=seed)
    k = min(NEAREST, near.shape[1])
    places, numbers = [positions], [parts.numbers]
    tree = tree_of(positions)
    counts = [kept_counts(tree, unit, cosines[:, k - 1], k)]
    for own in blocks(count, count, len(vectors)):
        others = vectors.unit_rows(own)
        found_near, found_cosines = nearest_of(unit, others, k)
        places.append(from_whole(whole(between(positions[found_near[:, :_PLACED_BY]]))))
        numbers.append(parts.of(others))
        counts.append(kept_counts(tree, unit, found_cosines[:, -1], k, (others, places[-1])))
        vectors.release()
        yield from _parts("Placing the other words", own, count, len(vectors))
    all_positions, all_counts = frozen(np.concatenate(places)), frozen(np.concatenate(counts))
    shares = smoothed(all_positions, all_counts / k)
    levels = name_levels(vectors.words, all_positions, parts.names, parts.places)
    yield WordMap(
        words=vectors.words,
        positions=all_positions,
        districts=frozen(np.concatenate(numbers).astype(np.uint8)),
        district_names=parts.names,
        district_places=frozen(parts.places),
        kept_counts=all_counts,
        kept=frozen(np.rint(shares * 255).astype(np.float32) / np.float32(255)),
        levels=frozen(levels),
        laid_out=count,
        method="t-SNE",
        source=vectors.source,
        seed=seed,
        started_from="" if start is None else start.source,
    )


def _parts(doing: str, own: Ids, first: int, end: int) -> Iterator[LayoutProgress]:
    """A snapshot where a tenth of the way from first to end is done with these rows, and at none other."""
    before, after = ((int(row) - first) * _PARTS // (end - first) for row in (own[0], own[-1] + 1))
    if after > before:
        yield LayoutProgress(f"{doing}, {after * 100 // _PARTS}%")


def rows_on(start: WordMap, words: Sequence[str]) -> Ids:
    """Which of these words are on another map, from which a layout is to begin.

    Raises TooFewWords: fewer than 20.
    """
    known = np.array([row for row, word in enumerate(words) if word in start.index], dtype=np.int64)
    if len(known) < FEWEST:
        raise TooFewWords(
            f"The map to begin with shares {len(known)} of these words, and {FEWEST} are needed: give one of the same "
            "language, or none."
        )
    return known


def _positions_on(start: WordMap, words: tuple[str, ...], unit: Floats) -> Doubles:
    """(n, 2) where words are on another map; those that it lacks, between their nearest that it has."""
    known = rows_on(start, words)
    found = np.empty((len(words), 2))
    found[known] = start.positions[[start.index[words[row]] for row in known.tolist()]]
    missing = np.setdiff1d(np.arange(len(words)), known)
    table = unit[known]
    for part in blocks(len(known), 0, len(missing)):
        near, _ = nearest_of(table, unit[missing[part]], _PLACED_BY)
        found[missing[part]] = between(found[known][near])
    return found
