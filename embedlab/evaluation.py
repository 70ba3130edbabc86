"""How good are word vectors? Analogies answered, human similarity judgements matched, associations tested."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from embedlab.analogy_answers import Question, answers
from embedlab.associations import Weat, weat
from embedlab.errors import InvalidSetting, InvalidText
from embedlab.judged_pairs import Pair, judge
from embedlab.vectors import WordVectors

__all__ = [
    "SIMILARITY_SETS",
    "AnalogyScore",
    "Pair",
    "Question",
    "SectionScore",
    "SimilarityScore",
    "Weat",
    "analogy_accuracy",
    "analogy_questions",
    "similarity_correlation",
    "similarity_pairs",
    "weat",
]
SIMILARITY_SETS = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}
QUESTIONS = "questions-words.txt"


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


def analogy_questions(path: Path | None = None) -> dict[str, list[Question]]:
    """Questions by section from a file in the format of Google's ``questions-words.txt``, which gensim ships.

    Raises:
        InvalidText: a line that is neither ``: section`` nor four words; the message names it.
    """
    path = path or gensim_file(QUESTIONS)
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
    lines = gensim_file(SIMILARITY_SETS[name]).read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line.strip() and not line.startswith("#"))
    return [(a, b, float(score)) for a, b, score in rows]


def analogy_accuracy(vectors: WordVectors, questions: Mapping[str, Sequence[Question]] | None = None) -> AnalogyScore:
    """Share of analogies completed first try by 3CosAdd with the inputs left out, section by section.

    Args:
        questions: by section; Google's 19,544 when None. A word counts as known as it stands or in lower case.
    """
    questions = analogy_questions() if questions is None else questions
    *_, found = answers(vectors, questions)
    return AnalogyScore(
        tuple(
            SectionScore(section.name, int(section.right.sum()), len(section.asked), section.total)
            for section in found.sections
        )
    )


def similarity_correlation(vectors: WordVectors, pairs: Sequence[Pair] | str = "WordSim-353") -> SimilarityScore:
    """Spearman correlation of cosines with people's judgements.

    Args:
        pairs: (word, word, judgement), or the name of a set in `SIMILARITY_SETS`.
    """
    found = judge(vectors, similarity_pairs(pairs) if isinstance(pairs, str) else pairs)
    return SimilarityScore(found.spearman, len(found.known), len(found.pairs))


def gensim_file(name: str) -> Path:
    """Path of a file that comes with gensim, found without loading gensim, which takes seconds.

    Raises:
        InvalidText: gensim or the file is not there.
    """
    found = find_spec("gensim")
    path = Path(found.origin).parent / "test" / "test_data" / name if found and found.origin else None
    if path is None or not path.is_file():
        raise InvalidText(f"{name}, which comes with gensim, is missing: install gensim again.")
    return path
