"""The shared shelf of loaded vectors: one load for many, bounded, oldest out first, each visitor's own kept apart."""

import gc
import threading
import time
import weakref

import numpy as np
import pytest

from embedlab.errors import NotEnoughMemory, VectorFileError
from embedlab.library import shelf
from embedlab.library.shelf import Holdings, expected_bytes, held_bytes
from embedlab.vectors import search
from embedlab.vectors.word_vectors import WordVectors

SIZE = held_bytes(WordVectors(["a", "b"], np.eye(2), source="test"))


def vectors(source: str = "test") -> WordVectors:
    return WordVectors(["a", "b"], np.eye(2), source=source)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def bounded(sets: int) -> tuple[Holdings, Clock]:
    """Room for a number of tiny sets."""

    def check(needed: int, what: str, *, held: int = 0, present: int = 0) -> None:
        if held + needed > sets * SIZE:
            raise NotEnoughMemory(f"{what} needs {needed} bytes.")

    clock = Clock()
    return Holdings(check=check, clock=clock), clock


def put(held: Holdings, *keys: str) -> None:
    for key in keys:
        held.open(key, lambda: (vectors(), None), needs=SIZE, name=key)


def keys(held: Holdings) -> list[object]:
    return [one.key for one in held.held]


def test_many_visitors_at_once_cause_one_load() -> None:
    held, loads = Holdings(), []

    def load() -> tuple[WordVectors, None]:
        loads.append(1)
        time.sleep(0.1)
        return vectors(), None

    found: list[WordVectors] = []
    visitors = [
        threading.Thread(target=lambda: found.append(held.open("x", load, needs=SIZE, name="x").vectors))
        for _ in range(8)
    ]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(10)
    assert len(loads) == 1
    assert len(found) == 8
    assert len({id(one) for one in found}) == 1


def test_different_sets_load_at_the_same_time() -> None:
    held, both = Holdings(), threading.Barrier(2, timeout=10)

    def load() -> tuple[WordVectors, None]:
        both.wait()  # breaks if the other one has to wait
        return vectors(), None

    visitors = [threading.Thread(target=lambda key=key: held.open(key, load, needs=1, name=key)) for key in ("x", "y")]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(20)
    assert {one.key for one in held.held} == {"x", "y"}


def test_a_load_that_fails_leaves_nothing_and_can_be_tried_again() -> None:
    held, _ = bounded(2)

    def fail() -> tuple[WordVectors, None]:
        raise VectorFileError("damaged")

    with pytest.raises(VectorFileError):
        held.open("x", fail, needs=SIZE, name="x")
    put(held, "x")
    assert keys(held) == ["x"]


def test_the_least_recently_used_goes_first() -> None:
    held, _ = bounded(3)
    put(held, "a", "b", "c")
    held.find("a")
    put(held, "d")
    assert keys(held) == ["c", "a", "d"]
    assert held.bytes == 3 * SIZE


def test_what_can_never_fit_is_refused_politely() -> None:
    held, _ = bounded(1)
    with pytest.raises(NotEnoughMemory, match="big needs"):
        held.open("big", lambda: (vectors(), None), needs=2 * SIZE, name="big")
    assert held.bytes == 0


def test_room_for_what_is_being_loaded_is_taken() -> None:
    held, _ = bounded(2)
    refused = []

    def load() -> tuple[WordVectors, None]:
        with pytest.raises(NotEnoughMemory):
            held.open("other", lambda: (vectors(), None), needs=2 * SIZE, name="other")
        refused.append(1)
        return vectors(), None

    held.open("x", load, needs=SIZE, name="x")
    assert refused
    held.open("other", lambda: (vectors(), None), needs=2 * SIZE, name="other")


def test_own_sets_stay_while_their_owner_is_here() -> None:
    held, clock = bounded(2)
    put(held, "shared")
    held.put(("anna", "x"), vectors(), None, name="x", owner="anna")
    held.put(("bert", "x"), vectors(), None, name="x", owner="bert")
    assert keys(held) == [("anna", "x"), ("bert", "x")]  # the shared one went
    with pytest.raises(NotEnoughMemory):
        put(held, "shared")
    clock.now += 700
    held.find(("bert", "x"))
    put(held, "shared")
    assert keys(held) == [("bert", "x"), "shared"]  # anna had not looked for ten minutes
    held.leave("bert")
    assert keys(held) == ["shared"]


def test_replacing_one_s_own_set_needs_no_second_room() -> None:
    held, _ = bounded(1)
    held.put("x", vectors("first"), None, name="x", owner="anna")
    held.put("x", vectors("second"), None, name="x", owner="anna")
    assert held.held[0].vectors.source == "second"
    with pytest.raises(NotEnoughMemory):
        held.put("x", WordVectors([str(i) for i in range(99)], np.ones((99, 9)), source="big"), None, name="x")
    assert held.held[0].vectors.source == "second"  # the last good one stays


def test_what_is_in_memory_already_is_not_asked_of_the_machine_again() -> None:
    asked: list[tuple[int, int]] = []
    held = Holdings(check=lambda needed, what, *, held=0, present=0: asked.append((needed, present)))
    put(held, "x")
    before, after = asked
    assert before == (SIZE, 0)  # nothing is loaded yet
    assert after == (SIZE, SIZE - np.eye(2, dtype=np.float32).nbytes)  # but the unit rows, which the first search makes


def test_others_are_counted_for_ten_minutes() -> None:
    held, clock = bounded(3)
    put(held, "x")
    held.find("x", user="anna")
    held.find("x", user="bert")
    assert held.others("x", "anna") == 2  # bert, and the one who loaded it
    clock.now += 700
    assert held.others("x", "anna") == 0
    assert held.others("not there", "anna") == 0


def test_what_is_dropped_is_freed() -> None:
    held = Holdings()
    put(held, "x")
    alive = weakref.ref(held.held[0].vectors)
    held.drop("x")
    gc.collect()
    assert alive() is None


def test_numbers_left_on_disk_do_not_count(tmp_path, monkeypatch) -> None:
    words, matrix = [str(i) for i in range(100)], np.ones((100, 50), np.float32)
    np.save(tmp_path / "m.npy", matrix)
    on_disk = WordVectors(words, np.load(tmp_path / "m.npy", mmap_mode="r"), source="disk")
    assert held_bytes(WordVectors(words, matrix, source="memory")) - held_bytes(on_disk) == matrix.nbytes
    assert held_bytes(on_disk) == expected_bytes(100, 50)
    monkeypatch.setattr(search, "LARGE", 0)
    assert held_bytes(on_disk) == expected_bytes(100, 50) == 100 * (shelf.WORD_BYTES + 50 + 12 + 36)
