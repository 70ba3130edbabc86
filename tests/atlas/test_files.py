"""Files and bytes of maps: round trips, what is damaged or hostile, what is kept for the next visit."""

import json
import struct
import tracemalloc
import zipfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.atlas import kept_maps
from embedlab.atlas.files import map_bytes, read_map
from embedlab.atlas.layout import LayoutProgress, lay_out
from embedlab.atlas.word_map import WordMap, from_whole, to_bytes, whole
from embedlab.errors import VectorFileError
from embedlab.library import bundled
from embedlab.vectors.word_vectors import WordVectors
from embedlab.workers.processes import IN_PROCESS, Workers, outcomes
from tests.test_architecture import HEAVY, modules_after


def same(one: WordMap, other: WordMap) -> bool:
    return all(np.array_equal(getattr(one, f.name), getattr(other, f.name)) for f in fields(WordMap))


def parts_of(data: bytes) -> dict[str, Any]:
    """What a browser finds in the bytes."""
    (length,) = struct.unpack("<I", data[:4])
    head = json.loads(data[4 : 4 + length])
    count, start = head["words"] + len(head["districts"]), 4 + length
    assert start % 4 == 0
    xy = np.frombuffer(data, "<i2", 2 * count, start).reshape(-1, 2)
    levels = np.frombuffer(data, "u1", count, start + 4 * count)
    return head | {"xy": xy, "levels": levels, "all": data[start + 5 * count :].decode().split("\n")}


def test_bytes_hold_the_whole_map(laid: WordMap) -> None:
    found = parts_of(to_bytes(laid))
    np.testing.assert_array_equal(from_whole(found["xy"][:500]), laid.positions)
    np.testing.assert_allclose(from_whole(found["xy"][500:]), laid.district_places, atol=1 / 32_767)
    np.testing.assert_array_equal(found["levels"], laid.levels)
    assert tuple(found["all"]) == laid.words
    assert tuple(found["districts"]) == laid.district_names


@pytest.mark.parametrize("name", ["predicted", "counted"])
def test_bytes_of_the_bundled_maps_are_small(name: kept_maps.Name) -> None:
    found = kept_maps.bundled_map(name)
    assert len(to_bytes(found)) <= 800_000
    assert bundled.registry()[kept_maps.map_file(name)]["bytes"] <= 340_000


def test_words_with_line_ends_or_half_letters_do_not_shift_the_others(laid: WordMap) -> None:
    words = ("a\nb", "\ud800", *laid.words[2:])
    assert parts_of(to_bytes(replace(laid, words=words)))["all"] == ["a b", "?", *laid.words[2:]]


def test_a_file_brings_back_the_same_map(laid: WordMap, tmp_path: Path) -> None:
    path = tmp_path / "map.npz"
    path.write_bytes(map_bytes(laid, key="made of this"))
    found = read_map(path)
    assert same(found.word_map, laid)
    assert found.key == "made of this"
    path.write_bytes(map_bytes(laid, with_words=False))
    assert same(read_map(path, laid.words).word_map, laid)
    for words in (None, laid.words[1:], ("the",) * 500):
        with pytest.raises(VectorFileError, match=r"map\.npz is no map of embedlab, or a damaged one"):
            read_map(path, words)


def rewritten(path: Path, **changes: Any) -> None:
    """The file with other arrays, or without those that are None."""
    with np.load(path, allow_pickle=False) as file:
        parts = dict(file) | changes
    np.savez_compressed(path, **{name: part for name, part in parts.items() if part is not None})


def about(path: Path, **changes: Any) -> np.ndarray:
    with np.load(path, allow_pickle=False) as file:
        facts = json.loads(file["about"].tobytes()) | changes
    return np.frombuffer(json.dumps(facts).encode(), np.uint8)


def test_files_that_do_not_agree_with_themselves_are_refused(laid: WordMap, tmp_path: Path) -> None:
    path, whole_file = tmp_path / "map.npz", map_bytes(laid)
    path.write_bytes(whole_file)
    texts = [json.dumps(words).encode() for words in (["a"] * 500, [*laid.words[1:], ""], [*laid.words[1:], 3], {})]
    changes: list[dict[str, Any]] = [
        *({"words": np.frombuffer(text, np.uint8)} for text in texts),
        {"districts": laid.districts + np.uint8(200)},
        {"districts": laid.districts[1:]},
        {"kept_counts": laid.kept_counts + np.uint8(11)},
        {"positions": np.full((500, 2), -32_768, np.int16)},
        {"positions": laid.positions},
        {"positions": whole(laid.positions).astype(object)},
        {"district_places": np.full_like(laid.district_places, np.nan)},
        {"kept": None},
        {"levels": laid.levels[1:]},
        {"surplus": laid.kept_counts},
        {"about": np.frombuffer(b"{", np.uint8)},
        {"about": np.frombuffer(b"[" * 100_000, np.uint8)},
        *({"about": about(path, **change)} for change in ({"version": 1}, {"laid_out": 501}, {"laid_out": 0},
          {"seed": "0"}, {"seed": -1}, {"source": None}, {"district_names": []}, {"district_names": [1]})),
    ]  # fmt: skip
    for change in changes:
        path.write_bytes(whole_file)
        rewritten(path, **change)
        with pytest.raises(VectorFileError, match=r"map\.npz is no map"):
            read_map(path)
    with pytest.raises(VectorFileError, match=r"missing\.npz"):
        read_map(tmp_path / "missing.npz")


def test_a_header_that_asks_for_more_than_is_there_takes_no_memory(laid: WordMap, tmp_path: Path) -> None:
    path = tmp_path / "map.npz"
    header = b"{'descr': '<i2', 'fortran_order': False, 'shape': (1000000000000, 2), }\n"
    for hostile in (
        b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header,
        b"\x93NUMPY\x01\x00" + struct.pack("<H", 60_000) + b"(" * 60_000,
        b"\x93NUMPY\x01\x00" + struct.pack("<H", 900) + b"(" * 900,
        bytes(100_000_000),
        b"",
    ):
        path.write_bytes(map_bytes(laid))
        with zipfile.ZipFile(path) as archive:
            others = {info.filename: archive.read(info) for info in archive.infolist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in (others | {"positions.npy": hostile}).items():
                archive.writestr(name, data)
        tracemalloc.start()
        with pytest.raises(VectorFileError, match="no map"):
            read_map(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
        tracemalloc.stop()


@settings(max_examples=60)
@given(data=st.data())
def test_a_flipped_or_cut_file_is_refused_or_the_same(laid: WordMap, tmp_path_factory: Any, data: Any) -> None:
    good = bytearray(map_bytes(laid))
    at = data.draw(st.integers(0, len(good) - 1))
    bad = good[:at] if data.draw(st.booleans()) else good[:at] + bytes([good[at] ^ 0x55]) + good[at + 1 :]
    path = tmp_path_factory.getbasetemp() / "flipped.npz"
    path.write_bytes(bad)
    try:
        found = read_map(path)
    except VectorFileError:
        return
    assert same(found.word_map, laid)


def test_bundled_maps_belong_to_the_bundled_vectors() -> None:
    for name, vectors in (("predicted", bundled.bundled_vectors()), ("counted", bundled.counted_vectors())):
        assert kept_maps.find_map(vectors) is kept_maps.bundled_map(name)  # type: ignore[arg-type]
    renamed = bundled.counted_vectors().restrict(15_000)
    assert kept_maps.find_map(renamed) is None


def test_a_bundled_map_opens_without_vectors_or_large_libraries() -> None:
    code = (
        "from embedlab.atlas import kept_maps, comparing, oddities, word_map\n"
        "found = kept_maps.bundled_map('predicted')\n"
        "word_map.to_bytes(found)\n"
    )
    assert not modules_after(code) & (HEAVY | {"scipy.spatial", "streamlit"})


@pytest.mark.parametrize("in_process", ["0", "1"])
def test_a_loaded_set_is_laid_out_elsewhere_and_kept(
    few: WordVectors, laid: WordMap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_process: str
) -> None:
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path))
    monkeypatch.setenv(IN_PROCESS, in_process)
    vectors = few.restrict(80)
    assert kept_maps.find_map(vectors) is None
    workers = Workers()
    *steps, last = kept_maps.lay_out_elsewhere(vectors, workers.run)
    workers.close()
    assert isinstance(last, WordMap)
    assert sum(isinstance(step, LayoutProgress) for step in steps) > 30
    kept = kept_maps.find_map(vectors)
    assert kept is not None
    assert same(kept, last)
    assert kept.words is vectors.words
    *_, directly = lay_out(vectors)
    assert isinstance(directly, WordMap)
    assert same(directly, last)
    other = WordVectors(vectors.words, vectors.matrix[::-1], source=vectors.source)
    assert kept_maps.find_map(other) is None


def test_a_kept_map_that_is_damaged_or_of_other_vectors_is_not_found(
    few: WordVectors, laid: WordMap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path))
    assert kept_maps.keep(laid, few)
    (path,) = (tmp_path / "maps").glob("*.npz")
    assert kept_maps.find_map(few) is not None
    path.write_bytes(map_bytes(laid, key="another"))
    assert kept_maps.find_map(few) is None
    path.write_bytes(map_bytes(laid, key=kept_maps.checksum(few))[:-50])
    assert kept_maps.find_map(few) is None
    monkeypatch.setenv("EMBEDLAB_HOME", str(path))  # a file, no folder
    assert not kept_maps.keep(laid, few)


def test_only_so_many_maps_are_kept(
    few: WordVectors, laid: WordMap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path))
    monkeypatch.setattr(kept_maps, "MOST_KEPT", 2)
    sets = [WordVectors(few.words, few.matrix * (2 + number), source="scaled") for number in range(4)]
    assert all(kept_maps.keep(laid, vectors) for vectors in sets)
    assert [kept_maps.find_map(vectors) is not None for vectors in sets][-1]
    assert len(list((tmp_path / "maps").iterdir())) == 2


def test_a_worker_is_asked_for_nothing_else_of_the_atlas() -> None:
    for name in ("embedlab.atlas.kept_maps:keep", "embedlab.atlas.tasks:_hidden", "embedlab.atlas.tasksome:run"):
        with pytest.raises(ValueError, match="is no task"):
            outcomes(name, ())
