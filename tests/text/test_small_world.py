"""The small world: its size, its seed, and that its sentences agree with its truth."""

from collections import Counter

import pytest

from embedlab.errors import InvalidSetting
from embedlab.text.small_world import COUNTRIES, COUPLES, make_world


def test_the_same_seed_writes_the_same_text_and_another_one_another() -> None:
    assert make_world(20_000, 3).sentences == make_world(20_000, 3).sentences
    assert make_world(20_000, 3).sentences != make_world(20_000, 4).sentences


@pytest.mark.parametrize("words", [20_000, 200_000])
def test_it_is_as_long_as_asked_for(words: int) -> None:
    world = make_world(words)
    length = sum(map(len, world.sentences))
    assert words <= length < words + 20


@pytest.mark.parametrize("words", [0, 19_999, 200_001])
def test_other_lengths_are_refused(words: int) -> None:
    with pytest.raises(InvalidSetting, match="20,000 to 200,000"):
        make_world(words)


def test_he_and_she_agree_with_the_person_and_the_river_with_the_country() -> None:
    couples = [line.split() for line in COUPLES.strip().splitlines()]
    men, women = {row[0] for row in couples}, {row[1] for row in couples}
    row_of = {word: n for n, line in enumerate(COUNTRIES.strip().splitlines()) for word in line.split()}
    people = 0
    for sentence in make_world(20_000).sentences:
        words = set(sentence)
        if words & men:
            people += 1
            assert not words & {"she", "her"}, sentence
        if words & women:
            assert not words & {"he", "his"}, sentence
        assert len({row_of[word] for word in words & row_of.keys()}) <= 1, sentence
    assert people > 300


def test_every_word_of_the_truth_is_in_the_text_and_often_enough_to_learn() -> None:
    world = make_world(20_000)
    counts = Counter(word for sentence in world.sentences for word in sentence)
    named = {word for questions in world.analogies.values() for question in questions for word in question}
    assert min(counts[word] for word in named | world.groups.keys()) >= 5
    assert ("man", "woman", "king", "queen") in world.analogies["he and she"]
    assert ("france", "paris", "italy", "rome") in world.analogies["country and capital"]
    assert world.groups["king"] == "people"
    assert world.groups["ate"] == "verbs, then"
