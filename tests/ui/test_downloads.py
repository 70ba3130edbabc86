"""The catalogue on the page Vectors: what it says of a set, the lines for gensim, and which buttons are true."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.formats import read_vectors
from embedlab.library import catalogue, memory
from embedlab.ui import vector_choice
from embedlab.ui.vectors import downloads
from tests.conftest import ROOT
from tests.loopback import entry_and_content, pinned_entry_and_content, serving

ENTRY, CONTENT = entry_and_content(rows=300, dimensions=5)
PINNED, ZIP = pinned_entry_and_content()


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GENSIM_DATA_DIR", str(tmp_path / "gensim"))
    monkeypatch.setattr(catalogue, "catalogue", lambda: {ENTRY.name: ENTRY, PINNED.name: PINNED})
    vector_choice.holdings.clear()
    yield
    vector_choice.holdings.clear()


def fetched_by_gensim(folder: Path) -> None:
    (folder / "gensim" / ENTRY.name).mkdir(parents=True)
    (folder / "gensim" / ENTRY.name / ENTRY.file).write_bytes(CONTENT)
    (folder / "gensim" / ENTRY.name / "__init__.py").write_text("raise SystemExit\n")


def form() -> None:
    from embedlab.ui.vectors import downloads

    downloads.catalogue()


def chosen() -> None:
    import streamlit as st

    from embedlab.ui import vector_choice
    from embedlab.ui.vectors import results

    if "shown" not in st.session_state:  # after a click another set is chosen
        st.session_state.shown = True
        results.unload(vector_choice.load("tiny-vectors"))


def shown(page: object) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60).run()  # type: ignore[arg-type]
    assert not app.exception, app.exception
    return app


def test_a_set_of_gensim_s_is_described_with_the_lines_that_do_the_same() -> None:
    app = shown(form)
    assert "300 words × 5 dimensions" in app.caption[0].value
    assert "about" not in app.caption[0].value
    assert [code.value for code in app.code] == [downloads.gensim_lines(ENTRY), downloads.RECIPE]


def test_what_is_not_known_exactly_is_about_right_and_a_missing_checksum_is_said() -> None:
    app = shown(form).selectbox(key="entry").select(PINNED.name).run()
    assert "Download about" in app.caption[0].value
    assert "No checksum is published: the first download’s is kept" in app.caption[0].value
    assert [code.value for code in app.code] == [downloads.RECIPE]


def test_what_gensim_fetched_is_offered_at_once_and_only_its_converted_form_is_deleted(tmp_path: Path) -> None:
    fetched_by_gensim(tmp_path)
    assert [button.label for button in shown(form).button] == ["Look at it"]
    app = shown(chosen)
    button = next(button for button in app.button if button.label.startswith("Delete"))
    assert button.label.startswith("Delete the converted form (")
    assert "The file that gensim fetched stays" in button.help
    button.click().run()
    assert catalogue.used_bytes(ENTRY) == 0
    assert (tmp_path / "gensim" / ENTRY.name / ENTRY.file).read_bytes() == CONTENT


def test_what_embedlab_fetched_is_deleted_as_a_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(ENTRY, CONTENT) as data:
        monkeypatch.setenv("EMBEDLAB_MIRROR", data.url)
        list(catalogue.fetch(ENTRY))
    app = shown(chosen)
    next(button for button in app.button if button.label.startswith("Delete the download (")).click().run()
    assert list((tmp_path / "gensim").iterdir()) == []
    assert [button.label for button in shown(form).button] == ["Download"]


def test_what_is_left_of_a_download_without_a_published_checksum_says_what_deleting_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving(PINNED, ZIP) as data:
        data.fault = "cut"
        monkeypatch.setenv("EMBEDLAB_MIRROR", data.url)
        with pytest.raises(catalogue.DownloadError):
            list(catalogue.fetch(PINNED))
    button = next(button for button in shown(form).button if button.label.startswith("Delete"))
    assert "the next download of it counts as the first" in button.help
    button.click().run()
    assert catalogue.used_bytes(PINNED) == 0


def test_the_machine_is_asked_once_which_sets_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    entries = [entry for entry in catalogue.catalogue().values() if entry.kind == "vectors"]
    room = 700_000_000
    asked: list[Path] = []
    monkeypatch.setattr(memory, "budget", lambda root: 10**12)
    monkeypatch.setattr(memory, "available", lambda root: asked.append(root) or room + (64 << 20))
    fitting = catalogue.fitting()
    assert fitting == {entry.name for entry in entries if entry.memory_bytes <= room}
    assert 0 < len(fitting) < len(entries)
    assert len(asked) == 1


def test_the_lines_for_gensim_read_each_format_that_it_has(tmp_path: Path) -> None:
    from gensim.models import KeyedVectors

    vectors = KeyedVectors(2)
    vectors.add_vectors(["a", "b"], np.array([[1, 2], [3, 4]], np.float32))
    for binary in (False, True):
        vectors.save_word2vec_format(str(tmp_path / "two"), binary=binary)
        entry = catalogue.Entry("two", "vectors", ENTRY.files, 2, 2, "", "", "", "", binary=binary)
        lines = downloads.gensim_lines(entry)
        stub = (
            f"import gensim.downloader\ngensim.downloader.load = lambda name, return_path: {str(tmp_path / 'two')!r}\n"
        )
        code = f"{stub}{lines}\nprint(vectors.index_to_key, vectors['b'].tolist())"
        ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
        assert ran.stdout == "['a', 'b'] [3.0, 4.0]\n", ran.stderr


def test_the_recipe_makes_files_that_open_here(tmp_path: Path) -> None:
    from gensim.models import Word2Vec

    model = Word2Vec([["a", "b", "c"]] * 5, vector_size=4, min_count=1, workers=1)
    model.save(str(tmp_path / "my.model"))
    model.wv.save(str(tmp_path / "my.kv"))
    first, kv, whole = [line for line in downloads.RECIPE.splitlines() if line]
    for line in (kv, whole):
        (tmp_path / "my.txt").unlink(missing_ok=True)
        subprocess.run([sys.executable, "-c", f"{first}\n{line}"], cwd=tmp_path, check=True)
        vectors, _ = read_vectors(tmp_path / "my.txt")
        assert list(vectors.words) == model.wv.index_to_key
        assert np.allclose(vectors.matrix, model.wv.vectors)
