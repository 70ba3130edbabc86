"""The memory-mapped store: what was written comes back, or it is noticed and built anew."""

import errno
import multiprocessing
import os
import threading
from pathlib import Path

import numpy as np
import pytest

from embedlab.formats import LoadReport, read_vectors
from embedlab.library import store
from embedlab.library.store import StoreDamaged, open_or_build, open_store, write_store
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors


@pytest.fixture
def loaded(tmp_path: Path) -> tuple[WordVectors, LoadReport]:
    rng = np.random.default_rng(5)
    path = tmp_path / "made.txt"
    path.write_text("".join(f"w{i} {' '.join(map(str, row))}\n" for i, row in enumerate(rng.normal(size=(300, 8)))))
    return read_vectors(path, name="made.txt")


@pytest.fixture
def folder(tmp_path: Path, loaded: tuple[WordVectors, LoadReport]) -> Path:
    folder = tmp_path / "kept" / "made"
    write_store(*loaded, folder)
    return folder


def test_what_was_written_comes_back_memory_mapped(folder: Path, loaded: tuple[WordVectors, LoadReport]) -> None:
    vectors, report = open_store(folder)
    assert isinstance(vectors.matrix, np.memmap)
    assert not vectors.matrix.flags.writeable
    assert vectors.words == loaded[0].words
    assert vectors.matrix.tobytes() == loaded[0].matrix.tobytes()
    assert vectors.source == loaded[0].source
    assert report == loaded[1]
    assert nearest_neighbors(vectors, "w7") == nearest_neighbors(loaded[0], "w7")
    assert len(vectors.restrict(10)) == 10


@pytest.mark.parametrize("file", ["matrix.npy", "words.json", "about.json"])
def test_any_flipped_bit_is_noticed(file: str, folder: Path) -> None:
    path = folder / file
    whole = path.read_bytes()
    rng = np.random.default_rng(1)
    for position in [0, 1, len(whole) - 2, len(whole) - 3, *rng.integers(0, len(whole) - 1, 60).tolist()]:
        path.write_bytes(whole[:position] + bytes([whole[position] ^ 1 << position % 8]) + whole[position + 1 :])
        with pytest.raises(StoreDamaged):
            open_store(folder)
    path.write_bytes(whole)
    open_store(folder)


@pytest.mark.parametrize("file", ["matrix.npy", "words.json", "about.json"])
def test_any_truncation_is_noticed(file: str, folder: Path) -> None:
    path = folder / file
    whole = path.read_bytes()
    for length in (0, 1, len(whole) // 2, len(whole) - 20, len(whole) - 2):
        path.write_bytes(whole[:length])
        with pytest.raises(StoreDamaged):
            open_store(folder)
    path.write_bytes(whole + b"x")
    with pytest.raises(StoreDamaged):
        open_store(folder)
    path.unlink()
    with pytest.raises(StoreDamaged, match="missing or damaged"):
        open_store(folder)


def test_a_damaged_store_is_built_anew_and_not_served(folder: Path, loaded: tuple[WordVectors, LoadReport]) -> None:
    (folder / "matrix.npy").write_bytes(b"")
    built = []

    def build() -> tuple[WordVectors, LoadReport]:
        built.append(1)
        return loaded

    for _ in range(2):
        vectors, _ = open_or_build(folder, build)
        assert vectors.matrix.tobytes() == loaded[0].matrix.tobytes()
    assert built == [1]
    assert [path.name for path in folder.parent.iterdir() if not path.name.endswith(".lock")] == ["made"]


def test_a_replaced_source_is_noticed(tmp_path: Path) -> None:
    source, folder = tmp_path / "v.txt", tmp_path / "kept" / "v"
    for word in ("old", "new1"):
        source.write_text(f"{word} 1 2\n")
        vectors, _ = open_or_build(
            folder, lambda: read_vectors(source, name="v.txt"), key=str(source.stat().st_mtime_ns)
        )
        assert vectors.words == (word,)


def test_an_open_store_outlives_its_replacement(folder: Path, loaded: tuple[WordVectors, LoadReport]) -> None:
    before, _ = open_store(folder)
    write_store(WordVectors(["x"], np.ones((1, 2)), source="other"), loaded[1], folder)
    assert before.matrix.tobytes() == loaded[0].matrix.tobytes()
    assert open_store(folder)[0].words == ("x",)


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_where_nothing_can_be_written_the_vectors_are_served_all_the_same(
    error: int, tmp_path: Path, loaded: tuple[WordVectors, LoadReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: int) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(store.os, "fsync", fail)
    vectors, report = open_or_build(tmp_path / "kept" / "v", lambda: loaded)
    assert vectors is loaded[0]
    assert report.notes[-1].startswith("Not kept for next time: the ")
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [".v.lock"]


def test_a_folder_that_cannot_be_made_does_not_stop_a_load(
    tmp_path: Path, loaded: tuple[WordVectors, LoadReport]
) -> None:
    (tmp_path / "file").write_text("in the way")
    vectors, report = open_or_build(tmp_path / "file" / "v", lambda: loaded)
    assert vectors is loaded[0]
    assert "Not kept" in report.notes[-1]


def test_errors_of_the_build_come_through_and_leave_nothing(tmp_path: Path) -> None:
    asked = []

    def build() -> tuple[WordVectors, LoadReport]:
        asked.append(1)
        raise FileNotFoundError("gone")

    with pytest.raises(FileNotFoundError):
        open_or_build(tmp_path / "v", build)
    assert asked == [1]
    assert [path.name for path in tmp_path.iterdir()] == [".v.lock"]


def test_of_many_that_ask_at_once_one_builds(tmp_path: Path, loaded: tuple[WordVectors, LoadReport]) -> None:
    built, got = [], []

    def build() -> tuple[WordVectors, LoadReport]:
        built.append(1)
        return loaded

    def ask() -> None:
        got.append(open_or_build(tmp_path / "v", build)[0].words)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert built == [1]
    assert got == [loaded[0].words] * 8


def _die_while_writing(folder: Path, loaded: tuple[WordVectors, LoadReport]) -> None:
    store.os.fsync = lambda _: os._exit(9)  # the process is killed before anything is renamed
    write_store(*loaded, folder)


def test_what_a_killed_writer_leaves_is_swept(folder: Path, loaded: tuple[WordVectors, LoadReport]) -> None:
    process = multiprocessing.get_context("fork").Process(target=_die_while_writing, args=(folder, loaded))
    process.start()
    process.join()
    assert process.exitcode == 9
    assert list(folder.parent.glob(".made.part-*"))
    assert open_store(folder)[0].words == loaded[0].words  # the old one is whole
    write_store(*loaded, folder)
    assert not list(folder.parent.glob(".made.part-*"))
