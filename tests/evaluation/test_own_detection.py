"""What a file of tests holds is told by its lines."""

import random
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from gensim.test.utils import datapath

from embedlab.errors import InvalidText
from embedlab.evaluation import Group, category_purity, odd_one_out_accuracy
from embedlab.evaluation.own.detection import Kind, counts, first_item, kinds_of, read_test
from embedlab.evaluation.own.examples import EXAMPLES
from embedlab.evaluation.own.lines import NamedFile
from embedlab.evaluation.question_sets import analogy_questions
from embedlab.library.bundled import bundled_vectors
from embedlab.vectors.word_vectors import WordVectors
from tests.evaluation.test_own import LAYOUTS, file

EIGHT = "apple\npear\nplum\ncherry\n\nhammer\nbridge\n"


def kind_of(files: Sequence[NamedFile], vectors: WordVectors | None = None) -> Kind:
    """The likeliest one."""
    return kinds_of(files, vectors)[0]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_layouts_of_word_pairs_are_told(layout: str) -> None:
    assert kind_of([file(LAYOUTS[layout])]) == "pairs"


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        ("analogies", ": a\ngood better rough rougher\n: b\ndog dogs cat cats\n", "x.txt"),
        ("analogies", "good better rough JJ_JJR rougher\ndog dogs cat NN_NNS cats", "x.txt"),
        ("analogies", "good, better, rough, rougher\ndog, dogs, cat, cats\n", "x.csv"),
        ("analogies", "dog\tdogs\ncat\tcats\ncar\tcars/automobiles\n", "bats.txt"),
        ("analogies", "good better rough\ndog dogs cat\n", "w.questions"),
        ("groups", "dog cat horse bank\nmonday friday king tuesday april\nred blue heavy\n", "x.txt"),
        ("groups", "dog, cat, bank\nmonday, friday, king\n", "x.csv"),
        ("groups", EIGHT, "8-8-8.txt"),
        ("categories", "dog animal\ncat animal\nmay month\njune month\n", "x.txt"),
        ("categories", "word;category\ndog;animal\ncat;animal\ncow;animal\nmay;month\njune;month\n", "x.csv"),
        ("categories", ": animal\ndog\ncat\n: month\nmay\n", "x.txt"),
        ("groups", "car | red blue green\nbank | dog cat horse\n", "x.txt"),
        ("groups", "red blue* green king\ndog cat horse* cow\n", "x.txt"),
        ("groups", "apple pear plum : hammer\ndog cat : king\n", "x.txt"),
        ("groups", "odd,word1,word2,word3\nhammer,apple,pear,plum\n", "x.csv"),
        ("categories", "category,word\nfruit,apple\nfruit,pear\nanimal,dog\nanimal,cat\n", "x.csv"),
        ("categories", "wild animals: lion, bear\nnorthern countries: norway\n", "x.txt"),
        ("analogies", "// Copyright of somebody\n: a\ngood better rough rougher\n", "x.txt"),
        ("analogies", ": a\ngood better rough rougher\ngood better\ndog dogs cat cats\n", "x.txt"),
        ("groups", "red blue green | car\ndog cat horse | bank\n", "x.txt"),
        ("pairs", "dog cat nan\nking queen inf\n", "x.txt"),
        ("pairs", "dog,cat,7\nking,queen,NA\nred,blue,3\n", "x.csv"),
        ("analogies", "man : king :: woman : queen\n", "x.txt"),
        ("analogies", "man:king::woman:queen\nparis:france::rome:italy\n", "x.txt"),
        ("analogies", "chile\tspanish\nmexico\tspanish/nahuatl\ncuba\tspanish\n", "x.txt"),
        ("categories", "fruit: apple, pear\nanimal: dog, cat\n", "x.txt"),
        ("categories", "word,category\napple,fruit\npear,fruit\ndog,animal\ncat,animal\n", "x.csv"),
    ],
)
def test_kinds_are_told_apart(kind: Kind, text: str, name: str) -> None:
    assert kind_of([NamedFile(name, text.encode())]) == kind


@pytest.mark.parametrize(
    ("name", "kind"),
    [("questions-words.txt", "analogies"), ("wordsim353.tsv", "pairs"), ("simlex999.txt", "pairs")],
)
def test_published_sets_are_told(name: str, kind: Kind) -> None:
    data = Path(datapath(name)).read_bytes()
    assert kind_of([NamedFile("mine", data)]) == kind
    assert kind_of([NamedFile("mine", data.replace(b"\n", b"\r\n"))]) == kind


@pytest.mark.parametrize("text", ["", "\n \n", "# a comment\n"])
def test_a_file_without_a_line_is_of_no_kind_and_those_named_in_its_error_are_told(text: str) -> None:
    with pytest.raises(InvalidText, match="holds no line of a test") as caught:
        kind_of([NamedFile("empty.txt", text.encode())])
    shown = re.findall("“(.+?)”", str(caught.value))
    vectors = bundled_vectors()
    assert [kind_of([file(line)], vectors) for line in shown] == ["pairs", "analogies", "groups", "categories"]


def test_a_line_that_does_not_fit_is_named_by_the_reader_of_what_the_others_are() -> None:
    lines = ["dog cat 9"] * 9 + ["oops"]
    found = file("\n".join(lines))
    assert kind_of([found]) == "pairs"
    with pytest.raises(InvalidText, match="line 10"):
        read_test([found], "pairs")


def test_analogies_and_groups_come_in_several_files() -> None:
    bats = [NamedFile(f"{n}.txt", b"dog\tdogs\ncat\tcats\n") for n in "ab"]
    assert kind_of(bats) == "analogies"
    assert {name: len(asked) for name, asked in read_test(bats, "analogies").items()} == {"a": 2, "b": 2}  # type: ignore[union-attr]
    with pytest.raises(InvalidText, match="only analogies and odd-one-out groups come in several"):
        read_test(bats, "pairs")
    clusters = [NamedFile(f"{n}.txt", f"dog\ncat\ncow\n\n{n}\n".encode()) for n in ("car", "hat")]
    assert kinds_of(clusters) == ("groups",)
    assert read_test(clusters, "groups") == [Group(("dog", "cat", "cow"), "car"), Group(("dog", "cat", "cow"), "hat")]
    fours = [
        NamedFile(f"{n}.txt", line) for n, line in (("a", b"apple pear plum hammer"), ("b", b"red blue green dog"))
    ]
    assert kinds_of(fours, bundled_vectors()) == ("groups", "analogies")
    with pytest.raises(InvalidText, match=r"bats\.txt analogies, mine\.csv groups with an odd one.*of one kind"):
        kinds_of([NamedFile("bats.txt", b"dog\tdogs\ncat\tcats\n"), NamedFile("mine.csv", b"dog cat bank\n")])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("dog cat 9\nking queen 8\n", "word pairs with scores"),
        ("fruit: apple, pear\n", "categories"),
    ],
)
def test_of_several_files_the_one_that_holds_something_else_is_named(text: str, said: str) -> None:
    bats = NamedFile("bats.txt", b"dog\tdogs\ncat\tcats\n")
    with pytest.raises(InvalidText, match=rf"^mine\.csv holds {said}, and only analogies .* come in several files"):
        kind_of([bats, NamedFile("mine.csv", text.encode())])


CATEGORIES = [
    group.split()
    for group in (
        "apple pear plum cherry grape peach lemon", "hammer shovel saw axe drill wrench", "dog cat horse cow sheep",
        "france italy spain china japan brazil", "january march april june july august", "red green blue yellow purple",
        "violin cello flute trumpet piano guitar", "doctor teacher lawyer baker nurse", "iron copper zinc nickel tin",
        "brother sister mother father uncle aunt", "arm leg hand foot nose ear", "run walk jump swim climb",
    )
]  # fmt: skip


@pytest.mark.parametrize("count", [1, 3, 10])
def test_four_words_a_line_are_told_by_what_they_mean(count: int) -> None:
    """Of 200 samples of each, without a heading or a pair that comes twice; 19 of 20 are told from a single line."""
    draw, vectors = random.Random(count), bundled_vectors()

    def told(lines: list[list[str]]) -> str:
        return kind_of([file("\n".join(map(" ".join, lines)))], vectors)

    def group() -> list[str]:
        ones, others = draw.sample(CATEGORIES, 2)
        return [*draw.sample(ones, 3), draw.choice(others)]

    known = {*vectors.words}
    questions = [
        question
        for asked in analogy_questions().values()
        for question in asked
        if len({*question}) == 4 and known.issuperset(question)
    ]
    wrong = sum(told([list(one) for one in draw.sample(questions, count)]) != "analogies" for _ in range(200))
    wrong += sum(told([group() for _ in range(count)]) != "groups" for _ in range(200))
    assert wrong <= (20 if count == 1 else 4)


def test_what_four_words_may_be_as_well_is_said() -> None:
    vectors = bundled_vectors()
    assert kinds_of([file("man king woman queen")], vectors) == ("analogies", "groups")
    assert kinds_of([file("dog cat horse bridge")], vectors) == ("groups", "analogies")
    assert kinds_of([file("foo1 foo2 foo3 foo4")], vectors) == ("analogies", "groups")  # no word is known
    assert kinds_of([file(": a\nman king woman queen")], vectors) == ("analogies",)
    assert kinds_of([file("dog cat 9")], vectors) == ("pairs",)


def test_which_word_is_odd_is_said_of_every_layout() -> None:
    for text, odd in (("breakfast cereal lunch dinner", "dinner"), ("breakfast cereal* lunch dinner", "cereal")):
        groups = read_test([file(text)], "groups")
        assert f"“{odd}” is the odd one" in first_item("groups", groups)
        assert counts("groups", groups) == "1 group"
    asked = read_test([file(": empty\n: full\nman king woman queen")], "analogies")
    assert "man is to king as woman is to …? (queen)" in first_item("analogies", asked)
    assert counts("analogies", asked) == "1 question in 2 sections"
    assert first_item("pairs", read_test([file("a b 1")], "pairs")) == ""


def test_each_file_has_its_encoding() -> None:
    texts = {"cp1251": "кот\tкоты\nдом\tдома\n", "cp1252": "Tür\tTüren\nKuh\tKühe\n"}
    files = [NamedFile(f"{code}.txt", text.encode(code), code) for code, text in texts.items()]
    assert kind_of(files) == "analogies"
    found = read_test(files, "analogies")
    assert found["cp1251"][0] == ("кот", "коты", "дом", "дома")  # type: ignore[call-overload]
    assert found["cp1252"][0] == ("Tür", "Türen", "Kuh", "Kühe")  # type: ignore[call-overload]


def test_examples_are_what_they_say_and_known_to_the_bundled_vectors() -> None:
    vectors = bundled_vectors()
    kinds = {"Odd one out": "groups", "Categories": "categories", "Analogies": "analogies"}
    assert {name: kind_of([given]) for name, given in EXAMPLES.items()} == kinds
    groups = odd_one_out_accuracy(vectors, read_test([EXAMPLES["Odd one out"]], "groups"))  # type: ignore[arg-type]
    assert groups.covered == groups.total
    categories = category_purity(vectors, read_test([EXAMPLES["Categories"]], "categories"))  # type: ignore[arg-type]
    assert categories.covered == categories.total
