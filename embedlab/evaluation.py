"""How good are word vectors? Analogies answered, human similarity judgements matched, associations tested."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

from embedlab.errors import InvalidSetting, InvalidText, UnknownWord
from embedlab.vectors import WordVectors

Question = tuple[str, str, str, str]  # a is to b as c is to d
Pair = tuple[str, str, float]  # two words and the mean judgement of people

SIMILARITY_SETS = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}
_BLOCK = 256  # questions scored at once: 256 x 50,000 float32 scores are 51 MB
_EXACT_SPLITS = 20_000  # so many ways to split are all tried: sets of eight words have 12,870
_MOST_PERMUTATIONS = 1_000_000


@dataclass(frozen=True)
class SectionScore:
    """One section of an analogy set."""

    name: str
    correct: int
    covered: int  # questions whose four words are all known
    total: int

    @property
    def accuracy(self) -> float:
        """Share of covered questions answered right, in [0, 1]; 0 when none is covered."""
        return self.correct / self.covered if self.covered else 0.0

    @property
    def coverage(self) -> float:
        """Share of questions that could be asked, in [0, 1]."""
        return self.covered / self.total if self.total else 0.0


@dataclass(frozen=True)
class AnalogyScore:
    """All sections of an analogy set."""

    sections: tuple[SectionScore, ...]

    @property
    def overall(self) -> SectionScore:
        """The sum of the sections."""
        return SectionScore(
            "overall",
            sum(section.correct for section in self.sections),
            sum(section.covered for section in self.sections),
            sum(section.total for section in self.sections),
        )


@dataclass(frozen=True)
class SimilarityScore:
    """How well cosines order word pairs as people do."""

    spearman: float  # rank correlation in [-1, 1]; nan with fewer than three covered pairs
    covered: int
    total: int


@dataclass(frozen=True)
class Weat:
    """Word Embedding Association Test (Caliskan et al. 2017)."""

    effect_size: float  # difference of mean associations over their standard deviation, in [-2, 2]
    p_value: float  # one-sided, in (0, 1]: share of splits of X and Y into two such sets that are at least as extreme
    permutations: int  # splits tried
    exact: bool  # every split was tried


def analogy_questions(path: Path | None = None) -> dict[str, list[Question]]:
    """Questions by section from a file in the format of Google's ``questions-words.txt``, which gensim ships.

    Raises:
        InvalidText: a line that is neither ``: section`` nor four words; the message names it.
    """
    path = path or _gensim_file("questions-words.txt")
    sections: dict[str, list[Question]] = {}
    current: list[Question] | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if line.startswith(":"):
            current = sections.setdefault(line[1:].strip(), [])
        elif line.strip():
            words = line.split()
            if len(words) != 4 or current is None:
                raise InvalidText(f"{path.name}, line {number}: expected four words below a “: section” line.")
            current.append((words[0], words[1], words[2], words[3]))
    return sections


def similarity_pairs(name: str) -> list[Pair]:
    """Pairs of a set that gensim ships, by its name in `SIMILARITY_SETS`."""
    if name not in SIMILARITY_SETS:
        raise InvalidSetting(f"Similarity set {name!r} is not known: give one of {', '.join(SIMILARITY_SETS)}.")
    lines = _gensim_file(SIMILARITY_SETS[name]).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return [(a, b, float(score)) for a, b, score in rows]


def analogy_accuracy(vectors: WordVectors, questions: Mapping[str, Sequence[Question]] | None = None) -> AnalogyScore:
    """Share of analogies completed first try by 3CosAdd with the inputs left out, section by section.

    Args:
        questions: by section; Google's 19,544 when None. A word counts as known as it stands or in lower case.
    """
    questions = analogy_questions() if questions is None else questions
    return AnalogyScore(tuple(_section(vectors, name, asked) for name, asked in questions.items()))


def _section(vectors: WordVectors, name: str, asked: Sequence[Question]) -> SectionScore:
    rows = np.array(list(_covered(vectors, asked)), dtype=np.int64).reshape(-1, 4)  # (n, 4)
    correct = 0
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        a, b, c, d = block.T
        targets = vectors.unit[b] - vectors.unit[a] + vectors.unit[c]  # (n, D); length does not change the order
        scores = targets @ vectors.unit.T  # (n, V)
        np.put_along_axis(scores, block[:, :3], -np.inf, axis=1)
        correct += int((scores.argmax(axis=1) == d).sum())
    return SectionScore(name, correct, len(rows), len(asked))


def similarity_correlation(vectors: WordVectors, pairs: Sequence[Pair] | str = "WordSim-353") -> SimilarityScore:
    """Spearman correlation of cosines with people's judgements.

    Args:
        pairs: (word, word, judgement), or the name of a set in `SIMILARITY_SETS`.
    """
    from scipy.stats import spearmanr

    pairs = similarity_pairs(pairs) if isinstance(pairs, str) else pairs
    known = [(_row(vectors, a), _row(vectors, b), score) for a, b, score in pairs]
    covered = [(a, b, score) for a, b, score in known if a is not None and b is not None]
    if len(covered) < 3:
        return SimilarityScore(float("nan"), len(covered), len(pairs))
    first, second = np.array([pair[:2] for pair in covered], dtype=np.int64).T
    cosines = np.einsum("nd,nd->n", vectors.unit_rows(first), vectors.unit_rows(second))
    return SimilarityScore(
        float(spearmanr(cosines, [score for *_, score in covered]).statistic), len(covered), len(pairs)
    )


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

    Source: Caliskan, Bryson and Narayanan (2017), "Semantics derived automatically from language corpora contain
    human-like biases", Science 356.
    """
    if not 1 <= permutations <= _MOST_PERMUTATIONS:
        raise InvalidSetting(f"{permutations:,} permutations are not allowed: give 1 to {_MOST_PERMUTATIONS:,}.")
    sets = {"X": X, "Y": Y, "A": A, "B": B}
    rows = dict(zip(sets, _rows_of_sets(vectors, list(sets.values())), strict=True))
    for name, least in (("X", 2), ("Y", 2), ("A", 1), ("B", 1)):
        if len(rows[name]) < least:
            raise InvalidSetting(f"Set {name} has {len(rows[name])} different words: give at least {least}.")
    shared = [vectors.words[row] for row in rows["X"] if row in rows["Y"]]
    if shared:
        raise InvalidSetting(f"X and Y share {', '.join(shared)}: a target word can be on one side only.")
    unit = {name: vectors.unit_rows(given).astype(np.float64) for name, given in rows.items()}
    targets = np.concatenate([unit["X"], unit["Y"]])  # (n, D)
    associations = (targets @ unit["A"].T).mean(axis=1) - (targets @ unit["B"].T).mean(axis=1)  # (n,)
    size = len(rows["X"])
    observed = float(associations[:size].mean() - associations[size:].mean())
    spread = float(associations.std())
    effect = observed / spread if spread > 1e-12 else 0.0
    extreme, tried, exact = _count_splits(associations, size, permutations, np.random.default_rng(seed))
    return Weat(effect, extreme / tried, tried, exact)


def _count_splits(
    associations: np.ndarray, size: int, permutations: int, rng: np.random.Generator
) -> tuple[int, int, bool]:
    """How many splits have a sum of their first `size` associations as large as given, of how many, and if all."""
    bar = associations[:size].sum() - 1e-9  # the same sum in another order may differ in its last digits
    if math.comb(len(associations), size) <= _EXACT_SPLITS:
        splits = np.array(list(combinations(range(len(associations)), size)))  # (splits, size)
        return int((associations[splits].sum(axis=1) >= bar).sum()), len(splits), True
    extreme = 1  # the given split
    for start in range(0, permutations, 1_000):
        shuffled = np.tile(associations, (min(1_000, permutations - start), 1))  # (block, n)
        extreme += int((rng.permuted(shuffled, axis=1)[:, :size].sum(axis=1) >= bar).sum())
    return extreme, permutations + 1, False


def _rows_of_sets(vectors: WordVectors, sets: Sequence[Sequence[str]]) -> list[list[int]]:
    """Distinct rows of each set of words, as they stand or in lower case."""
    missing = list(dict.fromkeys(word for words in sets for word in words if _row(vectors, word) is None))
    if missing:
        raise UnknownWord(missing, {word: vectors.suggest(word) for word in missing}, size=len(vectors))
    found = [[_row(vectors, word) for word in words] for words in sets]
    return [list(dict.fromkeys(row for row in rows if row is not None)) for rows in found]


def _covered(vectors: WordVectors, asked: Sequence[Question]) -> Iterator[list[int]]:
    for question in asked:
        rows = [_row(vectors, word) for word in question]
        if None not in rows:
            yield [row for row in rows if row is not None]


def _row(vectors: WordVectors, word: str) -> int | None:
    return vectors.index.get(word, vectors.index.get(word.lower()))


def _gensim_file(name: str) -> Path:
    from gensim.test.utils import datapath

    return Path(datapath(name))
