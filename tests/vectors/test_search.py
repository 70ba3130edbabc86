"""Search against a reference that scores every row in float64: same rows, same numbers, ties by row."""

import os
import subprocess
import sys
import weakref

import numpy as np
import pytest

from embedlab.vectors import quantization, queries, search
from embedlab.vectors import word_vectors as vectors_module
from embedlab.vectors.quantization import Codes
from embedlab.vectors.queries import analogy, nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors

V, D = 3000, 80


def _random(rng):
    return rng.standard_normal((V, D))


def _clustered(rng):
    return rng.standard_normal((12, D))[rng.integers(0, 12, V)] + 1e-3 * rng.standard_normal((V, D))


def _duplicated(rng):
    return rng.standard_normal((V // 6, D))[rng.integers(0, V // 6, V)]


def _tied(rng):
    return rng.integers(-1, 2, (V, D))  # few different cosines: almost everything is a tie


def _tiny_norms(rng):
    return rng.standard_normal((V, D)) * 10.0 ** rng.integers(-38, 1, (V, 1))


def _huge_norms(rng):
    return rng.standard_normal((V, D)) * 10.0 ** rng.integers(0, 37, (V, 1))


def _zero_rows(rng):
    matrix = rng.standard_normal((V, D))
    matrix[rng.random(V) < 0.3] = 0
    return matrix


def _all_alike(rng):
    return np.tile(rng.standard_normal(D), (V, 1))


def _spiky(rng):
    return rng.standard_normal((V, D)) ** 9  # one number dwarfs the others: the worst case for one scale a row


KINDS = [_random, _clustered, _duplicated, _tied, _tiny_norms, _huge_norms, _zero_rows, _all_alike, _spiky]


def _vectors(matrix):
    return WordVectors([f"w{row}" for row in range(len(matrix))], matrix, source="test")


def _reference(vectors, direction, k, left_out=()):
    """(rows, cosines) by scoring everything in float64."""
    cosines = (vectors.unit.astype(np.float64) * direction).sum(axis=1).astype(np.float32)
    cosines[list(left_out)] = -np.inf
    rows = np.argsort(-cosines, kind="stable")[:k]
    return rows, cosines[rows]


@pytest.fixture(params=["float32", "codes", "codes without numkong", "codes on disk"])
def way(request, monkeypatch, tmp_path):
    """Every way to search; gives a function that puts a matrix where this way finds it."""
    monkeypatch.setattr(search, "LARGE", 10**12 if request.param == "float32" else 0)
    monkeypatch.setattr(vectors_module, "_BLOCK", 700 * D)  # several blocks, the last one short
    monkeypatch.setattr(quantization, "_CHUNK", 1100)
    if request.param == "codes without numkong":
        monkeypatch.setattr(search, "fast_product", lambda: None)
        monkeypatch.setattr(quantization, "fast_product", lambda: None)
    if request.param == "float32":
        return _vectors

    def on_disk(matrix):
        np.save(tmp_path / "matrix.npy", np.asarray(matrix, dtype=np.float32))
        return _vectors(np.load(tmp_path / "matrix.npy", mmap_mode="r"))

    if request.param != "codes":
        return on_disk
    if quantization.fast_product() is None:
        pytest.skip("numkong has no fast 8-bit product here")
    return _vectors


@pytest.mark.parametrize("kind", KINDS)
def test_1000_queries_equal_brute_force_in_rows_and_numbers(way, kind):
    rng = np.random.default_rng(7)
    vectors = way(kind(rng))
    reference = _vectors(vectors.matrix)
    for number in range(1000 // len(KINDS) + 1):
        direction = rng.standard_normal(D) if number % 2 else reference.unit[rng.integers(V)] + 1e-9
        direction = (direction / np.linalg.norm(direction)).astype(np.float32)
        k = int(rng.choice([1, 10, 50, 700]))
        left_out = rng.choice(V, size=int(rng.integers(0, 4)), replace=False)
        rows, cosines = search.nearest(vectors, direction, k, left_out)
        expected_rows, expected = _reference(reference, direction, k, left_out)
        np.testing.assert_array_equal(rows, expected_rows)
        np.testing.assert_array_equal(cosines, expected)


@pytest.mark.parametrize("dimensions", [1, 2, 3, 64, 65, 300, 513, 1041, 4096])
def test_every_number_of_dimensions(way, dimensions):
    rng = np.random.default_rng(dimensions)
    vectors = way(rng.standard_normal((500, dimensions)))
    reference = _vectors(vectors.matrix)
    for row in range(5):
        rows, cosines = search.nearest(vectors, reference.unit[row], 10)
        expected_rows, expected = _reference(reference, reference.unit[row], 10)
        np.testing.assert_array_equal(rows, expected_rows)
        np.testing.assert_array_equal(cosines, expected)


def test_questions_have_the_same_answers_in_every_way(way, monkeypatch):
    matrix = _duplicated(np.random.default_rng(3))
    matrix[5] = 0
    vectors = way(matrix)
    ask = {
        "neighbors": lambda v: nearest_neighbors(v, "w17", 12),
        "excluded": lambda v: nearest_neighbors(v, "w17", 12, exclude=["w3", "w999", "not there"]),
        "vector": lambda v: nearest_neighbors(v, matrix[17] * 1e-5, 12),
        "all": lambda v: nearest_neighbors(v, "w17", 10 * V),
        "analogy": lambda v: analogy(v, ["w1", "w2"], ["w4"], 12),
        "inputs kept": lambda v: analogy(v, ["w1", "w2"], ["w4"], 12, include_inputs=True),
        "3cosmul": lambda v: analogy(v, ["w1", "w2"], ["w4"], 12, method="3cosmul"),
        "3cosmul all": lambda v: analogy(v, ["w1", "w2"], ["w4", "w6"], V, method="3cosmul", include_inputs=True),
        "similarity": lambda v: queries.similarity(v, "w1", "w2"),
        "odd one": lambda v: queries.odd_one_out(v, ["w1", "w2", "w3", "w5"]),
    }
    answers = {name: question(vectors) for name, question in ask.items()}
    monkeypatch.setattr(search, "LARGE", 10**12)
    in_memory = _vectors(matrix)
    for name, question in ask.items():
        assert answers[name] == question(in_memory), name
    assert len(answers["all"]) == V - 1


def test_ties_come_in_the_order_of_the_words(way):
    vectors = way(np.tile([[1.0, 2.0, 3.0]], (200, 1)))
    assert [word for word, _ in nearest_neighbors(vectors, "w50", 5)] == ["w0", "w1", "w2", "w3", "w4"]
    assert [word for word, _ in analogy(vectors, ["w0"], ["w1"], 3, method="3cosmul")] == ["w2", "w3", "w4"]


def test_the_bounds_hold_for_every_row():
    rng = np.random.default_rng(0)
    for kind in KINDS:
        vectors = _vectors(kind(rng))
        coded = quantization.Codes(vectors)
        for direction in (*rng.standard_normal((5, D)), *vectors.unit[:5]):
            direction = (direction / (np.linalg.norm(direction) or 1)).astype(np.float32)
            exact = vectors.unit.astype(np.float64) @ direction
            guess, upper = coded.bounds(direction)
            assert (exact <= upper).all(), kind.__name__
            assert np.abs(guess - exact).max() <= (upper - guess).max(), kind.__name__
            for bar in np.quantile(exact, [0.1, 0.5, 0.99]):
                reaching = np.flatnonzero(exact >= bar)
                assert set(reaching) <= set(coded.narrow(np.arange(V), upper, direction, bar)), kind.__name__
            assert np.abs(vectors.unit @ direction - exact).max() <= search.rounding(D)


def test_turning_the_rows_changes_no_product():
    vectors = _vectors(_clustered(np.random.default_rng(4)))
    axes, width = quantization.principal_axes(vectors)
    np.testing.assert_allclose(axes.T @ axes, np.eye(D), atol=1e-6)
    turned = vectors.unit @ axes
    assert width == 64
    assert (turned[:, :width] ** 2).sum() > 0.99 * (turned**2).sum()  # 12 clusters: nearly all is in the head


def test_few_rows_are_scored_exactly():
    rng = np.random.default_rng(1)
    spectrum = np.arange(1, 101) ** -0.4
    vectors = _vectors(rng.standard_normal((50_000, 100)) * spectrum)
    coded, bar = quantization.Codes(vectors), np.sort(vectors.unit @ vectors.unit[0])[-10]
    upper = coded.bounds(vectors.unit[0])[1]
    first = np.flatnonzero(upper >= bar)
    assert len(first) < 5_000
    assert len(coded.narrow(first, upper[first], vectors.unit[0], bar)) < 200


def test_best_looks_at_all_that_can_be_among_the_best_and_little_more():
    rng = np.random.default_rng(5)
    for size in (1, 10, 999, 20_000):
        exact = rng.standard_normal(size)
        for k in {1, min(10, size), size}:
            looked: list[int] = []

            def score(rows, exact=exact, looked=looked):
                looked.extend(rows)
                return exact[rows]

            guess = (exact + rng.uniform(-0.02, 0.02, size)).astype(np.float32)
            rows, scores = search.best(guess, guess + np.float32(0.03), k, [], score)
            np.testing.assert_array_equal(rows, np.argsort(-exact.astype(np.float32), kind="stable")[:k])
            np.testing.assert_array_equal(scores, exact[rows].astype(np.float32))
            assert len(set(looked)) <= max(4 * k, 60)


def test_best_when_nearly_everything_is_left_out():
    exact = np.arange(1000.0)
    left_out = [row for row in range(1000) if row % 300]
    rows, _ = search.best(exact.copy(), exact + 0.1, 4, left_out, lambda rows: exact[rows])
    assert rows.tolist() == [900, 600, 300, 0]


def test_the_fast_product_equals_the_plain_one():
    product = quantization.fast_product()
    if product is None:
        pytest.skip("numkong has no fast 8-bit product here")
    rng = np.random.default_rng(0)
    for width in (1, 7, 100, 240, 241, 1040, 1041, 4096):
        table = rng.integers(-127, 128, (300, width), dtype=np.int8)
        table[0] = 127
        expected = quantization.plain_product(table, table[:1])
        np.testing.assert_array_equal(product(table, table[:1]), expected)
        np.testing.assert_array_equal(quantization.laid_out(table)(table[:1]), expected)


def test_codes_are_made_once_and_go_with_their_vectors(monkeypatch):
    monkeypatch.setattr(search, "LARGE", 0)
    vectors = _vectors(np.eye(4))
    codes = weakref.ref(vectors.once(Codes))
    assert vectors.once(Codes) is codes()
    del vectors
    assert codes() is None


def test_what_vectors_hold_cannot_be_replaced():
    vectors = _vectors(np.eye(4))
    for name in ("words", "matrix", "source"):
        with pytest.raises(AttributeError):
            setattr(vectors, name, None)


def test_preparing_makes_what_the_first_search_needs(monkeypatch):
    small, large = _vectors(np.eye(4) * 2), _vectors(np.eye(4) * 2)
    search.prepare(small)
    assert small.unit_ready is not None
    monkeypatch.setattr(search, "LARGE", 0)
    made = []
    monkeypatch.setattr(search, "fast_product", lambda: quantization.plain_product)
    monkeypatch.setattr(search, "Codes", lambda given: made.append(given) or Codes(given))
    search.prepare(large)
    assert large.unit_ready is None
    assert made == [large]


def test_large_stores_make_no_float32_copy_of_the_matrix(tmp_path, monkeypatch):
    monkeypatch.setattr(search, "LARGE", 0)
    np.save(tmp_path / "matrix.npy", np.random.default_rng(0).standard_normal((400, 8), dtype=np.float32))
    vectors = _vectors(np.load(tmp_path / "matrix.npy", mmap_mode="r"))
    nearest_neighbors(vectors, "w1")
    analogy(vectors, ["w1"], ["w2"])
    analogy(vectors, ["w1"], ["w2"], method="3cosmul")
    assert vectors.unit_ready is None


def test_unit_rows_equal_unit():
    for kind in KINDS:
        matrix = kind(np.random.default_rng(2))
        rows = [0, 7, 2999]
        np.testing.assert_array_equal(_vectors(matrix).unit_rows(rows), _vectors(matrix).unit[rows])
        lengths = np.linalg.norm(_vectors(matrix).unit.astype(np.float64), axis=1)
        assert np.all((np.abs(lengths - 1) < 1e-6) | (lengths == 0))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forking is of Linux and macOS")
def test_a_forked_process_searches_with_threads_of_its_own() -> None:
    script = """
import os, signal
import numpy as np
from embedlab.vectors.quantization import Codes
from embedlab.vectors.word_vectors import WordVectors

codes = Codes(WordVectors(["a", "b", "c"], np.eye(3), source=""))
query = np.array([1, 0, 0], np.float32)
codes.bounds(query)  # makes the pool
child = os.fork()
if not child:
    signal.alarm(60)  # ends a child that waits for threads it does not have
    os._exit(int(codes.bounds(query)[0].argmax()))
os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
