"""The commands that make what ships, and what is said of them."""

import pytest
from click.testing import CliRunner

from embedlab.recipes import runs
from embedlab.recipes.commands import record_runs
from tests.conftest import ROOT


@pytest.mark.parametrize("run", [run.__name__ for run in runs.RUNS if run is not runs.ten_words_gallery])
def test_each_recorded_run_is_named_by_its_command_and_in_the_list_of_data(run: str) -> None:
    page = run.replace("_", " ").capitalize()
    (row,) = [
        line for line in (ROOT / "data/README.md").read_text("utf-8").splitlines() if line.startswith("| `runs/`")
    ]
    assert page in row
    assert page in " ".join(CliRunner().invoke(record_runs, ["--help"]).output.split())
