"""Word vectors from gensim and back: the same words, the same bits, the same answers."""

from pathlib import Path

import numpy as np
import pytest
from gensim.models import Doc2Vec, FastText, KeyedVectors, Word2Vec
from gensim.models.doc2vec import TaggedDocument
from gensim.test.utils import common_texts, datapath

from embedlab.errors import InvalidSetting, UnknownWord
from embedlab.vectors.queries import nearest_neighbors
from embedlab.vectors.word_vectors import WordVectors


@pytest.fixture(scope="module")
def keyed() -> KeyedVectors:
    return KeyedVectors.load_word2vec_format(datapath("euclidean_vectors.bin"), binary=True)  # 2,747 x 10


def test_there_and_back_is_equal_to_the_bit(keyed: KeyedVectors) -> None:
    vectors = WordVectors.from_gensim(keyed)
    assert list(vectors.words) == keyed.index_to_key
    assert vectors.matrix.tobytes() == keyed.vectors.tobytes()
    assert vectors.source == "gensim"
    back = vectors.to_gensim()
    assert type(back) is KeyedVectors
    assert back.index_to_key == keyed.index_to_key
    assert back.key_to_index == keyed.key_to_index
    assert back.vectors.dtype == np.float32
    assert back.vectors.tobytes() == keyed.vectors.tobytes()


def test_both_find_the_same_neighbors(keyed: KeyedVectors) -> None:
    vectors = WordVectors.from_gensim(keyed, source="Euclid")
    back = vectors.to_gensim()
    assert vectors.source == "Euclid"
    for word in keyed.index_to_key[::300]:
        expected = back.most_similar(word, topn=10)
        assert expected == keyed.most_similar(word, topn=10)
        found = nearest_neighbors(vectors, word, 10)
        np.testing.assert_allclose([n.similarity for n in found], [score for _, score in expected], atol=1e-5)


def test_neither_side_can_change_the_other(keyed: KeyedVectors) -> None:
    own = WordVectors.from_gensim(keyed).to_gensim()
    vectors = WordVectors.from_gensim(own)
    before = vectors.matrix.copy()
    own.vectors[:] = 0
    assert np.array_equal(vectors.matrix, before)
    other = vectors.to_gensim()
    other.vectors[0] = 7
    other.add_vector("a new word", np.ones(10))
    assert np.array_equal(vectors.matrix, before)
    assert "a new word" not in vectors


def test_fasttext_keeps_its_ngrams() -> None:
    keyed = FastText(common_texts, vector_size=8, min_count=1, min_n=3, max_n=5, bucket=200, seed=2, workers=1).wv
    vectors = WordVectors.from_gensim(keyed)
    assert vectors.matrix.tobytes() == keyed.vectors.tobytes()
    for word in ("computers", "naïve", "日本語"):
        assert word not in vectors
        np.testing.assert_allclose(vectors[word], keyed[word], rtol=0, atol=1e-7)
    expected = keyed.most_similar("computers", topn=3)
    assert [n.word for n in nearest_neighbors(vectors, "computers", 3)] == [word for word, _ in expected]
    before = vectors["computers"]
    keyed.vectors_ngrams[:] = 0  # as further training would
    assert np.array_equal(vectors["computers"], before)
    assert vectors.to_gensim().vectors.tobytes() == vectors.matrix.tobytes()


def test_fasttext_without_ngrams_composes_nothing() -> None:
    keyed = FastText(common_texts, vector_size=8, min_count=1, max_n=0, seed=2, workers=1).wv
    with pytest.raises(UnknownWord):
        nearest_neighbors(WordVectors.from_gensim(keyed), "computers")


def test_a_whole_model_is_told_where_its_vectors_are() -> None:
    for model in (
        Word2Vec(common_texts, vector_size=4, min_count=1, workers=1),
        FastText(common_texts, vector_size=4, min_count=1, bucket=10, workers=1),
        Doc2Vec([TaggedDocument(text, [i]) for i, text in enumerate(common_texts)], vector_size=4, min_count=1),
    ):
        with pytest.raises(InvalidSetting, match=r"model\.wv"):
            WordVectors.from_gensim(model)
        assert len(WordVectors.from_gensim(model.wv)) == 12


@pytest.mark.parametrize("thing", [{"river": [1.0]}, "file.kv", None, np.eye(2)])
def test_other_things_are_refused(thing: object) -> None:
    with pytest.raises(InvalidSetting, match=type(thing).__name__):
        WordVectors.from_gensim(thing)


def test_numbers_behave_as_in_word_vectors(tmp_path: Path) -> None:
    keyed = KeyedVectors(2)
    keyed.add_vectors(["zero", "one"], np.array([[0, 0], [1, 2]], np.float32))
    assert WordVectors.from_gensim(keyed).matrix.tolist() == [[0, 0], [1, 2]]
    keyed.vectors[0, 0] = np.nan
    with pytest.raises(InvalidSetting, match="“zero” holds NaN"):
        WordVectors.from_gensim(keyed)
    keyed.save(str(tmp_path / "nan.kv"), sep_limit=0)
    with pytest.raises(InvalidSetting, match="“zero” holds NaN"):
        WordVectors.from_gensim(KeyedVectors.load(str(tmp_path / "nan.kv"), mmap="r"))


def test_mapped_numbers_stay_in_their_file(keyed: KeyedVectors, tmp_path: Path) -> None:
    keyed.save(str(tmp_path / "mapped.kv"), sep_limit=0)
    mapped = KeyedVectors.load(str(tmp_path / "mapped.kv"), mmap="r")
    vectors = WordVectors.from_gensim(mapped)
    assert np.shares_memory(vectors.matrix, mapped.vectors)
    assert vectors.to_gensim().vectors.tobytes() == keyed.vectors.tobytes()


def test_double_precision_is_rounded_once() -> None:
    keyed = KeyedVectors(3, dtype=np.float64)
    keyed.add_vectors(["a", "b"], np.random.default_rng(0).normal(size=(2, 3)))
    assert np.array_equal(WordVectors.from_gensim(keyed).matrix, keyed.vectors.astype(np.float32))
