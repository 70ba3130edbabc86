"""How good are word vectors? Analogies answered, human similarity judgements matched, associations tested."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embedlab.errors import InvalidSetting, InvalidText
from embedlab.vectors import WordVectors

Question = tuple[str, str, str, str]  # a is to b as c is to d
Pair = tuple[str, str, float]  # two words and the mean judgement of people

SIMILARITY_SETS = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}
_BLOCK = 256  # questions scored at once: 256 x 50,000 float32 scores are 51 MB


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
    p_value: float  # one-sided: share of splits of X and Y at least as extreme
    permutations: int
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
    cosines = np.einsum("nd,nd->n", vectors.unit[first], vectors.unit[second])
    return SimilarityScore(
        float(spearmanr(cosines, [score for *_, score in covered]).statistic), len(covered), len(pairs)
    )


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
