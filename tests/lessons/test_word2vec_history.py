"""What snapshots say together: means by hand, cosines and planes against scikit-learn, and pictures of them."""

import numpy as np
import pytest

from embedlab.charts.lines import Line, Mark, lines
from embedlab.charts.theme import LIGHT
from embedlab.lessons.word2vec.history import (
    RunHistory,
    main_direction,
    mean_similarity,
    on_one_plane,
    similarities_over_time,
)
from embedlab.lessons.word2vec.run import RunSnapshot
from embedlab.library import bundled

WORDS = ("king", "queen", "apple")


def snapshot(seen: int, loss: float, neighbors: str, seconds: float = 0.0) -> RunSnapshot:
    """One method's state; neighbors of the one watched word as letters."""
    vectors = np.random.default_rng(seen).normal(size=(1, 3, 4)).astype(np.float16)
    return RunSnapshot(seen, (seconds,), (loss,), ((tuple(neighbors),),), (None,), vectors, ())


@pytest.fixture
def history() -> RunHistory:
    """Two passes over 100 words, looked at four times in each."""
    found = [(0, 9.0, "xyz"), (25, 8.0, "xyz"), (50, 6.0, "axy"), (75, 4.0, "abx"), (100, 2.0, "abx")]
    found += [(125, 2.0, "abc"), (150, 1.0, "cab"), (175, 1.0, "abc"), (200, 1.0, "abc")]
    return RunHistory(("one",), WORDS, [snapshot(*each, seconds=each[0] / 10) for each in found], 2)


def test_the_loss_of_a_pass_is_the_mean_over_that_pass_alone(history: RunHistory) -> None:
    assert history.pass_losses(0) == [(8 + 6 + 4 + 2) / 4, (2 + 1 + 1 + 1) / 4]


def test_agreement_is_the_share_of_the_final_neighbors_found_so_far(history: RunHistory) -> None:
    assert history.agreement(0, 0) == pytest.approx([0, 0, 1 / 3, 2 / 3, 2 / 3, 1, 1, 1, 1])
    assert history.seconds_until(0, 0, 0.5) == 7.5
    assert history.seconds_until(0, 0, 1.1) is None


def test_vectors_follow_the_words_asked_for(history: RunHistory) -> None:
    found = history.vectors(0, ["apple", "king"])
    assert found.shape == (9, 2, 4)
    assert found[3, 0].tolist() == history.snapshots[3].vectors[0][2].tolist()
    assert np.isnan(history.truths(0)).all()


def test_similarities_are_scikit_learns() -> None:
    from sklearn.metrics.pairwise import cosine_similarity

    vectors = np.random.default_rng(1).normal(size=(5, 3, 8)).astype(np.float32)
    pairs = similarities_over_time(vectors, WORDS)
    assert list(pairs) == [("king", "queen"), ("king", "apple"), ("queen", "apple")]
    for s in range(5):
        table = cosine_similarity(vectors[s])
        assert pairs[("king", "apple")][s] == pytest.approx(table[0, 2], abs=1e-6)
        assert mean_similarity(vectors)[s] == pytest.approx((table.sum() - 3) / 6, abs=1e-6)
    vectors[0, 0] = 0
    assert np.isnan(similarities_over_time(vectors, WORDS)[("king", "queen")][0])


def test_the_plane_is_the_last_snapshots_pca_and_the_same_for_all() -> None:
    from sklearn.decomposition import PCA

    vectors = np.random.default_rng(2).normal(size=(4, 20, 6)) * [5, 3, 1, 1, 1, 1]
    coordinates, shown = on_one_plane(vectors)
    theirs = PCA(2).fit(vectors[-1])
    for s in (0, 3):
        expected = theirs.transform(vectors[s])
        assert np.abs(coordinates[s]) == pytest.approx(np.abs(expected), abs=1e-4)
    assert shown == pytest.approx(theirs.explained_variance_ratio_.sum())
    flat, all_of_it = on_one_plane(np.zeros((2, 3, 5)))
    assert not flat.any()
    assert all_of_it == 1.0


def test_names_at_the_ends_of_lines_keep_apart_and_a_log_axis_leaves_zero_out() -> None:
    x = np.array([0.0, 10.0, 100.0])
    given = [Line(name, x, np.array([0, 0.5, 0.8 + i / 1000])) for i, name in enumerate("abcd")]
    marks = [Mark("a level", 0.3)]
    other = Line("e", x, x / 100)
    chart = lines(
        given,
        x_title="x",
        y_title="y",
        theme=LIGHT,
        marks=marks,
        log_x=True,
        other=other,
        y_range=(0.0, 1.0),
        height=200,
    )
    layers = chart["layer"]
    names = [row for layer in layers for row in layer["data"].get("values", []) if set(row) == {"name", "y"}]
    places = sorted(row["y"] for row in names if row["name"] in "abcde")
    assert len(places) == 5
    assert min(np.diff(places)) * 200 >= 13.9  # pixels: a line of text is 14 high
    drawn = next(layer for layer in layers if layer["mark"]["type"] == "line")
    assert min(row["x"] for row in drawn["data"]["values"]) == 10
    assert drawn["encoding"]["x"]["scale"]["type"] == "log"
    assert any(row["name"] == "a level" for row in names)


def test_the_first_distinction_of_the_real_run_holds_most_at_a_million_words() -> None:
    movie = bundled.movie()
    shares = [main_direction(moment, movie.words).share for moment in movie.vectors]
    at = int(np.argmax(shares))
    assert 900_000 < movie.words_seen[at] < 1_200_000
    assert shares[at] > 0.6 > 4 * max(shares[0], shares[-1])


def test_the_main_direction_of_words_on_a_line_holds_all() -> None:
    line = np.array([[3.0, 4.0], [-6.0, -8.0], [0.3, 0.4], [-3.0, -4.0]])
    share, low, high = main_direction(line, ("a", "b", "c", "d"), 2)
    assert share == pytest.approx(1)
    assert {frozenset(low), frozenset(high)} == {frozenset("ac"), frozenset("bd")}
    assert main_direction(np.eye(4), tuple("abcd"), 1).share == pytest.approx(1 / 4)


def test_levels_on_a_logarithmic_axis_keep_their_names_at_their_heights() -> None:
    x = np.array([1.0, 1_000.0])
    given = [Line("up", x, x), Line("level", x, np.array([10.0, 10.0]))]
    chart = lines(given, x_title="x", y_title="y", theme=LIGHT, log_x=True, log_y=True, y_range=(1.0, 1_000.0))
    places = {
        row["name"]: row["y"]
        for layer in chart["layer"]
        for row in layer["data"].get("values", [])
        if set(row) == {"name", "y"}
    }
    assert places["up"] == pytest.approx(1_000)
    assert places["level"] == pytest.approx(10)
