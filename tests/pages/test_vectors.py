"""The Vectors page: loading, looking, unloading and exporting, and what it says to bad files."""

import gzip
import io
import json
import re
import struct
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.errors import VectorFileError
from embedlab.formats import as_bytes, read_vectors
from embedlab.library import catalogue, memory
from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.library.norms import lengths
from embedlab.ui import jobs, vector_choice
from embedlab.ui.vectors import upload as upload_form
from embedlab.vectors.word_vectors import WordVectors
from tests.conftest import ROOT
from tests.loopback import GensimData, entry_and_content, serving
from tests.pages import page
from tests.pages.page import alts, checked, figures, labels, open_page, plain, press, row_of

opened = partial(open_page, "pages/11_Vectors.py")

TEXT = b"cat 1 2\ndog 3 4\nmouse 5 6\n"
ENTRY, CONTENT = entry_and_content(rows=400, dimensions=5)


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing downloaded, nothing loaded."""
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path))
    vector_choice.holdings.clear()
    yield
    vector_choice.holdings.clear()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[GensimData]:
    """A catalogue of one small set that a server on this machine has."""
    monkeypatch.setattr(catalogue, "catalogue", lambda: {ENTRY.name: ENTRY})
    jobs._pool.clear()
    with serving(ENTRY, CONTENT) as data:
        monkeypatch.setenv("EMBEDLAB_MIRROR", data.url)
        yield data


def upload(app: AppTest, name: str, content: bytes, words: bytes | None = None) -> AppTest:
    """Drops a file, or two at once; that reads them."""
    app.file_uploader[0].upload(name, content)
    if words is not None:
        app.file_uploader[0].upload("words.txt", words)
    return checked(app.run())


def words(app: AppTest) -> str:
    return figures(app)["Words × dimensions"].split(" ")[0]


def told(app: AppTest) -> str:
    return plain(page.told(app))


def test_it_opens_with_the_bundled_vectors() -> None:
    app = opened()
    assert not app.error
    assert figures(app) == {"Words × dimensions": "50,000 × 140", "Memory": "35.5 MB", "Rows dropped": "0"}
    assert "Every vector has length 1" in told(app)
    assert "CC BY-SA" in told(app)
    (said,) = alts(app)
    assert f"first 100 numbers of the first 8 vectors of {PREDICTED}" in said
    assert "**king**" in labels(app), "a few known words"
    assert any(re.fullmatch(r"\w+ 0\.\d\d", label) for label in labels(app)), "and the nearest of each"


def test_a_file_is_loaded_chosen_and_reported() -> None:
    app = upload(opened(), "my <b>vectors.txt", TEXT)
    assert words(app) == "3"
    assert app.selectbox(key="vectors").value == "my <b>vectors.txt"
    assert "Read 3 rows of 2 numbers" in told(app)
    assert "GloVe text, utf-8" in told(app)
    assert "3.49 times as long as the shortest" in told(app)
    (said,) = alts(app)
    assert "Lengths of the 3 vectors" in said


def test_the_way_back_is_offered_where_another_set_is_shown() -> None:
    back = f"Back to “{PREDICTED}”"
    app = opened()
    assert back not in labels(app)
    assert back in labels(press(app, "A small file with faults: what is left out, and why"))
    assert words(press(app, back)) == "50,000"


def test_the_example_with_faults_says_what_was_dropped_and_where() -> None:
    app = press(opened(), "A small file with faults: what is left out, and why")
    text = told(app)
    assert words(app) == "4"
    assert figures(app)["Rows dropped"] == "5"
    for line in (
        "Dropped 1 row (NaN): line 6.",
        "Dropped 1 row (infinity): line 7.",
        "Dropped 1 row (wrong number of values): line 8.",
        "Left out line 8: 1 number where 3 are expected.",
        "Dropped 1 row (only zeros): line 9.",
        "Dropped 1 row (repeated word): line 4.",
        "Skipped 1 blank line.",
    ):
        assert line in text
    assert ". . ." in row_of(app, "first_words")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("broken.txt", b"3 2\ncat 1 2\n", "found 1"),
        ("model.pkl", b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00.", "unsafe"),
        ("huge.bin", b"100000000 1\ncat ", ""),
        ("empty.txt", b"", "empty"),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100), ""),
    ],
)
def test_a_bad_file_is_refused_in_words_and_what_was_there_stays(name: str, content: bytes, message: str) -> None:
    app = upload(upload(opened(), "good.txt", TEXT), name, content)
    error = plain(app.error[0].value)
    assert name in error
    assert message in error.lower()
    assert "Traceback" not in error
    assert str(ROOT) not in error
    assert words(app) == "3"
    if "Read it anyway" not in labels(app):
        assert not app.file_uploader[0].value, "no other setting would help, so its bytes are let go"


def test_a_file_with_many_odd_rows_is_read_anyway_on_request() -> None:
    app = upload(opened(), "odd.txt", b"cat 1 2\ndog 3 4\nbird 5\nfish 6\n")
    assert "line 3: 1 number where 2 are expected; line 4" in plain(app.error[0].value)
    app = press(app, "Read it anyway")
    assert not app.error
    assert words(app) == "2"
    assert figures(app)["Rows dropped"] == "2"


def test_a_table_keeps_its_further_columns() -> None:
    app = upload(opened(), "table.csv", b"word,year,x0,x1\ncat,1990,0.5,1.5\ndog,2001,1.5,2.5\n")
    assert words(app) == "2"
    assert "year" in told(app)
    assert "Further columns" in told(app)


def test_a_file_that_follows_one_that_could_not_be_read_is_read_alone() -> None:
    app = upload(opened(), "odd.txt", b"cat 1 2\ndog 3 4\nbird 5\nfish 6\n")
    app = upload(app, "good.txt", TEXT)
    assert not app.error
    assert app.selectbox(key="vectors").value == "good.txt"


def test_reading_another_way() -> None:
    app = opened()
    next(box for box in app.number_input if box.label == "Only the first N words").set_value(2)
    app = upload(checked(app.run()), "good.txt", TEXT)
    assert words(app) == "2"
    assert "Kept the first 2 words only" in told(app)
    app = opened()
    next(box for box in app.text_input if box.label == "Column of the words").set_value("label")
    app = upload(checked(app.run()), "table.csv", b"word,label,x0,x1\ncat,pet,0.5,1.5\ndog,beast,1.5,2.5\n")
    assert row_of(app, "first_words") == ["pet", "beast"]
    app = upload(opened(), "table.csv", b"word,label,x0,x1\ncat,pet,0.5,1.5\ndog,beast,1.5,2.5\n")
    assert row_of(app, "first_words") == ["cat", "dog"]


def test_files_of_the_folder_that_the_app_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sets").mkdir()
    (tmp_path / "sets" / "mine.txt").write_bytes(TEXT)
    (tmp_path / "secret.txt").write_bytes(TEXT)
    (tmp_path / "sets" / "out.txt").symlink_to(tmp_path / "secret.txt")
    assert not any(box.label == "Or a file on this computer" for box in opened().selectbox)
    monkeypatch.setenv("EMBEDLAB_FOLDER", str(tmp_path / "sets"))
    app = opened()
    box = next(box for box in app.selectbox if box.label == "Or a file on this computer")
    assert box.options == ["mine.txt"]
    app = checked(box.select("mine.txt").run())
    assert words(app) == "3"
    assert app.selectbox(key="vectors").value == "mine.txt"


def test_an_archive_with_several_files_asks_which() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("one.txt", "cat 1 2\ndog 3 4\n")
        archive.writestr("two.txt", "un 1 2\ndeux 3 4\ntrois 5 6\n")
    app = upload(opened(), "both.zip", buffer.getvalue())
    assert "several vector files" in app.error[0].value
    box = next(box for box in app.selectbox if box.label == "Which file in the archive")
    app = checked(box.select("two.txt").run())
    assert not app.error
    assert words(app) == "3"
    assert row_of(app, "first_words") == ["un", "deux", "trois"]


def test_a_file_with_several_matrices_asks_which() -> None:
    entry = {"dtype": "F32", "shape": [1, 2]}
    header = {"__metadata__": {"words": '["cat"]'}, "a": entry | {"data_offsets": [0, 8]}}
    text = json.dumps(header | {"b": entry | {"data_offsets": [8, 16]}}).encode()
    data = struct.pack("<Q", len(text)) + text + struct.pack("<4f", 1, 2, 3, 4)
    app = upload(opened(), "two.safetensors", data)
    box = next(box for box in app.selectbox if box.label == "Which matrix in the file")
    assert box.options == ["a", "b"]
    app = checked(box.select("a").run())
    assert not app.error
    assert words(app) == "1"


def test_bare_numbers_with_a_list_of_words() -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.arange(1, 7, dtype=np.float32).reshape(3, 2))
    app = upload(opened(), "numbers.npy", buffer.getvalue())
    assert app.error
    app = upload(app, "numbers.npy", buffer.getvalue(), words=b"a\nb\nc\n")
    assert not app.error
    assert words(app) == "3"


def test_another_encoding() -> None:
    content = "café 1 2\nnaïve 3 4\n".encode("latin-1")
    app = upload(opened(), "french.txt", content)
    assert "latin-1" in plain(app.error[0].value)
    drawn = list(app.main)
    places = [drawn.index(element) for element in (app.error[0], encoding(app))]
    assert places == sorted(places), "the form that opens is below it"
    app = checked(encoding(app).select("latin-1").run())
    assert not app.error
    assert row_of(app, "first_words") == ["café", "naïve"]
    assert encoding(app).value is None  # the next file would be garbled without a word


def encoding(app: AppTest) -> Any:
    return next(box for box in app.selectbox if box.label == "Encoding of the words")


def test_words_beside_numbers_in_another_encoding() -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.arange(1, 7, dtype=np.float32).reshape(3, 2))
    app = upload(opened(), "numbers.npy", buffer.getvalue(), words="été\nb\nc\n".encode("latin-1"))
    assert "latin-1" in plain(app.error[0].value)
    app = checked(encoding(app).select("latin-1").run())
    assert not app.error
    assert row_of(app, "first_words") == ["été", "b", "c"]


def test_the_list_of_sets_is_open_and_full() -> None:
    (table,) = (frame.value for frame in opened().dataframe)
    assert table["set"][0] == PREDICTED
    assert set(table["set"]) > {"glove-wiki-gigaword-50", "word2vec-google-news-300"}
    assert not table.isna().any(axis=None)


def test_a_file_that_is_too_large_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "budget", lambda root=None: 40)
    app = upload(opened(), "good.txt", TEXT)
    assert "of memory" in app.error[0].value
    assert words(app) == "50,000"


def test_unloading_goes_back_to_the_bundled_ones() -> None:
    app = press(upload(opened(), "good.txt", TEXT), "Unload")
    assert words(app) == "50,000"
    assert vector_choice.holdings().held == []
    assert app.selectbox(key="vectors").options == [PREDICTED, COUNTED]


def test_the_same_name_again_replaces(monkeypatch: pytest.MonkeyPatch) -> None:
    app = upload(upload(opened(), "good.txt", TEXT), "good.txt", b"a 1\nb 2\n")
    assert words(app) == "2"
    assert len(vector_choice.holdings().held) == 1


def test_a_download_is_shown_as_it_comes_and_then_chosen(server: GensimData) -> None:
    app = opened()
    assert "fits on this machine" in app.caption[0].value
    app = until_loaded(press(app, "Download"))
    assert app.selectbox(key="vectors").value == "tiny-vectors"
    assert len(server.asked) == 1
    assert "tiny-vectors (MIT); license: MIT" in told(app)
    app = press(app, "Delete the download")
    assert not catalogue.is_here(ENTRY)
    assert words(app) == "50,000"
    app = until_loaded(press(app, "Download"))
    assert len(server.asked) == 2


def until_loaded(app: AppTest) -> AppTest:
    """Runs until the download is chosen."""
    for _ in range(100):
        if words(app) == "400":
            return app
        time.sleep(0.05)
        app = checked(app.run())
    raise AssertionError("the download was not chosen")


def test_a_download_that_fails_says_why_and_can_be_started_again(server: GensimData) -> None:
    server.fault = "404"
    app = press(opened(), "Download")
    for _ in range(100):
        if app.error:
            break
        app = checked(app.run())
    assert "a new start goes on from there" in told(app)
    assert "Downloading" not in told(app)
    assert "does not have it" in app.error[0].value
    assert words(app) == "50,000"
    server.fault = ""
    until_loaded(press(app, "Start again"))


def test_what_came_of_a_broken_download_can_be_deleted(server: GensimData) -> None:
    part = catalogue.downloads_folder() / f".{ENTRY.file}.part"
    part.mkdir(parents=True)
    (part / "data").write_bytes(CONTENT[:1000])
    app = press(opened(), "Delete 1.0 kB")
    assert catalogue.used_bytes(ENTRY) == 0
    assert not any(label.startswith("Delete") for label in labels(app))


def test_what_is_in_use_elsewhere_is_not_deleted(server: GensimData, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue.downloads_folder().mkdir(parents=True)
    (catalogue.downloads_folder() / ENTRY.file).write_bytes(CONTENT)
    monkeypatch.setattr(catalogue, "remove", lambda entry: False)
    app = press(opened(), "Delete ")
    assert "stays: it is being downloaded" in app.toast[0].value


def test_what_does_not_fit_is_said_before(server: GensimData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "limit", lambda root=None: 1000)
    assert "**does not fit**" in opened().caption[0].value


def test_raw_bytes_are_let_go_after_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    freed: list[Any] = []
    monkeypatch.setattr(upload_form, "_free", freed.append)
    app = upload(opened(), "words.txt", b"# cat dog\n")  # a name that sounds like something asked for
    assert [file.name for file in freed] == ["words.txt"]
    _, said = app.session_state["_upload_said"]
    assert said.__traceback__ is said.__context__ is None, "frames would hold the bytes"
    freed.clear()
    app = upload(app, "french.txt", "café 1 2\n".encode("latin-1"))
    assert not freed, "another encoding may read it"
    app = upload(app, "good.txt", TEXT)
    assert [file.name for file in freed] == ["good.txt"]
    assert not app.file_uploader[0].value


def test_every_format_can_be_exported_and_read_again() -> None:
    app = upload(opened(), "good.txt", TEXT)
    app.session_state["vectors_tab"] = "Download"
    checked(app.run())
    labels = app.selectbox(key="format").options
    assert len(labels) == 6
    for label in labels:
        app.selectbox(key="format").select(label)
        checked(app.run())
        (button,) = app.get("download_button")
        assert label in button.proto.label
    vectors = WordVectors(["cat", "dog"], [[1, 2], [3, 4]], source="test")
    again, _ = read_vectors(io.BytesIO(gzip.compress(as_bytes(vectors, format="glove"))), name="x.gz")
    assert again.words == vectors.words


def test_a_format_that_cannot_hold_a_word_says_so_in_place_of_a_button() -> None:
    app = upload(opened(), "spaces.txt", b". . . 1 2\ncat 3 4\n")
    app.session_state["vectors_tab"] = "Download"
    app = checked(app.run())
    assert app.get("download_button")
    app.selectbox(key="format").select("word2vec binary")
    app = checked(app.run())
    assert "holds a space" in app.error[0].value
    assert not app.get("download_button")


def test_words_that_turn_the_direction_of_writing_leave_the_sentence_alone() -> None:
    app = upload(opened(), "turned.txt", "\u202egnp.exe 1 2\ncat 3 4\n".encode())
    assert row_of(app, "first_words") == ["\N{REPLACEMENT CHARACTER}gnp.exe", "cat"]


def test_lengths() -> None:
    matrix = np.zeros((300, 2), np.float32)
    matrix[:, 0] = np.arange(1, 301)
    found = lengths(WordVectors([f"w{i}" for i in range(300)], matrix, source="test"))
    assert sum(found.counts) == 300
    assert (found.edges[0], found.edges[-1]) == (1, 300)
    assert (found.ends, found.first, found.last) == (100, 50.5, 250.5)
    assert not found.alike
    one = lengths(WordVectors(["a"], [[3, 4]], source="test"))
    assert one.alike
    assert (one.counts[0], one.edges[0], one.ends) == (1, 5, 0)


def test_what_was_wrong_with_a_file_is_forgotten_by_who_comes_back() -> None:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    checked(app.switch_page("pages/11_Vectors.py").run())
    # AppTest cannot upload once it has switched pages.
    app.session_state["_upload_said"] = (app.session_state["_visits"], VectorFileError("broken"))
    for _ in range(2):
        assert [error.value for error in checked(app.run()).error] == ["broken"]
    checked(app.switch_page("pages/7_Neighbors.py").run())
    checked(app.switch_page("pages/11_Vectors.py").run())
    assert not app.error
