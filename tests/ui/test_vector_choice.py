"""What a visitor can choose: the bundled vectors, downloads shared by all, and sets of the session's own."""

import gc
import gzip
import lzma
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.library import catalogue, memory
from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.library.given import Reading
from embedlab.library.shelf import held_bytes
from embedlab.ui import vector_choice
from embedlab.vectors import search
from tests.loopback import entry_and_content

ENTRY, CONTENT = entry_and_content(rows=300, dimensions=6)


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A catalogue of two small sets, both on disk, and an empty shelf."""
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path))
    second = replace(ENTRY, name="second-vectors")
    monkeypatch.setattr(catalogue, "catalogue", lambda: {ENTRY.name: ENTRY, second.name: second})
    (tmp_path / "downloads").mkdir()
    for entry in (ENTRY, second):
        (tmp_path / "downloads" / entry.file).write_bytes(CONTENT)
        catalogue.open_entry(entry)  # converts it
    vector_choice.holdings.clear()
    yield
    vector_choice.holdings.clear()


def page() -> None:
    """A page with a choice of vectors, that can also offer some."""
    import streamlit as st

    from embedlab.ui import vector_choice
    from embedlab.vectors.word_vectors import WordVectors

    for name in st.session_state.get("offers", []):
        st.session_state.setdefault("made", {}).setdefault(
            name, WordVectors([name, "b"], [[1, 2], [3, 4]], source=name)
        )
        vector_choice.offer(name, st.session_state["made"][name], show=st.session_state.get("show", False))
    vectors = vector_choice.choose()
    st.write(f"{vectors.words[0]} of {len(vectors)}")


def opened(offers: tuple[str, ...] = (), show: bool = False, **link: str) -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["offers"], app.session_state["show"] = list(offers), show
    for key, value in link.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


def said(app: AppTest) -> str:
    return str(app.markdown[-1].value)


def choose(app: AppTest, name: str) -> AppTest:
    app.selectbox[0].select(name).run()
    assert not app.exception, app.exception
    return app


def test_downloads_on_disk_can_be_chosen() -> None:
    app = opened()
    assert app.selectbox[0].options == [PREDICTED, COUNTED, "tiny-vectors", "second-vectors"]
    assert said(app) == "the of 50000"
    assert said(choose(app, "tiny-vectors")) == "w0 of 300"


def test_both_sets_that_ship_are_always_there_and_the_counted_one_waits_until_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loads: list[str] = []
    real = vector_choice.cache.counted_vectors
    monkeypatch.setattr(vector_choice.cache, "counted_vectors", lambda: loads.append("counted") or real())
    monkeypatch.setattr(catalogue, "catalogue", dict)
    app = opened()
    assert app.selectbox[0].options == [PREDICTED, COUNTED]
    assert said(app) == "the of 50000"
    assert not loads
    assert said(choose(app, COUNTED)) == "the of 20000"
    assert loads


def test_the_link_chooses() -> None:
    app = opened(vectors="tiny-vectors")
    assert app.selectbox[0].value == "tiny-vectors"
    assert said(app) == "w0 of 300"


def test_a_link_to_what_is_not_here_says_so_and_serves_the_bundled_ones() -> None:
    app = opened(vectors="nobody's *vectors*")
    assert "nobody's \\*vectors\\*" in app.info[0].value
    assert said(app) == "the of 50000"


def test_two_visitors_share_one_load(monkeypatch: pytest.MonkeyPatch) -> None:
    loads = []
    real = catalogue.open_entry
    monkeypatch.setattr(catalogue, "open_entry", lambda entry: loads.append(entry.name) or real(entry))
    for _ in range(3):
        opened(vectors="tiny-vectors")
    assert loads == ["tiny-vectors"]
    assert [held.key for held in vector_choice.holdings().held] == ["tiny-vectors"]


def test_an_opened_set_is_ready_for_its_first_question(monkeypatch: pytest.MonkeyPatch) -> None:
    prepared: list[int] = []
    monkeypatch.setattr(search, "prepare", lambda vectors: prepared.append(len(vectors)))
    opened(vectors="tiny-vectors")
    opened(vectors="tiny-vectors")
    assert prepared == [300]


def test_what_a_visitor_offers_is_theirs_alone() -> None:
    anna = opened(offers=("trained",))
    bert = opened(vectors="trained")
    assert "trained" in anna.selectbox[0].options
    assert said(choose(anna, "trained")) == "trained of 2"
    assert "trained" not in bert.selectbox[0].options
    assert "is not loaded" in bert.info[0].value


def test_an_offer_can_be_shown_at_once_and_does_not_come_back_after_another_choice() -> None:
    app = opened(offers=("trained",), show=True)
    assert said(app) == "trained of 2"
    app.session_state["offers"] = []
    assert said(choose(app, PREDICTED)) == "the of 50000"


def test_an_offer_with_the_name_of_something_else_gets_its_own_name() -> None:
    app = opened(offers=("bundled", "tiny-vectors"))
    assert app.selectbox[0].options == [
        PREDICTED,
        COUNTED,
        "bundled (yours)",
        "tiny-vectors (yours)",
        "tiny-vectors",
        "second-vectors",
    ]


def test_offering_the_same_again_holds_it_once() -> None:
    app = opened(offers=("trained",))
    app.run()
    app.run()
    assert len(vector_choice.holdings().held) == 1


def test_two_choices_on_one_page() -> None:
    def two() -> None:
        import streamlit as st

        from embedlab.ui import vector_choice

        one, other = vector_choice.choose("first", "First"), vector_choice.choose("second", "Second")
        st.write(f"{len(one)} {len(other)}")

    app = AppTest.from_function(two, default_timeout=60)
    app.query_params["second"] = "tiny-vectors"
    app.run()
    assert not app.exception
    assert said(app) == "50000 300"


def full(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    """A machine with that many bytes for vectors."""
    monkeypatch.setattr(memory, "budget", lambda root=None: room)
    monkeypatch.setattr(memory, "available", lambda root=None: 10**12)


def test_at_the_budget_the_least_recently_used_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    full(monkeypatch, 60_000)  # one set takes 52 kB
    assert said(opened(vectors="tiny-vectors")) == "w0 of 300"
    assert said(opened(vectors="second-vectors")) == "w0 of 300"
    assert [held.key for held in vector_choice.holdings().held] == ["second-vectors"]


def test_what_does_not_fit_is_refused_politely(monkeypatch: pytest.MonkeyPatch) -> None:
    full(monkeypatch, 1000)
    app = opened(vectors="tiny-vectors")
    assert "of memory" in app.error[0].value
    assert said(app) == "the of 50000"
    app = opened(offers=("trained",))
    assert not app.error  # 2 words fit
    full(monkeypatch, 10)
    app = opened(offers=("trained",))
    assert "trained needs about" in app.error[0].value
    assert said(app) == "the of 50000"


def test_an_own_set_that_had_to_go_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened(offers=("trained",))
    choose(app, "trained")
    app.session_state["offers"] = []
    (held,) = vector_choice.holdings().held
    vector_choice.holdings().drop(held.key)
    app.run()
    assert "“trained” was unloaded to make room" in app.error[0].value
    assert said(app) == "the of 50000"
    app.run()
    assert not app.error


def test_a_damaged_download_is_explained(tmp_path: Path) -> None:
    (tmp_path / "stores/tiny-vectors/matrix.npy").write_bytes(b"")
    (tmp_path / "downloads" / ENTRY.file).write_bytes(b"")
    app = opened(vectors="tiny-vectors")
    assert "tiny\\-vectors\\.gz is damaged" in app.error[0].value
    assert said(app) == "the of 50000"


def test_a_visitor_who_leaves_takes_their_sets_along() -> None:
    app = opened(offers=("trained",))
    assert len(vector_choice.holdings().held) == 1
    del app
    gc.collect()
    assert vector_choice.holdings().held == []


def test_matrices_are_shared_and_read_only() -> None:
    opened(vectors="tiny-vectors")
    (held,) = vector_choice.holdings().held
    assert isinstance(held.vectors.matrix, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        held.vectors.matrix[0, 0] = 1


def test_modules_that_answer_the_first_question_stay_light() -> None:
    import subprocess
    import sys

    from tests.conftest import ROOT

    code = (
        "import sys, embedlab.ui.vector_choice; "
        "print(sorted({'numkong', 'pyarrow', 'gensim', 'torch'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_the_file_that_the_app_was_started_with_is_chosen_and_shared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("cat 1 2\ndog 3 4\ncow 5 6\n", "utf-8")
    monkeypatch.setenv("EMBEDLAB_FILE", str(file))
    for app in (opened(), opened()):
        assert app.selectbox[0].value == "mine.txt"
        assert app.selectbox[0].options[:3] == ["mine.txt", *vector_choice.SHIPPED]  # Back shows the first
        assert app.markdown[0].value == "cat of 3"
    assert [held.key for held in vector_choice.holdings().held] == ["mine.txt"]
    app = opened(vectors=PREDICTED)
    assert app.selectbox[0].value == PREDICTED, "a link decides"
    app = opened(offers=("mine.txt",), show=True)
    assert app.selectbox[0].value == "mine.txt (yours)"
    vector_choice.holdings.clear()
    file.unlink()
    app = opened()
    said = app.error[0].value.replace("\\", "")
    assert "“mine.txt” is not there any more" in said
    assert str(tmp_path) not in said, "where the server keeps it is no visitor's business"
    assert app.markdown[0].value.endswith("of 50000"), "the bundled ones instead"


def test_the_given_file_is_read_within_what_others_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("cat 1 2\ndog 3 4\n", "utf-8")
    opened(vectors=ENTRY.name)
    (download,) = vector_choice.holdings().held
    asked: list[int] = []
    limits = memory.limits
    monkeypatch.setattr(memory, "limits", lambda *, held=0, searched=False: asked.append(held) or limits(held=held))
    monkeypatch.setenv("EMBEDLAB_FILE", str(file))
    opened()
    assert asked == [download.bytes]


@pytest.mark.parametrize("name", ["mine.txt", "mine.txt.gz", "mine.txt.xz"])
def test_room_is_made_for_about_what_a_file_takes_packed_or_not(name: str, tmp_path: Path) -> None:
    rows = np.random.default_rng(0).normal(size=(500, 50)).round(5).tolist()
    text = "".join(f"word{i} {' '.join(map(str, row))}\n" for i, row in enumerate(rows)).encode()
    packed = {".gz": gzip.compress, ".xz": lzma.compress}.get(Path(name).suffix, bytes)(text)
    (tmp_path / name).write_bytes(packed)
    vectors, _ = Reading().read(tmp_path / name, name=name)
    search.prepare(vectors)
    room = vector_choice._room_for(tmp_path / name, Reading())
    assert 0.5 < room / held_bytes(vectors) < 1.5
    assert vector_choice._room_for(tmp_path / name, Reading(keep=3)) == 0, "of which the file's size tells nothing"


def test_a_given_file_named_like_what_ships_takes_no_others_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bundled").write_text("cat 1 2\ndog 3 4\n", "utf-8")
    monkeypatch.setenv("EMBEDLAB_FILE", str(tmp_path / "bundled"))
    app = opened()
    assert app.selectbox[0].value == "bundled (file)"
    assert app.markdown[0].value == "cat of 2"
