"""The command line, as a person calls it."""

import gzip
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from embedlab import __version__
from embedlab.__main__ import main
from embedlab.library import memory
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
    out = capsys.readouterr().out
    assert "capital-common-countries" in out
    assert "of 19,544" in out
    assert "SimLex-999" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["neighbors", "kingg"], "Did you mean"),
        (["neighbors", "king", "-k", "0"], "give 1 or more"),
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
    cut.write_bytes(gzip.compress(b"One two three.\n" * 9)[:-9])
    taken.write_text("a file", "utf-8")
    out = ["--out", str(tmp_path / "out")]
    for arguments, message in (
        ([str(cut), *out], "cut.txt.gz cannot be read"),
        ([str(text), "--out", str(taken)], "give another folder"),
        ([str(text), *out, "--movie-words", str(tmp_path / "gone")], "gone cannot be read"),
        ([str(text), *out, "--seed", "-1"], "seed must be from 0 to 2,147,483,647; -1 is not"),
    ):
        assert main(["train-vectors", *arguments]) == 1, message
        assert message in capsys.readouterr().err


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
    assert all(name in shown.stdout for name in ("neighbors", "analogy", "evaluate", "convert", "train-vectors"))
    assert run("--version").stdout.strip() == f"embedlab {__version__}"
    assert run("analogy", "--help").stdout.count("example:") == 1
    assert run().returncode == 2
    assert run("nothing").returncode == 2


def test_app_starts_streamlit_with_the_file_from_any_folder(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls: list[tuple[str, list[str], str | None]] = []

    def started(module: str, **_: object) -> None:
        calls.append((module, sys.argv, os.environ.get("EMBEDLAB_FILE")))

    monkeypatch.setattr("runpy.run_module", started)
    monkeypatch.setattr(sys, "argv", ["embedlab"])
    monkeypatch.setenv("EMBEDLAB_FILE", "")  # so that it is as before when the test is over
    monkeypatch.delenv("EMBEDLAB_FILE")
    monkeypatch.chdir(file.parent)
    assert main(["app"]) == 0
    assert main(["app", file.name]) == 0
    command = ["streamlit", "run", str(ROOT / "streamlit_app.py")]
    assert calls == [("streamlit", command, None), ("streamlit", command, str(file.resolve()))]
    assert main(["app", "no-such-file.txt"]) == 1
    assert "not a file" in capsys.readouterr().err
    assert len(calls) == 2
