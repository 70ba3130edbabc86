"""Vectors composed of character n-grams: those of gensim, from its own models and from files that it wrote."""

import gzip
import io
import struct
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gensim.models.fasttext import FastText, load_facebook_model, load_facebook_vectors, save_facebook_model
from gensim.test.utils import common_texts, datapath
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.errors import EmbedlabError, FileTooLarge, InvalidSetting, UnknownWord, VectorFileError
from embedlab.formats import read_vectors
from embedlab.formats.binary.fasttext import read_fasttext
from embedlab.formats.limits import DEFAULT_LIMITS
from embedlab.formats.packed.source import from_file
from embedlab.vectors.analogy import pair_similarities, solve
from embedlab.vectors.neighborhood import gather
from embedlab.vectors.queries import analogy, nearest_neighbors, odd_one_out, similarity
from embedlab.vectors.subwords import Subwords, composed_note
from embedlab.vectors.word_vectors import WordVectors
from tests.hostile import fasttext_cases

UNSEEN = ("computers", "naïveté", "который", "日本語", "x", "graphs graph", "x" * 300)
close = {"rtol": 0, "atol": 1e-6}
quick = settings(max_examples=100, derandomize=True, database=None)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of twelve words, trained and written by gensim."""
    path = tmp_path_factory.mktemp("fasttext") / "tiny.bin"
    trained = FastText(
        common_texts, vector_size=12, min_count=1, min_n=2, max_n=4, bucket=300, epochs=20, seed=1, workers=1
    )
    save_facebook_model(trained, str(path))
    return path


@pytest.fixture(scope="module")
def reference(model: Path) -> Any:
    return load_facebook_model(str(model)).wv


def read(file: Any, **options: Any) -> WordVectors:
    return read_vectors(file, name="tiny.bin", **options)[0]


def packed(file: Path) -> io.BytesIO:
    return io.BytesIO(gzip.compress(file.read_bytes()))


def uploaded(file: Path) -> io.BytesIO:
    return io.BytesIO(file.read_bytes())


@pytest.mark.parametrize("given_as", [Path, packed, uploaded])
def test_unseen_words_have_the_vectors_that_gensim_gives_them(model: Path, reference: Any, given_as: Any) -> None:
    vectors = read(given_as(model))
    assert list(vectors.words) == reference.index_to_key
    for word in UNSEEN:
        assert word not in vectors
        assert vectors.composes(word)
        np.testing.assert_allclose(vectors[word], reference[word], **close)
    np.testing.assert_allclose(vectors.vectors_of(UNSEEN), reference[list(UNSEEN)], **close)
    assert vectors["computers"].flags.writeable is False


@pytest.mark.parametrize("file", ["crime-and-punishment.bin", "toy-model.bin", "lee_fasttext_new.bin"])
def test_models_of_gensims_own_tests(file: str) -> None:
    reference = load_facebook_vectors(datapath(file))
    vectors = read(Path(datapath(file)))
    for word in ("nights", "landlord's", "неуч", "q"):
        if word not in vectors and reference[word].any():
            np.testing.assert_allclose(vectors[word], reference[word], **close)
            # fastText gives the end of a sentence no n-grams (dictionary.cc); gensim does.
            nearest = nearest_neighbors(vectors, word, 5, exclude=["</s>"])
            expected = [found for found in reference.most_similar(word, topn=6) if found[0] != "</s>"][:5]
            np.testing.assert_allclose([n.similarity for n in nearest], [score for _, score in expected], atol=1e-5)


def test_questions_about_unseen_words_are_answered_as_by_gensim(model: Path, reference: Any) -> None:
    vectors = read(model)
    nearest = nearest_neighbors(vectors, "computers", 5)
    expected = reference.most_similar("computers", topn=5)
    assert [n.word for n in nearest] == [word for word, _ in expected]
    np.testing.assert_allclose([n.similarity for n in nearest], [score for _, score in expected], atol=1e-5)
    assert similarity(vectors, "computers", "users") == pytest.approx(
        reference.similarity("computers", "users"), abs=1e-5
    )
    found = analogy(vectors, ["computers", "human"], ["user"], 3)
    theirs = reference.most_similar(positive=["computers", "human"], negative=["user"], topn=3)
    assert [n.word for n in found] == [word for word, _ in theirs]
    assert odd_one_out(vectors, ["computers", "computer", "trees"]) == "trees"


def test_a_composed_word_is_no_word_of_the_vectors(model: Path) -> None:
    vectors = read(model)
    assert "computers" not in vectors
    with pytest.raises(UnknownWord, match=r"“computers” is not among the 12 words"):
        vectors.rows(["computers"])
    assert "computers" not in {n.word for n in nearest_neighbors(vectors, "computer", 12)}
    assert not vectors.composes("computer")
    assert not vectors.composes("")


def test_seen_and_unseen_words_keep_their_order(model: Path) -> None:
    vectors = read(model)
    asked = ["users", "user", "users", "human", "humans"]
    assert np.array_equal(vectors.vectors_of(asked), np.stack([vectors[word] for word in asked]))
    np.testing.assert_allclose(np.linalg.norm(vectors.unit_vectors_of(asked), axis=1), 1, rtol=1e-6)
    assert np.array_equal(vectors.unit_vectors_of(["user", "human"]), vectors.unit[vectors.rows(["user", "human"])])


def test_neighborhoods_and_analogies_name_the_composed_words(model: Path) -> None:
    vectors = read(model)
    hood = gather(vectors, "computers, user", 6, listed="")
    assert hood.composed == ("computers",)
    assert hood.words[:2] == ("computers", "user")
    assert np.array_equal(hood.matrix[0], vectors["computers"])
    assert gather(vectors, "user", 6, listed="humans trees").composed == ("humans",)
    assert gather(vectors, "User", 6).composed == ()  # the known form comes first
    solved = solve(vectors, "user", "users", "computer", 3)
    assert solved.composed == ("users",)
    assert [n.word for n in solved.left_out] == [n.word for n in analogy(vectors, ["users", "computer"], ["user"], 3)]
    assert pair_similarities(vectors, "users user") == [("users", "user", similarity(vectors, "users", "user"))]


def test_the_first_words_compose_others_too(model: Path) -> None:
    vectors, first = read(model), read(model).restrict(3)
    assert np.array_equal(first["computers"], vectors["computers"])
    kept = read(model, limits=replace(DEFAULT_LIMITS, keep=3))
    assert kept.words == vectors.words[:3]
    assert np.array_equal(kept.matrix, vectors.matrix[:3])
    assert np.array_equal(kept[vectors.words[5]] if kept.composes(vectors.words[5]) else 0, first[vectors.words[5]])


def test_ngrams_are_hashed_in_the_encoding_of_the_file() -> None:
    vectors = read(Path(datapath("cp852_fasttext.bin")), encoding="cp852")
    assert vectors.subwords is not None
    assert vectors.subwords.encoding == "cp852"
    assert vectors.composes("kterýž")
    assert not vectors.composes("日本語")  # not in cp852
    assert not vectors.composes("\ud800")


def open_source(path: Path, **limits: Any) -> Any:
    file = path.open("rb")
    source = from_file(file, path.stat().st_size, name=path.name, limits=replace(DEFAULT_LIMITS, **limits))
    source.file = file
    return source


def finish(rows: Any) -> Any:
    return rows.finish(seconds=0, source="t")


def no_temporary_files(*_: object) -> None:
    raise OSError("read-only")


def test_an_ordinary_file_is_mapped_and_not_copied(
    model: Path, monkeypatch: pytest.MonkeyPatch, reference: Any
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", no_temporary_files)
    source = open_source(model)
    vectors, _ = finish(read_fasttext(source))
    source.file.close()
    assert not vectors.subwords.rows.flags.owndata
    np.testing.assert_allclose(vectors["computers"], reference["computers"], **close)


def test_a_mapped_file_that_was_changed_composes_no_more(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(model.read_bytes())
    vectors, _ = finish(read_fasttext(open_source(path)))
    assert vectors.composes("computers")
    path.write_bytes(b"")  # reading the map now would end the process
    with pytest.raises(VectorFileError, match=r"“model\.bin” has changed .* Load it again"):
        nearest_neighbors(vectors, "computers")
    assert nearest_neighbors(vectors, "computer", 3)
    path.unlink()


def test_a_mapped_file_may_be_deleted(model: Path, tmp_path: Path, reference: Any) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(model.read_bytes())
    vectors, _ = finish(read_fasttext(open_source(path)))
    path.unlink()
    np.testing.assert_allclose(vectors["computers"], reference["computers"], **close)


def test_without_room_on_the_disk_the_ngrams_are_let_go_with_a_note(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = read(model)
    monkeypatch.setattr(tempfile, "TemporaryFile", no_temporary_files)
    vectors, report = read_vectors(uploaded(model), name="t")
    assert np.array_equal(vectors.matrix, whole.matrix)
    assert vectors.subwords is None
    assert any("the n-grams are not kept" in note for note in report.notes)
    with pytest.raises(UnknownWord):
        nearest_neighbors(vectors, "computers")
    with pytest.raises(FileTooLarge, match=r"Free some room .* \.vec"):
        read(uploaded(model), limits=replace(DEFAULT_LIMITS, memory_bytes=13 * 12 * 4))


def test_ngrams_on_disk_do_not_count_as_memory(model: Path) -> None:
    assert len(read(uploaded(model), limits=replace(DEFAULT_LIMITS, memory_bytes=12 * 12 * 4))) == 12
    with pytest.raises(FileTooLarge):
        read(uploaded(model), limits=replace(DEFAULT_LIMITS, memory_bytes=12 * 12 * 4 - 1))


def test_labels_of_an_unsupervised_model_are_left_out() -> None:
    words, ngrams = ("river", "lake", "pond"), np.arange(40, dtype=np.float32).reshape(10, 4)
    matrix = np.vstack([np.eye(3, 4, dtype=np.float32), ngrams])
    plain = fasttext_cases.model(words, matrix, bucket=10, maxn=4)
    labelled = fasttext_cases.model(words, matrix, bucket=10, maxn=4, label_entries=["__label__", "__label__b"])
    vectors, report = read_vectors(io.BytesIO(labelled), name="t")
    assert vectors.words == words
    assert np.array_equal(vectors.matrix, read(io.BytesIO(plain)).matrix)
    assert np.array_equal(vectors["rivers"], read(io.BytesIO(plain))["rivers"])
    assert any(note.startswith("Left out 2 of its 5 entries") for note in report.notes)
    with pytest.raises(VectorFileError, match="supervised"):
        read(io.BytesIO(fasttext_cases.model(words, matrix, bucket=10, maxn=4, kind=3, label_entries=["__label__"])))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 0.0, 3e38])
def test_ngrams_that_point_nowhere_compose_nothing(bad: float) -> None:
    subwords = Subwords(np.full((4, 3), bad, np.float32), 3, 6)
    vectors = WordVectors(["river"], np.ones((1, 3)), source="t", subwords=subwords)
    assert not vectors.composes("rivers")
    with pytest.raises(UnknownWord, match="Did you mean river"):
        nearest_neighbors(vectors, "rivers")


def test_words_without_ngrams_are_unknown() -> None:
    subwords = Subwords(np.ones((4, 3), np.float32), 5, 6)
    vectors = WordVectors(["river"], np.ones((1, 3)), source="t", subwords=subwords)
    assert vectors.composes("abc")  # <abc>
    assert not vectors.composes("ab")
    assert not vectors.composes("x" * 4097)
    with pytest.raises(InvalidSetting, match="do not fit"):
        WordVectors(["river"], np.ones((1, 4)), source="t", subwords=subwords)


@quick
@given(st.text(max_size=30), st.integers(1, 6), st.integers(0, 3))
def test_any_text_is_composed_as_by_gensim(word: str, minn: int, more: int) -> None:
    from gensim.models.fasttext import ft_ngram_hashes

    rows = np.random.default_rng(3).normal(size=(50, 4)).astype(np.float32)
    vector = Subwords(rows, minn, minn + more).vector(word)
    hashes = ft_ngram_hashes(word, minn, minn + more, 50) if word and word != "</s>" else []
    if not hashes:
        assert vector is None
    else:
        assert vector is not None
        np.testing.assert_allclose(vector, rows[hashes].mean(axis=0), **close)


SMALL = fasttext_cases.model(
    ("river", "lake"), np.arange(1, 29, dtype=np.float32).reshape(7, 4), bucket=5, maxn=4, label_entries=["__label__"]
)


@quick
@given(st.integers(0, len(SMALL) - 1), st.integers(0, 255))
def test_a_changed_byte_gives_a_clear_error_or_sound_vectors(place: int, value: int) -> None:
    try:
        vectors = read(io.BytesIO(SMALL[:place] + bytes([value]) + SMALL[place + 1 :]))
    except EmbedlabError:
        return
    assert np.isfinite(vectors.matrix).all()
    if vectors.composes("rivers"):
        assert np.isfinite(vectors["rivers"]).all()


@quick
@given(st.integers(0, len(SMALL) - 1))
def test_a_cut_off_model_is_refused(length: int) -> None:
    with pytest.raises(EmbedlabError):
        read(io.BytesIO(SMALL[:length]))
    with pytest.raises(EmbedlabError):
        read(io.BytesIO(gzip.compress(SMALL[:length])))


def test_the_sentence_names_the_words() -> None:
    assert composed_note([], 8) == ""
    one = "“rivers” is not among the 8 words: its vector is composed of its character n-grams."
    assert composed_note(["rivers"], 8) == one
    assert composed_note(["a", "b", "c"], 1000).startswith("“a”, “b” and “c” are not among the 1,000 words")
    assert len(composed_note(["x" * 500], 8)) < 200


def test_the_settings_of_the_file_decide(model: Path) -> None:
    vectors = read(model)
    assert vectors.subwords is not None
    assert (vectors.subwords.minn, vectors.subwords.maxn, vectors.subwords.rows.shape) == (2, 4, (300, 12))
    assert struct.unpack("<i", model.read_bytes()[:4]) == (793712314,)
    assert read(io.BytesIO(fasttext_cases.CLEAN)).subwords is None
