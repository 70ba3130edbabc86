"""Tests of one's own from files: the layouts that exist, and the same scores as gensim's and scikit-learn's."""

import codecs
import re
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest, pearsonr
from sklearn.metrics.cluster import contingency_matrix

from embedlab.errors import EmbedlabError, InvalidSetting, InvalidText, TooFewWords
from embedlab.evaluation import (
    Group,
    Pair,
    analogy_accuracy,
    category_purity,
    odd_one_out_accuracy,
    read_analogies,
    read_categories,
    read_groups,
    read_word_pairs,
    similarity_correlation,
)
from embedlab.evaluation.own import report
from embedlab.evaluation.own.detection import TestSet, kinds_of, read_test
from embedlab.evaluation.own.lines import NamedFile
from embedlab.evaluation.similarity import compare_with_people, correlation
from embedlab.vectors.queries import analogy
from embedlab.vectors.word_vectors import WordVectors
from tests.conftest import shared_file

GLOVE = "vectors/glove.6B.50d.top9163.txt.gz"


@pytest.fixture(scope="module")
def glove() -> KeyedVectors:
    return KeyedVectors.load_word2vec_format(shared_file(GLOVE), no_header=True)  # 9,163 x 50


@pytest.fixture(scope="module")
def vectors(glove: KeyedVectors) -> WordVectors:
    return WordVectors.from_gensim(glove)


def file(text: str | bytes, name: str = "test.txt") -> NamedFile:
    return NamedFile(name, text.encode() if isinstance(text, str) else text)


PAIRS = [("tiger", "cat", 7.35), ("book", "paper", 7.46), ("king", "cabbage", 0.23)]
LAYOUTS = {
    "WordSim-353, tabs": "Word 1\tWord 2\tHuman (mean)\ntiger\tcat\t7.35\nbook\tpaper\t7.46\nking\tcabbage\t0.23\n",
    "WordSim-353, commas": "Word 1,Word 2,Human (mean)\r\ntiger,cat,7.35\r\nbook,paper,7.46\r\nking,cabbage,0.23",
    "WordSim-353 of gensim": "# a comment\ntiger\tcat\t7.35\nbook\tpaper\t7.46\n\nking\tcabbage\t0.23\n",
    "SimLex-999": "word1\tword2\tPOS\tSimLex999\tconc(w1)\tconcQ\ntiger\tcat\tN\t7.35\t4.9\t2\n"
    "book\tpaper\tN\t7.46\t4.9\t4\n"
    "king\tcabbage\tN\t0.23\t4.9\t4\n",
    "MEN": "tiger cat 7.350000\nbook paper 7.460000\nking cabbage 0.230000\n",
    "MEN with parts of speech": "tiger-n cat-n 7.35\nbook-n paper-n 7.46\nking-n cabbage-n 0.23\n",
    "RareWords": "tiger\tcat\t7.35\t7\t8\t7\nbook\tpaper\t7.46\t8\t7\t7\nking\tcabbage\t0.23\t0\t0\t1\n",
    "SimVerb": "tiger\tcat\tV\t7.35\tSYNONYMS\nbook\tpaper\tV\t7.46\tNONE\nking\tcabbage\tV\t0.23\tNONE\n",
    "numbered": "id,a,b,score\n1,tiger,cat,7.35\n2,book,paper,7.46\n3,king,cabbage,0.23\n",
    "numbered as a list": "1. tiger cat 7.35\n2. book paper 7.46\n3. king cabbage 0.23\n",
    "numbered by brackets": "1)\ttiger\tcat\t7.35\n2)\tbook\tpaper\t7.46\n3)\tking\tcabbage\t0.23\n",
    "decimal commas": "tiger;cat;7,35\nbook;paper;7,46\nking;cabbage;0,23\n",
    "decimal commas in quotes": 'tiger,cat,"7,35"\nbook,paper,"7,46"\nking,cabbage,"0,23"\n',
    "bars": "| tiger | cat | 7.35 |\n| book | paper | 7.46 |\n| king | cabbage | 0.23 |\n",
    "Excel": "sep=;\r\ntiger;cat;7.35\r\nbook;paper;7.46\r\nking;cabbage;0.23\r\n",
    "DOS": "tiger cat 7.35\r\nbook paper 7.46\r\nking cabbage 0.23\r\n\x1a",
    "Macs of old": "tiger\tcat\t7.35\rbook\tpaper\t7.46\rking\tcabbage\t0.23\r",
    "full width": "tiger，cat，7.35\nbook，paper，7.46\nking，cabbage，0.23\n",
    "quoted": '"tiger","cat","7.35"\n"book","paper","7.46"\n"king","cabbage","0.23"\n',
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("mark", ["", "utf-8-sig", "utf-16", "utf-32"])
def test_layouts_and_byte_order_marks_of_word_pairs(layout: str, mark: str, tmp_path: Path) -> None:
    path = tmp_path / "pairs.txt"
    path.write_bytes(LAYOUTS[layout].encode(mark or "utf-8"))
    assert read_word_pairs(path) == PAIRS
    assert read_word_pairs(NamedFile("pairs.txt", path.read_bytes())) == PAIRS


words = st.text(st.characters(categories=["L"], exclude_characters="#:"), min_size=1, max_size=8)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(words, words, st.floats(-1e6, 1e6)), min_size=1, max_size=20),
    st.sampled_from("\t,; "),
    st.booleans(),
)
def test_pairs_that_are_written_are_read_again(pairs: list[tuple[str, str, float]], sign: str, heading: bool) -> None:
    lines = [sign.join(("a", "b", "people"))] * heading + [sign.join((a, b, repr(score))) for a, b, score in pairs]
    assert read_word_pairs(file("\n".join(lines))) == pairs


@pytest.mark.parametrize("name", ["wordsim353.tsv", "simlex999.txt"])
def test_correlations_are_gensims_on_the_same_file(name: str, glove: KeyedVectors, vectors: WordVectors) -> None:
    pearson, spearman, unknown = glove.evaluate_word_pairs(datapath(name))
    found = similarity_correlation(vectors, read_word_pairs(datapath(name)))
    assert found.spearman == found.spearman_of.value == pytest.approx(spearman.statistic, abs=1e-5)
    assert found.pearson == pytest.approx(pearson.statistic, abs=1e-5)
    assert found.spearman_of.p_value == pytest.approx(spearman.pvalue, rel=1e-3)
    assert found.pearson_of.p_value == pytest.approx(pearson.pvalue, rel=1e-3)
    assert 100 * (1 - found.covered / found.total) == pytest.approx(unknown)
    assert found.spearman_of.low < found.spearman < found.spearman_of.high


def test_analogies_are_gensims_on_the_same_file(glove: KeyedVectors, vectors: WordVectors, tmp_path: Path) -> None:
    path = tmp_path / "questions.txt"
    whole = Path(datapath("questions-words.txt")).read_text("utf-8").splitlines()
    heads = [i for i, line in enumerate(whole) if line.startswith(":")]
    path.write_text("\n".join(line for head in heads for line in whole[head : head + 40]) + "\n", "utf-8")
    accuracy, sections = glove.evaluate_word_analogies(str(path))
    found = analogy_accuracy(vectors, read_analogies(path))
    assert found.overall.accuracy == pytest.approx(accuracy)
    assert {section.name: (section.correct, section.covered) for section in found.sections} == {
        section["section"]: (len(section["correct"]), len(section["correct"]) + len(section["incorrect"]))
        for section in sections[:-1]
    }
    assert found.overall.accuracy_by_any == found.overall.accuracy


FOURS = [("good", "better", "rough", "rougher"), ("dog", "dogs", "cat", "cats")]


@pytest.mark.parametrize(
    ("text", "sections"),
    [
        (": a\ngood better rough rougher\n: b\ndog dogs cat cats\n", {"a": FOURS[:1], "b": FOURS[1:]}),
        ("good better rough rougher\ndog dogs cat cats\n", {"test": FOURS}),
        ("good\tbetter\trough\trougher\r\ndog\tdogs\tcat\tcats\r\n", {"test": FOURS}),
        ("good, better, rough, rougher\ndog, dogs, cat, cats\n", {"test": FOURS}),
        ("good better rough JJ_JJR rougher\ndog dogs cat NN_NNS cats", {"JJ_JJR": FOURS[:1], "NN_NNS": FOURS[1:]}),
        (": a\nNew York\tUSA\tLos Angeles\tUSA\n", {"a": [("New York", "USA", "Los Angeles", "USA")]}),
        ("good : better :: rough : rougher\ndog:dogs::cat:cats\n", {"test": FOURS}),
        ("man king\nwoman queen\n", {"test": [("man", "king", "woman", "queen"), ("woman", "queen", "man", "king")]}),
    ],
)
def test_layouts_of_analogies(text: str, sections: dict[str, list[tuple[str, str, str, str]]]) -> None:
    assert read_analogies(file(text)) == sections
    assert read_analogies(file(codecs.BOM_UTF8 + text.encode())) == sections


def test_msr_in_two_files(tmp_path: Path) -> None:
    (tmp_path / "w.questions").write_text("good better rough\ndog dogs cat\n", "utf-8")
    with pytest.raises(InvalidText, match=r"put w\.answers beside it"):
        read_analogies(tmp_path / "w.questions")
    (tmp_path / "w.answers").write_text("JJ_JJR rougher\nNN_NNS cats\n", "utf-8")
    expected = {"JJ_JJR": FOURS[:1], "NN_NNS": FOURS[1:]}
    assert read_analogies(tmp_path / "w.questions") == read_analogies(tmp_path) == expected
    assert read_analogies([NamedFile(path.name, path.read_bytes()) for path in tmp_path.iterdir()]) == expected


def test_bats_folders_are_scored_by_first_and_by_any(tmp_path: Path) -> None:
    (tmp_path / "1_A").mkdir()
    (tmp_path / "2_B").mkdir()
    (tmp_path / "1_A" / "I01 [plural].txt").write_text("dog\tdogs\ncat\tcats\nox\toxen\n", "utf-8")
    (tmp_path / "2_B" / "L01 [kind].txt").write_text("oak\ttree/plant\nrose\tgone/plant/flower\npug\tdog/pet", "utf-8")
    questions = read_analogies(tmp_path)
    assert {name: len(asked) for name, asked in questions.items()} == {"I01 [plural]": 6, "L01 [kind]": 6}
    assert questions["L01 [kind]"][0] == ("oak", "tree", "rose", "gone")
    assert questions.right_answers["L01 [kind]"][0] == ("gone", "plant", "flower")
    assert set(questions.right_answers) == {"L01 [kind]"}

    names = ["oak", "tree", "plant", "rose", "flower", "pug", "dog", "pet"]
    space = WordVectors(names, np.random.default_rng(1).standard_normal((8, 4)), source="")
    score = analogy_accuracy(space, questions)
    keyed = space.to_gensim()
    by_first = by_any = 0
    for (a, b, c, _), right in zip(questions["L01 [kind]"], questions.right_answers["L01 [kind]"], strict=True):
        if b == "gone":  # the first answer of the left pair is unknown: not covered
            continue
        ((answer, _),) = keyed.most_similar([b, c], [a], topn=1)
        by_any += answer in right
        by_first += answer == next(word for word in right if word in names)
    plural, kind = score.sections
    assert (plural.covered, plural.correct_by_any) == (0, None)
    assert (kind.correct, kind.correct_by_any, kind.covered, kind.total) == (by_first, by_any, 4, 6)
    assert by_any > by_first
    assert (score.overall.correct_by_any, score.overall.accuracy_by_any) == (by_any, by_any / 4)


@settings(max_examples=50)
@given(st.integers(4, 60), st.floats(-0.95, 0.95), st.integers(0, 99))
def test_intervals_of_pearson_are_scipys(n: int, slope: float, seed: int) -> None:
    x, noise = np.random.default_rng(seed).standard_normal((2, n))
    y = slope * x + noise
    ours, theirs = correlation(x, y), pearsonr(x, y)
    interval = theirs.confidence_interval(0.95)
    assert ours == pytest.approx((theirs.statistic, interval.low, interval.high, theirs.pvalue), abs=1e-6)
    ranked = correlation(x, y, ranks=True)
    assert -1 <= ranked.low <= ranked.value <= ranked.high <= 1


def test_too_little_to_correlate_is_said_so() -> None:
    assert np.isnan(correlation(np.ones(5), np.arange(5.0)).value)
    assert np.isnan(correlation(np.arange(2.0), np.arange(2.0)).p_value)


GROUPS = [Group(("a", "b", "c"), "d"), Group(("a", "b", "c"), "e")]


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("a b c d\na b c e", GROUPS), ("a, b, c, d\na, b, c, e", GROUPS), ("a b c | d\na b c | e", GROUPS),
        ("a\nb\nc\n\nd\ne\n", GROUPS), ("# a comment\r\na\r\nb\r\nc\r\n\r\nd\r\ne\r\n", GROUPS),
        ("a, b, c | d\na, b, c | e", GROUPS), ("a\tb\tc d", [Group(("a", "b"), "c d")]),
        ("a b c : d\na b c : e", GROUPS), ("d | a b c\na b c | e", GROUPS), ("| a | b | c | d |\n|a|b|c|e|", GROUPS),
        ("a d* b c\n*e a b c", GROUPS), ("a, b, **d**, c\na, e*, b, c", GROUPS),
        ("word1,word2,word3,odd\na,b,c,d\na,b,c,e", GROUPS), ("Outlier\tw1\tw2\tw3\nd\ta\tb\tc\ne\ta\tb\tc", GROUPS),
        ("group1,group2,group3,odd\na,b,c,d\na,b,c,e", GROUPS),
        ("even odd prime seven", [Group(("even", "odd", "prime"), "seven")]),
        ("a\nb\nc\n\nd\n\n\na\nb\nc\n\ne", GROUPS),
    ],
)  # fmt: skip
def test_layouts_of_groups(text: str, groups: list[Group]) -> None:
    assert read_groups(file(text)) == groups


def test_groups_of_a_folder_and_of_several_files_are_one_test(tmp_path: Path) -> None:
    """As the 8-8-8 set comes: a file for each cluster."""
    for group in GROUPS:
        (tmp_path / f"{group.odd}.txt").write_text("\n".join([*group.words, "", group.odd]))
    assert read_groups(tmp_path) == read_groups([tmp_path / "d.txt", tmp_path / "e.txt"]) == GROUPS


def test_odd_ones_are_those_of_gensim(glove: KeyedVectors, vectors: WordVectors) -> None:
    groups = read_groups(file("dog cat horse bank\nmonday Tuesday friday seven\nking queen prince river\na qqq b c"))
    score = odd_one_out_accuracy(vectors, groups)
    assert (score.covered, score.total) == (3, 4)
    theirs = [glove.doesnt_match([word.lower() for word in (*group.words, group.odd)]) for group in groups[:3]]
    assert [answer.answer for answer in score.answers] == theirs
    assert score.accuracy.value == np.mean([answer.is_right for answer in score.answers])
    assert score.chance == pytest.approx(0.25)
    assert len(score.errors) == sum(word != group.odd for word, group in zip(theirs, groups, strict=False))


@pytest.mark.parametrize(
    "text",
    [
        "word,category\ncat,animal\nhat,thing\ndog,animal",
        "cat animal\nhat thing\ndog animal",
        "animal: cat, dog\nthing: hat\n",
        "animal: cat dog\nthing: hat\n",
        "animal: cat、dog\nthing: hat\n",
        "cat، animal\nhat، thing\ndog، animal",
        ": animal\ncat፤ dog\n: thing\nhat",
        ": animal\ncat, dog\n: thing\nhat",
        ": animal\ncat\ndog\n: thing\nhat",
        "category;word\nanimal;cat\nthing;hat\nanimal;dog",
        "animal,cat\nthing,hat\nanimal,dog",
        "cat,animal,,\nhat,thing,,\ndog,animal,,",
    ],
)
def test_layouts_of_categories(text: str) -> None:
    assert read_categories(file(text)) == {"animal": ["cat", "dog"], "thing": ["hat"]}


def test_purity_is_that_of_the_contingency_table(vectors: WordVectors) -> None:
    categories = {
        "animals": ["dog", "cat", "horse", "Cow", "sheep", "qqq"], "months": ["may", "march", "june", "july"],
        "countries": ["france", "italy", "spain", "china"],
    }  # fmt: skip
    score = category_purity(vectors, categories)
    table = contingency_matrix(score.categories, score.labels)
    assert score.purity == pytest.approx(table.max(axis=0).sum() / table.sum())
    assert (score.covered, score.total) == (len(score.words), 14)
    assert len(score.errors) == round((1 - score.purity) * score.covered)
    assert score.purity > 0.9
    twice = category_purity(vectors, {name: words * 2 for name, words in categories.items()})
    assert (twice.covered, twice.total) == (score.covered, score.total), "a word counts once"
    with pytest.raises(TooFewWords, match="2 are needed"):
        category_purity(vectors, {"a": ["dog"], "b": ["qqq"]})


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_word_pairs, "a b 1\nc d 2\ne f 3\ng h 4\ni j 5\nk l\n", "line 6: expected two words and a number"),
        (read_word_pairs, "a b 1\nc d nan\ne f 3\ng h 4\ni j 5\nk l 6\n", "line 2: expected two words and a number"),
        (read_word_pairs, "a b 1\nc d NA\ne f 3\ng h NA\n", "line 2: expected two words and a number, not “c d NA”"),
        (read_word_pairs, "a b nan\nc d 1\ne f 3\ng h 4\ni j 5\nk l 6\n", "line 1: expected two words and a number"),
        (read_word_pairs, "hello\n", "line 1: expected two words and a number"),
        (read_word_pairs, "", "holds no pair of words"),
        (read_word_pairs, "a,b,score\n", "line 1: expected"),
        (read_word_pairs, "a\0b", "is not plain text"),
        (
            read_word_pairs,
            "a b 1\ntür tor 3\n".encode("cp1252"),
            r"line 2, is not UTF-8: byte 8 \(0xfc\).* read as cp1252 \(“tür”\)",
        ),
        (read_word_pairs, codecs.BOM_UTF16_LE + b"a", "begins like UTF-16"),
        (read_analogies, ": a\nboy girl brother\n", "line 2: expected four words"),
        (read_analogies, ": a\n", "holds no analogy"),
        (read_analogies, "a\tb\n", "has one pair"),
        (read_groups, "a b\nc d\n", "holds no groups"),
        (read_groups, "a b* c\na b c\n", "line 2: expected words one of which is marked as the odd one"),
        (read_groups, "a b* c\na* b* c\n", "line 2: expected words one of which is marked as the odd one"),
        (read_groups, "a b c | d\na b | c d\n", "line 2: expected words one of which is marked as the odd one"),
        (read_groups, "a\nb\nc\n\nd\n\ne", "holds no groups"),
        (read_groups, "a b c\na b b\n", "line 2: expected three or more different words"),
        (read_categories, "a b c\n", "holds no categories"),
        (read_categories, "a b\nc b\n", "clusters need 2 or more"),
    ],
)
def test_what_is_no_test_set_is_refused(read, text: str | bytes, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidText, match=said):
        read(file(text))


def test_an_encoding_reads_what_utf8_does_not() -> None:
    given = file("tür tor 3\n".encode("cp1252"))
    assert read_word_pairs(given, encoding="cp1252") == [("tür", "tor", 3.0)]
    with pytest.raises(InvalidSetting, match="encoding must be one of"):
        read_word_pairs(given, encoding="klingon")
    with pytest.raises(InvalidText, match="is not a file"):
        read_word_pairs("nowhere.txt")


@settings(max_examples=200)
@example(b"4\r\x17{")
@example(b"a,b," + b"c" * 200_000)
@given(st.one_of(st.binary(max_size=60), st.text(st.sampled_from("ab1 \t\n\r,;:#\"'/|"), max_size=60).map(str.encode)))
def test_any_bytes_are_a_test_set_or_an_error_for_the_screen(data: bytes) -> None:
    def read_as_recognized(given: NamedFile) -> TestSet:
        return read_test([given], kinds_of([given])[0])

    for read in (read_word_pairs, read_analogies, read_groups, read_categories, read_as_recognized):
        try:
            assert read(file(data))
        except EmbedlabError as error:
            assert len(str(error)) < 600  # noqa: PT017


def test_the_p_value_of_groups_is_scipys_where_all_have_one_size(vectors: WordVectors) -> None:
    lines = "dog cat horse car\nred blue green heavy\nmonday friday sunday king\nking queen monday prince\n"
    score = odd_one_out_accuracy(vectors, read_groups(file(lines)))
    right = sum(answer.is_right for answer in score.answers)
    assert 0 < right < score.covered == 4
    assert score.p_value == pytest.approx(binomtest(right, 4, 0.25, alternative="greater").pvalue)
    assert all((answer.margin > 0) == answer.is_right for answer in score.answers)


def test_purity_by_chance_is_that_of_dealt_out_categories(vectors: WordVectors) -> None:
    sets = {"animal": ["dog", "cat", "horse"], "day": ["monday", "friday", "sunday"]}
    score = category_purity(vectors, sets)
    assert score.purity == 1
    # Of the 20 ways to deal out three and three, 2 are pure; the other 18 leave 4 of 6 right.
    assert score.chance == pytest.approx((2 * 1 + 18 * 4 / 6) / 20, abs=0.02)
    assert score.p_value == pytest.approx(0.1, abs=0.04)  # 4 standard deviations of 1,000 draws
    assert score.interval.low < 1 == score.interval.high


def test_errors_of_analogies_are_those_answered_with_no_right_word(vectors: WordVectors) -> None:
    questions = read_analogies(file("man king woman queen\nman king woman prince\ndog dogs cat cats\n"))
    score = analogy_accuracy(vectors, questions)
    assert len(score.errors) == score.overall.covered - score.overall.correct > 0
    for error in score.errors:
        a, b, c, d = error.question
        first, *_ = nearest = analogy(vectors, [b, c], [a], len(vectors))
        assert error.answer == first.word != d
        assert [near.word for near in nearest].index(d) + 1 == error.place


@pytest.mark.parametrize("score", [float("nan"), float("inf")])
def test_a_score_that_is_no_number_is_named(vectors: WordVectors, score: float) -> None:
    pairs = [("dog", "cat", 3.0), ("king", "queen", score), ("cup", "tea", 2.0), ("car", "bus", 1.0)]
    with pytest.raises(InvalidText, match="The pair king, queen has the score"):
        similarity_correlation(vectors, pairs)


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        ([("dog", "cat", 3.0)], "mine has 1 pair, and an order needs 3: add some"),
        (
            [("dog", "cat", 3.0), ("qq", "cat", 2.0), ("qq", "dog", 1.0)],
            "Only 1 of the 3 .* Unknown: qq – cat, qq – dog",
        ),
        (
            [("dog", "qq", 3.0), ("qq", "cat", 2.0), ("qq", "zz", 1.0)],
            "None of the 3 .* Unknown: dog – qq, qq – cat, qq – zz.$",
        ),
        (
            [("dog", "cat", 3.0), ("king", "queen", 3.0), ("car", "bus", 3.0)],
            "All 3 known pairs of mine have the score 3",
        ),
        (
            [("dog", "dog", 3.0), ("cat", "cat", 2.0), ("car", "car", 1.0)],
            "ours gives all pairs of mine the same cosine",
        ),
    ],
)
def test_why_there_is_no_order_is_said(vectors: WordVectors, pairs: list[Pair], said: str, tmp_path: Path) -> None:
    with pytest.raises(EmbedlabError, match=said):
        compare_with_people("mine", {"ours": vectors}, pairs)
    path = tmp_path / "mine"
    path.write_text("\n".join(f"{a} {b} {score}" for a, b, score in pairs))
    lines = list(report.pairs(vectors, path, 3, None))
    assert re.search(said.replace("ours", "The set of vectors"), lines[-1])
    assert "nan" not in " ".join(lines)


def test_lines_of_old_macs_are_lines() -> None:
    assert read_word_pairs(file("tiger,cat,7.35\rbook,paper,7.46\r")) == PAIRS[:2]
    with pytest.raises(InvalidText, match="line 3"):
        read_word_pairs(file("tiger,cat,7\rbook,paper,7\roops\rking,queen,8\rdog,cat,9\rsea,lake,5\rsun,moon,5"))
