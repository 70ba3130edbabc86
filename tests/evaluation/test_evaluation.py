"""Analogy sets, similarity sets and WEAT, checked by hand; tests/vectors/test_against_gensim.py asks gensim as well."""

import math
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.errors import InvalidSetting, InvalidText, UnknownWord
from embedlab.evaluation.question_sets import SIMILARITY_SETS, analogy_questions, similarity_pairs
from embedlab.evaluation.scores import SectionScore, analogy_accuracy, similarity_correlation
from embedlab.evaluation.weat import Weat, association_test, weat
from embedlab.vectors.word_vectors import WordVectors


def test_googles_questions_are_all_there() -> None:
    sections = analogy_questions()
    assert len(sections) == 14
    assert sum(map(len, sections.values())) == 19_544
    assert sections["family"][0] == ("boy", "girl", "brother", "sister")


@pytest.mark.parametrize(("name", "size"), [("WordSim-353", 353), ("SimLex-999", 999)])
def test_similarity_sets_are_all_there(name: str, size: int) -> None:
    pairs = similarity_pairs(name)
    assert len(pairs) == size
    assert all(0 <= score <= 10 for *_, score in pairs)


def test_an_unknown_similarity_set_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="must be one of WordSim-353, SimLex-999; “MEN” is not"):
        similarity_pairs("MEN")
    assert set(SIMILARITY_SETS) == {"WordSim-353", "SimLex-999"}


@pytest.mark.parametrize("text", [": family\nboy girl brother\n", "boy girl brother sister\n", ": a\nb c d e f\n"])
def test_a_line_that_is_no_question_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "questions.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(InvalidText, match=r"questions\.txt, line [12]: expected four words"):
        analogy_questions(path)


def test_accuracy_and_coverage_by_section(tiny_vectors: WordVectors) -> None:
    questions = {
        "royal": [("man", "king", "woman", "queen"), ("Man", "King", "Woman", "Queen")],  # lower case will do
        "wrong": [("man", "king", "woman", "apple"), ("man", "king", "woman", "unicorn")],
        "unknown": [("a", "b", "c", "d")],
    }
    score = analogy_accuracy(tiny_vectors, questions)
    assert score.sections == (
        SectionScore("royal", 2, 2, 2),
        SectionScore("wrong", 0, 1, 2),
        SectionScore("unknown", 0, 0, 1),
    )
    assert score.overall == SectionScore("overall", 2, 3, 5)
    assert score.overall.accuracy == pytest.approx(2 / 3)
    assert score.overall.coverage == pytest.approx(3 / 5)
    assert (score.sections[2].accuracy, score.sections[2].coverage) == (0, 0)


def test_questions_are_answered_the_same_in_blocks(monkeypatch: pytest.MonkeyPatch, tiny_vectors: WordVectors) -> None:
    questions = {"royal": [("man", "king", "woman", "queen"), ("woman", "queen", "man", "king")] * 7}
    whole = analogy_accuracy(tiny_vectors, questions)
    monkeypatch.setattr("embedlab.evaluation.analogies._CELLS", 3)
    monkeypatch.setattr("embedlab.evaluation.analogies._STATE", 20)
    assert analogy_accuracy(tiny_vectors, questions) == whole
    assert whole.overall.correct == 14


def test_spearman_is_one_when_the_order_is_the_peoples() -> None:
    angles = np.radians([0, 10, 30, 60, 100])
    vectors = WordVectors(list("abcde"), np.column_stack([np.cos(angles), np.sin(angles)]), source="")
    pairs = [("a", "b", 9.0), ("a", "c", 7.0), ("A", "D", 4.0), ("a", "e", 0.5), ("a", "missing", 3.0)]
    score = similarity_correlation(vectors, pairs)
    assert score.spearman == pytest.approx(1)
    assert (score.covered, score.total) == (4, 5)
    turned = [(a, b, -judged) for a, b, judged in pairs]
    assert similarity_correlation(vectors, turned).spearman == pytest.approx(-1)


def test_too_few_known_pairs_give_no_correlation(tiny_vectors: WordVectors) -> None:
    score = similarity_correlation(tiny_vectors, [("man", "king", 5.0), ("man", "unicorn", 1.0)])
    assert math.isnan(score.spearman)
    assert (score.covered, score.total) == (1, 2)


def random_vectors(seed: int, size: int = 40) -> WordVectors:
    return WordVectors(
        [f"w{i}" for i in range(size)], np.random.default_rng(seed).standard_normal((size, 4)), source=""
    )


def names(start: int, count: int) -> list[str]:
    return [f"w{i}" for i in range(start, start + count)]


def by_hand(vectors: WordVectors, x: list[str], y: list[str], a: list[str], b: list[str]) -> tuple[float, float]:
    """Effect size and exact p-value, written down from the paper one sum at a time."""

    def cosine(u: str, v: str) -> float:
        p, q = vectors[u].astype(float), vectors[v].astype(float)
        return float(p @ q / (np.linalg.norm(p) * np.linalg.norm(q)))

    def s(w: str) -> float:
        return sum(cosine(w, v) for v in a) / len(a) - sum(cosine(w, v) for v in b) / len(b)

    def difference(first: list[str]) -> float:
        rest = [w for w in x + y if w not in first]
        return sum(map(s, first)) / len(first) - sum(map(s, rest)) / len(rest)

    spread = float(np.std([s(w) for w in x + y]))
    splits = [difference(list(first)) for first in combinations(x + y, len(x))]
    return difference(x) / spread, sum(d >= difference(x) - 1e-9 for d in splits) / len(splits)


@pytest.mark.parametrize(
    ("seed", "sizes"), [(0, (4, 4, 3, 3)), (1, (2, 2, 1, 1)), (2, (3, 5, 2, 6)), (3, (5, 3, 4, 1))]
)
def test_weat_is_the_papers_formula(seed: int, sizes: tuple[int, int, int, int]) -> None:
    vectors = random_vectors(seed)
    x, y, a, b = (names(10 * i, size) for i, size in enumerate(sizes))
    found = weat(vectors, x, y, a, b)
    effect, p_value = by_hand(vectors, x, y, a, b)
    assert found.exact
    assert found.permutations == math.comb(sizes[0] + sizes[1], sizes[0])
    assert found.effect_size == pytest.approx(effect, abs=1e-5)
    assert found.p_value == pytest.approx(p_value)
    long = association_test(vectors, dict(zip("XYAB", (x, y, a, b), strict=True)), permutations=1, seed=0)
    assert (long.means[0] - long.means[1]) / long.associations.std() == pytest.approx(effect, abs=1e-5)
    assert long.means[0] == pytest.approx(long.associations[: len(x)].mean())


def test_a_perfect_association_has_effect_two() -> None:
    matrix = [[1, 0]] * 4 + [[0, 1]] * 4 + [[1, 0], [0, 1]]
    vectors = WordVectors(names(0, 10), np.array(matrix), source="")
    found = weat(vectors, names(0, 4), names(4, 4), ["w8"], ["w9"])
    assert found.effect_size == pytest.approx(2)
    assert found.p_value == pytest.approx(1 / math.comb(8, 4))


def test_words_without_any_difference_have_no_effect() -> None:
    vectors = WordVectors(names(0, 6), np.ones((6, 3)), source="")
    assert weat(vectors, names(0, 2), names(2, 2), ["w4"], ["w5"]) == Weat(0.0, 1.0, 6, True)


def test_random_splits_agree_with_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = random_vectors(5)
    sets = names(0, 6), names(6, 6), names(20, 5), names(30, 5)
    exact = weat(vectors, *sets)
    monkeypatch.setattr(sys.modules[weat.__module__], "_EXACT_SPLITS", 0)
    sampled = weat(vectors, *sets, permutations=20_000, seed=1)
    assert exact.exact
    assert not sampled.exact
    assert sampled.permutations == 20_001
    assert sampled.effect_size == exact.effect_size
    # The share of 20,000 draws has a standard error of at most 0.0036; five of them fail once in a million seeds.
    assert sampled.p_value == pytest.approx(exact.p_value, abs=0.018)
    assert sampled == weat(vectors, *sets, permutations=20_000, seed=1)


def test_many_words_are_sampled_and_the_p_value_is_never_zero() -> None:
    matrix = np.vstack([np.tile([1, 0], (20, 1)), np.tile([0, 1], (20, 1)), np.eye(2)])
    vectors = WordVectors(names(0, 42), matrix, source="")
    found = weat(vectors, names(0, 20), names(20, 20), ["w40"], ["w41"], permutations=2_500)
    assert not found.exact
    assert found.p_value == pytest.approx(1 / 2_501)


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_weat_keeps_its_bounds_and_its_sign(seed: int) -> None:
    vectors = random_vectors(seed)
    x, y, a, b = (names(10 * i, 3) for i in range(4))
    forth, back = weat(vectors, x, y, a, b), weat(vectors, x, y, b, a)
    assert -2 <= forth.effect_size <= 2
    assert forth.effect_size == pytest.approx(-back.effect_size)
    assert 0 < forth.p_value <= 1
    # The splits at least as extreme one way are those at most as extreme the other way; the given one is in both.
    assert forth.p_value + back.p_value == pytest.approx(1 + 1 / forth.permutations)


def test_repeated_words_count_once_and_case_may_differ(tiny_vectors: WordVectors) -> None:
    once = weat(tiny_vectors, ["king", "man"], ["queen", "woman"], ["apple"], ["man"])
    assert weat(tiny_vectors, ["King", "king", "man"], ["queen", "woman", "woman"], ["apple"], ["MAN", "man"]) == once


def test_every_unknown_word_of_all_four_sets_is_named(tiny_vectors: WordVectors) -> None:
    with pytest.raises(UnknownWord) as raised:
        weat(tiny_vectors, ["king", "kinng"], ["queen", "zzz"], ["appel"], ["man", "kinng"])
    assert raised.value.words == ("kinng", "zzz", "appel")
    assert raised.value.suggestions["kinng"] == ("king",)


@pytest.mark.parametrize(
    ("sets", "more", "named"),
    [
        ((["king"], ["queen", "woman"], ["man"], ["apple"]), {}, "Set X has 1 different word: give at least 2"),
        ((["king", "man"], ["queen", "queen"], ["man"], ["apple"]), {}, "Set Y has 1"),
        ((["king", "man"], ["queen", "woman"], [], ["apple"]), {}, "Set A has 0 different words: give at least 1"),
        ((["king", "man"], ["man", "woman"], ["apple"], ["apple"]), {}, "X and Y share man"),
        ((["king", "man"], ["queen", "woman"], ["apple"], ["man"]), {"permutations": 0}, "; 0 is not"),
        (
            (["king", "man"], ["queen", "woman"], ["apple"], ["man"]),
            {"permutations": 10**9},
            "1 to 1,000,000; 1,000,000,000 is not",
        ),
    ],
)
def test_sets_that_cannot_be_compared_are_refused(
    tiny_vectors: WordVectors, sets: tuple[list[str], ...], more: dict[str, int], named: str
) -> None:
    with pytest.raises(InvalidSetting, match=named):
        weat(tiny_vectors, *sets, **more)  # type: ignore[arg-type]
