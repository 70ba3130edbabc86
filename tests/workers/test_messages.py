"""Messages: what trainings take and yield comes back as it was, nothing else is made, shared arrays travel once."""

import io
import json
import struct
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import sparse

from embedlab.arrays import frozen
from embedlab.errors import InvalidSetting, TrainingError, UnknownWord
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.word2vec.config import RunConfig
from embedlab.text.corpus import Corpus, encode
from embedlab.vectors.word_vectors import WordVectors
from embedlab.workers.messages import Reader, Writer

KINDS = ["?", "i4", "i8", "f2", "f4", "f8", "<U3", ">f4"]
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda parts: st.lists(parts) | st.lists(parts).map(tuple) | st.dictionaries(st.text() | st.integers(), parts),
    max_leaves=20,
)


def sent(*values: Any) -> list[Any]:
    """The values after a way through one stream."""
    stream = io.BytesIO()
    writer = Writer(stream)
    for value in values:
        writer.send(value)
    stream.seek(0)
    reader = Reader(stream)
    found = [reader.receive() for _ in values]
    with pytest.raises(EOFError):
        reader.receive()
    return found


@given(PLAIN)
def test_plain_values_come_back(value: Any) -> None:
    (found,) = sent(value)
    assert repr(found) == repr(value)  # NaN is not equal to itself


@given(arrays.arrays(st.sampled_from(KINDS), arrays.array_shapes(min_dims=0, min_side=0)))
def test_arrays_come_back_bit_for_bit_and_cannot_be_changed(array: np.ndarray) -> None:
    ((found,),) = sent([array])
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert found.tobytes() == array.tobytes()
    assert not found.flags.writeable


def test_settings_texts_vectors_and_tables_come_back(tiny_vectors: WordVectors) -> None:
    text = encode("the king sees the queen and the queen sees the king again", "a text", min_count=1)
    table = sparse.csr_array(np.array([[0, 1.5], [2, 0]]))
    config, run, read, vectors, counted = sent(TenWordsConfig(epochs=7), RunConfig(), text, tiny_vectors, table)
    assert config == TenWordsConfig(epochs=7)
    assert run == RunConfig()
    assert isinstance(read, Corpus)
    assert read.vocabulary.words == text.vocabulary.words
    assert read.counts.tolist() == text.counts.tolist()
    assert read.steps == text.steps
    assert vectors.words == tiny_vectors.words
    assert vectors.matrix.tobytes() == tiny_vectors.matrix.tobytes()
    assert (counted != table).nnz == 0


def test_errors_keep_their_kind_message_and_what_they_carry() -> None:
    unknown, setting, training = sent(
        UnknownWord(["kin"], {"kin": ["king"]}, size=5),
        InvalidSetting("too large"),
        TrainingError("diverged", best=TenWordsConfig()),
    )
    assert type(unknown) is UnknownWord
    assert str(unknown) == "“kin” is not among the 5 words. Did you mean king?"
    assert unknown.suggestions == {"kin": ("king",)}
    assert type(setting) is InvalidSetting
    assert str(setting) == "too large"
    assert training.best == TenWordsConfig()


def test_read_only_arrays_and_long_tuples_of_words_travel_once() -> None:
    array, words = frozen(np.arange(100_000.0)), tuple(f"w{i}" for i in range(10_000))
    stream = io.BytesIO()
    writer = Writer(stream)
    writer.send({"array": array, "words": words})
    once = stream.tell()
    for _ in range(5):
        writer.send({"array": array, "words": tuple(words)})
    assert stream.tell() < 1.01 * once
    stream.seek(0)
    reader = Reader(stream)
    first, *others = (reader.receive() for _ in range(6))
    assert all(other["array"] is first["array"] and other["words"] is first["words"] for other in others)


def test_an_array_that_may_change_is_sent_again() -> None:
    array = np.zeros(100)
    stream = io.BytesIO()
    writer = Writer(stream)
    writer.send(array)
    array[0] = 1
    writer.send(array)
    stream.seek(0)
    reader = Reader(stream)
    assert [reader.receive()[0], reader.receive()[0]] == [0, 1]


def test_what_the_sender_has_let_go_the_receiver_lets_go() -> None:
    stream = io.BytesIO()
    writer = Writer(stream)
    for number in range(20):
        writer.send(frozen(np.full(1_000, number, dtype=np.float32)))
    stream.seek(0)
    reader = Reader(stream)
    assert [int(reader.receive()[0]) for _ in range(20)] == list(range(20))
    assert len(reader._known) <= 2


@pytest.mark.parametrize("value", [object(), {1, 2}, lambda: 0, np.array([object()]), 1j])
def test_other_things_cannot_be_sent(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be written"):
        Writer(io.BytesIO()).send(value)


@pytest.mark.parametrize(
    "node",
    [
        ["data", "os:system", ["dict"]],
        ["data", "embedlab.workers.processes:Workers", ["dict"]],
        ["data", "embedlab.errors:nothing", ["dict"]],
        ["error", "builtins:SystemExit", ["tuple"], ["dict"]],
        ["error", "embedlab.vectors.word_vectors:WordVectors", ["tuple"], ["dict"]],
    ],
)
def test_a_message_makes_nothing_but_the_packages_own_data_and_errors(node: Any) -> None:
    head = json.dumps([node, [], []]).encode()
    with pytest.raises(TypeError):
        Reader(io.BytesIO(struct.pack("<Q", len(head)) + head)).receive()


def test_a_message_cut_off_is_the_end() -> None:
    stream = io.BytesIO()
    Writer(stream).send(np.arange(50))
    for length in (3, 20, len(stream.getvalue()) - 1):
        with pytest.raises(EOFError):
            Reader(io.BytesIO(stream.getvalue()[:length])).receive()


@pytest.mark.parametrize(("kind", "shape"), [("|u1", [-1]), ("<f4", [2, -1]), ("<f4", [-1, -1])])
def test_an_array_of_negative_size_is_refused_and_takes_nothing_of_what_follows(kind: str, shape: list[int]) -> None:
    head = json.dumps([["array", 0, 0], [[kind, shape]], []]).encode()
    stream = io.BytesIO(struct.pack("<Q", len(head)) + head + bytes(64))
    with pytest.raises(ValueError, match="is not read"):
        Reader(stream).receive()
    assert len(stream.read()) == 64


def test_after_a_value_that_cannot_be_sent_others_arrive_whole() -> None:
    array, words = frozen(np.arange(100.0)), tuple(f"w{i}" for i in range(100))
    stream = io.BytesIO()
    writer = Writer(stream)
    with pytest.raises(TypeError):
        writer.send([array, words, object()])
    assert stream.getvalue() == b""
    writer.send([array, words])
    stream.seek(0)
    found = Reader(stream).receive()
    assert found[0].tobytes() == array.tobytes()
    assert found[1] == words


class Fragile(io.BytesIO):
    """A stream that takes a head and then no more."""

    def write(self, data: Any) -> int:
        if self.tell():
            raise MemoryError
        return super().write(data)


def test_after_a_message_that_was_written_in_part_nothing_more_is_written() -> None:
    stream = Fragile()
    writer = Writer(stream)
    with pytest.raises(MemoryError):
        writer.send(np.arange(100))
    written = stream.getvalue()
    assert written
    with pytest.raises(OSError, match="only in part"):
        writer.send("what would be taken for numbers")
    assert stream.getvalue() == written


class Sink(io.RawIOBase):
    """Takes everything and keeps nothing."""

    def write(self, data: Any) -> int:
        return memoryview(data).nbytes


def test_arrays_are_written_without_a_copy() -> None:
    array = frozen(np.zeros((1_000, 4_000), np.float32))  # 16 MB
    tracemalloc.start()
    try:
        Writer(Sink()).send(array)  # type: ignore[arg-type]
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_arrays_that_do_not_lie_in_one_piece_come_back() -> None:
    array = np.arange(24).reshape(4, 6)
    for part in (array.T, array[:, ::2], np.asfortranarray(array)):
        (found,) = sent(part)
        assert np.array_equal(found, part)
