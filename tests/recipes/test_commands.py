"""The commands that make what ships, and what is said of them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner

from embedlab.errors import InvalidSetting
from embedlab.recipes import maps, resampled, runs
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


@pytest.mark.parametrize(
    "make", [maps.make_maps, partial(runs.record_runs, say=print), partial(resampled.resample_vectors, [])]
)
def test_a_folder_that_cannot_be_made_is_refused_before_the_work(make: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(InvalidSetting, match="cannot be made"):
        make(tmp_path / "taken")
