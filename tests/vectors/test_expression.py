"""Vector arithmetic as one types it: what it comes to, and what is refused."""

import re
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embedlab.errors import EmbedlabError, InvalidSetting, InvalidText, UnknownWord
from embedlab.vectors import analogy, parse_expression
from embedlab.vectors.word_vectors import WordVectors

NAMES = ["king", "man", "woman", "queen", "New_York", "vice-president", "c++", "7", "x-ray", "it's", "a b (c)"]
VECTORS = WordVectors(NAMES, np.random.default_rng(0).standard_normal((len(NAMES), 6)), source="")


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("king - man + woman", {"king": 1, "man": -1, "woman": 1}),
        ("king-man+woman", {"king": 1, "man": -1, "woman": 1}),
        ("KING − man – Woman", {"king": 1, "man": -1, "woman": -1}),
        ("0.5*(king + 2 * queen) - man / 4", {"king": 0.5, "queen": 1, "man": -0.25}),
        ("-(king - man) * .5", {"king": -0.5, "man": 0.5}),
        ("- man", {"man": -1}),
        ("king + -2*man", {"king": 1, "man": -2}),
        ("king - (man - (woman - queen))", {"king": 1, "man": -1, "woman": 1, "queen": -1}),
        ("king + king - queen", {"king": 2, "queen": -1}),
        ("v(king) − v(man) + 0.5 · v(New_York)", {"king": 1, "man": -1, "New_York": 0.5}),
        ("vec(king)-2*v (man - queen)", {"king": 1, "man": -2, "queen": 2}),
        ("king + man - man", {"king": 1}),
        ("New York - king", {"New_York": 1, "king": -1}),
        ('2 × "new york"', {"New_York": 2}),
        ("vice-president-man", {"vice-president": 1, "man": -1}),
        ("man-vice-president", {"man": 1, "vice-president": -1}),
        ("x-ray - king", {"x-ray": 1, "king": -1}),
        ('"c++"+king', {"c++": 1, "king": 1}),
        ("c++ + king", {"c++": 1, "king": 1}),
        ("king+“c++”", {"c++": 1, "king": 1}),
        ("2 * 7 - king", {"7": 2, "king": -1}),
        ("7", {"7": 1}),
        ("it’s", {"it's": 1}),
        ('"a b (c)"', {"a b (c)": 1}),
    ],
)
def test_an_expression_comes_to_weights(typed: str, terms: dict[str, float]) -> None:
    found = parse_expression(VECTORS, typed)
    assert dict(found.terms) == pytest.approx(terms)
    expected = sum(weight * VECTORS.unit[VECTORS.index[word]] for word, weight in terms.items())
    np.testing.assert_allclose(found.vector(VECTORS), expected, atol=1e-6)


def test_it_is_printed_as_vectors_and_reads_itself_again() -> None:
    found = parse_expression(VECTORS, "0.5*(king + 2 * queen) - man / 4")
    assert found.text == "0.5 · v(king) + v(queen) − 0.25 · v(man)"
    assert parse_expression(VECTORS, found.text).terms == found.terms
    assert parse_expression(VECTORS, "-man").text == "−v(man)"
    assert [match.word for match in parse_expression(VECTORS, "2 * King + man - man").matches] == ["king", "man"]


def test_the_answers_are_those_of_the_analogy(tiny_vectors: WordVectors) -> None:
    found = parse_expression(tiny_vectors, "king - man + woman")
    assert found.nearest(tiny_vectors, 3) == analogy(tiny_vectors, ["king", "woman"], ["man"], 3)
    kept = analogy(tiny_vectors, ["king", "woman"], ["man"], 3, include_inputs=True)
    assert found.nearest(tiny_vectors, 3, include_inputs=True) == kept
    first = {neighbor.word for neighbor in found.nearest(tiny_vectors, 9, restrict_vocab=5)}
    assert first == {*tiny_vectors.words[:5]} - {"king", "man", "woman"}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type a sum of words"),
        ("king +", "A word is missing at the end"),
        ("king man", "Between “king” and “man” a sign is missing"),
        ("(king", "A parenthesis is not closed"),
        ("(king man)", "Between “king” and “man” a sign is missing"),
        ("king)", "no opening one"),
        ("()", "A word is missing before “\\)”"),
        ("* king", "A word is missing before “\\*”"),
        ("king * man", "“man” behind “\\*” is no number"),
        ("king /", "“Nothing” behind “/” is no number"),
        ("(" * 40 + "king" + ")" * 40, "More than 30 parentheses"),
        ("king + " * 400 + "king", "at most 2,000"),
    ],
)
def test_what_is_no_sum_of_words_is_refused(typed: str, said: str) -> None:
    with pytest.raises(InvalidText, match=said):
        parse_expression(VECTORS, typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("king - king", "cancel out"),
        ("king / 0", "divided by 0"),
        ("0 * king", "cancel out"),
        (f"{'9' * 400}*king", "too large"),
    ],
)
def test_a_sum_that_points_nowhere_is_refused(typed: str, said: str) -> None:
    with pytest.raises(InvalidSetting, match=said):
        parse_expression(VECTORS, typed)


def test_every_unknown_word_is_named() -> None:
    with pytest.raises(UnknownWord) as caught:
        parse_expression(VECTORS, "kin + unicorn - man")
    assert caught.value.words == ("kin", "unicorn")
    assert caught.value.suggestions["kin"][0] == "king"


PARTS = [*'()+-*/−×· "“”0.57cx', "king", "man", "ray", "__import__", "\n"]


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join))
def test_anything_typed_is_a_sum_or_an_error_for_the_screen(typed: str) -> None:
    with suppress(EmbedlabError):  # nothing else may be raised
        found = parse_expression(VECTORS, typed)
        assert np.isfinite(found.vector(VECTORS)).all()
        assert all(found.terms)


ODD = {  # what is typed, the value that the reason has to name, and the sum that its remedy comes to
    "1,5*king": ("1,5", {"king": 1.5}),
    "１,５ * king - man": ("１,５", {"king": 1.5}),
    "king*1,5": ("1,5", {"king": 1.5}),
    "½*king": ("½", {"king": 0.5}),
    "5%*king": ("5%", {"king": 0.05}),
    "1'000*king": ("1'000", {"king": 1000}),
    "1 000*king": ("1 000", None),
    "1e308*king": ("1e308", None),
    "9" * 200 + "*king": ("9" * 27, None),
    "1e-300*king": ("1e-300", None),
    "nan*king": ("nan", {"king": 0.5}),
    "-inf*king": ("inf", {"king": 0.5}),
    "0*king": ("king", {"king": 0.5}),
    "0 * king - 0 * man": ("king, man", {"king": 0.5}),
    "king*queen": ("queen", {"king": 2}),
    "2 king": ("2", {"king": 2}),
    "king 2": ("2", {"king": 2}),
    "king, queen": (",", {"king": 1, "queen": 1}),
    "1.5.2*king": ("1.5.2", {"king": 0.5}),
}


@pytest.mark.parametrize("typed", ODD)
def test_an_odd_number_is_named_and_the_remedy_works(typed: str) -> None:
    value, remedied = ODD[typed]
    with pytest.raises((InvalidSetting, InvalidText)) as caught:
        parse_expression(VECTORS, typed)
    said = str(caught.value)
    assert value in said
    if remedied is None:
        assert "1,000,000" in said or "1000" in said
        return
    instead = re.split(r"[Ww]rite |such as ", said)[-1].rstrip(".").split(" or ")[0].rstrip(",")
    assert dict(parse_expression(VECTORS, instead).terms) == pytest.approx(remedied)


@pytest.mark.parametrize(
    ("typed", "weight"),
    [
        ("٢*king", 2), ("१.५ * king", 1.5), ("２.５＊king", 2.5), ("1.*king", 1), ("1e3*king", 1000), ("--king", 1),
        ("1e-3 * king", 0.001), ("1/2*king", 0.5), ("1⁄2*king", 0.5), ("king*-2", -2), ("（king）÷ 4", 0.25),
    ],
)  # fmt: skip
def test_numbers_of_all_scripts_weigh(typed: str, weight: float) -> None:
    assert dict(parse_expression(VECTORS, typed).terms) == pytest.approx({"king": weight})
