"""Districts: groups that are there, names, places, the same seed."""

import numpy as np
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from embedlab.arrays import unit_rows
from embedlab.atlas.districts import divide
from embedlab.atlas.kept_maps import bundled_map
from embedlab.atlas.word_map import WordMap


def test_districts_are_the_groups_of_k_means_the_largest_first() -> None:
    rng = np.random.default_rng(0)
    truth = np.repeat(np.arange(4), [40, 100, 30, 60])
    unit = unit_rows((np.eye(4, 6)[truth] + rng.normal(scale=0.15, size=(230, 6))).astype(np.float32))
    positions = (np.eye(4, 2)[truth] + rng.normal(scale=0.02, size=(230, 2))).clip(-1, 1).astype(np.float32)
    words = [f"w{row}" for row in range(230)]
    found = divide(unit, words, positions)
    assert adjusted_rand_score(truth, found.numbers) == 1
    assert adjusted_rand_score(KMeans(4, random_state=0, n_init=4).fit_predict(unit), found.numbers) == 1
    sizes = np.bincount(found.numbers)
    assert (np.diff(sizes) <= 0).all()
    np.testing.assert_array_equal(found.of(unit), found.numbers)
    for number, (name, place) in enumerate(zip(found.names, found.places, strict=True)):
        rows = [words.index(word) for word in name.split(", ")]
        assert (found.numbers[rows] == number).all()
        assert np.abs(place - np.median(positions[found.numbers == number], axis=0)).max() < 0.05
    again = divide(unit, words, positions)
    np.testing.assert_array_equal(found.numbers, again.numbers)
    assert found.names == again.names


def test_a_name_prefers_frequent_words_among_equally_typical_ones() -> None:
    unit = np.repeat(np.eye(2, dtype=np.float32), 60, axis=0)
    found = divide(unit, [f"w{row}" for row in range(120)], np.zeros((120, 2), np.float32))
    assert sorted(found.names) == ["w0, w1", "w60, w61"]


def test_a_place_is_where_a_district_is_densest_not_its_mean() -> None:
    rng = np.random.default_rng(0)
    unit = np.tile(np.array([[1, 0]], np.float32), (60, 1))
    positions = rng.uniform(-1, 0, size=(60, 2)).astype(np.float32)
    positions[:25] = 0.9
    np.testing.assert_allclose(divide(unit, ["w"] * 60, positions).places, [[0.9, 0.9]], atol=1e-6)


def test_the_bundled_maps_have_forty_districts_with_names_of_their_own() -> None:
    for name in ("predicted", "counted"):
        found: WordMap = bundled_map(name)
        assert len(set(found.district_names)) == 40
        members = [[*map(found.index.__getitem__, named.split(", "))] for named in found.district_names]
        assert [{*found.districts[rows].tolist()} for rows in members] == [{number} for number in range(40)]
