"""One folder of downloads for gensim and embedlab: what either fetched, both find; nothing else is ever seen there."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from embedlab.errors import VectorFileError
from embedlab.library import catalogue, gensim_data
from embedlab.library.gensim_data import GensimKeeper
from tests.conftest import ROOT
from tests.loopback import GensimData, entry_and_content, serving

ENTRY, CONTENT = entry_and_content(rows=300, dimensions=5)
NAME = ENTRY.name


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "gensim"))
    monkeypatch.setattr(catalogue, "catalogue", lambda: {NAME: ENTRY})
    return tmp_path / "gensim"


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GensimData]:
    with serving(ENTRY, CONTENT) as data:
        monkeypatch.setenv("EMBEDLAB_MIRROR", data.url)
        yield data


def fetch() -> None:
    assert list(catalogue.fetch(ENTRY))[-1].stage == "ready"


def fetched_by_gensim(folder: Path, content: bytes = CONTENT) -> Path:
    """What gensim leaves when it has downloaded the set."""
    (folder / NAME).mkdir(parents=True)
    (folder / NAME / "__init__.py").write_text("def load_data():\n    raise SystemExit('code from the net ran')\n")
    (folder / NAME / ENTRY.file).write_bytes(content)
    return folder / NAME / ENTRY.file


GENSIM = """
import json, sys
import gensim.downloader as api
from gensim.models import KeyedVectors

api._load_info = lambda: {"corpora": {}, "models": {sys.argv[1]: {"file_name": sys.argv[2]}}}  # list.json, offline
def refuse(name):
    raise SystemExit(f"gensim would download {name}")
api._download = refuse
path = api.load(sys.argv[1], return_path=True)
by_path, loaded = KeyedVectors.load_word2vec_format(path), api.load(sys.argv[1])
assert by_path.index_to_key == loaded.index_to_key
print(json.dumps([path, loaded.index_to_key, loaded.vectors.tolist()]))
"""


def in_gensim() -> subprocess.CompletedProcess[str]:
    """A Python of one's own that loads the set with gensim's downloader."""
    command = [sys.executable, "-c", GENSIM, NAME, ENTRY.file]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_gensim_finds_what_embedlab_downloads(server: GensimData, folder: Path) -> None:
    fetch()
    ran = in_gensim()
    assert ran.returncode == 0, ran.stderr
    path, words, matrix = json.loads(ran.stdout)
    assert path == str(folder / NAME / ENTRY.file)
    vectors, _ = catalogue.open_entry(ENTRY)
    assert words == list(vectors.words)
    assert np.array_equal(np.array(matrix, np.float32), vectors.matrix)


@pytest.mark.parametrize("fault", ["cut", "stall", "html", "wrong bytes", "404"])
def test_a_partial_download_is_never_visible_to_gensim(server: GensimData, folder: Path, fault: str) -> None:
    server.fault = fault
    with pytest.raises(catalogue.DownloadError):
        list(catalogue.fetch(ENTRY, timeout=0.3))
    assert not folder.exists() or not any(folder.iterdir())
    ran = in_gensim()
    assert "gensim would download" in ran.stderr


def test_nothing_is_in_gensim_s_folder_while_it_comes(server: GensimData, folder: Path) -> None:
    seen = [folder.exists() and os.listdir(folder) for progress in catalogue.fetch(ENTRY) if progress.stage != "ready"]
    assert seen[:-1] == [False] * (len(seen) - 1)
    assert seen[-1] == [NAME]  # converting


def test_what_gensim_downloaded_opens_at_once_and_runs_no_code(server: GensimData, folder: Path) -> None:
    file = fetched_by_gensim(folder)
    assert catalogue.here() == [NAME]
    assert catalogue.is_here(ENTRY)
    assert catalogue.of_gensim(ENTRY)
    assert len(catalogue.open_entry(ENTRY)[0]) == ENTRY.rows
    fetch()
    assert server.asked == []
    assert file.read_bytes() == CONTENT


def test_removing_leaves_what_gensim_fetched(server: GensimData, folder: Path) -> None:
    file = fetched_by_gensim(folder)
    assert catalogue.used_bytes(ENTRY) == 0
    catalogue.open_entry(ENTRY)
    assert catalogue.used_bytes(ENTRY) > 0
    assert catalogue.remove(ENTRY)
    assert catalogue.used_bytes(ENTRY) == 0
    assert file.read_bytes() == CONTENT
    assert catalogue.here() == [NAME]


def test_removing_takes_the_whole_folder_that_embedlab_made(server: GensimData, folder: Path) -> None:
    fetch()
    assert not catalogue.of_gensim(ENTRY)
    (folder / NAME / "__pycache__").mkdir()  # by an import of the file for gensim
    assert catalogue.used_bytes(ENTRY) > ENTRY.bytes
    assert catalogue.remove(ENTRY)
    assert os.listdir(folder) == []
    assert catalogue.here() == []


@pytest.mark.parametrize("harm", ["flipped", "truncated"])
def test_a_damaged_file_of_gensim_s_is_reported_kept_and_replaced_by_a_download(
    server: GensimData, folder: Path, harm: str
) -> None:
    damaged = bytearray(CONTENT)
    damaged[len(CONTENT) // 2] ^= 1
    file = fetched_by_gensim(folder, bytes(damaged) if harm == "flipped" else CONTENT[:-100])
    with pytest.raises(VectorFileError, match="gensim’s folder is damaged: download tiny-vectors on the page Vectors"):
        catalogue.open_entry(ENTRY)
    assert file.exists(), "it is not embedlab's to delete"
    assert catalogue.here() == []
    assert not catalogue.is_here(ENTRY)
    server.fault = "404"
    with pytest.raises(catalogue.DownloadError):
        fetch()
    assert file.exists()
    server.fault = ""
    fetch()
    assert file.read_bytes() == CONTENT
    assert catalogue.here() == [NAME]
    assert in_gensim().returncode == 0
    assert os.listdir(folder) == [NAME]


def test_downloads_of_the_first_edition_open_and_are_removed(server: GensimData, folder: Path) -> None:
    old = catalogue.downloads_folder() / ENTRY.file
    old.parent.mkdir(parents=True)
    old.write_bytes(CONTENT)
    assert len(catalogue.open_entry(ENTRY)[0]) == ENTRY.rows
    assert catalogue.is_here(ENTRY)
    assert catalogue.remove(ENTRY)
    assert not old.exists()
    old.write_bytes(CONTENT)
    fetch()
    assert server.asked == [], "it is only moved over"
    assert (folder / NAME / ENTRY.file).read_bytes() == CONTENT
    assert not old.exists()


def test_where_gensim_s_folder_cannot_be_written_the_file_stays_with_embedlab(server: GensimData, folder: Path) -> None:
    folder.write_text("a file in place of the folder")
    fetch()
    assert (catalogue.downloads_folder() / ENTRY.file).read_bytes() == CONTENT
    assert catalogue.here() == [NAME]
    assert len(catalogue.open_entry(ENTRY)[0]) == ENTRY.rows
    assert catalogue.remove(ENTRY)
    assert catalogue.used_bytes(ENTRY) == 0


def test_a_folder_on_another_disk_is_filled_by_copying(
    server: GensimData, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gensim_data, "_elsewhere", lambda file, folder: True)
    fetch()
    assert (folder / NAME / ENTRY.file).read_bytes() == CONTENT
    assert os.listdir(folder) == [NAME]
    assert not (catalogue.downloads_folder() / ENTRY.file).exists()


def test_what_a_killed_program_left_is_swept(server: GensimData, folder: Path) -> None:
    (folder / f".{NAME}.part-x").mkdir(parents=True)
    fetch()
    assert os.listdir(folder) == [NAME]


@pytest.mark.parametrize("binary", [False, True])
def test_what_gensim_runs_reads_both_formats(folder: Path, tmp_path: Path, binary: bool) -> None:
    from gensim.models import KeyedVectors

    vectors = KeyedVectors(2)
    vectors.add_vectors(["a", "b"], np.array([[1, 2], [3, 4]], np.float32))
    vectors.save_word2vec_format(str(tmp_path / "two"), binary=binary)
    GensimKeeper("two-words", "two", binary=binary).put(tmp_path / "two")
    scope: dict[str, object] = {"__file__": str(folder / "two-words" / "__init__.py")}
    exec((folder / "two-words" / "__init__.py").read_text("utf-8"), scope)
    loaded = scope["load_data"]()  # type: ignore[operator]
    assert loaded.index_to_key == ["a", "b"]
    assert loaded["b"].tolist() == [3, 4]


def test_what_gensim_runs_for_a_text(folder: Path, tmp_path: Path) -> None:
    import gzip

    (tmp_path / "text8.gz").write_bytes(gzip.compress(b"a b c " * 10))
    GensimKeeper("text8", "text8.gz", text=True).put(tmp_path / "text8.gz")
    scope: dict[str, object] = {"__file__": str(folder / "text8" / "__init__.py")}
    exec((folder / "text8" / "__init__.py").read_text("utf-8"), scope)
    assert [len(sentence) for sentence in scope["load_data"]()] == [30]  # type: ignore[operator]


def test_which_folder_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "me"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "me"))  # Windows
    monkeypatch.delenv("EMBEDLAB_HOME", raising=False)
    monkeypatch.delenv("GENSIM_DATA_DIR", raising=False)
    assert gensim_data.folder() == tmp_path / "me" / "gensim-data"
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path / "server"))
    assert gensim_data.folder() == tmp_path / "server" / "gensim-data"
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "given"))
    assert gensim_data.folder() == tmp_path / "given"


def test_it_is_the_folder_that_gensim_takes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import gensim.downloader as api; print(api.BASE_DIR)"
    monkeypatch.delenv("EMBEDLAB_HOME", raising=False)
    for given in (str(folder), None):
        monkeypatch.setenv("GENSIM_DATA_DIR", given) if given else monkeypatch.delenv("GENSIM_DATA_DIR")
        ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == str(gensim_data.folder())
