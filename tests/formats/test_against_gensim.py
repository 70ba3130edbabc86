"""Files that gensim reads or writes, read and written here: the same words and, bit for bit, the same numbers."""

import gzip
from pathlib import Path

import numpy as np
import pytest

gensim_models = pytest.importorskip("gensim.models")
from gensim.test.utils import datapath  # noqa: E402

from embedlab.formats import read_vectors, write_vectors  # noqa: E402
from embedlab.vectors.word_vectors import WordVectors  # noqa: E402
from tests.conftest import shared_file  # noqa: E402

KeyedVectors = gensim_models.KeyedVectors


def same(vectors: WordVectors, reference) -> None:  # type: ignore[no-untyped-def]
    assert list(vectors.words) == reference.index_to_key
    assert vectors.matrix.dtype == reference.vectors.dtype == np.float32
    assert vectors.matrix.tobytes() == reference.vectors.tobytes()


def read(path: Path | str, **options: str) -> WordVectors:
    return read_vectors(Path(path), name="file", **options)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("file", "binary", "no_header"),
    [
        ("test_glove.txt", False, True),
        ("crime-and-punishment.vec", False, False),
        ("lee_fasttext.vec", False, False),
        ("toy-model.vec", False, False),
        ("euclidean_vectors.bin", True, False),
        ("high_precision.kv.bin", True, False),
        ("high_precision.kv.txt", False, False),
    ],
)
def test_files_of_gensim(file: str, binary: bool, no_header: bool) -> None:
    path = datapath(file)
    same(read(path), KeyedVectors.load_word2vec_format(path, binary=binary, no_header=no_header))


def test_file_in_another_encoding() -> None:
    path = datapath("pang_lee_polarity_fasttext.vec")
    same(read(path, encoding="cp1251"), KeyedVectors.load_word2vec_format(path, encoding="cp1251"))


def test_genuine_glove_rows(tmp_path: Path) -> None:
    packed = shared_file("vectors/glove.6B.50d.top9163.txt.gz")
    plain = tmp_path / "glove.txt"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))
    reference = KeyedVectors.load_word2vec_format(str(plain), no_header=True)
    same(read(plain), reference)
    same(read(packed), reference)


def test_numbers_are_rounded_as_gensim_rounds_them(tmp_path: Path) -> None:
    """To float64 and then to float32: decimals close to the middle between two float32 tell it from one rounding."""
    rng = np.random.default_rng(7)
    low = rng.normal(size=400).astype(np.float32)
    middle = (low.astype(np.float64) + np.nextafter(low, np.float32(9)).astype(np.float64)) / 2
    digits = [f"{x:.40f}" for x in middle] + [f"{x:.25f}9" for x in middle] + [f"{x:.17e}" for x in middle]
    digits += ["1.0000000596046447754", "3.4028235e38", "1e-45", "7e-46", "1.17549435e-38", "123456789012345678"]
    path = tmp_path / "middles.txt"
    path.write_text("".join(f"w{i} {x} 1\n" for i, x in enumerate(digits)))
    same(read(path), KeyedVectors.load_word2vec_format(str(path), no_header=True))


@pytest.mark.parametrize(
    "file", ["crime-and-punishment.bin", "toy-model.bin", "lee_fasttext.bin", "lee_fasttext_new.bin"]
)
def test_fasttext_models(file: str) -> None:
    """Equal to float32's last digits: the n-grams are added in another order."""
    from gensim.models.fasttext import load_facebook_vectors

    reference = load_facebook_vectors(datapath(file))
    vectors = read(datapath(file))
    assert list(vectors.words) == reference.index_to_key
    # fastText gives the end of a sentence no n-grams (dictionary.cc); gensim does.
    kept = [i for i, word in enumerate(vectors.words) if word != "</s>"]
    np.testing.assert_allclose(vectors.matrix[kept], reference.vectors[kept], rtol=0, atol=1e-6)


def test_fasttext_models_with_other_letters() -> None:
    from gensim.models.fasttext import load_facebook_vectors

    for file, encoding in (("non_ascii_fasttext.bin", "utf-8"), ("cp852_fasttext.bin", "cp852")):
        reference = load_facebook_vectors(datapath(file), encoding=encoding)
        assert list(read(datapath(file), encoding=encoding).words) == reference.index_to_key


def test_ngrams_are_hashed_as_in_fasttext() -> None:
    from gensim.models.fasttext import ft_ngram_hashes

    from embedlab.vectors.subwords import ngram_rows

    for word in ("a", "of", "naïve", "который", "日本語", "x" * 40, "👍🏽"):
        for minn, maxn in ((1, 6), (3, 6), (2, 2)):
            owners, rows = ngram_rows([b"x", word.encode(), "ж".encode()], minn, maxn, 1000)
            # In another order, which a sum does not mind.
            assert sorted(rows[owners == 1].tolist()) == sorted(ft_ngram_hashes(word, minn, maxn, 1000))


@pytest.mark.parametrize("format", ["word2vec-text", "word2vec-binary"])
def test_gensim_reads_what_is_written_here(format: str, tmp_path: Path) -> None:
    vectors = read(datapath("euclidean_vectors.bin"))
    write_vectors(vectors, tmp_path / "out", format=format)
    same(vectors, KeyedVectors.load_word2vec_format(str(tmp_path / "out"), binary=format == "word2vec-binary"))


@pytest.mark.parametrize("binary", [False, True])
def test_what_gensim_writes_is_read_here(binary: bool, tmp_path: Path) -> None:
    reference = KeyedVectors.load_word2vec_format(datapath("euclidean_vectors.bin"), binary=True)
    reference.save_word2vec_format(str(tmp_path / "out"), binary=binary)
    same(read(tmp_path / "out"), reference)


@pytest.mark.parametrize("spaced", ["ice tea", "New York City", "a b", "big red", "web 2.0"])
@pytest.mark.parametrize("dimensions", [5, 50, 300])
def test_words_with_spaces_in_binary_files_keep_their_vectors(spaced: str, dimensions: int, tmp_path: Path) -> None:
    """The format has no sign for such words; `gensim` itself cannot read them back."""
    for seed in range(4):
        words = [f"w{i}" for i in range(200)]
        words[50], words[(120, 199)[seed % 2]] = spaced, f"{spaced} z"
        reference = KeyedVectors(dimensions)
        matrix = np.random.default_rng(seed).normal(size=(200, dimensions)).astype(np.float32) * 0.3
        reference.add_vectors(words, matrix)
        reference.save_word2vec_format(str(tmp_path / "out"), binary=True)
        vectors, report = read_vectors(tmp_path / "out")
        assert list(vectors.words) == words
        assert np.array_equal(vectors.matrix, matrix)
        assert "2 words with spaces" in report.notes[-1]
