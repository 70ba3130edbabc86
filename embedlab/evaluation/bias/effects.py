"""Effects of debiasing: what a bias was before and after, and what its removal costs."""

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

import numpy as np

from embedlab.arrays import Doubles
from embedlab.checks import one_of
from embedlab.errors import InvalidSetting
from embedlab.evaluation.analogies import answers
from embedlab.evaluation.bias import lists
from embedlab.evaluation.bias.debiasing import (
    Direction,
    bias_direction,
    equalize,
    half_sibling,
    hard_debias,
    neutralize,
)
from embedlab.evaluation.bias.recovery import Found, most_biased, recover
from embedlab.evaluation.question_sets import analogy_questions, similarity_pairs
from embedlab.evaluation.similarity import judged_pairs
from embedlab.evaluation.weat import Weat, known_words, weat
from embedlab.evaluation.weat_lists import TESTS
from embedlab.vectors.word_vectors import WordVectors

Method = Literal["hard", "half-sibling"]
METHODS: tuple[Method, ...] = ("hard", "half-sibling")
GENDER_TESTS = ("career", "math", "science")  # of WEAT
SECTIONS = ("family", "capital-common-countries")  # of Google's analogies: one about gender, one that is not
_FEWEST = 2  # known words of a set


class Account(NamedTuple):
    """One space: its bias, how good it is, and what still tells the sides."""

    vectors: WordVectors
    leaning: dict[str, float]  # occupations' cosines with the direction from he to she
    weat: dict[str, Weat]  # by name of the test; without those of which too few words are known
    similarity: float  # rank correlation with WordSim-353, in [-1, 1]; nan below three known pairs
    analogies: dict[str, float]  # accuracy by section in [0, 1], of the questions whose words are all known
    recovered: Found


class Step(NamedTuple):
    """A step of the exercise: a word's cosine with the axis before and after."""

    step: str
    word: str
    before: float
    after: float


def debias(vectors: WordVectors, method: Method, direction: Direction | None = None) -> WordVectors:
    """Vectors without gender, by the lists of `lists`.

    Args:
        method: "hard" (Bolukbasi et al. 2016) or "half-sibling" (Yang and Feng 2020). The settings of the second, its
            alpha and the words that predict, were chosen on the bundled vectors: its figures for these flatter it.
        direction: that of hard debiasing; None for that of `lists.DEFINING`.

    Raises:
        TooFewWords: too few words that mean a gender are known.
        InvalidSetting: another method.
    """
    one_of("method", method, METHODS)
    if method == "half-sibling":
        return half_sibling(vectors, gendered=[word for pair in lists.DEFINING for word in pair])
    direction = bias_direction(vectors, lists.DEFINING) if direction is None else direction
    return hard_debias(vectors, direction, gendered=lists.GENDERED, equalized=lists.EQUALIZED)


def accounts(vectors: WordVectors, method: Method, *, seed: int = 0) -> Iterator[tuple[Account, ...]]:
    """The account of vectors, and then that of what `debias` makes of them as well, on the same words.

    Args:
        seed: of clusters and classifier.

    Raises: as `debias`, and as `most_biased`.
    """
    direction = bias_direction(vectors, lists.DEFINING)
    after = debias(vectors, method, direction)
    biased = most_biased(vectors, direction, left_out=lists.GENDERED)
    done: tuple[Account, ...] = ()
    for space in (vectors, after):
        words = [word for word in known_words(space, lists.OCCUPATIONS)[0] if word in space]
        cosines = direction.cosines(space, words).tolist() if words else []
        account = Account(
            space,
            dict(zip(words, cosines, strict=True)),
            _gender_tests(space),
            judged_pairs(space, similarity_pairs("WordSim-353")).spearman,
            _analogies(space),
            recover(space, biased, lists.OCCUPATIONS, seed=seed),
        )
        done = (*done, account)
        yield done


def exercise(
    vectors: WordVectors, words: Sequence[str], *, axis: tuple[str, str] = ("man", "woman"), pair: Sequence[str]
) -> list[Step]:
    """The exercise of deeplearning.ai's course on sequence models: neutralize words, equalize a pair, compare cosines.

    Vectors are taken as they are, and the axis is the plain difference of two words, second less first, as there.

    Args:
        words: to neutralize.
        pair: two words to equalize.

    Raises:
        UnknownWord: every missing word is listed.
        InvalidSetting: both words of the axis have the same vector, or the pair is none.
    """
    if len(pair) != 2:
        raise InvalidSetting(f"A pair is two words, not {len(pair)}: give two, such as man and woman.")
    low, high, *neutral = vectors.vectors_of([*axis, *words]).astype(float)
    a, b = vectors.vectors_of(pair).astype(float)
    direction = high - low
    steps = [
        Step("neutralize", word, _cosine(row, direction), _cosine(neutralize(row, direction), direction))
        for word, row in zip(words, neutral, strict=True)
    ]
    made = equalize(a, b, direction)
    return steps + [
        Step("equalize", word, _cosine(row, direction), _cosine(new, direction))
        for word, row, new in zip(pair, (a, b), made, strict=True)
    ]


def _cosine(a: Doubles, b: Doubles) -> float:
    lengths = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / lengths if lengths else 0.0


def _gender_tests(vectors: WordVectors) -> dict[str, Weat]:
    found = {}
    for name in GENDER_TESTS:
        sets = [known_words(vectors, getattr(TESTS[name], letter).split())[0] for letter in "XYAB"]
        if min(map(len, sets)) >= _FEWEST:
            found[name] = weat(vectors, *sets)
    return found


def _analogies(vectors: WordVectors) -> dict[str, float]:
    questions = {section: analogy_questions()[section] for section in SECTIONS}
    *_, last = answers(vectors, questions)
    return {section.name: float(section.right.mean()) for section in last.sections if len(section.rows)}
