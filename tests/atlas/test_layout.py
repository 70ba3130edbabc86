"""Layouts: against openTSNE's own and brute force; the same seed; words beside the layout; what is refused."""

import numpy as np
import pytest
from openTSNE import TSNE
from scipy.optimize import minimize
from sklearn.manifold import trustworthiness

from embedlab.arrays import Doubles, Floats
from embedlab.atlas import fast_tsne
from embedlab.atlas.comparing import moved
from embedlab.atlas.faithfulness import kept_counts, smoothed, tree_of
from embedlab.atlas.files import map_bytes
from embedlab.atlas.layout import STEPS, LayoutProgress, finished, lay_out, nearest_of
from embedlab.atlas.word_map import WordMap, scaled
from embedlab.errors import InvalidSetting, TooFewWords
from embedlab.projection.trustworthiness import neighbors_kept
from embedlab.vectors.word_vectors import WordVectors


def nearest_by_sorting(table: Floats, queries: Floats, k: int, *, same: bool) -> np.ndarray:
    cosines = queries.astype(np.float64) @ table.astype(np.float64).T
    if same:
        np.fill_diagonal(cosines, -np.inf)
    return np.argsort(-cosines, axis=1, kind="stable")[:, :k]


def near_on_map(positions: Floats, places: Floats, k: int, *, same: bool) -> np.ndarray:
    squares = ((places[:, None].astype(np.float64) - positions[None]) ** 2).sum(axis=2)
    if same:
        np.fill_diagonal(squares, np.inf)
    return np.argsort(squares, axis=1, kind="stable")[:, :k]


def test_a_layout_is_as_faithful_as_opentsne_s_own(few: WordVectors, laid: WordMap) -> None:
    unit = few.unit[:400]
    own = TSNE(perplexity=15, initialization="pca", negative_gradient_method="bh", neighbors="exact", random_state=0)
    reference = np.asarray(own.fit(unit))
    here = laid.positions[:400]
    assert laid.share_kept > neighbors_kept(unit, reference) - 0.03
    assert trustworthiness(unit, here, n_neighbors=10) > trustworthiness(unit, reference, n_neighbors=10) - 0.02


def test_shares_are_those_of_brute_force(few: WordVectors, laid: WordMap) -> None:
    unit, positions = few.unit[:400], laid.positions[:400]
    for rows, same in ((slice(0, 400), True), (slice(400, 500), False)):
        near = nearest_by_sorting(unit, few.unit[rows], 10, same=same)
        on_map = near_on_map(positions, laid.positions[rows], 10, same=same)
        counts = [len({*a} & {*b}) for a, b in zip(near.tolist(), on_map.tolist(), strict=True)]
        # Positions are whole numbers, so that two words can be equally far from a third: either may count.
        assert np.abs(np.array(counts) - laid.kept_counts[rows]).max() <= 1
        assert np.mean(counts) == pytest.approx(laid.kept_counts[rows].mean(), abs=0.02)
    assert laid.share_kept == pytest.approx(neighbors_kept(unit, positions), abs=0.002)
    assert laid.kept_of("the") == laid.kept_counts[few.index["the"]]


def test_shares_on_the_map_are_smoothed_over_forty_neighbors() -> None:
    rng = np.random.default_rng(0)
    positions, values = rng.random((150, 2), dtype=np.float32), rng.random(150)
    around = near_on_map(positions, positions, 40, same=True)
    expected: Doubles = (values + values[around].sum(axis=1)) / 41
    np.testing.assert_allclose(smoothed(positions, values), expected)


def test_words_on_one_spot_are_not_their_own_neighbors() -> None:
    positions, unit = np.zeros((30, 2), np.float32), np.eye(30, dtype=np.float32)
    assert kept_counts(tree_of(positions), unit, np.full(30, 0.5, np.float32), 10).max() == 0


def test_a_word_as_near_as_the_tenth_is_kept() -> None:
    """Of thirty equal rows any ten are the nearest: a map that lays them beside one another keeps all ten."""
    rng = np.random.default_rng(0)
    unit = np.repeat(np.eye(3, dtype=np.float32), 30, axis=0)  # (90, 3)
    positions = (unit[:, :2] + 0.01 * rng.random((90, 2))).astype(np.float32)
    cosines = nearest_of(unit, unit, 10, left_out=np.arange(90))[1]
    kept = kept_counts(tree_of(positions), unit, cosines[:, -1], 10)
    assert kept.tolist() == [10] * 90
    apart = rng.random((90, 2), dtype=np.float32)
    near = near_on_map(apart, apart, 10, same=True)
    expected = (unit[near] * unit[:, None]).sum(axis=2) >= cosines[:, -1:]
    np.testing.assert_array_equal(kept_counts(tree_of(apart), unit, cosines[:, -1], 10), expected.sum(axis=1))
    found = finished(lay_out(WordVectors([f"w{row}" for row in range(90)], unit + 0, source="thrice")))
    assert found.share_kept > 0.95


def test_other_words_stand_where_the_ways_to_their_three_nearest_are_least(few: WordVectors, laid: WordMap) -> None:
    near = nearest_by_sorting(few.unit[:400], few.unit[400:], 3, same=False)
    for place, others in zip(laid.positions[400:], laid.positions[near].astype(np.float64), strict=True):

        def ways(at: Doubles, others: Doubles = others) -> float:
            return float(np.linalg.norm(others - at, axis=1).sum())

        least = minimize(ways, others.mean(axis=0), method="Nelder-Mead").fun
        assert ways(place) <= min(least, *map(ways, others)) * 1.01 + 1e-4
    assert laid.laid_out == 400
    assert len(laid.words) == 500


def test_nearest_come_in_order_with_their_cosines(few: WordVectors) -> None:
    rows, cosines = nearest_of(few.unit, few.unit[:50], 10, left_out=np.arange(50))
    everything = few.unit[:50] @ few.unit.T
    np.fill_diagonal(everything, -1)
    np.testing.assert_array_equal(rows, np.argsort(-everything, axis=1, kind="stable")[:, :10])
    np.testing.assert_allclose(cosines, np.take_along_axis(everything, rows, axis=1), atol=1e-6)


def test_snapshots_show_the_layout_as_it_goes_and_the_map_comes_last(few: WordVectors) -> None:
    seen = list(lay_out(few, words=60))
    assert len(seen) <= STEPS
    *steps, last = seen
    assert isinstance(last, WordMap)
    frames = [step.positions for step in steps if isinstance(step, LayoutProgress) and step.positions is not None]
    assert len(frames) >= 30
    assert all(frame.shape == (60, 2) and np.abs(frame).max() == pytest.approx(1) for frame in frames)
    np.testing.assert_allclose(frames[-1], last.positions[:60], atol=1 / 32_767)
    first = next(step for step in steps if isinstance(step, LayoutProgress) and step.positions is not None)
    assert first.nbytes == 60 * 8
    assert first.condensed().nbytes == 0


def test_the_same_seed_gives_the_same_bytes_and_another_one_other_positions(few: WordVectors) -> None:
    one, same, other = (finished(lay_out(few, words=60, seed=seed)) for seed in (3, 3, 4))
    assert map_bytes(one) == map_bytes(same)
    assert np.abs(one.positions - other.positions).max() > 0


def test_a_map_keeps_its_arrays(laid: WordMap) -> None:
    for name in ("positions", "districts", "district_places", "kept_counts", "kept"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(laid, name)[0] = 0
    assert np.abs(laid.positions).max() <= 1
    np.testing.assert_array_equal(scaled(laid.positions[:400]), laid.positions[:400])


def test_a_layout_from_another_map_stays_near_it(few: WordVectors, laid: WordMap) -> None:
    words = [*few.words[100:], *(f"new{row}" for row in range(20))]
    again = WordVectors(words, np.concatenate([few.matrix[100:], few.matrix[:20]]), source="later")
    found = finished(lay_out(again, start=laid))
    assert found.started_from == laid.source
    agreement = moved(laid, found).agreement
    assert agreement > 0.5
    assert agreement > moved(laid, finished(lay_out(again))).agreement


def test_equal_rows_zero_rows_and_two_dimensions_are_laid_out() -> None:
    rng = np.random.default_rng(1)
    matrix = np.repeat(rng.normal(size=(20, 2)).astype(np.float32), 4, axis=0)  # (80, 2)
    matrix[:15] = 0
    found = finished(lay_out(WordVectors([f"w{row}" for row in range(80)], matrix, source="odd")))
    assert np.isfinite(found.positions).all()
    assert found.district_names[0].count(",") <= 1


def test_what_cannot_be_laid_out_is_refused_with_a_remedy(few: WordVectors, laid: WordMap) -> None:
    with pytest.raises(TooFewWords, match="20 words or more; these vectors have 19"):
        lay_out(few.restrict(19))
    for words in (19, 50_001):
        with pytest.raises(InvalidSetting, match=r"from 20 to 50,000"):
            lay_out(few, words=words)
    with pytest.raises(InvalidSetting, match="seed"):
        lay_out(few, seed=-1)
    same = WordVectors([f"w{row}" for row in range(30)], np.ones((30, 3)), source="all alike")
    with pytest.raises(TooFewWords, match="3 different directions or more; these vectors have 1"):
        lay_out(same)
    strange = WordVectors([f"w{row}" for row in range(30)], np.eye(30), source="other words")
    with pytest.raises(TooFewWords, match="shares 0 of these words"):
        finished(lay_out(strange, start=laid))


def test_the_grid_is_as_faithful_as_the_tree(few: WordVectors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_tsne, "_EXAGGERATED", fast_tsne._Part(50, 12, 0.5, 2))
    monkeypatch.setattr(fast_tsne, "_USUAL", (fast_tsne._Part(100, 1, 0.8, 2), fast_tsne._Part(10, 1, 0.8, 1)))
    shares = []
    for tree in (100, 1_000):
        monkeypatch.setattr(fast_tsne, "_TREE", tree)
        shares.append(finished(lay_out(few.restrict(200))).share_kept)
    assert shares[0] == pytest.approx(shares[1], abs=0.04)
