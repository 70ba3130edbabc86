"""The command line, as a person calls it."""

import gzip
import os
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path

import click
import numpy as np
import pytest

import embedlab
from embedlab import __version__
from embedlab.__main__ import main
from embedlab.atlas.files import read_map
from embedlab.cli import commands
from embedlab.comparison import overlap
from embedlab.comparison.alignment import padded
from embedlab.comparison.cka import linear_cka
from embedlab.comparison.overlap import share
from embedlab.errors import InvalidSetting
from embedlab.evaluation import analogy_accuracy, read_analogies, read_word_pairs, similarity_correlation
from embedlab.evaluation.bias import effects
from embedlab.library import memory
from embedlab.library.bundled import bundled_vectors, counted_vectors
from embedlab.library.given import Reading, files_in_folder, folder, given, paths_in_folder
from tests.conftest import ROOT

GLOVE = "man 1 -1\nwoman 1 1\nking 3 -1\nqueen 3 1\napple -2 0.5\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.txt"
    path.write_text(GLOVE, "utf-8")
    return path


def test_neighbors_of_the_bundled_vectors(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["neighbors", "king", "-k", "20"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 20
    assert any(line.startswith("queen ") for line in lines)
    assert main(["neighbors", "King", "-k", "20"]) == 0
    assert capsys.readouterr().out.splitlines() == lines, "capitals do not matter"


def test_where_no_word_is_left_to_answer_it_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "one.txt"
    file.write_text("river 1 2 3\n")
    assert main(["neighbors", "river", "--vectors", str(file)]) == 0
    out, said = capsys.readouterr()
    assert (out, said.strip()) == ("", "These vectors hold no other word.")


def test_analogy_on_a_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["analogy", "man", "king", "woman", "--vectors", str(file), "-k", "1"]) == 0
    assert capsys.readouterr().out.startswith("queen  ")
    for method in ("3cosadd", "3cosmul"):
        assert main(["analogy", "man", "king", "woman", "--vectors", str(file), "--method", method]) == 0
    capsys.readouterr()
    assert main(["analogy", "man", "king", "woman", "--include-inputs", "--vectors", str(file)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_evaluate_prints_sections_and_coverage(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--vectors", str(file)]) == 0
    out, said = capsys.readouterr()
    assert "capital-common-countries" in out
    assert "of 19,544" in out
    assert "SimLex-999" in out
    assert not said, "a bar is for terminals"
    assert main(["evaluate", str(file)]) == 0
    assert capsys.readouterr().out == out


def test_a_long_evaluation_shows_how_far_it_is_on_a_terminal(
    file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert main(["evaluate", str(file)]) == 0
    out, said = capsys.readouterr()
    assert f"Reading {file}." in said
    assert "Analogies" in said
    assert "100%" in said
    assert "Analogies" not in out


def test_compare_prints_what_the_core_computes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "bundled", "counted", "-k", "5", "--ranked", "40", "--limit", "2000"]) == 0
    out = capsys.readouterr().out
    first, second = (make().restrict(2000) for make in (embedlab.bundled_vectors, embedlab.counted_vectors))
    shared = overlap.shared_words(first, second)
    overlaps = embedlab.neighbor_overlap(first, second, 5, shared[:40])
    mean, chance = sum(overlaps.values()) / 40, 5 / (len(shared) - 1)
    assert f"{mean:.1%} of the 5 nearest, {chance:.2%} by chance (40 words)" in out
    assert "bundled: 2,000 words, 140 dimensions" in out
    assert f"shared words      {len(shared):,}" in out
    most = out.split("agree most ")[1].splitlines()[0].split()[0]
    assert overlaps[most] == max(overlaps.values())
    alignment = embedlab.align(first.restrict(2000), padded(second, 140), shared)
    assert f"{alignment.mean_similarity:.3f} mean cosine" in out


def test_debias_writes_vectors_without_gender(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "debiased.bin"
    assert main(["debias", "bundled", str(target), "--limit", "2000"]) == 0
    assert "2,000 words without gender" in capsys.readouterr().out
    vectors, _ = embedlab.read_vectors(target)
    wanted = effects.debias(embedlab.bundled_vectors().restrict(2000), "hard")
    assert vectors.words == wanted.words
    assert (vectors.matrix == wanted.matrix).all()
    assert main(["debias", "bundled", str(tmp_path / "debiased.odd")]) == 1
    assert "tells no format" in capsys.readouterr().err


def test_lay_out_writes_a_map_the_same_for_the_same_seed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, again, after = (tmp_path / f"{name}.npz" for name in ("first", "again", "after"))
    few = ["lay-out", "bundled", "--limit", "60", "--laid-out", "50"]
    assert main([*few, "-o", str(first)]) == 0
    assert "60 words on one map" in capsys.readouterr().out
    assert main([*few, "-o", str(again)]) == 0
    assert first.read_bytes() == again.read_bytes()
    found = read_map(first).word_map
    assert found.words == embedlab.bundled_vectors().words[:60]
    assert found.laid_out == 50
    assert main([*few, "-o", str(after), "--start", str(first)]) == 0
    assert read_map(after).word_map.started_from == found.source
    capsys.readouterr()
    for arguments, message in (
        (["--start", str(tmp_path / "no.npz"), "-o", str(after)], "no.npz is no map of embedlab"),
        (["--seed", "-1", "-o", str(after)], "seed must be 0 or more"),
        (["-o", str(tmp_path / "no" / "map.npz")], "cannot be written (No such file or directory): give another path"),
    ):
        assert main([*few, *arguments]) == 1
        assert message in capsys.readouterr().err


def test_compare_refuses_what_cannot_be_compared(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = file.with_name("other.txt")
    other.write_text("chat 1 2\nchien 3 4\n", "utf-8")
    for arguments, message in (
        ([str(file), str(other)], "share no word"),
        ([str(file), "no-such-file"], "not a file"),
        ([str(file), str(file), "-k", "0"], "must be 1 or more; 0 is not"),
        ([str(file), str(file), "--ranked", "0"], "must be 1 or more"),
        ([str(file), str(file), "--limit", "0"], "must be 1 or more; 0 is not"),
    ):
        assert main(["compare", *arguments]) == 1, message
        assert message in capsys.readouterr().err


def test_every_command_that_takes_vectors_takes_the_same_reading_options(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed, numbers, words = tmp_path / "in.zip", tmp_path / "numbers.tsv", tmp_path / "words.txt"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", GLOVE)
        archive.writestr("b.txt", "caf\xe9 1 2\nth\xe9 3 4\nbar 5 6\n".encode("latin-1"))
    numbers.write_text("1\t2\n3\t4\n5\t7\n")
    words.write_text("cat\ndog\ncow\n")
    latin = [str(packed), "--member", "b.txt", "--encoding", "latin-1"]
    assert main(["neighbors", "café", "--vectors", *latin]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["thé", "bar"]  # .984 and .973
    assert (
        main(["analogy", "cat", "dog", "cow", "--include-inputs", "--vectors", str(numbers), "--words", str(words)])
        == 0
    )
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert main(["neighbors", "café", "--limit", "2", "--vectors", *latin]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["thé"]
    assert main(["convert", *latin, str(tmp_path / "out.txt"), "--limit", "1"]) == 0
    assert "Kept the first 1 word only, as asked; 2 more came after." in capsys.readouterr().out
    assert (tmp_path / "out.txt").read_text("utf-8") == "café 1 2\n"
    assert main(["compare", str(packed), *latin]) == 0
    assert "in.zip: 3 words, 2 dimensions" in capsys.readouterr().out
    takers = [c for c in commands.commands.values() if {"keep", "file", "a", "source"} & {p.name for p in c.params}]
    assert {taker.name for taker in takers} == {
        "neighbors",
        "analogy",
        "evaluate",
        "compare",
        "lay-out",
        "convert",
        "debias",
        "app",
    }
    for taker in takers:
        assert {field.name for field in fields(Reading)} <= {parameter.name for parameter in taker.params}
    for each in commands.commands.values():
        for parameter in each.params:
            if isinstance(parameter, click.Argument):
                assert parameter.help, f"{each.name} {parameter.name}"


def test_tables_models_and_odd_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def nearest(word: str, *arguments: str) -> list[str]:
        assert main(["neighbors", word, "-k", "2", "--vectors", *map(str, arguments)]) == 0, capsys.readouterr().err
        return [line.split()[0] for line in capsys.readouterr().out.splitlines()]

    table, odd, model = tmp_path / "t.csv", tmp_path / "odd.txt", tmp_path / "model"
    table.write_text("word,lemma,x0,x1\ncats,cat,1.5,2.5\ndogs,dog,1.4,2.4\nsuns,sun,-1.5,0.5\n")
    assert nearest("cats", str(table))[0] == "dogs"
    assert nearest("cat", str(table), "--word-column", "lemma")[0] == "dog"
    odd.write_text(GLOVE + "bad 1\nworse\n")
    assert main(["neighbors", "king", "--vectors", str(odd)]) == 1
    assert "2 of 7 lines do not fit" in capsys.readouterr().err
    assert nearest("king", str(odd), "--odd-rows", "any") == ["man", "queen"]
    odd.write_text(GLOVE + "bad 1\n")
    assert nearest("king", str(odd)) == ["man", "queen"]
    assert main(["neighbors", "king", "--vectors", str(odd), "--odd-rows", "none"]) == 1
    model.mkdir()
    np.save(model / "weights.npy", np.array([[1, 2], [1, 3], [-1, 0]], np.float32))
    (model / "vocab.json").write_text('{"owl": 2, "cat": 0, "dog": 1}')
    assert nearest("cat", str(model))[0] == "dog"
    assert nearest("cat", str(model / "weights.npy"), "--with", str(model / "vocab.json"))[0] == "dog"
    assert (
        main(["convert", str(model / "weights.npy"), str(tmp_path / "m.vec"), "--with", str(model / "vocab.json")]) == 0
    )
    assert (tmp_path / "m.vec").read_text() == "3 2\ncat 1 2\ndog 1 3\nowl -1 0\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["neighbors", "kingg"], "Did you mean"),
        (["neighbors", "king", "-k", "0"], "must be 1 or more; 0 is not"),
        (["analogy", "man", "xqzzy", "xqqzy"], "“xqqzy”"),
        (["neighbors", "king", "--vectors", "no-such-file.txt"], "not a file"),
        (["train-vectors", "no-such-file.txt", "--out", "nowhere"], "cannot be read"),
        (["train-vectors", "text.txt", "--out", "nowhere", "--window", "0"], "window must be from 1 to 50; 0 is not"),
    ],
)
def test_refusals_are_one_line_and_exit_code_1(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert error.splitlines()[-1].startswith("embedlab: ")
    assert message in error
    assert "Traceback" not in error


def test_what_train_vectors_cannot_use_is_said_before_the_long_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, cut, taken = tmp_path / "text.txt", tmp_path / "cut.txt.gz", tmp_path / "taken"
    text.write_text("One two three.\n", "utf-8")
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("one 2 three 4 five\n" * 9, "utf-8")
    cut.write_bytes(gzip.compress(b"One two three.\n" * 9)[:-9])
    taken.write_text("a file", "utf-8")
    out = ["--out", str(tmp_path / "out")]
    for arguments, message in (
        ([str(cut), *out], "cut.txt.gz cannot be read"),
        ([str(text), "--out", str(taken)], "give another folder"),
        ([str(text), *out, "--movie-words", str(tmp_path / "gone")], "gone cannot be read"),
        ([str(numbers), *out], "--keep digits keeps those with digits; --anyway reads the rest."),
        ([str(text), *out, "--language", "Klingon"], "language must be one of English, French"),
        ([str(text), *out, "--seed", "-1"], "seed must be from 0 to 2,147,483,647; -1 is not"),
    ):
        assert main(["train-vectors", *arguments]) == 1, message
        assert message in capsys.readouterr().err
    assert main(["count-vectors", str(numbers), *out]) == 1
    assert "40% of the text’s 45 words" in capsys.readouterr().err


def test_convert_takes_the_choices_that_its_refusals_ask_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed, target, words = tmp_path / "in.zip", tmp_path / "out.txt", tmp_path / "words.txt"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", GLOVE)
        archive.writestr("b.txt", "caf\xe9 1 2\nth\xe9 3 4\n".encode("latin-1"))
    assert main(["convert", str(packed), str(target)]) == 1
    assert "Choose one of them" in capsys.readouterr().err
    assert main(["convert", str(packed), str(target), "--member", "b.txt", "--encoding", "latin-1"]) == 0
    assert target.read_text("utf-8") == "café 1 2\nthé 3 4\n"
    numbers = tmp_path / "numbers.tsv"
    numbers.write_text("1\t2\n3\t4\n")
    words.write_text("cat\ndog\n")
    assert main(["convert", str(numbers), str(target), "--words", str(words)]) == 0
    assert target.read_text("utf-8") == "cat 1 2\ndog 3 4\n"


def test_a_file_that_this_machine_has_no_memory_for_is_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "limit", lambda root=None: 40)
    for arguments in (["convert", str(file), str(tmp_path / "out.npz")], ["neighbors", "man", "--vectors", str(file)]):
        assert main(arguments) == 1
        assert "24 bytes are allowed" in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()


def test_nothing_asked_is_a_dash_and_not_a_score(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["evaluate", "--vectors", str(file)])
    lines = capsys.readouterr().out.splitlines()
    (capitals,) = (line for line in lines if line.startswith("capital-world"))
    assert capitals.split()[1:] == ["–", "0", "of", "4,524"]
    assert "nan" not in " ".join(lines)


def test_help_version_and_unreadable_commands() -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "embedlab", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60
        )

    shown = run("--help")
    assert shown.returncode == 0
    assert all(
        name in shown.stdout for name in ("neighbors", "analogy", "evaluate", "compare", "convert", "train-vectors")
    )
    assert run("--version").stdout.strip() == f"embedlab {__version__}"
    assert run("analogy", "--help").stdout.count("example:") == 1
    assert run().returncode == 2
    assert run("nothing").returncode == 2


def test_what_would_be_ignored_is_refused(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (
        ["evaluate", str(file), "--vectors", "counted"],
        ["neighbors", "king", "--vectors", "counted", "--encoding", "cp1252"],
        ["app", "--encoding", "cp1252"],
    ):
        assert main(command) == 2
        error = capsys.readouterr().err
        assert "counted" in error or "FILE" in error


def test_app_starts_streamlit_with_the_file_from_any_folder(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[str, list[str], tuple[Path, Reading] | None]] = []

    def started(module: str, **_: object) -> None:
        calls.append((module, sys.argv, given()))

    monkeypatch.setattr("runpy.run_module", started)
    monkeypatch.setattr(sys, "argv", ["embedlab"])
    monkeypatch.setattr(os, "environ", {**os.environ})  # so that it is as before when the test is over
    monkeypatch.chdir(file.parent)
    assert main(["app"]) == 0
    assert main(["app", file.name]) == 0
    assert main(["app", file.name, "--encoding", "latin-1", "--words", "words.txt", "--limit", "3"]) == 0
    settings = ["--server.maxUploadSize=4000", "--server.address=localhost"]
    command = ["streamlit", "run", str(ROOT / "streamlit_app.py"), *settings]
    there = file.resolve()
    chosen = Reading("latin-1", words=str(there.with_name("words.txt")), keep=3)
    asked = [None, (there, Reading()), (there, chosen)]
    assert calls == [("streamlit", command, given) for given in asked]
    assert main(["app", "no-such-file.txt"]) == 1
    assert "not a file" in capsys.readouterr().err
    assert len(calls) == 3


def test_app_opens_to_the_network_only_when_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file is the user's own, and Streamlit's default address is every one that the machine has."""
    addresses: list[str] = []
    monkeypatch.setattr("runpy.run_module", lambda *_, **__: addresses.append(sys.argv[-1]))
    monkeypatch.setattr(sys, "argv", ["embedlab"])
    assert main(["app"]) == main(["app", "--address", "0.0.0.0"]) == 0
    assert addresses == ["--server.address=localhost", "--server.address=0.0.0.0"]


def test_app_offers_a_folder_only_when_it_is_asked_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sets" / "model").mkdir(parents=True)
    for name in ("a.txt", "b.png", ".hidden.txt", "model/model.safetensors", "model/tokenizer.json"):
        (tmp_path / "sets" / name).write_text(GLOVE)
    (tmp_path / "secret.txt").write_text(GLOVE)
    (tmp_path / "sets" / "out.txt").symlink_to(tmp_path / "secret.txt")
    monkeypatch.setattr("runpy.run_module", lambda *_, **__: None)
    monkeypatch.setattr(sys, "argv", ["embedlab"])
    monkeypatch.setattr(os, "environ", {**os.environ})
    assert main(["app"]) == 0
    assert folder() is None
    assert files_in_folder() == []
    assert main(["app", "--folder", str(tmp_path / "sets")]) == 0
    assert files_in_folder() == ["a.txt", "model/", "model/model.safetensors", "model/tokenizer.json"]
    assert paths_in_folder("a.txt") == [tmp_path / "sets" / "a.txt"]
    assert [path.name for path in paths_in_folder("model/")] == ["model.safetensors", "tokenizer.json"]
    for name in ("../secret.txt", "out.txt", str(tmp_path / "secret.txt"), "nothing.txt", "x" * 5000, "", "."):
        with pytest.raises(InvalidSetting, match="not in the folder"):
            paths_in_folder(name)
    assert main(["app", "--folder", str(tmp_path / "secret.txt")]) == 1
    assert "not a folder" in capsys.readouterr().err


def test_own_tests_are_scored_in_place_of_the_usual(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    texts = {
        "pairs": "dog cat 9\nking queen 8\nking car 1\nbread knife 4\nqqq b 3\n",
        "groups": "dog cat horse bank\nmonday friday king tuesday\n",
        "categories": "dog animal\ncat animal\nmay month\njune month\n",
        "analogies": "dog\tdogs\ncat\tcats\ncar\tcars/automobiles\n",
    }
    for kind, text in texts.items():
        (tmp_path / kind).write_text(text, "utf-8")
    asked = [word for kind in texts for word in (f"--{kind}", str(tmp_path / kind))]
    assert main(["evaluate", *asked, "--errors", "1", "--limit", "20000"]) == 0
    shown = capsys.readouterr().out
    vectors = bundled_vectors().restrict(20_000)
    score = similarity_correlation(vectors, read_word_pairs(tmp_path / "pairs"))
    assert f"Pearson    {score.pearson:6.3f}   95% {score.pearson_of.low:.3f}" in shown
    assert "pairs: 4 of 5 pairs" in shown
    found = analogy_accuracy(vectors, read_analogies(tmp_path / "analogies")).overall
    assert f"{found.accuracy:8.1%}   {found.accuracy_by_any:6.1%}   6 of 6" in shown
    (wrong,) = sorted(
        analogy_accuracy(vectors, read_analogies(tmp_path / "analogies")).errors, key=lambda error: -error.place
    )[:1]
    assert "  {} : {} :: {} : {}, place ".format(*wrong.question) in shown
    assert f"place {wrong.place:,}; answered {wrong.answer}\n" in shown
    assert "  monday, friday, king | tuesday: king" in shown
    assert "purity     100.0%   2 categories" in shown
    assert "WordSim-353" not in shown
    assert main(["evaluate", "--pairs", str(tmp_path / "nothing")]) == 1
    assert "is not a file: give the path of a test set" in capsys.readouterr().err
    assert main(["evaluate", "--test-encoding", "cp1252"]) == 2


def test_a_space_is_not_ranked_beside_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "bundled", "bundled", "--limit", "500"]) == 0
    shown = capsys.readouterr().out
    assert "both give these words the same vectors" in shown
    assert "neighbor overlap" not in shown


def test_compare_prints_linear_cka(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "bundled", "counted", "--limit", "500", "--ranked", "5"]) == 0
    expected = linear_cka(share(bundled_vectors().restrict(500), counted_vectors().restrict(500)))
    assert f"linear CKA        {expected:.3f}" in capsys.readouterr().out
