"""The wheel: it holds the app and its data, and works from any folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

BESIDE = ("data", "pages", ".streamlit", "streamlit_app.py")
SOURCES = ("embedlab", *BESIDE, "pyproject.toml", "setup.py", "requirements.txt", "README.md", "LICENSE")


def files(folder: Path, *names: str) -> set[str]:
    """Paths of all files below these, without what Python leaves there."""
    found = [p for name in names for p in [folder / name, *(folder / name).rglob("*")] if p.is_file()]
    return {p.relative_to(folder).as_posix() for p in found if p.suffix != ".pyc"}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The unpacked wheel, built from a copy: setuptools leaves folders where it builds."""
    pytest.importorskip("setuptools", minversion="77", reason="the wheel is built without a network")
    base = tmp_path_factory.mktemp("package")
    source, site = base / "source", base / "site"
    for file in files(ROOT, *SOURCES):
        (source / file).parent.mkdir(parents=True, exist_ok=True)
        (source / file).write_bytes((ROOT / file).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", ".", "--no-deps", "--no-build-isolation", "-w", str(base)]
    built = subprocess.run(command, cwd=source, capture_output=True, text=True, timeout=300)
    assert built.returncode == 0, built.stderr
    (wheel,) = base.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


def test_the_wheel_holds_the_package_and_the_app(installed: Path) -> None:
    assert files(installed / "embedlab/app", ".") == files(ROOT, *BESIDE)
    assert files(installed / "embedlab", ".") - files(installed / "embedlab", "app") == files(ROOT / "embedlab", ".")
    (metadata,) = installed.glob("*.dist-info/METADATA")
    (entries,) = installed.glob("*.dist-info/entry_points.txt")
    assert "Requires-Python: <3.14,>=3.11" in metadata.read_text("utf-8")
    assert "Requires-Dist: streamlit==" in metadata.read_text("utf-8")
    assert "embedlab = embedlab." in entries.read_text("utf-8")


def test_what_is_installed_finds_its_files_from_another_folder(installed: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(installed)},
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "queen " in run("-m", "embedlab", "neighbors", "king", "-k", "20")
    where = "from embedlab.ui.menu import MENU, PAGES; print(PAGES, all((PAGES / e.file).is_file() for e in MENU))"
    assert run("-c", where).strip() == f"{installed / 'embedlab/app/pages'} True"
