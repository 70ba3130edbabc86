"""The same questions put to gensim and to embedlab, on the same vectors: the same answers."""

from itertools import pairwise

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath

from embedlab.evaluation.question_sets import SIMILARITY_SETS
from embedlab.evaluation.scores import analogy_accuracy, similarity_correlation
from embedlab.vectors.queries import Neighbor, analogy, nearest_neighbors, odd_one_out, similarity
from embedlab.vectors.word_vectors import WordVectors
from tests.conftest import shared_file

pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`")
WORDS = 300  # random words asked of each set of vectors
GLOVE = "vectors/glove.6B.50d.top9163.txt.gz"


@pytest.fixture(scope="module", params=["gensim's own test vectors", "GloVe"])
def gensim_vectors(request: pytest.FixtureRequest) -> KeyedVectors:
    if request.param == "GloVe":
        return KeyedVectors.load_word2vec_format(shared_file(GLOVE), no_header=True)  # 9,163 x 50
    return KeyedVectors.load_word2vec_format(datapath("euclidean_vectors.bin"), binary=True)  # 2,747 x 10


@pytest.fixture(scope="module")
def vectors(gensim_vectors: KeyedVectors) -> WordVectors:
    return WordVectors(gensim_vectors.index_to_key, gensim_vectors.vectors, source="the same")


@pytest.fixture(scope="module")
def random_words(vectors: WordVectors) -> list[str]:
    rows = np.random.default_rng(1).choice(len(vectors), WORDS, replace=False)
    return [vectors.words[row] for row in rows]


@pytest.fixture(scope="module")
def triples(vectors: WordVectors) -> list[tuple[str, str, str]]:
    """Three different words each, half of them among the 1,000 most frequent."""
    rng = np.random.default_rng(2)
    sizes = [1_000, len(vectors)] * (WORDS // 2)
    return [tuple(vectors.words[row] for row in rng.choice(size, 3, replace=False)) for size in sizes]


def assert_same(ours: list[Neighbor], theirs: list[tuple[str, float]], *, relative: float = 0) -> None:
    """The same similarities at each rank, and the same words but where similarities tie.

    gensim computes in float32, whose last digits differ between processors: two words closer than the tolerance may
    change places, and a word of the last rank may give way to one that was not asked for.
    """
    tolerance = {"rtol": relative, "atol": 1e-5}
    scores = dict(theirs)
    np.testing.assert_allclose([n.similarity for n in ours], list(scores.values()), **tolerance)
    last = min(scores.values())
    for neighbor in ours:
        np.testing.assert_allclose(neighbor.similarity, scores.get(neighbor.word, last), **tolerance)


def test_the_same_ten_neighbors(vectors: WordVectors, gensim_vectors: KeyedVectors, random_words: list[str]) -> None:
    for word in random_words:
        assert_same(nearest_neighbors(vectors, word), gensim_vectors.most_similar(word))


def test_the_same_neighbors_of_a_vector(
    vectors: WordVectors, gensim_vectors: KeyedVectors, random_words: list[str]
) -> None:
    for word in random_words[:50]:
        query = gensim_vectors[word] * np.float32(3)
        assert_same(nearest_neighbors(vectors, query, 5), gensim_vectors.similar_by_vector(query, 5))


def test_the_same_analogies_by_3cosadd(
    vectors: WordVectors, gensim_vectors: KeyedVectors, triples: list[tuple[str, str, str]]
) -> None:
    for a, b, c in triples:
        assert_same(analogy(vectors, [b, c], [a]), gensim_vectors.most_similar([b, c], [a]))


def test_the_same_analogies_by_3cosmul(
    vectors: WordVectors, gensim_vectors: KeyedVectors, triples: list[tuple[str, str, str]]
) -> None:
    for a, b, c in triples:
        theirs = gensim_vectors.most_similar_cosmul([b, c], [a])
        assert_same(analogy(vectors, [b, c], [a], method="3cosmul"), theirs, relative=1e-5)


def test_the_same_sums_of_many_words(
    vectors: WordVectors, gensim_vectors: KeyedVectors, random_words: list[str]
) -> None:
    for start in range(0, 60, 6):
        six = random_words[start : start + 6]
        assert_same(analogy(vectors, six[:4], six[4:], 20), gensim_vectors.most_similar(six[:4], six[4:], topn=20))
        assert_same(analogy(vectors, six, []), gensim_vectors.most_similar(six))


def test_the_same_similarities(vectors: WordVectors, gensim_vectors: KeyedVectors, random_words: list[str]) -> None:
    for a, b in pairwise(random_words):
        assert similarity(vectors, a, b) == pytest.approx(float(gensim_vectors.similarity(a, b)), abs=1e-5)


def test_the_same_odd_one_out(vectors: WordVectors, gensim_vectors: KeyedVectors, random_words: list[str]) -> None:
    for start in range(0, WORDS - 5, 5):
        words = random_words[start : start + 3 + start % 3]
        assert odd_one_out(vectors, words) == gensim_vectors.doesnt_match(words)


def test_the_same_analogy_score_in_every_section(vectors: WordVectors, gensim_vectors: KeyedVectors) -> None:
    questions = datapath("questions-words.txt")
    _, sections = gensim_vectors.evaluate_word_analogies(questions, restrict_vocab=len(vectors))
    theirs = {section["section"]: section for section in sections}
    ours = analogy_accuracy(vectors)
    assert sum(section.covered for section in ours.sections) > 100
    for section in ours.sections:
        right, wrong = len(theirs[section.name]["correct"]), len(theirs[section.name]["incorrect"])
        assert section.covered == right + wrong, section.name
        assert section.correct == right, section.name
    assert ours.overall.total == 19_544


@pytest.mark.parametrize("name", SIMILARITY_SETS)
def test_the_same_similarity_correlation(vectors: WordVectors, gensim_vectors: KeyedVectors, name: str) -> None:
    ours = similarity_correlation(vectors, name)
    _, spearman, unknown = gensim_vectors.evaluate_word_pairs(
        datapath(SIMILARITY_SETS[name]), restrict_vocab=len(vectors)
    )
    assert ours.spearman == pytest.approx(float(spearman[0]), abs=1e-5)
    assert 1 - ours.covered / ours.total == pytest.approx(unknown / 100)
