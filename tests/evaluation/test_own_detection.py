"""What a file of tests holds is told by its lines."""

from pathlib import Path

import pytest
from gensim.test.utils import datapath

from embedlab.errors import InvalidText
from embedlab.evaluation import category_purity, odd_one_out_accuracy
from embedlab.evaluation.own.detection import Kind, kind_of, read_test
from embedlab.evaluation.own.examples import EXAMPLES
from embedlab.evaluation.own.lines import NamedFile
from embedlab.library.bundled import bundled_vectors
from tests.evaluation.test_own import LAYOUTS, file

EIGHT = "apple\npear\nplum\ncherry\n\nhammer\nbridge\n"


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
        ("groups", "", "empty.txt"),
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


def test_a_line_that_does_not_fit_is_named_by_the_reader_of_what_the_others_are() -> None:
    lines = ["dog cat 9"] * 9 + ["oops"]
    found = file("\n".join(lines))
    assert kind_of([found]) == "pairs"
    with pytest.raises(InvalidText, match="line 10"):
        read_test([found], "pairs")


def test_only_analogies_come_in_several_files() -> None:
    bats = [NamedFile(f"{n}.txt", b"dog\tdogs\ncat\tcats\n") for n in "ab"]
    assert kind_of(bats) == "analogies"
    assert {name: len(asked) for name, asked in read_test(bats, "analogies").items()} == {"a": 2, "b": 2}  # type: ignore[union-attr]
    with pytest.raises(InvalidText, match="only analogies come in several"):
        read_test(bats, "pairs")


def test_examples_are_what_they_say_and_known_to_the_bundled_vectors() -> None:
    vectors = bundled_vectors()
    kinds = {"Odd one out": "groups", "Categories": "categories", "Analogies": "analogies"}
    assert {name: kind_of([given]) for name, given in EXAMPLES.items()} == kinds
    groups = odd_one_out_accuracy(vectors, read_test([EXAMPLES["Odd one out"]], "groups"))  # type: ignore[arg-type]
    assert groups.covered == groups.total
    categories = category_purity(vectors, read_test([EXAMPLES["Categories"]], "categories"))  # type: ignore[arg-type]
    assert categories.covered == categories.total
