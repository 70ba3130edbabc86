"""Maps against scikit-learn's, and against input that takes other implementations down."""

import sys
import threading
import warnings

import numpy as np
import pytest

from embedlab.errors import EmbedlabError, InvalidSetting, UnknownWord
from embedlab.projection.axes import agreement, semantic_axes
from embedlab.projection.flat import flat
from embedlab.projection.gradient_descent import affinities, divergence, gradient_of
from embedlab.projection.pca import pca, principal_plane
from embedlab.projection.projection import Projection
from embedlab.projection.svd import on_plane, svd_plane
from embedlab.projection.trustworthiness import neighbors_kept, trustworthiness
from embedlab.projection.tsne import MAX_TSNE_ROWS, moments, tsne
from embedlab.vectors.word_vectors import WordVectors


def blobs(count: int = 120, dimensions: int = 12, seed: int = 0) -> np.ndarray:
    """(count, dimensions) in four groups."""
    rng = np.random.default_rng(seed)
    middles = rng.normal(size=(4, dimensions)) * 4
    return (middles[np.arange(count) % 4] + rng.normal(size=(count, dimensions))).astype(np.float32)


def last(snapshots) -> Projection:
    *_, result = snapshots
    return result


# Against references ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(120, 12), (10, 40), (3, 5), (50, 2)])
def test_pca_is_scikit_learns_up_to_the_sign_of_an_axis(shape: tuple[int, int]) -> None:
    from sklearn.decomposition import PCA

    matrix = blobs(*shape)
    reference = PCA(2)
    expected = reference.fit_transform(matrix.astype(np.float64))
    found = pca(matrix)
    np.testing.assert_allclose(np.abs(found.coordinates), np.abs(expected), atol=1e-4)
    np.testing.assert_allclose(found.explained, reference.explained_variance_ratio_, atol=1e-6)


@pytest.mark.parametrize("shape", [(120, 12), (4, 40), (30, 1)])
def test_the_plane_of_a_reference_is_its_pca_and_the_same_for_all_rows(shape: tuple[int, int]) -> None:
    from sklearn.decomposition import PCA

    snapshots = np.random.default_rng(2).normal(size=(3, *shape)) * np.linspace(3, 1, shape[1])
    coordinates, shares = principal_plane(snapshots, snapshots[-1])
    theirs = PCA(min(2, shape[1])).fit(snapshots[-1])
    assert coordinates.shape == (3, shape[0], 2)
    for number, axis in enumerate(theirs.components_):
        sign = np.sign(axis[np.abs(axis).argmax()])  # the largest weight is positive
        expected = [sign * theirs.transform(snapshot)[:, number] for snapshot in snapshots]
        np.testing.assert_allclose(coordinates[:, :, number], expected, atol=1e-8)
    assert not coordinates[:, :, shape[1] :].any(), "no second dimension, no second coordinate"
    np.testing.assert_allclose(shares[: shape[1]], theirs.explained_variance_ratio_, atol=1e-8)
    assert principal_plane(np.zeros((2, 3, 5)), np.zeros((3, 5)))[1] == (0.0, 0.0)


@pytest.mark.parametrize("k", [1, 5, 10, 40])
def test_trustworthiness_is_scikit_learns(k: int) -> None:
    from sklearn.manifold import trustworthiness as reference

    matrix = blobs()
    for coordinates in (pca(matrix).coordinates, np.random.default_rng(1).normal(size=(120, 2))):
        assert trustworthiness(matrix, coordinates, k) == pytest.approx(
            reference(matrix, coordinates, n_neighbors=k), abs=1e-9
        )


def test_trustworthiness_is_one_for_a_faithful_map_and_lowers_k_for_few_rows() -> None:
    flat = blobs(dimensions=2)
    assert trustworthiness(flat, flat) == 1
    assert trustworthiness(flat[:3], flat[:3], 10) == 1


def test_neighbors_kept_are_those_that_both_spaces_name() -> None:
    from sklearn.neighbors import NearestNeighbors

    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(60, 20))
    for coordinates in (matrix[:, :2], rng.normal(size=(60, 2))):
        for k in (1, 10):
            spaces = (NearestNeighbors(n_neighbors=k).fit(x).kneighbors(None)[1] for x in (matrix, coordinates))
            kept = [len({*a} & {*b}) / k for a, b in zip(*spaces, strict=True)]
            assert neighbors_kept(matrix, coordinates, k) == pytest.approx(np.mean(kept))
    assert neighbors_kept(matrix[:5], coordinates[:5], 10) == 1  # all the others


def test_affinities_have_the_perplexity_asked_for() -> None:
    """Each row's conditional distribution is recovered from the joint one of a space where all rows look alike."""
    circle = np.stack([np.cos(np.arange(100) / 50 * np.pi), np.sin(np.arange(100) / 50 * np.pi)], axis=1)
    joint = affinities(circle, perplexity=15).table.astype(np.float64)
    assert joint.sum() == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(joint, joint.T)
    conditional = joint / joint.sum(axis=1, keepdims=True)
    entropy = -(conditional * np.log(np.where(conditional > 0, conditional, 1))).sum(axis=1)
    np.testing.assert_allclose(np.exp(entropy), 15, rtol=1e-3)


def test_gradient_is_that_of_the_divergence() -> None:
    """Central differences of the Kullback-Leibler divergence, whose gradient has a factor 4 in front."""
    rng = np.random.default_rng(0)
    attraction = affinities(blobs(30).astype(np.float64), 5)
    points = rng.normal(size=(30, 2)).astype(np.float32)
    gradient = 4 * gradient_of(points, attraction)
    width = 0.02
    for row, axis in [(0, 0), (7, 1), (29, 0)]:
        there, back = points.copy(), points.copy()
        there[row, axis] += width
        back[row, axis] -= width
        slope = (divergence(there, attraction) - divergence(back, attraction)) / (2 * width)
        assert gradient[row, axis] == pytest.approx(slope, abs=2e-4)


def test_blocks_do_not_change_the_gradient(monkeypatch: pytest.MonkeyPatch) -> None:
    attraction = affinities(blobs(50).astype(np.float64), 5)
    points = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    whole = gradient_of(points, attraction, 12.0)
    monkeypatch.setattr("embedlab.projection.gradient_descent._BLOCK", 350)  # six rows at a time, two left over
    np.testing.assert_allclose(gradient_of(points, attraction, 12.0), whole, atol=1e-5)


def test_a_list_of_pairs_attracts_as_their_table_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedlab.projection.gradient_descent._PAIRS", 300)
    attraction = affinities(blobs(50).astype(np.float64), 5)
    assert attraction.table is not None
    points = np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    whole = gradient_of(points, attraction, 12.0)
    np.testing.assert_allclose(gradient_of(points, attraction._replace(table=None), 12.0), whole, atol=1e-6)


@pytest.mark.parametrize("many", [0.0, 1.0])
def test_any_number_of_threads_gives_the_same_bytes(many: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedlab.projection.gradient_descent._MANY", many)
    monkeypatch.setattr("embedlab.projection.gradient_descent._BLOCK", 1000)
    monkeypatch.setattr("embedlab.projection.gradient_descent._PAIRS", 300)
    monkeypatch.setattr("embedlab.projection.gradient_descent._WORTH_THREADS", 0)
    maps = []
    for threads in (1, 2, 3):
        result = last(tsne(blobs(), iterations=100, threads=threads))
        maps.append((result.coordinates.tobytes(), result.divergence))
    assert maps[0] == maps[1] == maps[2]


def test_no_more_threads_work_than_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embedlab.projection.gradient_descent._WORTH_THREADS", 0)
    monkeypatch.setattr("embedlab.projection.gradient_descent._BLOCK", 1000)
    before = threading.active_count()
    for threads, allowed in ((1, {0}), (2, {1, 2})):  # beside the caller, who waits for them
        snapshots = tsne(blobs(), iterations=100, threads=threads)
        next(snapshots), next(snapshots)
        assert threading.active_count() - before in allowed
        snapshots.close()


def test_divergence_is_the_formula() -> None:
    attraction = affinities(blobs(20).astype(np.float64), 4)
    points = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    weights = 1 / (1 + ((points[:, None] - points[None]) ** 2).sum(axis=2))
    np.fill_diagonal(weights, 0)
    table = attraction.table
    p, q = table[table > 0].astype(np.float64), (weights / weights.sum())[table > 0]
    assert divergence(points, attraction) == pytest.approx(float((p * np.log(p / q)).sum()), abs=1e-5)


def test_tsne_is_as_trustworthy_as_scikit_learns() -> None:
    from sklearn.manifold import TSNE

    matrix = blobs(200)
    expected = TSNE(perplexity=20, init="pca", random_state=0).fit_transform(matrix)
    found = last(tsne(matrix, perplexity=20))
    assert found.trustworthiness > trustworthiness(matrix, expected) - 0.01
    assert found.divergence is not None


# How snapshots come -------------------------------------------------------------------------------------------------


def test_snapshots_begin_at_zero_and_the_divergence_falls() -> None:
    snapshots = list(tsne(blobs(), iterations=400, every=50))
    assert [snapshot.iteration for snapshot in snapshots] == list(range(0, 401, 50))
    assert snapshots[-1].divergence < 0.5 * snapshots[0].divergence
    assert {snapshot.method for snapshot in snapshots} == {"t-SNE"}
    assert all(0 <= snapshot.trustworthiness <= 1 for snapshot in snapshots)


def test_moments_are_close_together_where_each_part_begins() -> None:
    found = moments(750, 130)
    assert found == sorted(set(found))
    assert {0, 1, 2, 3, 250, 251, 252, 750} <= set(found)
    assert len(found) <= 131
    assert [snapshot.iteration for snapshot in tsne(blobs(), iterations=60, shown=moments(60, 10))] == moments(60, 10)
    assert moments(1, 130) == [0, 1]


def test_a_small_map_keeps_its_start_in_the_first_part() -> None:
    """Steps longer than the points can follow would make of it a tumble of no more trust than chance, about 0.5."""
    for snapshot in tsne(blobs(60), perplexity=15, shown=range(0, 250, 10)):
        assert snapshot.trustworthiness > 0.7, snapshot.iteration


def test_snapshots_are_read_only_copies() -> None:
    snapshots = tsne(blobs(), iterations=40, every=10)
    first = next(snapshots)
    before = first.coordinates.copy()
    list(snapshots)
    np.testing.assert_array_equal(first.coordinates, before)
    with pytest.raises(ValueError, match="read-only"):
        first.coordinates[0, 0] = 1
    assert first.coordinates.dtype == np.float32


def test_same_seed_same_bytes_and_another_seed_another_map() -> None:
    maps = [last(tsne(blobs(), seed=seed, iterations=300)).coordinates.tobytes() for seed in (3, 3, 4)]
    assert maps[0] == maps[1] != maps[2]


def test_a_random_start_is_another_map() -> None:
    pair = [last(tsne(blobs(), start=start, iterations=300)).coordinates for start in ("pca", "random")]
    assert not np.allclose(*pair)


def test_settings_are_checked_before_the_first_snapshot_is_asked_for() -> None:
    for settings in ({"perplexity": 0}, {"perplexity": float("nan")}, {"iterations": 0}, {"iterations": 10**9}):
        (name,) = settings
        with pytest.raises(InvalidSetting, match=f"{name}.* must be from 1 to .*Choose one in between"):
            tsne(blobs(), **settings)
    for settings, message in (
        ({"perplexity": float("inf")}, "must be from 1"),
        ({"every": 0}, "snapshots must be 1 or more; 0 is not"),
        ({"seed": -1}, "seed must be 0 or more; -1 is not"),
        ({"threads": 0}, "threads must be 1 or more; 0 is not"),
        ({"start": "middle"}, "must be one of pca, random; “middle” is not"),
    ):
        with pytest.raises(InvalidSetting, match=message):
            tsne(blobs(), **settings)


def test_a_perplexity_too_large_for_the_rows_is_lowered_and_said() -> None:
    result = last(tsne(blobs(31), perplexity=30, iterations=50))
    assert result.tsne_perplexity == 10
    assert result.note == "Perplexity 30 needs more than 90 words; for these 31, 10 was used."
    assert last(tsne(blobs(100), perplexity=30, iterations=5)).note == ""


def test_a_perplexity_with_more_pairs_than_fit_is_lowered_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[tsne.__module__], "_MOST_PAIRS", 1500)
    result = last(tsne(blobs(100), perplexity=30, iterations=5))
    assert result.tsne_perplexity == 5
    assert result.note == "Perplexity 30 is too much for 100 words; 5 was used."


def test_nearest_on_the_map_is_by_distance_without_the_row_itself() -> None:
    coordinates = np.array([[0, 0], [3, 0], [1, 0], [0, 2]], np.float32)
    found = Projection(coordinates, "PCA", coordinates.astype(np.float64))
    assert found.nearest(0) == [2, 3, 1]
    assert found.nearest(0, 1) == [2]


# Hard input ---------------------------------------------------------------------------------------------------------

REFUSED = {
    "identical rows": (np.ones((50, 8)), "here are 1"),
    "two different rows": (np.tile(np.eye(2, 8), (20, 1)), "here are 2"),
    "two rows": (np.eye(2, 8), "here are 2"),
    "no rows": (np.zeros((0, 8)), "here are 0"),
    "no dimensions": (np.zeros((8, 0)), "shape"),
    "one array of numbers": (np.arange(9.0), "shape"),
    "NaN": (np.where(np.eye(9, 4) > 0, np.nan, blobs(9, 4)), "Vector 1 holds NaN"),
    "infinity": (np.where(np.eye(9, 4, -2) > 0, np.inf, blobs(9, 4)), "Vector 3 holds NaN"),
    "above float32": (blobs(9, 4).astype(np.float64) * 1e300, "above 1e38"),
    "below float32": (blobs(9, 4).astype(np.float64) * 1e-300, "here are 1"),
}
DRAWN = {
    "three rows": np.eye(3, 5),
    "four rows": np.eye(4, 5),
    "constant rows": np.arange(40.0)[:, None] * np.ones((1, 6)),
    "half of the rows identical": np.concatenate([np.ones((40, 6)), blobs(40, 6)]),
    "many repeated rows": np.repeat(np.eye(3, 6), 30, axis=0),
    "values of 1e30": blobs(60, 6) * np.float32(1e30),
    "values of 1e-30": blobs(60, 6) * np.float32(1e-30),
    "one row of 1e30": np.concatenate([blobs(40, 6), np.full((1, 6), 1e30)]),
    "one dimension": np.arange(30.0)[:, None],
    "fewer rows than the perplexity": blobs(12, 6),
    "a far offset": blobs(60, 6) + 1e6,
    "a zero row": np.concatenate([np.zeros((1, 6)), blobs(40, 6)]),
    "float16": blobs(40, 6).astype(np.float16),
    "whole numbers": np.arange(60).reshape(20, 3) ** 2 % 17,
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_drawn_is_refused_with_a_reason(case: str) -> None:
    matrix, message = REFUSED[case]
    for draw in (pca, tsne):
        with pytest.raises(InvalidSetting, match=message):
            draw(matrix)


@pytest.mark.parametrize("case", DRAWN)
def test_what_can_be_drawn_gives_finite_coordinates(case: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for found in (pca(DRAWN[case]), last(tsne(DRAWN[case])), last(tsne(DRAWN[case], perplexity=2, start="random"))):
            assert found.coordinates.shape == (len(DRAWN[case]), 2)
            assert np.isfinite(found.coordinates).all()
            assert 0 <= found.trustworthiness <= 1


def test_coordinates_beyond_float32_are_refused_rather_than_infinite() -> None:
    with pytest.raises(EmbedlabError, match="extreme"):
        pca(blobs(60, 6) / np.abs(blobs(60, 6)).max() * np.float32(3.4e38))


def test_more_rows_than_can_be_drawn_are_refused() -> None:
    with pytest.raises(InvalidSetting, match="10,001 words are too many"):
        tsne(np.random.default_rng(0).normal(size=(MAX_TSNE_ROWS + 1, 2)))


# Axes of one's own --------------------------------------------------------------------------------------------------


def test_an_axis_leads_from_the_first_word_to_the_second(tiny_vectors: WordVectors) -> None:
    words = ["man", "woman", "king", "queen"]
    found = semantic_axes(tiny_vectors, [("man", "woman"), ("apple", "king")], words)
    unit = tiny_vectors.unit.astype(np.float64)
    gender = (unit[1] - unit[0]) / np.linalg.norm(unit[1] - unit[0])
    np.testing.assert_allclose(found.coordinates[:, 0], unit[:4] @ gender, atol=1e-6)
    assert found.axis_names == ("man → woman", "apple → king")
    assert found.coordinates[3, 0] > found.coordinates[2, 0], "the queen lies farther towards woman than the king"
    assert np.abs(found.coordinates).max() <= 1


def test_the_other_axis_of_a_single_pair_is_what_else_differs(tiny_vectors: WordVectors) -> None:
    found = semantic_axes(tiny_vectors, [("man", "woman")], ["man", "woman", "king", "queen", "apple"])
    correlation = np.corrcoef(found.coordinates.T)[0, 1]
    assert np.isfinite(found.coordinates).all()
    assert abs(correlation) < 1
    assert found.axis_names[1] == "where the words differ most besides"


def test_an_axis_of_several_pairs_is_the_mean_of_their_differences(tiny_vectors: WordVectors) -> None:
    pairs = [("man", "woman"), ("king", "queen")]
    unit = tiny_vectors.unit_vectors_of(["man", "woman", "king", "queen", "apple"]).astype(np.float64)
    found = semantic_axes(tiny_vectors, [pairs], ["man", "queen", "apple"])
    mean = (unit[1] - unit[0] + unit[3] - unit[2]) / 2
    np.testing.assert_allclose(found.coordinates[:, 0], unit[[0, 3, 4]] @ mean / np.linalg.norm(mean), atol=1e-6)
    one, other = ((b - a) / np.linalg.norm(b - a) for a, b in (unit[:2], unit[2:4]))
    assert agreement(tiny_vectors, pairs) == pytest.approx(one @ other)
    assert f"{one @ other:.2f}" in found.note
    with pytest.raises(InvalidSetting, match="cancel"):
        semantic_axes(tiny_vectors, [[("man", "woman"), ("woman", "man")]], ["man", "queen", "apple"])
    with pytest.raises(InvalidSetting, match="from two on"):
        agreement(tiny_vectors, pairs[:1])


@pytest.mark.parametrize("shape", [(30, 8), (5, 8), (40, 1)])
def test_the_plane_of_all_words_is_that_of_a_truncated_svd(shape: tuple[int, int]) -> None:
    matrix = np.random.default_rng(3).normal(size=shape).astype(np.float32) + 0.5
    vectors = WordVectors([f"w{i}" for i in range(len(matrix))], matrix, source="test")
    plane = svd_plane(vectors)
    _, _, right = np.linalg.svd(matrix.astype(np.float64), full_matrices=False)
    for axis, expected in enumerate(right[:2]):
        assert abs(plane[:, axis] @ expected) == pytest.approx(1, abs=1e-5)
    words = list(vectors.words[:4])
    places = on_plane(vectors, words, plane)
    np.testing.assert_allclose(places, matrix[:4].astype(np.float64) @ plane, rtol=1e-5, atol=1e-6)
    scaled = on_plane(vectors, words, plane, scaled=True)
    np.testing.assert_allclose(scaled, places / np.linalg.norm(places, axis=1, keepdims=True), atol=1e-6)


def test_axes_that_cannot_be_drawn_are_refused(tiny_vectors: WordVectors) -> None:
    words = ["man", "woman", "king"]
    with pytest.raises(InvalidSetting, match="one or two axes"):
        semantic_axes(tiny_vectors, [], words)
    with pytest.raises(InvalidSetting, match="same vector"):
        semantic_axes(tiny_vectors, [("man", "man")], words)
    with pytest.raises(InvalidSetting, match="at least three"):
        semantic_axes(tiny_vectors, [("man", "woman")], ["king", "queen"])
    with pytest.raises(UnknownWord) as caught:
        semantic_axes(tiny_vectors, [("man", "womam")], ["kingg", "queen"])
    assert caught.value.words == ("womam", "kingg")


@pytest.mark.parametrize("dimensions", [1, 2])
def test_one_or_two_numbers_are_drawn_as_they_are(dimensions: int) -> None:
    rows = np.random.default_rng(0).normal(3, 2, size=(7, dimensions)).astype(np.float32)
    drawn = flat(rows)
    assert drawn is not None
    assert np.array_equal(drawn.coordinates, np.pad(rows, ((0, 0), (0, 2 - dimensions))))
    assert drawn.trustworthiness == 1
    assert drawn.axis_names == ("first number", "second number" if dimensions == 2 else "")
    assert flat(rows[:1]).coordinates.shape == (1, 2)  # type: ignore[union-attr]


def test_two_different_rows_lie_on_a_line_at_their_distance_and_three_need_a_projection() -> None:
    rows = np.random.default_rng(0).normal(size=(3, 5)).astype(np.float32)
    drawn = flat(rows[[0, 1, 1, 0]])
    assert drawn is not None
    apart = float(np.linalg.norm(rows[0].astype(float) - rows[1]))
    assert drawn.coordinates.tolist() == [[0, 0], pytest.approx([apart, 0]), pytest.approx([apart, 0]), [0, 0]]
    assert flat(rows) is None
    with pytest.raises(InvalidSetting, match="NaN"):
        flat(np.full((2, 2), np.nan))
