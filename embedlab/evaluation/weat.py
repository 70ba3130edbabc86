"""Word Embedding Association Test (WEAT): are some words nearer to one set of words than to another?

Source: Caliskan, Bryson and Narayanan (2017), "Semantics derived automatically from language corpora contain human-like
biases", Science 356.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from embedlab.arrays import Doubles
from embedlab.checks import within
from embedlab.errors import InvalidSetting, TooFewWords
from embedlab.vectors.spelling import known_row
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import counted, first_and_more

LEAST = {"X": 2, "Y": 2, "A": 1, "B": 1}  # words of each set
_EXACT_SPLITS = 20_000  # up to that many ways to split are all tried: sets of eight words have 12,870
_MOST_PERMUTATIONS = 1_000_000
_NAMED, _LONGEST = 8, 30  # unknown words that a message names, and letters of each
_SAME = 1e-9  # the same sum in another order may differ in its last digits
_ROUNDING = 1e-7  # rows are float32: associations that differ by less do not differ
COMPARABLE = 0.8  # share of a set's words that have to be known; wefe (Badilla et al. 2020) draws the line there, too


@dataclass(frozen=True)
class Weat:
    """Word Embedding Association Test (Caliskan et al. 2017)."""

    effect_size: float  # difference of mean associations over their standard deviation; sets of one size: in [-2, 2]
    p_value: float  # one-sided, in (0, 1]: share of splits of X and Y into two such sets that are at least as extreme
    permutations: int  # splits tried
    exact: bool  # every split was tried


@dataclass(frozen=True, eq=False)
class AssociationTest:
    """A test with what its two numbers are made of."""

    result: Weat
    X: tuple[str, ...]
    Y: tuple[str, ...]
    A: tuple[str, ...]
    B: tuple[str, ...]
    associations: Doubles  # (X + Y,) mean cosine to A less mean cosine to B, in [-2, 2]
    null: Doubles  # (S,) effect sizes of the splits tried

    @property
    def means(self) -> tuple[float, float]:
        """Mean association of X, and of Y."""
        size = len(self.X)
        return float(self.associations[:size].mean()), float(self.associations[size:].mean())

    @property
    def ordered(self) -> list[str]:
        """The target words, the nearest to A first."""
        words = (*self.X, *self.Y)
        return [words[i] for i in np.argsort(-self.associations, kind="stable")]


def association_test(
    vectors: WordVectors, sets: Mapping[str, Sequence[str]], *, permutations: int, seed: int
) -> AssociationTest:
    """Are the words X nearer to A than to B, compared with the words Y? See `weat`, which this is the long form of.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: a set of fewer different words than `LEAST`, or a word in both X and Y.
    """
    within("number of permutations", permutations, 1, _MOST_PERMUTATIONS)
    rows = dict(zip(sets, rows_of_sets(vectors, list(sets.values())), strict=True))
    for name, least in LEAST.items():
        if len(rows[name]) < least:
            count = counted(len(rows[name]), "different word")
            raise InvalidSetting(f"Set {name} has {count}: give at least {least}.")
    shared = [vectors.words[row] for row in rows["X"] if row in rows["Y"]]
    if shared:
        raise InvalidSetting(f"X and Y share {', '.join(shared)}: a target word can be on one side only.")
    unit = {name: vectors.unit_rows(given).astype(np.float64) for name, given in rows.items()}
    targets = np.concatenate([unit["X"], unit["Y"]])  # (n, D)
    associations = (targets @ unit["A"].T).mean(axis=1) - (targets @ unit["B"].T).mean(axis=1)  # (n,)
    size, n = len(rows["X"]), len(targets)
    observed = associations[:size].mean() - associations[size:].mean()
    spread = float(associations.std())
    sums, exact = _split_sums(associations, size, permutations, np.random.default_rng(seed))  # (S,)
    differences = sums / size - (associations.sum() - sums) / (n - size)
    scale = 1 / spread if spread > _ROUNDING else 0.0
    extreme = int((sums >= associations[:size].sum() - _SAME).sum())
    words = {name: tuple(vectors.words[row] for row in given) for name, given in rows.items()}
    result = Weat(float(observed) * scale, extreme / len(sums), len(sums), exact)
    return AssociationTest(result, **words, associations=associations, null=differences * scale)


def weat(
    vectors: WordVectors,
    X: Sequence[str],
    Y: Sequence[str],
    A: Sequence[str],
    B: Sequence[str],
    *,
    permutations: int = 10_000,
    seed: int = 0,
) -> Weat:
    """Are the words X nearer to A than to B, compared with the words Y?

    A word's association is its mean cosine to A less its mean cosine to B. The effect size is the difference of the
    mean associations of X and Y over the (population) standard deviation of all of them. The p-value is the share of
    splits of X and Y into sets of these sizes whose difference is at least as large: of all splits where they are at
    most 20,000, otherwise of `permutations` random ones and the given one (Phipson and Smyth 2010), so it is never 0.

    Args:
        X, Y: at least two target words each, without a common one; a repeated word counts once.
        A, B: at least one attribute word each.
        permutations: random splits, 1 to 1,000,000.
        seed: of the random splits.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: a set is too small, X and Y share a word, or a number is out of range.
    """
    sets = {"X": X, "Y": Y, "A": A, "B": B}
    return association_test(vectors, sets, permutations=permutations, seed=seed).result


def association_tests(
    spaces: Mapping[str, WordVectors], sets: Mapping[str, Sequence[str]], *, permutations: int, seed: int
) -> tuple[list[AssociationTest], list[str]]:
    """WEAT in each space, with the words that all of them know, and the words that are therefore left out.

    Args:
        spaces: under the names that messages give them.
        sets: the words of X, Y, A and B, under these letters.
        permutations, seed: as in `weat`.

    Raises:
        TooFewWords: too few known words.
        InvalidSetting: as in `weat`.
    """
    known: dict[str, Sequence[str]] = {}
    dropped: list[str] = []
    for name, least in LEAST.items():
        kept, lost = sets[name], []
        for vectors in spaces.values():
            kept, missing = known_words(vectors, kept)
            lost += missing
        if len(kept) < least and lost:
            raise TooFewWords(
                f"Of set {name}, {len(kept)} are known to {' and '.join(spaces)}; at least {least} are needed. "
                f"Unknown: {first_words(lost)}. Give set {name} words that the vectors hold."
            )
        known[name] = kept
        dropped += lost
    tests = [association_test(one, known, permutations=permutations, seed=seed) for one in spaces.values()]
    return tests, dropped


def not_comparable(asked: Mapping[str, Sequence[str]], known: Mapping[str, Sequence[str]]) -> dict[str, float]:
    """The sets that lost more than a fifth of their words, each with the share that is left, in [0, 1).

    A test on what is left of such a set asks another question than its author did.

    Args:
        asked: the words of each set; repeated ones count once.
        known: those of them that were found, under the same names.
    """
    shares = {name: len(set(known[name])) / len(set(words)) for name, words in asked.items() if words}
    return {name: share for name, share in shares.items() if share < COMPARABLE}


def first_words(words: Sequence[str]) -> str:
    """The first few words, for a sentence."""
    return first_and_more(words, _NAMED, lambda word: word[:_LONGEST])


def known_words(vectors: WordVectors, words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words that the vectors hold, and those that they do not; repeated ones once."""
    distinct = list(dict.fromkeys(words))
    missing = [word for word in distinct if known_row(vectors, word) is None]
    return [word for word in distinct if word not in missing], missing


def _split_sums(associations: Doubles, size: int, permutations: int, rng: np.random.Generator) -> tuple[Doubles, bool]:
    """(S,) sums of the first `size` associations over splits, the given one first, and whether these are all splits."""
    if math.comb(len(associations), size) <= _EXACT_SPLITS:
        splits = np.array(list(combinations(range(len(associations)), size)))  # (S, size)
        return associations[splits].sum(axis=1), True
    sums = [associations[:size].sum(keepdims=True)]
    for start in range(0, permutations, 1_000):
        shuffled = np.tile(associations, (min(1_000, permutations - start), 1))  # (block, n)
        sums.append(rng.permuted(shuffled, axis=1)[:, :size].sum(axis=1))
    return np.concatenate(sums), False


def rows_of_sets(vectors: WordVectors, sets: Sequence[Sequence[str]]) -> list[list[int]]:
    """Distinct rows of each set of words, each as if it were typed."""
    missing = list(dict.fromkeys(word for words in sets for word in known_words(vectors, words)[1]))
    if missing:
        raise vectors.unknown(missing)
    found = [[known_row(vectors, word) for word in words] for words in sets]
    return [list(dict.fromkeys(row for row in rows if row is not None)) for rows in found]
