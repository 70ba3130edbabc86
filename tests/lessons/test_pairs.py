"""Pairs, subsampling and noise against slow and obvious versions of the same."""

from collections import Counter
from itertools import islice

import numpy as np
import pytest

from embedlab.errors import InvalidSetting
from embedlab.lessons.word2vec.pairs import (
    Noise,
    PairConfig,
    expected_dropped,
    keep_probability,
    kept_chunks,
    noise_distribution,
    noisy_pair_batches,
    pair_batches,
    pairs_per_pass,
    window_pairs,
)
from embedlab.text.corpus import Corpus, encode

WORDS = [f"w{chr(97 + i)}" for i in range(12)]


@pytest.fixture(scope="module")
def text() -> Corpus:
    """2,000 words in sentences of 1 to 9, a few words far more frequent than the others."""
    generator = np.random.default_rng(0)
    weights = 1 / np.arange(1, 13) ** 1.5
    drawn = generator.choice(WORDS, 2_000, p=weights / weights.sum()).tolist()
    sentences, start = [], 0
    while start < len(drawn):
        length = int(generator.integers(1, 10))
        sentences.append(drawn[start : start + length])
        start += length
    return encode(sentences, "drawn")


def obvious_pairs(sentences: list[int], radii: list[int]) -> Counter[tuple[int, int]]:
    """Two loops and an if."""
    return Counter(
        (i, j)
        for i in range(len(sentences))
        for j in range(len(sentences))
        if i != j and abs(i - j) <= radii[i] and sentences[i] == sentences[j]
    )


@pytest.mark.parametrize("seed", range(5))
def test_window_pairs_are_those_of_two_loops_and_an_if(seed: int) -> None:
    generator = np.random.default_rng(seed)
    sentences = np.sort(generator.integers(0, 12, 60))
    radii = generator.integers(1, 6, 60)
    centers, contexts = window_pairs(sentences, radii)
    found = Counter(zip(centers.tolist(), contexts.tolist(), strict=True))
    assert found == obvious_pairs(sentences.tolist(), radii.tolist())
    assert len(found) > 100


def test_window_pairs_of_no_words_or_of_lone_words_are_none() -> None:
    for sentences in (np.empty(0, np.int32), np.array([3]), np.array([0, 1, 2])):
        centers, contexts = window_pairs(sentences, np.full(len(sentences), 5))
        assert len(centers) == len(contexts) == 0


def test_both_formulas_of_subsampling_by_hand() -> None:
    counts = np.array([900, 90, 10])  # shares .9, .09, .01 of 1,000
    paper = keep_probability(counts, 0.01, "paper")
    assert paper == pytest.approx([(0.01 / 0.9) ** 0.5, (0.01 / 0.09) ** 0.5, 1.0])
    program = keep_probability(counts, 0.01, "word2vec.c")
    assert program == pytest.approx(
        [((f / 0.01) ** 0.5 + 1) * 0.01 / f if f > 0.03 else 1.0 for f in (0.9, 0.09, 0.01)]
    )
    assert (program >= paper).all()
    assert keep_probability(counts, 0.0).tolist() == [1, 1, 1]


def test_the_programs_formula_is_gensims() -> None:
    from gensim.models import Word2Vec

    counts = {"often": 9_000, "now": 900, "seldom": 90, "rare": 9}
    model = Word2Vec(min_count=1, sample=1e-2, vector_size=2)
    model.build_vocab_from_freq(counts)
    theirs = [model.wv.get_vecattr(word, "sample_int") / 2**32 for word in counts]
    ours = keep_probability(np.array(list(counts.values())), 1e-2, "word2vec.c")
    assert ours == pytest.approx(theirs, abs=1e-6)


def test_noise_is_drawn_in_proportion_to_count_to_the_power() -> None:
    counts = np.array([1000, 100, 10, 1])
    expected = counts**0.75 / (counts**0.75).sum()
    assert noise_distribution(counts) == pytest.approx(expected)
    drawn = Noise(counts).draw((200_000,), np.random.default_rng(1))
    shares = np.bincount(drawn, minlength=4) / 200_000
    # The largest standard deviation of a share is 0.0009; five of them, four shares: a false alarm in 400,000 seeds.
    assert shares == pytest.approx(expected, abs=0.005)
    assert noise_distribution(counts, 0.0) == pytest.approx([0.25] * 4)
    assert noise_distribution(counts, 1.0) == pytest.approx(counts / counts.sum())


def test_subsampling_drops_each_word_as_often_as_its_formula_says(text: Corpus) -> None:
    config = PairConfig(subsampling_threshold=0.02)
    keep = keep_probability(text.counts, 0.02)
    kept = np.zeros(len(text.vocabulary))
    for ids, _, seen in kept_chunks(text, config, np.random.default_rng(3)):
        kept += np.bincount(ids, minlength=len(kept))
        if seen == 200 * len(text):
            break
    np.testing.assert_allclose(expected_dropped(text.counts, 0.02), text.counts - text.counts * keep)
    shares = kept / (200 * text.counts)
    deviation = np.sqrt(keep * (1 - keep) / (200 * text.counts))
    assert (np.abs(shares - keep) <= 5 * deviation + 1e-9).all()


def test_one_pass_without_subsampling_gives_exactly_the_pairs_of_the_text(text: Corpus) -> None:
    config = PairConfig(window=1, subsampling_threshold=0.0)  # a radius drawn from 1..1 is 1
    found: Counter[tuple[int, int]] = Counter()
    for batch in islice(pair_batches(text, config, 1), pairs_per_pass(text, config)):
        found[int(batch.centers[0]), int(batch.contexts[0])] += 1
    ids = text.ids.tolist()
    places = obvious_pairs(text.sentences.tolist(), [1] * len(ids))
    assert found == Counter((ids[i], ids[j]) for i, j in places)


def test_nearer_words_are_pairs_more_often() -> None:
    text = encode([list("abcdef") * 300], "letters")
    config = PairConfig(window=3, subsampling_threshold=0.0)
    apart: Counter[int] = Counter()
    order = {word: "abcdef".index(word) for word in text.vocabulary}
    ranks = np.array([order[word] for word in text.vocabulary.words])
    for batch in islice(pair_batches(text, config, 100), 50):
        gaps = (ranks[batch.contexts] - ranks[batch.centers]) % 6
        apart.update(np.minimum(gaps, 6 - gaps).tolist())
    # Distance 1 is in every radius, 2 in two thirds of them, 3 in one third.
    total = apart[1] + apart[2] + apart[3]
    assert [apart[d] / total for d in (1, 2, 3)] == pytest.approx([1 / 2, 1 / 3, 1 / 6], abs=0.02)


def test_same_seed_same_pairs_and_the_negatives_do_not_disturb_them(text: Corpus) -> None:
    def taken(batches: object) -> list[tuple[bytes, bytes]]:
        return [(b.centers.tobytes(), b.contexts.tobytes()) for b in islice(batches, 20)]  # type: ignore[call-overload]

    config = PairConfig(seed=7)
    first = taken(pair_batches(text, config, 64))
    assert first == taken(pair_batches(text, config, 64))
    assert first == taken(noisy_pair_batches(text, config, 64))
    assert first != taken(pair_batches(text, PairConfig(seed=8), 64))


def test_words_seen_rises_through_the_passes(text: Corpus) -> None:
    seen = [batch.words_seen for batch in islice(pair_batches(text, PairConfig(), 32), 600)]
    assert seen == sorted(seen)
    assert seen[-1] > len(text)


@pytest.mark.parametrize(
    ("changed", "allowed"),
    [
        ({"window": 0}, "1 to 50"),
        ({"negatives": 51}, "1 to 50"),
        ({"subsampling_threshold": -1.0}, "0 to 1"),
        ({"exponent": float("nan")}, "0 to 2"),
        ({"formula": "mine"}, "paper, word2vec.c"),
    ],
)
def test_settings_out_of_range_are_named(changed: dict, allowed: str) -> None:
    with pytest.raises(InvalidSetting, match=allowed):
        PairConfig(**changed)


def test_subsampling_that_leaves_nothing_is_said() -> None:
    text = encode([list("abcdef")] * 3, "short")
    with pytest.raises(InvalidSetting, match="raise the threshold"):
        pairs_per_pass(text, PairConfig(subsampling_threshold=1e-9, formula="paper"))
