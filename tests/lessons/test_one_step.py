"""Single steps with every number: against PyTorch's own gradients, finite differences, and whichever way one came."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch

from embedlab.arrays import Doubles
from embedlab.errors import InvalidSetting
from embedlab.lessons.ten_words import one_step as tagging
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.model import TenWords
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS, read_tagged
from embedlab.lessons.ten_words.training import run
from embedlab.lessons.word2vec.one_step import (
    LOSSES,
    MOST_STEPS,
    Loss,
    StepConfig,
    StepCourse,
    StepTables,
    drawn_again,
    first_sentences,
    likeliest,
    next_update,
    other_contexts,
    score_multiplications,
    skip_gram_update,
    starting_tables,
    step_course,
    tables_after,
)
from embedlab.lessons.word2vec.pairs import NoisyPairs, Pairs, noise_distribution
from embedlab.lessons.word2vec.skip_gram import SkipGramNegativeSampling, SkipGramSoftmax
from embedlab.text.corpus import Corpus, encode
from embedlab.text.small_world import make_world

EXACT: dict[str, Any] = {"rtol": 0, "atol": 1e-9}
TAGGED = read_tagged(TEN_WORDS)


@pytest.fixture(scope="module")
def text() -> Corpus:
    return encode(make_world(20_000).sentences, "the small world")


def at(course: StepCourse, loss: Loss, steps: int) -> StepTables:
    return tables_after(course, steps, starting_tables(course, loss))


def by_pytorch(course: StepCourse, tables: StepTables) -> tuple[Any, torch.Tensor]:
    """The lesson's model with these tables, and its loss on the next pair."""
    number = tables.steps + 1
    center, context, negatives = course.words(number)
    shape = course.size, course.config.dimensions
    model: Any = (SkipGramSoftmax if tables.loss == "full softmax" else SkipGramNegativeSampling)(*shape).double()
    model.center_embeddings.weight.data = torch.tensor(tables.center)
    model.context_embeddings.weight.data = torch.tensor(tables.context)
    pair = np.array([center]), np.array([context])
    batch = Pairs(*pair, 0) if tables.loss == "full softmax" else NoisyPairs(*pair, negatives[None].copy(), 0)
    loss = model.loss(batch)
    loss.backward()
    return model, loss


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("steps", [0, 1, 7, 900])
def test_a_step_is_that_of_pytorch(text: Corpus, loss: Loss, steps: int) -> None:
    config = StepConfig(window=3, negatives=12, dimensions=4, learning_rate=0.2, seed=5)
    course = step_course(text, config)
    tables = at(course, loss, steps)
    step = next_update(course, tables)
    model, expected = by_pytorch(course, tables)
    assert step.loss == pytest.approx(expected.item(), abs=1e-9)
    of_center, of_context = (t.weight.grad.numpy() for t in (model.center_embeddings, model.context_embeddings))
    np.testing.assert_allclose(step.vector_gradient, of_center[step.center], **EXACT)
    np.testing.assert_allclose(step.row_gradients, of_context[step.outputs], **EXACT)
    assert set(np.flatnonzero(of_context.any(axis=1))) <= set(step.outputs.tolist())
    torch.optim.SGD(model.parameters(), lr=config.learning_rate).step()
    after = tables_after(course, steps + 1, tables)
    np.testing.assert_allclose(after.center, model.center_embeddings.weight.detach(), **EXACT)
    np.testing.assert_allclose(after.context, model.context_embeddings.weight.detach(), **EXACT)
    np.testing.assert_array_equal(step.new_rows, after.context[step.outputs])
    np.testing.assert_array_equal(step.new_vector, after.center[step.center])


def test_a_noise_word_that_comes_twice_or_is_the_context_gets_both_gradients(text: Corpus) -> None:
    course = step_course(text, StepConfig(negatives=20, seed=2))
    tables = at(course, "negative sampling", 400)
    numbers = range(401, 500)
    twice = [n for n in numbers if len(set(course.words(n)[2].tolist())) < 20]
    itself = [n for n in numbers if course.words(n)[1] in course.words(n)[2]]
    assert twice
    assert itself
    for number in (twice[0], itself[0]):
        before = tables_after(course, number - 1, tables)
        model, _ = by_pytorch(course, before)
        step = next_update(course, before)
        expected = model.context_embeddings.weight.grad.numpy()[step.outputs]
        np.testing.assert_allclose(step.row_gradients, expected, **EXACT)


def test_noise_words_with_another_part_are_named(text: Corpus) -> None:
    course = step_course(text, StepConfig())
    tables = starting_tables(course, "negative sampling")
    seen = set()
    for number in range(1, 200):
        step = skip_gram_update(course, "negative sampling", number, tables.center, tables.context)
        place = course.place(number)
        right, *noise = step.outputs.tolist()
        again = {word for word in noise if noise.count(word) > 1 or word == right}
        window = {int(place.sentence[at]) for at in place.window}
        assert set(drawn_again(step)) == again
        assert set(other_contexts(step, place)) == (window & {*noise}) - {right}
        seen |= {("again", bool(again)), ("window", bool(other_contexts(step, place)))}
    assert len(seen) == 4, "both happen, and most often neither"


def differences(value: Callable[[Doubles], float], point: Doubles) -> Doubles:
    """The gradient by central differences."""
    found = np.zeros_like(point)
    for place in np.ndindex(*point.shape):
        step = np.zeros_like(point)
        step[place] = 1e-5
        found[place] = (value(point + step) - value(point - step)) / 2e-5
    return found


@pytest.mark.parametrize("loss", LOSSES)
def test_gradients_are_the_slopes_of_the_loss(text: Corpus, loss: Loss) -> None:
    course = step_course(text, StepConfig(dimensions=2))
    tables = at(course, loss, 300)
    step = next_update(course, tables)

    def with_vector(vector: Doubles) -> float:
        center = tables.center.copy()
        center[step.center] = vector
        return next_update(course, tables._replace(center=center)).loss

    def with_row(row: Doubles) -> float:
        context = tables.context.copy()
        context[step.outputs[0]] = row
        return next_update(course, tables._replace(context=context)).loss

    np.testing.assert_allclose(differences(with_vector, step.vector), step.vector_gradient, atol=1e-8)
    np.testing.assert_allclose(differences(with_row, step.rows[0]), step.row_gradients[0], atol=1e-8)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_step_is_the_same_bytes_however_one_gets_there(text: Corpus, loss: Loss) -> None:
    config = StepConfig(seed=9)
    course = step_course(text, config)
    straight = at(course, loss, 1_234)
    again = at(step_course(text, config), loss, 1_000)
    stepwise = tables_after(course, 1_234, tables_after(course, 1_001, again))
    for name in ("center", "context"):
        assert getattr(straight, name).tobytes() == getattr(stepwise, name).tobytes()
    other = at(step_course(text, StepConfig(seed=10)), loss, 1_234)
    assert straight.center.tobytes() != other.center.tobytes()
    assert not straight.center.flags.writeable


def test_nothing_is_known_at_the_first_step(text: Corpus) -> None:
    course = step_course(text, StepConfig(negatives=4))
    sampling, softmax = (next_update(course, starting_tables(course, loss)) for loss in LOSSES)
    assert sampling.loss == pytest.approx(5 * math.log(2))
    assert softmax.loss == pytest.approx(math.log(len(text.vocabulary)))
    assert sampling.vector.tobytes() == softmax.vector.tobytes(), "both losses start from the same vectors"


@pytest.mark.parametrize("loss", LOSSES)
def test_thousands_of_steps_lower_the_loss(text: Corpus, loss: Loss) -> None:
    course = step_course(text, StepConfig())

    def mean(start: int) -> float:
        tables, losses = at(course, loss, start), []
        for _ in range(300):
            losses.append(next_update(course, tables).loss)
            tables = tables_after(course, tables.steps + 1, tables)
        return float(np.mean(losses))

    assert mean(6_000) < mean(0) - 0.5


def test_the_window_slides_over_the_text_in_order(text: Corpus) -> None:
    course = step_course(text, StepConfig(window=2))
    seen = []
    for number in range(1, 200):
        place = course.place(number)
        assert place.window == tuple(
            p for p in range(max(place.center - 2, 0), min(place.center + 3, len(place.sentence))) if p != place.center
        )
        assert place.context in place.window
        center, context, _ = course.words(number)
        assert (place.sentence[place.center], place.sentence[place.context]) == (center, context)
        seen.append((place.sentence.tolist(), place.center, place.context))
    first = text.ids[text.sentences == 0].tolist()
    expected = [(first, c, o) for c in range(len(first)) for o in range(len(first)) if 0 < abs(c - o) <= 2]
    assert seen[: len(expected)] == expected


def test_a_short_text_is_read_again() -> None:
    course = step_course(encode([["one", "two", "three", "four", "five"]] * 3, "five words"), StepConfig(window=1))
    pairs = 3 * 8
    assert course.place(1)[1:] == course.place(pairs + 1)[1:]
    assert course.words(1)[:2] == course.words(pairs + 1)[:2]
    at(course, "full softmax", 200)


def test_noise_words_follow_the_counts_to_three_quarters(text: Corpus) -> None:
    course = step_course(text, StepConfig(negatives=20))
    share = np.bincount(course.negatives.ravel(), minlength=course.size) / course.negatives.size
    expected = noise_distribution(text.counts, 0.75)
    assert np.abs(share - expected).max() < 5 * np.sqrt(expected.max() / course.negatives.size)
    assert np.abs(share - noise_distribution(text.counts, 1.0)).max() > 0.02


def test_large_steps_stay_finite(text: Corpus) -> None:
    for loss in LOSSES:
        course = step_course(text, StepConfig(learning_rate=1.0))
        step = next_update(course, at(course, loss, 5_000))
        assert math.isfinite(step.loss)
        assert np.isfinite(step.new_rows).all()


def test_the_likeliest_words_come_after_the_context(text: Corpus) -> None:
    course = step_course(text, StepConfig())
    step = next_update(course, at(course, "full softmax", 2_000))
    chosen = likeliest(step, 5)
    assert step.targets[chosen].tolist() == [1, 0, 0, 0, 0, 0]
    others = np.sort(step.probabilities[step.targets == 0])[::-1]
    np.testing.assert_array_equal(step.probabilities[chosen[1:]], others[:5])


@pytest.mark.parametrize(
    "wrong", [{"dimensions": 1}, {"window": 0}, {"negatives": 0}, {"learning_rate": 3.0}, {"seed": -1}]
)
def test_settings_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidSetting, match="must be from"):
        StepConfig(**wrong)


def test_steps_that_are_not_there_are_refused(text: Corpus) -> None:
    course = step_course(text, StepConfig())
    with pytest.raises(InvalidSetting, match="10,000"):
        course.place(MOST_STEPS + 1)
    with pytest.raises(InvalidSetting):
        tables_after(course, 3, at(course, "full softmax", 4))
    with pytest.raises(InvalidSetting, match="alone"):
        step_course(encode([["a"], ["b"], ["c"], ["d"], ["e"]], "single words"), StepConfig())


def test_the_softmax_costs_in_proportion_to_the_vocabulary() -> None:
    cost = score_multiplications([100, 1_000_000], 32, 5)
    assert cost.softmax.tolist() == [3_200, 32_000_000]
    assert cost.negative_sampling.tolist() == [192, 192]


def test_the_first_sentences_are_the_texts() -> None:
    sentences = [["a", "b", "c"], ["d", "e"], ["a"] * 9, ["b"], ["c"], ["d"]]
    found = encode(sentences, "six sentences")
    assert first_sentences(found) == sentences[:5]
    assert first_sentences(found, 3, 2) == [["a", "b", "…"], ["d", "e"], ["a", "a", "…"]]


def tagger(seed: int) -> tuple[TenWords, tagging.TaggerParameters]:
    model = TenWords(len(TAGGED.words), len(TAGGED.tags), torch.Generator().manual_seed(seed)).double()
    arrays = (p.detach().numpy().copy() for p in (model.embedding.weight, model.linear.weight, model.linear.bias))
    return model, tagging.TaggerParameters(*arrays)


@pytest.mark.parametrize("sentence", range(3))
def test_a_step_of_ten_words_is_that_of_pytorch(sentence: int) -> None:
    model, before = tagger(sentence)
    ids, tags = (np.array(part) for part in TAGGED.sentences[sentence])
    step = tagging.tagger_step(before, ids, tags, 0.1)
    loss = model.loss((torch.tensor(ids), torch.tensor(tags)))
    loss.backward()  # type: ignore[no-untyped-call]
    parameters = (model.embedding.weight, model.linear.weight, model.linear.bias)
    assert step.loss == pytest.approx(loss.item(), abs=1e-9)
    for found, parameter in zip(step.gradient, parameters, strict=True):
        assert parameter.grad is not None
        np.testing.assert_allclose(found, parameter.grad, **EXACT)
    torch.optim.SGD(model.parameters(), lr=0.1).step()
    for found, parameter in zip(step.after, parameters, strict=True):
        np.testing.assert_allclose(found, parameter.detach(), **EXACT)


def test_gradients_of_ten_words_are_the_slopes_of_the_loss() -> None:
    _, before = tagger(3)
    ids, tags = (np.array(part) for part in TAGGED.sentences[1])  # "the" comes twice
    step = tagging.tagger_step(before, ids, tags, 0.1)
    for name in before._fields:

        def value(part: Doubles, name: str = name) -> float:
            return tagging.tagger_step(before._replace(**{name: part}), ids, tags, 0.1).loss

        slopes = differences(value, getattr(before, name))
        np.testing.assert_allclose(slopes, getattr(step.gradient, name), atol=1e-8)


def test_the_steps_of_an_epoch_lead_to_the_next_snapshot_of_the_run() -> None:
    found = run(TAGGED, TenWordsConfig(epochs=12, seed=4))
    for snapshot in (0, 11):
        step = tagging.step_of_run(found, 3 * (snapshot + 1), 0.1)
        after = (found.embeddings[snapshot + 1], found.weights[snapshot + 1], found.biases[snapshot + 1])
        for mine, expected in zip(step.after, after, strict=True):
            np.testing.assert_allclose(mine, expected, atol=1e-6)
    assert tagging.steps_of_run(found) == 36
    for number in (0, 37):
        with pytest.raises(InvalidSetting, match="step"):
            tagging.step_of_run(found, number, 0.1)


def test_steps_between_two_snapshots_of_a_long_run_lead_from_one_to_the_next() -> None:
    found = run(TAGGED, TenWordsConfig(epochs=1_000, seed=4))  # every second epoch is kept
    assert found.epochs[:3].tolist() == [0, 2, 4]
    for mine, expected in zip(
        tagging.step_of_run(found, 12, 0.1).after, (found.embeddings, found.weights, found.biases), strict=True
    ):
        np.testing.assert_allclose(mine, expected[2], atol=1e-6)
    first, second = (tagging.step_of_run(found, number, 0.1) for number in (8, 9))  # none is kept between them
    for mine, expected in zip(first.after, second.before, strict=True):
        np.testing.assert_array_equal(mine, expected)
