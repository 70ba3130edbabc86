"""Letters as examples, and a kept model's answers, against counting and arithmetic by hand."""

import numpy as np
import pytest

from embedlab.charts.theme import LIGHT
from embedlab.errors import InvalidSetting, InvalidText
from embedlab.lessons.letters.alphabet import (
    ALPHABET,
    LECTURE,
    Alphabet,
    apart_on_a_line,
    encode,
    examples,
    in_text,
    nearest_to_vowels,
    tally,
    vowel_separation,
)
from embedlab.lessons.letters.bundled import record
from embedlab.lessons.letters.letter_model import LetterModel, LetterSurprise
from embedlab.ui.letters.charts import loss_chart, next_letter_bars, surprise_bars
from embedlab.vectors.queries import nearest_neighbors


def random_model(seed: int = 0, context: int = 2, sharpness: float = 1.0) -> LetterModel:
    random = np.random.default_rng(seed)
    shapes = {
        "embeddings": (27, 3),
        "hidden_weights": (context * 3, 8),
        "hidden_bias": (8,),
        "output_weights": (8, 27),
        "output_bias": (27,),
    }
    return LetterModel.of({name: random.normal(size=shape) * sharpness for name, shape in shapes.items()})


def spelled(rows: np.ndarray) -> list[str]:
    return ["".join(ALPHABET[i] for i in row) for row in np.atleast_2d(rows)]


def test_examples_are_the_lectures() -> None:
    found = examples(["emma", "io"], 3)
    assert spelled(found.contexts) == ["...", "..e", ".em", "emm", "mma", "...", "..i", ".io"]
    assert "".join(ALPHABET[i] for i in found.targets) == "emma.io."


@pytest.mark.parametrize("context", [1, 2, 5, 8])
def test_examples_agree_with_a_plain_loop(context) -> None:  # type: ignore[no-untyped-def]
    names = ["a", "bo", "cassiopeia", "zz", "annabella"]
    expected = []
    for name in names:
        window = "." * context
        for letter in name + ".":
            expected.append((window, letter))
            window = window[1:] + letter
    found = examples(names, context)
    assert list(zip(spelled(found.contexts), [ALPHABET[i] for i in found.targets], strict=True)) == expected


def test_other_signs_are_refused_by_name() -> None:
    with pytest.raises(InvalidText, match="“é”"):
        encode("zoé")
    with pytest.raises(InvalidText, match="“A”"):
        encode("Anna")
    with pytest.raises(InvalidSetting, match="context"):
        examples(["a"], 9)


def test_vowel_separation_is_the_mean_of_distances() -> None:
    table = np.zeros((27, 1))
    for letter in "aeiou":
        table[ALPHABET.index(letter)] = 10
    table[ALPHABET.index("a")] = 12  # four of ten pairs are 2 apart; a is 12 from each consonant
    table[0] = 1e6  # the name's end takes no part
    found = vowel_separation(table)
    assert found.vowel_vowel == pytest.approx(0.8)
    assert found.vowel_consonant == pytest.approx((4 * 10 + 12) / 5)
    assert found.ratio == pytest.approx(13)
    assert vowel_separation(np.zeros((27, 2))).ratio == 0
    table[ALPHABET.index("y")] = 9
    assert nearest_to_vowels(table) == "y"


def test_apart_on_a_line_is_what_other_dimensions_do_not_touch() -> None:
    table = np.random.default_rng(0).normal(size=(27, 3))
    vowel = np.array([letter in "aeiou" for letter in ALPHABET[1:]])
    centers = [table[1:][mask].mean(axis=0) for mask in (vowel, ~vowel)]
    line = (centers[1] - centers[0]) / np.linalg.norm(centers[1] - centers[0])
    found = apart_on_a_line(table)
    assert found.distance == pytest.approx(np.linalg.norm(centers[1] - centers[0]))
    assert found.ratio == pytest.approx(vowel_separation((table @ line)[:, None]).ratio)

    noise = 5 * np.random.default_rng(1).normal(size=(27, 7))  # the same centers in these
    for mask in (vowel, ~vowel):
        noise[1:][mask] -= noise[1:][mask].mean(axis=0)
    wide = np.hstack([table, noise])
    assert apart_on_a_line(wide) == pytest.approx(found)
    assert abs(vowel_separation(wide).ratio - 1) < 0.3 * abs(found.ratio - 1)
    assert apart_on_a_line(np.zeros((27, 2))) == (0, 0)


def test_in_the_recorded_runs_the_groups_are_as_far_apart_in_ten_dimensions_as_in_two() -> None:
    two, ten = (apart_on_a_line(run.embeddings[run.best]) for run in (record().runs[2], record().runs[10]))
    assert ten.distance == pytest.approx(two.distance, rel=0.05)
    assert min(two.ratio, ten.ratio) > 3 * max(
        apart_on_a_line(run.embeddings[0]).ratio for run in record().runs.values()
    )


def test_probabilities_sum_to_one_and_surprise_is_their_logarithm() -> None:
    model = random_model()
    assert model.next_letter("xyzab").sum() == pytest.approx(1)
    np.testing.assert_allclose(model.next_letter("xyzab"), model.next_letter("ab"))  # only the last two count
    np.testing.assert_allclose(model.next_letter(""), model.next_letter("..")[: len(ALPHABET)])
    found = model.surprises("bab")
    assert [s.letter for s in found] == ["b", "a", "b", "."]
    before = ["", "b", "ba", "ab"]
    for surprise, context in zip(found, before, strict=True):
        expected = -np.log(model.next_letter(context)[ALPHABET.index(surprise.letter)])
        assert surprise.nats == pytest.approx(expected)
    with pytest.raises(InvalidText):
        model.surprises("")


def test_loss_is_the_mean_surprise() -> None:
    model, names = random_model(), ["anna", "bob", "anna", "x"]
    each = [s.nats for name in names for s in model.surprises(name)]
    assert model.loss(tally(examples(names, 2))) == pytest.approx(np.mean(each))


def test_a_tally_counts_what_followed_each_context() -> None:
    found = tally(examples(["anna", "ann", "bob"], 2))
    counted = {
        context: {ALPHABET[i]: int(n) for i, n in enumerate(row) if n}
        for context, row in zip(spelled(found.contexts), found.counts, strict=True)
    }
    assert counted[".."] == {"a": 2, "b": 1}
    assert counted["nn"] == {"a": 1, ".": 1}
    assert counted["bo"] == {"b": 1}
    assert found.counts.sum() == 5 + 4 + 4
    assert len(counted) == len(found.contexts)


def test_a_model_of_zeros_finds_every_letter_alike() -> None:
    zeros = LetterModel.of({name: np.zeros_like(array) for name, array in random_model().arrays.items()})
    assert zeros.loss(tally(examples(["anna"], 2))) == pytest.approx(LECTURE.uniform_loss)
    assert zeros.nbytes == 4 * (27 * 3 + 6 * 8 + 8 + 8 * 27 + 27)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_samples_follow_the_models_probabilities(temperature) -> None:  # type: ignore[no-untyped-def]
    """10,000 names: each of 27 first letters, and of 27 second ones, within 5 standard errors of its probability.

    By chance one of these 162 shares is outside about once in 10,000 sets of seeds.
    """
    model, count = random_model(3, sharpness=0.7), 10_000
    names = model.sample(count, temperature=temperature, seed=11)

    def share(wanted: np.ndarray, letters: list[str], draws: int) -> None:
        found = np.array([letters.count(letter) for letter in ALPHABET]) / draws
        assert (np.abs(found - wanted) <= 5 * np.sqrt(wanted * (1 - wanted) / draws) + 1e-9).all()

    def tempered(before: str) -> np.ndarray:
        odds = model.next_letter(before) ** (1 / temperature)
        return odds / odds.sum()

    share(tempered(""), [(name + ".")[0] for name in names], count)
    common = max(ALPHABET[1:], key=lambda letter: tempered("")[ALPHABET.index(letter)])
    after = [(name + ".")[1] for name in names if name.startswith(common)]
    share(tempered(common), after, len(after))


def test_a_low_temperature_takes_the_likeliest_letter() -> None:
    model = record().runs[2].model
    names = model.sample(50, temperature=0.05, seed=1, start="mar")
    best = ""
    while not best.endswith(".") and len(best) < 27:
        best += ALPHABET[int(model.next_letter("mar" + best).argmax())]
    assert names.count("mar" + best.rstrip(".")) > 25


def test_samples_are_repeatable_bounded_and_begin_as_told() -> None:
    model = random_model(2)
    assert model.sample(40, seed=7) == model.sample(40, seed=7)
    assert model.sample(40, seed=7) != model.sample(40, seed=8)
    assert model.sample(10, seed=7) != []
    for name in model.sample(200, temperature=5, seed=1, start="qu"):
        assert name.startswith("qu")
        assert len(name) <= 30
        assert set(name) <= set(ALPHABET[1:])


@pytest.mark.parametrize(
    "arguments",
    [
        {"count": 0},
        {"count": 10_001},
        {"temperature": 0},
        {"temperature": float("nan")},
        {"start": "é"},
        {"start": "."},
    ],
)
def test_samples_outside_of_reason_are_refused(arguments) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises((InvalidSetting, InvalidText)):
        random_model().sample(**{"count": 5} | arguments)


def test_the_letters_are_word_vectors() -> None:
    vectors = record().runs[2].model.vectors()
    assert vectors.words == tuple(ALPHABET)
    near = [neighbor.word for neighbor in nearest_neighbors(vectors, "a", 4)]
    assert len(set(near) & set("eiou")) >= 3
    with pytest.raises(ValueError, match="read-only"):
        record().runs[2].model.embeddings[0, 0] = 1


def test_the_axis_of_steps_says_powers_of_ten() -> None:
    layers = loss_chart(record().runs[2], LIGHT)["layer"]
    axes = [layer["encoding"]["x"]["axis"] for layer in layers if layer["encoding"].get("x", {}).get("field") == "x"]
    assert axes
    assert all(axis["values"] == [10, 100, 1_000] for axis in axes)


def test_every_symbol_has_a_bar_and_the_end_stands_apart() -> None:
    odds = np.arange(27) / (26 * 27 / 2)
    spec = next_letter_bars(odds, LIGHT)
    rows = max(spec["datasets"].values(), key=len) if "datasets" in spec else spec["layer"][0]["data"]["values"]
    assert [row["letter"] for row in rows] == [*ALPHABET[1:], "end"]
    assert [row["share"] for row in rows] == pytest.approx([*odds[1:], odds[0]])
    assert [row["at"] for row in rows] == [*range(26), 27]


def test_of_many_letters_the_likeliest_have_bars() -> None:
    alphabet = Alphabet("." + "".join(chr(0x1100 + i) for i in range(19)) + "".join(chr(0x1161 + i) for i in range(21)))
    odds = np.random.default_rng(0).dirichlet(np.ones(41))
    rows = next_letter_bars(odds, LIGHT, alphabet)["layer"][0]["data"]["values"]
    assert [row["share"] for row in rows[:-1]] == pytest.approx(sorted(odds[1:], reverse=True)[:26])
    assert (rows[-1]["letter"], rows[-1]["share"]) == ("end", pytest.approx(odds[0]))
    assert {row["kind"] for row in rows} == {"vowel", "consonant", "name’s end"}


def test_the_bars_of_a_name_run_as_it_is_written() -> None:
    alphabet = Alphabet(".דוש")
    bars = surprise_bars([LetterSurprise(letter, 1.0) for letter in "דוד."], LIGHT, alphabet)
    rows = bars["layer"][0]["data"]["values"]
    assert [row["letter"] for row in rows] == ["end", "ד", "ו", "ד"]
    assert in_text("דוד") == "\u2068דוד\u2069"
    assert in_text("anna") == "anna"


@pytest.mark.parametrize("symbols", ["abc", ".aa", ".", "." + "".join(map(chr, range(0x4E00, 0x4E64)))])
def test_an_alphabet_has_an_end_and_up_to_99_different_letters(symbols: str) -> None:
    with pytest.raises(InvalidSetting):
        Alphabet(symbols)
