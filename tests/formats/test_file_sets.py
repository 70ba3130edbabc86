"""Files that belong together: dropped at once, in a folder, in an archive, in the caches of other programs."""

import bz2
import csv
import gzip
import io
import json
import lzma
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from embedlab.arrays import Floats
from embedlab.errors import FileTooLarge, InvalidSetting, SeveralFiles, VectorFileError
from embedlab.formats import Columns, Limits, read_vectors
from tests.hostile.case import GLOVE, MATRIX, ROWS, WORDS, npy, npz, zip_of
from tests.hostile.container_cases import tar_of
from tests.hostile.table_cases import arrow, parquet

LIST = "".join(f"{word}\n" for word in WORDS).encode()
NUMBERS = "".join("\t".join(f"{x:g}" for x in row) + "\n" for row in ROWS).encode()
HEADED = b"name\tclass\n" + b"".join(f"{word}\tc{i}\n".encode() for i, word in enumerate(WORDS))
COUNTED = "".join(f"{word} {1000 - i}\n" for i, word in enumerate(WORDS)).encode()
ANSWER = json.dumps(  # as a service answers with the embeddings of a list of texts
    {"object": "list", "model": "m", "data": [{"index": i, "embedding": row.tolist()} for i, row in enumerate(MATRIX)]}
).encode()
MODEL = {"weight.npy": npy(MATRIX), "words.txt": LIST}


def named(name: str, data: bytes) -> io.BytesIO:
    """An uploaded file."""
    file = io.BytesIO(data)
    file.name = name
    return file


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize(
    "files",
    [
        {"a.npy": npy(MATRIX), "words.txt": LIST},
        {"a.npy": npy(MATRIX), "words.json": json.dumps(WORDS).encode()},
        {"a.npy": npy(MATRIX), "words.npy": npy(np.array(WORDS))},
        {"a.npy": npy(MATRIX), "vocab.json": json.dumps({w: i for i, w in reversed([*enumerate(WORDS)])}).encode()},
        {"a.npy": npy(MATRIX), "vocab.txt": COUNTED},
        {"a.npy": npy(MATRIX), "metadata.tsv": HEADED},
        {"a.npy": npy(MATRIX), "labels.tsv": b"Word\n" + LIST},
        {"tensors.bytes": MATRIX.tobytes(), "metadata.tsv": b"word\tcount\n" + COUNTED.replace(b" ", b"\t")},
        {"x_tensors.bytes": MATRIX.tobytes(), "x_labels.tsv": b"word\tcount\n" + COUNTED.replace(b" ", b"\t")},
        {"W.npy": npy(MATRIX), "glove_vocab.txt": COUNTED},
        {"v.tsv": NUMBERS, "counts.txt": COUNTED},
        {"tensors.bytes": MATRIX.tobytes(), "x.txt": COUNTED},
        {"tensors.bytes": MATRIX.tobytes(), "x.tsv": b"word\tcount\n" + COUNTED.replace(b" ", b"\t")},
        {"W.npy": npy(MATRIX), "x.txt": COUNTED},
        {"a.vec": GLOVE, "README.md": b"# Vectors\n\ntrained in 2020\n"},
        {"a.npy": npy(MATRIX), "labels.txt": LIST + b"\n\n"},
        {"answer.json": ANSWER, "texts.txt": LIST},
        {"tensors.tsv": NUMBERS, "metadata.tsv": HEADED},
        {"tensors.tsv": NUMBERS, "metadata.tsv": LIST},
        {"tensors.bytes": MATRIX.tobytes(), "labels.tsv": LIST},
        {"a.npy.gz": gzip.compress(npy(MATRIX)), "words.txt.bz2": bz2.compress(LIST)},
        {"glove.txt": GLOVE, "README.md": b"# Words\n\nMade by hand.\n"},
        {"glove.txt.xz": lzma.compress(GLOVE), "LICENSE": b"Free for all.\n"},
    ],
    ids=lambda files: " ".join(files),
)
def test_they_are_put_together_by_content(files: dict[str, bytes], tmp_path: Path) -> None:
    """In any order, from memory, from paths, from a folder, from a zip and a tar."""
    folder = fill(tmp_path / "model", files)
    packed = any(name.endswith((".gz", ".bz2", ".xz")) for name in files)
    sources = [
        [named(name, data) for name, data in files.items()],
        [named(name, data) for name, data in reversed(files.items())],
        [folder / name for name in files],
        folder,
        *([] if packed else [io.BytesIO(zip_of(files)), io.BytesIO(tar_of(files))]),
    ]
    for source in sources:
        vectors, report = read_vectors(source)
        assert vectors.words == WORDS
        assert (vectors.matrix == MATRIX).all()
        assert report.rows_dropped == 0


def test_what_was_guessed_is_said_and_can_be_chosen_otherwise() -> None:
    def read(words: bytes, **options) -> tuple[tuple[str, ...], str]:  # type: ignore[no-untyped-def]
        vectors, report = read_vectors(io.BytesIO(npy(MATRIX)), words=named("metadata.tsv", words), **options)
        return vectors.words, " ".join(report.notes)

    words, said = read(HEADED)
    assert words == WORDS
    assert "“name”" in said
    words, said = read(HEADED, columns=Columns(word="class"))
    assert words == ("c0", "c1", "c2", "c3", "c4", "c5")
    assert "column 2 of 2" in said
    assert read(HEADED, columns=Columns(word="2"))[0] == words
    words, said = read(COUNTED)
    assert words == WORDS
    assert "counts" in said
    assert read(COUNTED, columns=Columns(word="line"))[0] == tuple(f"{w} {1000 - i}" for i, w in enumerate(WORDS))
    with pytest.raises(VectorFileError, match=r"7 words and 6 rows .*“unit”, is a heading, say so"):
        read(b"unit\n" + LIST)
    assert read(b"unit\n" + LIST, columns=Columns(heading=True))[0] == WORDS
    with pytest.raises(VectorFileError, match=r"no column “year” .*“name”, “class”") as refused:
        read(HEADED, columns=Columns(word="year"))
    assert refused.value.asks == "columns"


def test_a_matrix_is_never_paired_with_a_list_of_another_length() -> None:
    for words in (LIST + b"more\nand more\n", LIST[: LIST.index(b"to")]):
        for matrix in (npy(MATRIX), NUMBERS):
            with pytest.raises(VectorFileError, match=r"words?"):
                read_vectors([named("m", matrix), named("words.txt", words)])


@pytest.mark.parametrize(
    "line",
    ["{w} {n}.5", "{w} -{n}", "{w}  {n}", "{i} {w}", "{i}\t{w}", "{w}\t{n}", "{w},{n}", '"{w}",{n}', "{w} {n} "],
)
def test_counts_and_places_in_a_list_are_cut_off_and_said(line: str) -> None:
    listed = "".join(line.format(w=w, n=1000 - i, i=i) + "\n" for i, w in enumerate(WORDS)).encode()
    for matrix in (npy(MATRIX), NUMBERS):
        vectors, report = read_vectors([named("m", matrix), named("words.txt", listed)])
        assert vectors.words == WORDS
        assert any("words.txt" in note for note in report.notes)


@pytest.mark.parametrize(
    "listed",
    [
        "".join(f'{{"word": "{w}", "count": {i}}}\n' for i, w in enumerate(WORDS)),
        json.dumps([{"word": w, "count": i} for i, w in enumerate(WORDS)]),
        json.dumps([{"w": w} for w in WORDS], indent=1),
        json.dumps({str(i): w for i, w in enumerate(WORDS)}),
        COUNTED.decode() + "\n\n",
        "".join(f"{i} {w}\n" for i, w in enumerate(WORDS)) + "\n",
    ],
)
@pytest.mark.parametrize("name", ["words.txt", "words.json"])
def test_words_in_json_and_lists_with_blank_lines(listed: str, name: str) -> None:
    assert read_vectors([named("m.npy", npy(MATRIX)), named(name, listed.encode())])[0].words == WORDS


def test_json_without_one_word_each_is_no_list() -> None:
    listed = "".join(json.dumps({"a": w, "b": w}) + "\n" for w in WORDS).encode()
    with pytest.raises(VectorFileError, match="under one name") as refused:
        read_vectors(io.BytesIO(npy(MATRIX)), words=named("words", listed))
    assert refused.value.asks == "columns"
    chosen = Columns(word="b")
    assert read_vectors(io.BytesIO(npy(MATRIX)), words=named("words", listed), columns=chosen)[0].words == WORDS


def test_rows_that_fill_up_the_matrix_of_a_model() -> None:
    words = ("[UNK]", *WORDS[1:])
    files = [named("m.npy", npy(np.vstack([MATRIX, MATRIX[:2]]))), named("vocab.txt", "\n".join(words).encode())]
    vectors, report = read_vectors(files)
    assert vectors.words == words
    assert any("2 rows of 8" in note for note in report.notes)
    with pytest.raises(VectorFileError, match="6 words and 8 rows"):
        read_vectors(files, strict=True)


def test_a_first_line_that_may_be_a_heading_of_raw_numbers_is_asked_about() -> None:
    matrix = np.arange(1, 31, dtype="<f4") / 8  # 6 rows of 5, or 5 of 6
    listed = "".join(f"{word}\tx\n" for word in WORDS).encode()
    with pytest.raises(VectorFileError, match="is a heading") as refused:
        read_vectors([named("t.bytes", matrix.tobytes()), named("words.tsv", listed)])
    assert refused.value.asks == "columns"
    for heading in (True, False):
        options = Columns(heading=heading)
        vectors, _ = read_vectors([named("t.bytes", matrix.tobytes()), named("words.tsv", listed)], columns=options)
        assert vectors.words == WORDS[heading:]


def test_raw_numbers_that_are_nearly_all_zeros() -> None:
    matrix = np.eye(6, 200, dtype="<f4")
    files = [named("t.bytes", matrix.tobytes()), named("words.txt", LIST)]
    assert (read_vectors(files)[0].matrix == matrix).all()


@pytest.mark.parametrize(("kind", "said"), [("<f2", "float16"), ("<f8", "float64"), (">f4", "big-endian")])
@pytest.mark.parametrize("seed", range(3))
def test_raw_numbers_of_another_type_are_refused(kind: str, said: str, seed: int) -> None:
    drawn = np.random.default_rng(seed).normal(size=(6, 8))
    for matrix in (drawn, np.round(drawn * 64) / 64):
        with pytest.raises(VectorFileError, match=said):
            read_vectors([named("t.bytes", matrix.astype(kind).tobytes()), named("words.txt", LIST)])
        vectors, _ = read_vectors([named("t.bytes", matrix.astype("<f4").tobytes()), named("words.txt", LIST)])
        assert (vectors.matrix == matrix.astype("<f4")).all()
    with pytest.raises(VectorFileError, match="192 bytes and 7 words"):
        read_vectors([named("t.bytes", matrix.astype("<f4").tobytes()), named("words.txt", b"unit\n" + LIST)])


def test_raw_numbers_are_not_text_of_another_encoding() -> None:
    files = [named("tensors.bytes", MATRIX.tobytes()), named("labels.tsv", LIST)]
    assert (read_vectors(files, encoding="latin-1")[0].matrix == MATRIX).all()


def test_configurations_beside_a_model_are_no_vocabularies(tmp_path: Path) -> None:
    header = {"wte.weight": {"dtype": "F32", "shape": [6, 4], "data_offsets": [0, MATRIX.nbytes]}}
    text = json.dumps(header).encode()
    model = len(text).to_bytes(8, "little") + text + MATRIX.tobytes()
    vocabulary = json.dumps({word: i for i, word in enumerate(WORDS)}).encode()
    for number, files in enumerate(
        (
            {
                "vocab.json": vocabulary,
                "merges.txt": b"#version: 0.2\na b\n",
                "tokenizer_config.json": b'{"model_max_length": 4}',
            },
            {"vocab.txt": LIST, "generation_config.json": b'{"bos_token_id": 0, "eos_token_id": 2}'},
            {"vocab.json": vocabulary, "added_tokens.json": b'{"<pad>": 5}'},
            {
                "vocab.json": json.dumps({word: i for i, word in enumerate(WORDS[:-1])}).encode(),
                "added_tokens.json": json.dumps({WORDS[-1]: 5}).encode(),
            },
        )
    ):
        folder = fill(tmp_path / str(number), files | {"model.safetensors": model})
        assert read_vectors(folder)[0].words == WORDS


def test_what_was_not_used_is_said() -> None:
    _, report = read_vectors([named("glove.txt", GLOVE), named("v.jsonl", b'{"a": 1}\n')])
    assert "Not used: v.jsonl." in report.notes


def test_a_member_may_be_named_without_its_folders() -> None:
    archive = zip_of({"a/one.txt": GLOVE, "a/two.txt": GLOVE})
    with pytest.raises(SeveralFiles, match=r"a/one.txt, a/two.txt"):
        read_vectors(io.BytesIO(archive))
    for member in ("two.txt", "a/two.txt"):
        assert read_vectors(io.BytesIO(archive), member=member)[0].words == WORDS
    table = "".join(
        json.dumps({"word": w, "a": list(r), "b": list(r)}) + "\n" for w, r in zip(WORDS, ROWS, strict=True)
    )
    assert read_vectors(io.BytesIO(zip_of({"t.jsonl": table.encode()})), member="b")[0].words == WORDS


def test_an_odd_row_beside_a_list_of_words_shifts_no_word() -> None:
    odd = NUMBERS.replace(b"-2\t0.5", b"-2 0.5 7")
    with pytest.raises(VectorFileError, match="line 3"):
        read_vectors([named("tensors.tsv", odd), named("words.tsv", LIST)])


def test_several_sets_ask_which(tmp_path: Path) -> None:
    folder = fill(tmp_path, {"a/one.txt": GLOVE, "b/two.txt": GLOVE})
    with pytest.raises(SeveralFiles) as refused:
        read_vectors(folder)
    assert refused.value.members == ("a/one.txt", "b/two.txt")
    assert read_vectors(folder, member="b/two.txt")[0].words == WORDS


def test_the_cache_of_hugging_face(tmp_path: Path) -> None:
    """Its snapshots are links into a folder of blobs; `refs/main` names the one in use."""
    old = {"model.npy": npy(MATRIX[:1]), "words.txt": b"old\n"}
    cached = fill(tmp_path / "models--someone--static", {f"snapshots/aaa/{n}": data for n, data in old.items()})
    fill(cached, {f"blobs/{n}": data for n, data in MODEL.items()} | {"refs/main": b"bbb"})
    (cached / "snapshots" / "bbb").mkdir()
    for name in MODEL:
        (cached / "snapshots" / "bbb" / name).symlink_to(cached / "blobs" / name)
    assert read_vectors(cached)[0].words == WORDS
    (cached / "refs" / "main").write_text("../../../etc")
    assert read_vectors(cached)[0].words in (WORDS, ("old",))


def test_a_folder_of_gensims_downloads(tmp_path: Path) -> None:
    folder = fill(tmp_path / "tiny", {"tiny.gz": gzip.compress(GLOVE), "__init__.py": b"import os\nprint('run')\n"})
    assert read_vectors(folder)[0].words == WORDS


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "the folder is empty"),
        ({"a.md": b"# Hello\n", "b.md": b"# You\n"}, "holds no vector file"),
        ({f"{i}.txt": GLOVE for i in range(101)}, "the folder holds 101 files"),
        ({"pytorch_model.bin": b"\x80\x04\x95\0\0\0", "vocab.txt": LIST}, "only pickles"),
        ({"a.npy": npy(MATRIX)}, "has no words beside it"),
    ],
)
def test_a_folder_without_vectors(files: dict[str, bytes], message: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    with pytest.raises(VectorFileError, match=message):
        read_vectors(fill(folder, files))


def test_the_first_rows_of_a_set_that_is_too_large() -> None:
    vectors, report = read_vectors(io.BytesIO(GLOVE), limits=Limits(rows=3, keep=3))
    assert vectors.words == WORDS[:3]
    assert any("first 3 words" in note for note in report.notes)


@pytest.mark.parametrize(
    "kind", ["text", "npz", "npy", "raw", "numbers", "vocab.json", "parquet", "arrow", "csv", "jsonl"]
)
def test_the_first_words_of_any_format(kind: str) -> None:
    """More rows than the limits allow, of which only the first are asked for."""
    records = [{"word": w, "vector": list(row)} for w, row in zip(WORDS, ROWS, strict=True)]
    table = "word,x0,x1,x2,x3\n" + "".join(f"{w},{','.join(map(repr, r))}\n" for w, r in zip(WORDS, ROWS, strict=True))
    files = {
        "text": [GLOVE],
        "npz": [npz(words=np.array(WORDS), vectors=MATRIX)],
        "npy": [npy(MATRIX), LIST],
        "raw": [MATRIX.tobytes(), LIST],
        "numbers": [NUMBERS, LIST],
        "vocab.json": [npy(MATRIX), json.dumps({w: i for i, w in enumerate(WORDS)}).encode()],
        "parquet": [parquet()],
        "arrow": [arrow()],
        "csv": [table.encode()],
        "jsonl": ["".join(json.dumps(record) + "\n" for record in records).encode()],
    }[kind]
    source = [named(f"file{i}", data) for i, data in enumerate(files)]
    with pytest.raises(VectorFileError):
        read_vectors(source, limits=Limits(rows=5))
    vectors, report = read_vectors(source, limits=Limits(rows=5, keep=3))
    assert vectors.words == WORDS[:3]
    assert (vectors.matrix == MATRIX[:3]).all()
    assert any("first 3 words" in note for note in report.notes)


PROJECTOR = {
    "embeddings": [
        {"tensorShape": [6, 4], "tensorPath": "data/tensors.bytes", "metadataPath": "data/metadata.tsv"},
        {"tensorShape": [3, 8], "tensorPath": "data/others.bytes", "metadataPath": "data/others_metadata.tsv"},
    ]
}


def test_the_embedding_projectors_set_with_its_configuration() -> None:
    files = {
        "metadata.tsv": LIST,
        "others_metadata.tsv": b"x\ny\nz\n",
        "projector_config.json": json.dumps(PROJECTOR).encode(),
        "tensors.bytes": MATRIX.tobytes(),
    }
    dropped = [named(name, data) for name, data in files.items()]
    vectors, _ = read_vectors(dropped)
    assert vectors.words == WORDS
    assert (vectors.matrix == MATRIX).all()
    files["metadata.tsv"] = LIST + b"more\nand more\n"
    with pytest.raises(VectorFileError, match="says 6 x 4 numbers, and the words make 8 x 3") as refused:
        read_vectors([named(name, data) for name, data in files.items()])
    assert refused.value.asks == "words"


def safetensors(matrix: Floats) -> bytes:
    header = {"wte.weight": {"dtype": "F32", "shape": list(matrix.shape), "data_offsets": [0, matrix.nbytes]}}
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + matrix.tobytes()


TOKENIZER = json.dumps(
    {"added_tokens": [], "model": {"type": "WordLevel", "vocab": {w: i for i, w in enumerate(WORDS)}}}
)


@pytest.mark.parametrize(
    "files",
    [
        {"vocab.txt": LIST, "special_tokens_map.json": b'{"unk_token": "[UNK]", "cls_token": "[CLS]"}'},
        {"tokenizer.json": TOKENIZER.encode(), "onnx/tokenizer.json": TOKENIZER.encode()},
        {"vocab.txt": LIST, "old/vocab.txt": b"other\n" + LIST},
        {"tokenizer.json": TOKENIZER.encode(), "vocab.txt": b"other\n" + LIST},
    ],
    ids=lambda files: " ".join(files),
)
def test_of_several_lists_beside_a_model_the_nearest_counts(files: dict[str, bytes], tmp_path: Path) -> None:
    vectors, _ = read_vectors(fill(tmp_path, files | {"model.safetensors": safetensors(MATRIX)}))
    assert vectors.words == WORDS
    assert (vectors.matrix == MATRIX).all()


def test_each_of_two_models_gets_its_own_words(tmp_path: Path) -> None:
    fill(tmp_path, {"a/model.safetensors": safetensors(MATRIX), "a/tokenizer.json": TOKENIZER.encode()})
    fill(tmp_path, {"b/model.safetensors": safetensors(MATRIX + 1), "b/vocab.txt": LIST.upper()})
    with pytest.raises(SeveralFiles) as refused:
        read_vectors(tmp_path)
    for member, words, matrix in zip(
        refused.value.members, (WORDS, tuple(LIST.upper().decode().split())), (MATRIX, MATRIX + 1), strict=True
    ):
        vectors, _ = read_vectors(tmp_path, member=member)
        assert vectors.words == words
        assert (vectors.matrix == matrix).all()


def test_a_list_of_another_folder_is_named(tmp_path: Path) -> None:
    files = {"0_StaticEmbedding/model.safetensors": safetensors(MATRIX), "lists/vocab.txt": LIST}
    vectors, report = read_vectors(fill(tmp_path, files))
    assert vectors.words == WORDS
    assert any("lists/vocab.txt" in note for note in report.notes)


def test_two_lists_for_one_matrix_are_named() -> None:
    files = [named("m.npy", npy(MATRIX)), named("words.txt", LIST), named("words_short.txt", LIST[:8])]
    with pytest.raises(VectorFileError, match=r"lists of words for m.npy: words.txt, words_short.txt") as refused:
        read_vectors(files)
    assert refused.value.asks == "words"
    assert read_vectors(files, words=named("words.txt", LIST))[0].words == WORDS


RECORDS = [{"id": i, "word": word, "pos": "NN"} for i, word in enumerate(WORDS)]


@pytest.mark.parametrize(
    ("name", "listed"),
    [
        ("meta.json", json.dumps(RECORDS).encode()),
        ("meta.jsonl", "".join(json.dumps(record) + "\n" for record in RECORDS).encode()),
        ("idx2word.json", json.dumps({str(i): word for i, word in enumerate(WORDS)}).encode()),
        ("from_one.json", json.dumps({str(i): word for i, word in enumerate(WORDS, 1)}).encode()),
        ("input.json", json.dumps(WORDS, indent=1).encode()),
        ("t.parquet", parquet(pa.table({"id": range(6), "pos": ["NN"] * 5 + ["V"], "word": WORDS}))),
        ("t.arrow", arrow(pa.table({"word": WORDS}))),
    ],
)
def test_lists_in_json_and_parquet_lie_beside_numbers(name: str, listed: bytes) -> None:
    files = {"W.npy": npy(MATRIX), name: listed}
    for source in (
        [named(own, data) for own, data in files.items()],
        [named("w.npz", npz(m=MATRIX)), named(name, listed)],
        [named("answer.json", ANSWER), named(name, listed)],
        io.BytesIO(zip_of(files)),
    ):
        vectors, report = read_vectors(source)
        assert vectors.words == WORDS
        assert (vectors.matrix == MATRIX).all()
        assert not any("Not used" in note for note in report.notes)
    assert read_vectors(io.BytesIO(npy(MATRIX)), words=named(name, listed))[0].words == WORDS
    vectors, report = read_vectors([named("glove.zip", zip_of({"glove.txt": GLOVE})), named(name, listed)])
    assert vectors.words == WORDS
    assert f"Not used: {name}." in report.notes


def test_of_two_arrays_of_text_the_one_called_words_counts() -> None:
    classes = np.array([f"c{i}" for i in range(6)])
    vectors, report = read_vectors(io.BytesIO(npz(labels=classes, m=MATRIX, words=np.array(WORDS))))
    assert vectors.words == WORDS
    assert any("labels.npy" in note for note in report.notes)


QUOTED = ("the, of", "of", 'say "and"', *WORDS[3:])


def as_csv(rows: list[list[object]], separator: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        (as_csv([["word", "pos"], *([w, "NV"[i % 2]] for i, w in enumerate(WORDS))]), WORDS),
        (as_csv([[w, "NV"[i % 2]] for i, w in enumerate(WORDS)]), WORDS),
        (as_csv([["text"], *([w] for w in QUOTED)]), QUOTED),
        ("".join(f'"{w}"\n' for w in WORDS), WORDS),
        (as_csv([["word", "n"], *([w, i] for i, w in enumerate(QUOTED))]), QUOTED),
        (as_csv([[i, w] for i, w in enumerate(WORDS)]), WORDS),
        (as_csv([["id", "word"], *([i, w] for i, w in enumerate(WORDS))]), WORDS),
        (as_csv([["", "word"], *([i, w] for i, w in enumerate(WORDS))]), WORDS),
        (as_csv([["word", "count"], *([w, 90 - i] for i, w in enumerate(WORDS))], ";"), WORDS),
        (as_csv([["POS", "Word"], *(["NV"[i % 2], w] for i, w in enumerate(WORDS))], "\t"), WORDS),
        (as_csv([["id", "label"], *([i, w] for i, w in enumerate(WORDS))], "\t"), WORDS),
        ('"word","n"\n' + "".join(f'"{i}","{w}",{90 - i}\n' for i, w in enumerate(WORDS, 1)), WORDS),
        ("".join(f"{900 - 80 * i:7} {w}\n" for i, w in enumerate(WORDS)), WORDS),
        ("".join(f"{i}. {w}\n" for i, w in enumerate(WORDS, 1)), WORDS),
        ("\n\n".join(WORDS) + "\n", WORDS),
        ("word\n\n" + "\n\n".join(WORDS) + "\n", WORDS),
        ("\n\n".join(f"{w} {90 - i}" for i, w in enumerate(WORDS)), WORDS),
        ("".join(w + "\t4\n" * (i % 2) + "\n" * (1 - i % 2) for i, w in enumerate(WORDS)), WORDS),
    ],
)
def test_lists_with_columns_are_read_as_tables_are(listed: str, words: tuple[str, ...]) -> None:
    for name in ("list.csv", "words.txt"):
        vectors, report = read_vectors(io.BytesIO(npy(MATRIX)), words=named(name, listed.encode()))
        assert vectors.words == words
        assert (vectors.matrix == MATRIX).all()
        assert any(name in note for note in report.notes)
    assert read_vectors([named("m.npy", npy(MATRIX)), named("words.csv", listed.encode())])[0].words == words


@pytest.mark.parametrize(
    "words",
    [
        [f"iPhone {i}" for i in range(6)],
        [f"{i % 3} {w}" for i, w in enumerate(["pigs", "men"] * 3)],
        [f"{w}, France" for w in WORDS],
        [",", '"', ".", '"a', "1,000", "'"],
        ['""', '"the"', "the", '"', "of", "and"],
        ["a,b", "c", "d,e,f", "g", ",", "h"],
    ],
)
def test_words_that_hold_numbers_commas_and_quotes_stay_whole(words: list[str]) -> None:
    vectors, report = read_vectors(io.BytesIO(npy(MATRIX)), words=named("w", "\n".join(words).encode()))
    assert list(vectors.words) == words
    assert report.notes == ()


def test_a_line_with_another_number_of_columns_shifts_no_word() -> None:
    rows = [[w, i] for i, w in enumerate([f"w{i}" for i in range(40)])]
    listed = as_csv(rows).replace("w7,7\n", "w,7,7\n")
    vectors, report = read_vectors(io.BytesIO(npy(np.eye(40, dtype=np.float32))), words=named("w.csv", listed.encode()))
    assert vectors.words == tuple(f"w{i}" for i in range(40) if i != 7)
    assert vectors["w8"].tolist() == np.eye(40)[8].tolist()
    assert report.dropped["empty word"].places == (8,)
    assert any("1 line" in note for note in report.notes)


@pytest.mark.parametrize("kind", ["npy", "numbers", "raw"])
def test_a_list_over_the_limit_leads_to_the_first_words(kind: str) -> None:
    data = {"npy": npy(MATRIX), "numbers": NUMBERS, "raw": MATRIX.tobytes()}[kind]
    with pytest.raises(FileTooLarge, match="Read only the first words"):
        read_vectors(io.BytesIO(data), words=named("words.txt", LIST), limits=Limits(rows=4))
    limits = Limits(rows=4, keep=4)
    assert read_vectors(io.BytesIO(data), words=named("words.txt", LIST), limits=limits)[0].words == WORDS[:4]


TAGGED = as_csv([["POS", "Word"], *(["NV"[i % 2], w] for i, w in enumerate(WORDS))], "\t").encode()


@pytest.mark.parametrize(
    "numbers",
    [
        npy(MATRIX),
        NUMBERS,
        MATRIX.tobytes(),
        NUMBERS.replace(b"\t", b","),
        b"a,b,c,d\n" + NUMBERS.replace(b"\t", b","),
        "".join(json.dumps({"v": row}) + "\n" for row in ROWS).encode(),
        parquet(pa.table({"v": [list(row) for row in ROWS]})),
    ],
    ids=["npy", "tsv", "raw", "csv", "csv with a heading", "json lines", "parquet"],
)
def test_what_is_chosen_of_words_belongs_to_their_list(numbers: bytes) -> None:
    """Where the numbers have no words of their own."""
    for chosen in (Columns(word="Word"), Columns(word="2"), Columns(heading=True), Columns(word="Word", heading=True)):
        files = [named("vectors", numbers), named("metadata.tsv", TAGGED)]
        for vectors, _ in (
            read_vectors(files, columns=chosen),
            read_vectors(files[0], words=named("metadata.tsv", TAGGED), columns=chosen),
        ):
            assert vectors.words == WORDS
            assert (vectors.matrix == MATRIX).all()


@pytest.mark.parametrize(
    "options", [{"columns": Columns(word="Word")}, {"columns": Columns(heading=False)}, {"member": "vectors"}]
)
@pytest.mark.parametrize("header", [b"", b"6 4\n"])
def test_vectors_in_text_have_no_columns_to_choose(options: dict[str, Any], header: bytes) -> None:
    vectors, report = read_vectors(io.BytesIO(header + GLOVE), **options)
    assert report.format == ("word2vec text" if header else "GloVe text")
    assert vectors.words == WORDS
    assert (vectors.matrix == MATRIX).all()
    assert any("was not used" in note for note in report.notes) or (not header and "columns" in options)


def test_a_first_line_of_vectors_in_text_may_be_called_a_heading() -> None:
    for line in (b"word a b c d\n", b"9 9 9 9 9\n"):
        vectors, _ = read_vectors(io.BytesIO(line + GLOVE), columns=Columns(heading=True))
        assert vectors.words == WORDS
        assert (vectors.matrix == MATRIX).all()


TABLE = as_csv([["word", "a", "b", "c", "d"], *([w, *row] for w, row in zip(WORDS, ROWS, strict=True))]).encode()


def test_tables_with_words_of_their_own_are_asked_about_like_text() -> None:
    mapped = json.dumps(dict(zip(WORDS, ROWS, strict=True))).encode()
    files = {"glove.txt": GLOVE, "head.csv": TABLE, "v.json": mapped, "a.vec": b"6 4\n" + GLOVE}
    beside = {"config.json": b'{"window": [2, 5]}', "meta.json": json.dumps(RECORDS).encode(), "words.txt": LIST}
    for source in (
        io.BytesIO(zip_of(files | beside)),
        [named(name, data) for name, data in (beside | files).items()],
    ):
        with pytest.raises(SeveralFiles) as refused:
            read_vectors(source)
        assert set(refused.value.members) == set(files)
        for member in files:
            vectors, _ = read_vectors(source, member=member)
            assert vectors.words == WORDS
            assert (vectors.matrix == MATRIX).all()


LOG = "".join(f"{i} loss {i}.5 0.{i}\n" for i in range(30)).encode()
LICENSE = b"MIT License\n\nCopyright (c) 2020\n\nGiven to any person 1\nFor nothing 2\n"


@pytest.mark.parametrize(
    "notes",
    [
        {"LICENSE": LICENSE, "LICENSE.txt": LICENSE, "train.log": LOG},
        {"about.txt": b"epoch 1\nepoch 2\nepoch 3\n", "README": b"Vectors of 2020\nfor 4\nfor 5\n"},
    ],
)
def test_a_license_and_a_log_in_a_folder_are_no_vectors(notes: dict[str, bytes], tmp_path: Path) -> None:
    for number, files in enumerate(({"g.txt": GLOVE}, {"W.npy": npy(MATRIX), "words.txt": LIST})):
        vectors, _ = read_vectors(fill(tmp_path / str(number), notes | files))
        assert vectors.words == WORDS
        assert (vectors.matrix == MATRIX).all()


def test_an_array_of_another_shape_is_named_with_it() -> None:
    with pytest.raises(VectorFileError, match=r"a.npy is an array of shape \(1, 6, 4\) and type float32"):
        read_vectors([named("a.npy", npy(MATRIX[None])), named("words.txt", LIST)])


def test_words_in_numpy_and_pandas() -> None:
    words = np.array(WORDS)
    for given in (words, pd.Series(words)):
        assert read_vectors(io.BytesIO(npy(MATRIX)), words=given)[0].words == WORDS
    for wrong in ("words.txt", {"the": 1}.keys(), 5):
        with pytest.raises(InvalidSetting, match="Words are a list of text"):
            read_vectors(io.BytesIO(npy(MATRIX)), words=wrong)  # type: ignore[arg-type]
    with pytest.raises(InvalidSetting, match="Words are text, not float"):
        read_vectors(io.BytesIO(npy(MATRIX)), words=pd.Series(["a", float("nan")]))


def test_blank_lines_in_the_words_of_raw_numbers_are_no_words() -> None:
    spaced = "\n\n".join(WORDS).encode()
    vectors, report = read_vectors([named("t.bytes", MATRIX.tobytes()), named("words.txt", spaced)])
    assert vectors.words == WORDS
    assert (vectors.matrix == MATRIX).all()
    assert any("Blank lines of words.txt were skipped: 5" in note for note in report.notes)
    wide = np.ones((6, 11), "<f4")  # as many numbers as for 11 lines
    with pytest.raises(VectorFileError, match="264 bytes fit 11 lines of words and those that are not blank"):
        read_vectors([named("t.bytes", wide.tobytes()), named("words.txt", spaced)])
    assert read_vectors([named("t.bytes", wide.tobytes()), named("words.txt", LIST)])[0].words == WORDS
