"""Ten words against a plain PyTorch loop, and many runs at once against runs alone."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from embedlab.errors import InvalidSetting, InvalidText, TrainingError
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.model import ManyTenWords
from embedlab.lessons.ten_words.run import (
    Ending,
    TenWordsRun,
    agreement_by_chance,
    agreement_in_place,
    coordinate_rows,
    in_company,
)
from embedlab.lessons.ten_words.tagged_text import (
    MAX_WORDS,
    TEN_WORDS,
    TaggedText,
    plain_sentences,
    read_tagged,
    write_tagged,
)
from embedlab.lessons.ten_words.training import MAX_RUNS, endings, follow_many, make, run

TEXT = read_tagged(TEN_WORDS)
EPOCHS = TenWordsConfig(epochs=60)


def by_pytorch(text: TaggedText, epochs: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The experiment as its source writes it: default initialization, NLL loss, one sentence a step."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        embedding, linear = nn.Embedding(len(text.words), 2), nn.Linear(2, len(text.tags))
    optimizer = torch.optim.SGD([*embedding.parameters(), *linear.parameters()], lr=0.1)
    for _ in range(epochs):
        for ids, tags in text.sentences:
            optimizer.zero_grad()
            scores = torch.log_softmax(linear(embedding(torch.tensor(ids))), dim=-1)
            nn.NLLLoss()(scores, torch.tensor(tags)).backward()
            optimizer.step()
    return tuple(p.detach().numpy() for p in (embedding.weight, linear.weight, linear.bias))  # type: ignore[return-value]


def test_the_data_are_the_experiments_own() -> None:
    assert TEXT.words == ("the", "dog", "eats", "green", "apple", "woman", "reads", "a", "good", "book")
    assert TEXT.tags == ("DET", "NN", "V", "ADJ")
    assert [TEXT.tags[t] for t in TEXT.tag_of] == ["DET", "NN", "V", "ADJ", "NN", "NN", "V", "DET", "ADJ", "NN"]
    assert TEXT.counts.tolist() == [4, 2, 2, 1, 1, 1, 1, 1, 1, 1]
    assert sum(p.numel() for p in make(TEXT, 0).parameters()) == 32


@pytest.mark.parametrize("seed", [0, 7])
def test_same_bits_as_the_experiment_in_plain_pytorch(seed: int) -> None:
    embeddings, weights, biases = by_pytorch(TEXT, 60, seed)
    found = run(TEXT, TenWordsConfig(epochs=60, seed=seed))
    np.testing.assert_array_equal(found.embeddings[-1], embeddings)
    np.testing.assert_array_equal(found.weights[-1], weights)
    np.testing.assert_array_equal(found.biases[-1], biases)


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_runs_trained_at_once_equal_runs_trained_alone_to_the_last_bit(optimizer: str) -> None:
    config = TenWordsConfig(epochs=40, optimizer=optimizer)  # type: ignore[arg-type]
    seeds = [5, 0, 63, 2**31 - 1]
    for seed, many in zip(seeds, [*follow_many(TEXT, config, seeds)][-1], strict=True):
        alone = run(TEXT, TenWordsConfig(epochs=40, optimizer=optimizer, seed=seed))  # type: ignore[arg-type]
        assert many.seed == alone.seed == seed
        for name in ("epochs", "embeddings", "weights", "biases"):
            np.testing.assert_array_equal(getattr(many, name), getattr(alone, name), err_msg=f"{name}, seed {seed}")


def test_sixty_four_at_once_equal_alone_on_a_text_of_ones_own() -> None:
    text = read_tagged("I/PRON saw/V a/DET cat/NN\nyou/PRON saw/V the/DET small/ADJ cat/NN ./PUNCT")
    many = [*follow_many(text, TenWordsConfig(epochs=15), range(MAX_RUNS))][-1]
    for seed in (0, 31, 63):
        alone = run(text, TenWordsConfig(epochs=15, seed=seed))
        np.testing.assert_allclose(many[seed].embeddings, alone.embeddings, rtol=0, atol=1e-6)


def test_losses_accuracies_and_probabilities_by_hand() -> None:
    found = run(TEXT, EPOCHS)
    logits = found.embeddings[-1] @ found.weights[-1].T + found.biases[-1]  # (10, 4)
    odds = np.exp(logits)
    odds /= odds.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.probabilities()[-1], odds, rtol=1e-5)
    tokens = [(i, t) for ids, tags in TEXT.sentences for i, t in zip(ids, tags, strict=True)]
    assert len(tokens) == 15
    assert found.losses()[-1] == pytest.approx(np.mean([-np.log(odds[i, t]) for i, t in tokens]), rel=1e-5)
    assert found.accuracies()[-1] == (odds.argmax(axis=1) == TEXT.tag_of).mean()
    points = np.array([[0.0, 0.0], [1.0, 2.0]], dtype=np.float32)
    answers = found.answers(points, np.array([0, 60]))
    assert answers.shape == (2, 2, 4)
    np.testing.assert_allclose(answers.sum(axis=-1), 1, rtol=1e-6)


def test_a_hopeless_logit_has_a_finite_loss() -> None:
    far = np.full((1, 2, 2), 1e4, dtype=np.float32)
    text = read_tagged("a/X b/Y")
    weights = np.array([[[1.0, 0.0], [0.0, -1.0]]], dtype=np.float32)
    lost = TenWordsRun(0, text, np.array([0]), far, weights, np.zeros((1, 2), dtype=np.float32))
    assert lost.losses()[0] == pytest.approx(1e4)


def test_mean_distances_by_hand() -> None:
    places = np.array([[[0, 0], [3, 4], [0, 1]]], dtype=np.float32)
    text = read_tagged("a/X b/X c/Y")
    found = TenWordsRun(0, text, np.array([0]), places, np.zeros((1, 2, 2)), np.zeros((1, 2)))
    assert found.mean_distances(0) == pytest.approx((5, (1 + np.hypot(3, 3)) / 2))
    alone = TenWordsRun(0, read_tagged("a/X b/Y c/Z"), np.array([0]), places, np.zeros((1, 3, 2)), np.zeros((1, 3)))
    assert alone.mean_distances(0) is None


def ending(places: np.ndarray) -> Ending:
    """A run that ended with its ten words in these places, (10, 2)."""
    made = TenWordsRun(0, TEXT, np.array([1]), places[None].astype(np.float32), np.zeros((1, 4, 2)), np.zeros((1, 4)))
    return Ending(made, None)


def test_company_and_agreement_in_place_by_hand() -> None:
    corners = np.array([[1, 1], [1, -1], [-1, 1], [-1, -1]])[TEXT.tag_of]  # (10, 2) each part of speech in its corner
    turned, shuffled = -2.0 * corners, corners[[1, 0, 3, 2, 5, 4, 7, 6, 9, 8]]
    assert in_company([ending(corners), ending(turned)]) == 2
    assert in_company([ending(corners), ending(shuffled)]) == 1
    assert agreement_in_place([ending(corners), ending(3 * corners)]) == pytest.approx(1)
    assert agreement_in_place([ending(corners), ending(turned)]) == pytest.approx(0)
    right_angle = corners @ np.array([[0, 1], [-1, 0]])
    assert agreement_in_place([ending(corners), ending(right_angle)]) == pytest.approx(np.sqrt(0.5))
    assert agreement_in_place([ending(0 * corners)]) == 0


def test_agreement_by_chance_is_that_of_random_directions() -> None:
    """The mean of 4,000 words has a standard error of 0.0018 for 16 runs: five of them, one false alarm in 10^6."""
    angles = np.random.default_rng(0).uniform(0, 2 * np.pi, (16, 4_000))
    lengths = np.hypot(np.cos(angles).mean(axis=0), np.sin(angles).mean(axis=0))
    assert agreement_by_chance(16) == pytest.approx(lengths.mean(), abs=0.01)


def test_stop_conditions_cut_the_run_where_they_hold_first() -> None:
    whole = run(TEXT, TenWordsConfig(seed=3))
    first = whole.first_perfect()
    assert first is not None
    perfect = run(TEXT, TenWordsConfig(seed=3, stop="perfect"))
    assert perfect.epochs[-1] == first
    assert perfect.accuracies()[-2] < 1 <= perfect.accuracies()[-1]
    low = run(TEXT, TenWordsConfig(seed=3, stop="loss", stop_loss=0.5))
    assert low.losses()[-1] < 0.5 <= low.losses()[-2]
    never = run(TEXT, TenWordsConfig(epochs=5, seed=3, stop="perfect"))
    assert never.epochs[-1] == 5
    assert never.first_perfect() is None


def test_most_beginnings_reach_every_word() -> None:
    """Reference over 2,000 seeds: 98.35% at 100% within 200 epochs, median first at 97, median loss 0.045.

    With 100 seeds the chance that fewer than 93 reach it is 3e-4, and the median of the firsts has a standard error of
    about 4 epochs; these seeds are fixed, so the test cannot fail by chance. benchmarks/ten_words.py prints 500.
    """
    runs = [found for at in (0, 50) for found in [*follow_many(TEXT, TenWordsConfig(), range(at, at + 50))][-1]]
    firsts = [found.first_perfect() for found in runs]
    assert sum(first is not None for first in firsts) >= 93
    assert np.median([first or 10**6 for first in firsts]) == pytest.approx(97, abs=12)
    assert np.median([found.losses()[-1] for found in runs]) == pytest.approx(0.045, abs=0.012)
    assert {found.accuracies()[-1] for found in runs} <= {0.7, 0.8, 0.9, 1.0}


def test_arrays_are_read_only_and_runs_repeatable() -> None:
    one, two = run(TEXT, EPOCHS), run(TEXT, EPOCHS)
    assert one.embeddings.tobytes() == two.embeddings.tobytes()
    with pytest.raises(ValueError, match="read-only"):
        one.embeddings[0, 0, 0] = 1


def test_training_leaves_the_global_generator_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    state = torch.get_rng_state()
    model = ManyTenWords([make(TEXT, 1), make(TEXT, 2)])
    torch.set_rng_state(state)
    assert torch.equal(torch.rand(1), expected)
    assert model.embedding_matrix().shape == (20, 2)


def test_long_runs_keep_a_bounded_number_of_epochs() -> None:
    found = run(TEXT, TenWordsConfig(epochs=1001))
    assert len(found.epochs) <= 502
    assert (found.epochs[0], found.epochs[-1]) == (0, 1001)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"epochs": 0}, "epochs must be from 1 to 2,000; 0 is not"),
        ({"epochs": 10**9}, "epochs must be from 1 to 2,000; 1,000,000,000 is not"),
        ({"seed": -1}, "seed must be from 0 to 2,147,483,647; -1 is not"),
        ({"stop": "soon"}, "stop condition"),
    ],
)
def test_settings_are_checked_when_made(changed: dict, message: str) -> None:
    with pytest.raises(InvalidSetting, match=message):
        TenWordsConfig(**changed)


def test_too_much_work_is_refused_with_the_number_that_fits() -> None:
    text = read_tagged("\n".join(["a/X b/Y"] * 50))
    with pytest.raises(InvalidSetting, match="120 epochs or fewer"):
        run(text, TenWordsConfig(epochs=500))
    with pytest.raises(InvalidSetting, match="runs must be from 1 to 64; 65 is not"):
        list(follow_many(TEXT, EPOCHS, range(65)))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_huge_learning_rate_gives_the_run_until_it_breaks_and_is_named_for_many(optimizer: str) -> None:
    config = TenWordsConfig(learning_rate=1e6, optimizer=optimizer)  # type: ignore[arg-type]
    found = run(TEXT, config)
    assert found.broke == (optimizer == "sgd")  # each step of Adam is at most as long as the rate
    assert len(found.epochs) == (2 if found.broke else 201)
    for numbers in (found.losses(), found.embeddings, found.probabilities()):
        assert np.isfinite(numbers).all()
    assert found.losses().max() > 1e6
    with pytest.raises(TrainingError, match=r"at least one diverged with learning rate 1e\+06"):
        list(follow_many(TEXT, config, range(3)))


def test_runs_that_break_do_not_end_the_others() -> None:
    config = TenWordsConfig(learning_rate=5.0)
    *_, ended = endings(TEXT, config, range(6))
    alone = [run(TEXT, replace(config, seed=seed)) for seed in range(6)]
    assert {each.broke for each in alone} == {False, True}
    for end, whole in zip(ended, alone, strict=True):
        assert (end.run.broke, end.first_perfect) == (whole.broke, whole.first_perfect())
        assert end.run.epochs.tolist() == whole.epochs[-1:].tolist()
        np.testing.assert_array_equal(end.run.embeddings, whole.embeddings[-1:])


MANY = " ".join(f"w{i}/X" for i in range(MAX_WORDS + 1)) + " y/Y"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no sentence"),
        (" \n\t\n", "no sentence"),
        ("the/DET dog/NN\nthe/NN cat/NN", "Line 2: “the” is tagged NN here and DET in line 1"),
        ("the/DET dog/NN\n\neats", "Line 3: “eats” has no tag"),
        ("/NN dog/X", "Line 1: “/NN” has no tag"),
        ("dog/ the/X", "Line 1: “dog/” has no tag"),
        (MANY, f"Line 1: “w{MAX_WORDS}” is word number 101. Use at most 100"),
        (" ".join(f"w{i}/T{i}" for i in range(13)), "Line 1: T12 is tag number 13. Use at most 12"),
        ("dog/NN cat/NN", "All words have the tag NN"),
        ("🐶/NN eats/V", "Line 1: in “🐶/NN” the word contains “🐶”"),
        ("<b>dog</b>/NN eats/V", "the word contains “<”"),
        ("dog/<i> eats/V", "the tag contains “<”"),
        ("x" * 25 + "/NN a/X", "longer than 24"),
        ("a/X b/Y\n" * 4000, "32,000 characters"),
    ],
)
def test_a_text_that_cannot_be_used_names_its_line(text: str, message: str) -> None:
    with pytest.raises(InvalidText) as caught:
        read_tagged(text)
    assert message in str(caught.value)


def test_words_in_other_scripts_slashes_and_blank_lines_are_fine() -> None:
    text = read_tagged("\nсобака/NN est/V\r\n\n1/2/NUM l'été/NN\n")
    assert text.words == ("собака", "est", "1/2", "l'été")
    assert text.tags[:2] == ("NN", "V")
    assert len(text.sentences) == 2


def test_coordinate_rows_hold_every_word_at_every_epoch() -> None:
    found = run(TEXT, TenWordsConfig(epochs=3, seed=4))
    rows = list(coordinate_rows([found]))
    assert len(rows) == 4 * 10
    *named, x, y = rows[-1]
    assert named == [4, 3, "book", "NN", TEXT.tags[found.predicted()[-1, 9]]]
    assert (x, y) == pytest.approx(tuple(found.embeddings[-1, 9]), abs=1e-6)


def test_records_and_the_confusion_matrix_agree() -> None:
    found = run(TEXT, EPOCHS)
    records, table = found.records(2), found.confusion(2)
    assert [record["word"] for record in records] == list(TEXT.words)
    assert table.sum() == 10
    for i, j in np.ndindex(table.shape):
        pair = TEXT.tags[i], TEXT.tags[j]
        assert table[i, j] == sum((record["tag"], record["predicted"]) == pair for record in records)
    shares = [[float(record[f"{tag} %"]) for tag in TEXT.tags] for record in records]
    np.testing.assert_allclose(shares, found.probabilities()[2] * 100)


def test_plain_sentences_in_any_script_become_tagged_text() -> None:
    sentences = plain_sentences("बिल्ली सोती है।\n\n«Die Katze», schläft! don't / stop…\n")
    assert sentences == [["बिल्ली", "सोती", "है"], ["Die", "Katze", "schläft", "don't", "stop"]]
    tag_of = {word: "V" if word in ("सोती", "schläft") else "NN" for words in sentences for word in words}
    text = read_tagged(write_tagged(sentences, tag_of))
    assert {word: text.tags[tag] for word, tag in zip(text.words, text.tag_of, strict=True)} == tag_of
    assert [[text.words[i] for i in ids] for ids, _ in text.sentences] == sentences
    assert plain_sentences("می‌خواهم بخوانم") == [["می‌خواهم", "بخوانم"]], "a joiner belongs to its word"
    assert [len("".join(words)) for words in plain_sentences("这是一个没有空格的句子。")] == [11], "cut, nothing lost"
    with pytest.raises(InvalidText, match="blanks between words"):
        plain_sentences("words" * 5)
    with pytest.raises(InvalidText, match="101"):
        plain_sentences(" ".join(f"w{i}" for i in range(101)))
    with pytest.raises(InvalidText, match="no sentence"):
        plain_sentences(" … !\n")
