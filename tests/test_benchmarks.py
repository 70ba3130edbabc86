"""Benchmarks give well-formed rows, and the document and its charts are written. No speed is asserted."""

import json
import math
import random
import re
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks import __main__ as together
from benchmarks import cold_start, document, first_visits, load, load_vectors, search, skip_gram, small_host
from benchmarks.figures import Missing, Result, Row, number
from benchmarks.reference import opened
from embedlab.charts.theme import LIGHT
from tests.conftest import ROOT

APART = {"__init__", "__main__", "document", "figures", "machine", "reference", "soak"}
APART |= {"small_host", "store_templates", "draw_thumbnails"}
SERVED = ("first_answer", "cold_start", "first_visits", "load")  # need servers that start for seconds, and a browser
ROWS = (
    Row("opening", "s", 0.5, "naive app", 2.0),
    Row("answering", "words/s", 150.0, "gensim", 300.0, more_is_better=True, note="WordSim 0.5"),
    Row("growth", "MB resident", 499.0),
)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    """8,000 words, of which a few are judged by WordSim-353."""
    words = ["tiger", "cat", "book", "paper", "computer", "keyboard", "king", "queen", *(f"w{i}" for i in range(200))]
    rng = random.Random(0)
    path = tmp_path / "text.txt"
    path.write_text(" ".join(rng.choice(words) for _ in range(8_000)), "ascii")
    return path


def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """What benchmarks measure in processes of their own, without these."""
    monkeypatch.setattr(load_vectors, "measure", load_vectors.child)
    monkeypatch.setattr(load_vectors, "prepare", load_vectors.keep)
    monkeypatch.setattr(search, "in_child", lambda path, *, peer: search.measure(path and str(path), peer))


def check(rows: list[Row]) -> None:
    assert rows
    for row in rows:
        assert row.work
        assert row.unit
        assert math.isfinite(row.ours)
        assert row.ours >= 0
        assert (row.peer == "") is (row.theirs is None)
        assert Row(**json.loads(json.dumps(row._asdict()))) == row, "it travels between processes"
        assert not {"\n", "|"} & set("".join(document._cells(row))), "it is a line of a table"


@pytest.mark.long  # each loads its peers: PyTorch, gensim, scikit-learn and openTSNE
@pytest.mark.parametrize("name", [name for name in together.BENCHMARKS if name not in SERVED])
def test_a_benchmark_gives_well_formed_rows(name: str, text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_this_process(monkeypatch)
    module = import_module(f"benchmarks.{name}")
    if hasattr(module, "WIKI"):
        monkeypatch.setattr(module, "WIKI", text)
    if name == "letters":
        monkeypatch.setattr(module, "names", lambda: ("anna", "emma", "otto", "hugo", "ida") * 20)
    rows = list(together.rows(name, "tiny"))
    check(rows)
    assert any(row.peer for row in rows), "side by side with a peer"


def test_a_benchmark_of_servers_gives_well_formed_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [load.Answer(0.1, 1_000, False), load.Answer(0.3, 1_000, False)]
    monkeypatch.setattr(load, "at_once", lambda *_: ([load.Round(answers, 0.2)] * 3, 200.0))
    rows = list(load.rows("tiny"))
    check(rows)
    assert rows[1].ours == pytest.approx(300.0), "ms, the 95th percentile of all answers"
    assert [row.ratio for row in rows] == [None, 1.0, 1.0]


@pytest.mark.long  # starts servers, two of which load PyTorch and gensim
def test_servers_are_asked_and_answer_without_an_error() -> None:
    served = list(load.rows("tiny"))
    check(served)
    assert not any("FAILED" in row.note for row in served)
    cold = list(cold_start.rows("tiny"))
    check(cold)
    assert cold[1].ours == 0
    visits = list(first_visits.rows("tiny"))
    check(visits)
    assert [row.unit for row in visits] == ["s of processor", "MB"]


def test_every_benchmark_is_among_all() -> None:
    assert {path.stem for path in (ROOT / "benchmarks").glob("*.py")} - APART == set(together.BENCHMARKS)


@pytest.mark.parametrize("version", [1, 2])
def test_a_control_group_of_either_version_is_limited_without_swap_and_read(version: int, tmp_path: Path) -> None:
    if version == 2:
        (tmp_path / "cgroup.controllers").write_text("cpu memory", "ascii")
    else:
        (tmp_path / "memory").mkdir()
    group = small_host.Group(690, tmp_path)
    assert group.version == version
    limits = {path.name: path.read_text("ascii") for path in group.folder.iterdir()}
    told = {
        1: {"memory.stat": "cache 3\ntotal_rss 2000000\n", "memory.usage_in_bytes": "5000000\n"},
        2: {"memory.stat": "anon 2000000\nfile 3\n", "memory.current": "5000000\n"},
    }
    for name, text in (told[version] | {"memory.oom_control": "oom_kill 4", "memory.events": "oom_kill 4"}).items():
        (group.folder / name).write_text(text, "ascii")
    assert group.mb() == (2.0, 5.0)
    assert group.killed == 4
    if version == 1:
        assert limits == {"memory.limit_in_bytes": "690000000", "memory.memsw.limit_in_bytes": "690000000"}
    else:
        assert limits == {"memory.max": "690000000", "memory.swap.max": "0"}


def test_where_no_control_group_can_be_made_one_line_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        small_host.group_of(690, tmp_path / "absent")
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_ratio_says_how_many_times_better() -> None:
    assert [row.ratio for row in ROWS] == [4.0, 0.5, None]
    assert [row.times for row in ROWS] == ["4.00x", "0.50x", ""]
    assert [number(x) for x in (12_345.6, 12.34, 0.01234, None)] == ["12,346", "12.3", "0.0123", ""]


def test_the_document_holds_every_figure_what_was_skipped_and_two_charts(tmp_path: Path) -> None:
    results = [Result("search", ROWS[:2]), Result("tsne", ROWS[2:], "openTSNE is not installed"), Result("counts", ())]
    path = document.write(results, tmp_path, command="python -m benchmarks --quick", machine="On two cores.")
    said = path.read_text("utf-8")
    assert "Written by `python -m benchmarks --quick`" in said
    assert "On two cores." in said
    assert "| opening | naive app | 2 | 0.5 | s | **4.00x** |  |" in said
    assert "| growth |  |  | 499 | MB resident |  |  |" in said
    assert "Not measured further: openTSNE is not installed" in said
    assert said.count("\n## ") == 3
    for name in document.CHARTS.values():
        assert name in said
        drawn = "".join(ElementTree.fromstring((tmp_path / name).read_text("utf-8")).itertext())
        assert "4.00x naive app" in drawn
        assert "growth" not in drawn, "without a peer there is no bar"


def test_bars_lead_from_one_to_the_ratio_on_a_logarithmic_scale() -> None:
    spec = document.chart(ROWS, LIGHT)
    bars: dict[str, Any] = spec["layer"][0]
    assert bars["encoding"]["x"]["scale"]["type"] == "log"
    assert bars["encoding"]["x2"] == {"datum": 1}
    (values,) = [data for data in spec["datasets"].values() if len(data) == 2]
    assert [row["ratio"] for row in values] == [4.0, 0.5]


def test_the_command_writes_the_document_of_what_is_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    together.main(["--only", "analogies", "--scale", "tiny", "--folder", str(tmp_path)])
    out = capsys.readouterr().out
    assert "1 of 1: analogies" in out
    said = (tmp_path / "performance.md").read_text("utf-8")
    assert "python -m benchmarks --only analogies" in said
    assert said.count("| gensim |") == 1
    assert "Measured on 20" in said


def test_what_is_missing_is_told_and_not_an_error(
    text: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(skip_gram, "WIKI", text.with_name("absent.bz2"))
    together.tell("skip_gram", "tiny")
    assert "absent.bz2 is missing" in json.loads(capsys.readouterr().out)
    with pytest.raises(Missing, match="EMBEDLAB_SHARED"), opened(text.with_name("absent.bz2")):
        pass


def test_every_test_that_the_document_of_reliability_names_is_there() -> None:
    said = (ROOT / "docs/reliability.md").read_text("utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", said)
    assert len(named) > 50
    lost = [(file, test) for file, test in named if f"def {test}(" * bool(test) not in (ROOT / file).read_text("utf-8")]
    assert lost == []
