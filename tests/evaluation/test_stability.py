"""Stability: what runs on resampled text agree on, against single queries of each run, and one more run."""

import json

import numpy as np
import pytest
from scipy import stats

from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.evaluation.stability import (
    Resamples,
    about_bundled,
    agreement,
    bundled_resamples,
    cosines,
    effect_sizes,
    prediction_interval,
    unstable,
)
from embedlab.evaluation.weat import LEAST
from embedlab.evaluation.weat_lists import TESTS
from embedlab.library import bundled
from embedlab.vectors.quantization import encode
from embedlab.vectors.queries import analogy, nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors

WORDS = [f"w{i}" for i in range(300)]


def drawn(seed: int, runs: int = 4) -> tuple[Resamples, list[WordVectors]]:
    """Runs around one table of vectors, as codes and as what the codes stand for."""
    rng = np.random.default_rng(seed)
    common = rng.standard_normal((len(WORDS), 12))
    tables = common + 0.6 * rng.standard_normal((runs, *common.shape))
    tables /= np.linalg.norm(tables, axis=2, keepdims=True)
    codes = np.stack([encode(table.astype(np.float32))[0] for table in tables])
    return Resamples(WORDS, codes), [WordVectors(WORDS, run.astype(np.float32), source="") for run in codes]


def test_agreement_counts_the_runs_in_which_single_queries_name_a_word() -> None:
    runs, exact = drawn(0)
    for word in WORDS[:20]:
        near = [[n.word for n in nearest_neighbors(run, word, 10)] for run in exact]
        asked = [*near[0], "unheard"]
        expected = {other: sum(other in found for found in near) for other in near[0]}
        assert agreement(runs, asked, [word]) == expected
    assert agreement(runs, ["w1"], ["unheard"]) == {}


def test_agreement_of_an_analogy_leaves_the_given_words_out() -> None:
    runs, exact = drawn(1)
    for a, b, c in (("w1", "w2", "w3"), ("w10", "w20", "w30"), ("w5", "w5", "w6")):
        near = [[n.word for n in analogy(run, [b, c], [a], 5)] for run in exact]
        counts = agreement(runs, [*near[0], a, b, c], [b, c], [a], k=5)
        # A direction is coded, too: words of nearly the same cosine may change places at the end of the five.
        surely = {word: sum(word in found[:4] for found in near) for word in near[0]}
        assert all(counts[word] >= surely[word] - 1 for word in near[0])
        assert counts[a] == counts[b] == counts[c] == 0


def test_what_at_most_half_of_the_runs_name_is_unstable() -> None:
    assert unstable({"a": 0, "b": 2, "c": 3, "d": 5}, 5) == ["a", "b"]


def test_the_interval_is_students_prediction_interval() -> None:
    values = np.array([1.0, 2.0, 4.0, 4.5, 3.0])
    low, high = stats.t.interval(0.95, 4, values.mean(), values.std(ddof=1) * np.sqrt(1.2))
    assert prediction_interval(values) == pytest.approx((values.mean(), low, high))
    with pytest.raises(InvalidSetting, match="at least 2"):
        prediction_interval([1.0])


def test_the_interval_holds_one_more_value_95_times_in_100() -> None:
    rng = np.random.default_rng(0)
    inside = 0
    for *seen, one_more in rng.standard_normal((2_000, 6)):
        interval = prediction_interval(seen)
        inside += interval.low <= one_more <= interval.high
    assert inside / 2_000 == pytest.approx(0.95, abs=0.015)


def test_words_that_no_run_holds_are_named() -> None:
    runs, _ = drawn(2)
    with pytest.raises(UnknownWord, match="unheard"):
        runs.nearest(["w1", "unheard"])


@pytest.mark.parametrize("shape", [(0, 3, 2), (1, 2, 2), (3, 2)])
def test_shapes_that_do_not_fit_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidSetting, match="do not fit"):
        Resamples(["a", "b", "c"], np.ones(shape, np.int8))


def test_only_the_bundled_vectors_have_runs() -> None:
    assert about_bundled(WordVectors(["a"], [[1.0]], source="mine")) is None
    assert about_bundled(bundled.counted_vectors()) is None
    assert about_bundled(bundled.bundled_vectors()) is bundled_resamples()


def test_the_runs_that_ship_are_small_and_know_the_common_words() -> None:
    runs = bundled_resamples()
    assert len(runs) == 5
    assert len(runs.words) >= 19_500
    files = ("words.txt", "codes.npy", "one_more.json", "card.json")
    assert sum(bundled.path(f"resampled/{name}").stat().st_size for name in files) <= 12_000_000


def test_words_of_sets_are_found_as_typed_ones_are() -> None:
    runs, vectors = bundled_resamples(), bundled.bundled_vectors()
    sets = {side: getattr(TESTS["career"], side).split() for side in LEAST}
    typed = {side: [f" “{word.upper()}” " for word in words] for side, words in sets.items()}
    assert effect_sizes(runs, vectors, typed) == effect_sizes(runs, vectors, sets) != []


def test_one_more_run_lies_within_the_intervals() -> None:
    runs = bundled_resamples()
    one_more = json.loads(bundled.path("resampled/one_more.json").read_text("utf-8"))
    inside = []
    for a, b, cosine in one_more["cosines"]:
        interval = prediction_interval(cosines(runs, a, b))
        inside.append(interval.low <= cosine <= interval.high)
    assert len(inside) > 300
    assert np.mean(inside) >= 0.9
    effects = []
    for name, effect in one_more["effects"].items():
        sets = {side: getattr(TESTS[name], side).split() for side in LEAST}
        interval = prediction_interval(effect_sizes(runs, bundled.bundled_vectors(), sets))
        effects.append(interval.low <= effect <= interval.high)
    assert len(effects) == 4  # the words of the other six tests are too rare for some run
    assert np.mean(effects) >= 0.9
