"""A visitor's own files on the page Vectors: dropping them reads them; what went wrong asks for what would help."""

import io
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embedlab.errors import EmbedlabError, SeveralFiles, VectorFileError
from embedlab.formats import ENCODINGS
from embedlab.formats.limits import shown_name
from embedlab.library import given, memory
from embedlab.library.given import Reading
from embedlab.ui import shell, vector_choice
from embedlab.ui.address import address
from embedlab.wording import counted

FAULTY = (
    "\ufeffcat 0.90 0.10 0.05\r\ndog 0.80 0.20 0.10\r\n\r\ncat 0.10 0.10 0.10\r\n. . . 0.20 0.30 0.90\r\n"
    "fog nan 0.10 0.20\r\nice inf 0.30 0.10\r\nowl 0.40\r\nnil 0 0 0\r\nmouse 0.70 0.30 0.20"
)
_READERS = 2  # files read at once
_ROUND, _TRIED, _SAID, _READ = "_upload_round", "_upload_tried", "_upload_said", "_upload_read"
_OFFERED = "_upload_offered"
_FIND_OUT = "find out"
_HEADINGS = {_FIND_OUT: None, "a heading": True, "no heading": False}
_NAMES = {
    "utf-8": "UTF-8",
    "utf-8-drop": "UTF-8, leaving out words that are not (utf-8-drop)",
}  # others stand for themselves
_ODD_ROWS = {"leave out a few": "few", "refuse the file": "none", "leave out any number": "any"}


@st.cache_resource(show_spinner=False)
def _reading() -> threading.BoundedSemaphore:
    """Held while a file is read; shared by all visitors."""
    return threading.BoundedSemaphore(_READERS)


class _Tried(NamedTuple):
    """What was read last."""

    files: tuple[str, ...]
    reading: Reading


def upload() -> None:
    """The box for files of the visitor's; what was read is chosen. Raw bytes stay only for another try."""
    round_ = st.session_state.setdefault(_ROUND, 0)
    with st.container(border=True):
        file_help = (
            "GloVe, word2vec and fastText text or binary; .npy, .npz, safetensors, GGUF; CSV, TSV, JSON, JSON lines, "
            "Parquet, Arrow; each also in gz, bz2, xz, zst, zip or tar. Drop files that belong together at once: a "
            "model and its tokenizer.json, a matrix and its words. The format is found by content. Pickles are never "
            "opened."
        )
        key = f"upload_{round_}"
        files = st.file_uploader("Your vector files", accept_multiple_files=True, key=key, help=file_help)
        on_disk = _from_folder(round_)
        answer = st.container()  # above what may help, which opens by itself
        error = _said()
        tried = st.session_state.get(_TRIED)
        if error is not None and error.offers and tried is not None and tried.reading.encoding is None:
            st.session_state[_OFFERED] = error.offers  # the same for who then chooses one that does not read it
        reading = _another_way(round_, st.session_state.get(_OFFERED, ()) if error is not None else ())
        if isinstance(error, SeveralFiles) and error.members:
            label = f"Which {error.noun}"
            reading = replace(reading, member=st.selectbox(label, error.members, None, key=f"member_{round_}"))
        if (
            error is not None
            and error.asks == "anyway"
            and st.button("Read it anyway", icon=":material/playlist_remove:")
        ):
            reading = replace(reading, odd_rows="any")
    chosen = _with_the_last(files, error) or (given.paths_in_folder(on_disk) if on_disk else [])
    trying = _Tried(tuple(getattr(file, "file_id", str(file)) for file in chosen), reading)
    if chosen and trying != tried:
        st.session_state[_TRIED] = trying
        _read(chosen, " + ".join(file.name for file in chosen), reading, box=files)
        st.rerun()
    if not chosen and error is not None and error.asks:  # the files that could have been read otherwise are gone
        st.session_state.pop(_SAID, None)
        error = None
    with answer:
        if error is not None:
            shell.show_error(error)
        elif read := st.session_state.pop(_READ, None):
            st.success(read, icon=":material/check:")


def _said() -> Any:
    """What went wrong with the last file; forgotten by who comes back from another page."""
    visit, error = st.session_state.get(_SAID, (0, None))
    if visit == address.visits():
        return error
    st.session_state.pop(_SAID, None)
    return None


def _with_the_last(files: Sequence[Any], error: EmbedlabError | None) -> Sequence[Any]:
    """The files of the box to be read together: all of them, where the others wait for a list of words; else those that
    came after the ones that could not be read."""
    tried = st.session_state.get(_TRIED)
    came = [file for file in files if tried is None or file.file_id not in tried.files]
    waits = isinstance(error, VectorFileError) and error.asks in ("words", "matrix")
    return files if waits or not came else came


def _from_folder(round_: int) -> str | None:
    """A file of the folder that this app may read, where there is one; a path below it."""
    if given.folder() is None:
        return None
    disk_help = "Files of the folder that this app was started with: of any size, nothing is uploaded."
    return st.selectbox(
        "Or a file on this computer", given.files_in_folder(), None, key=f"disk_{round_}", help=disk_help
    )


def _another_way(round_: int, offers: Sequence[tuple[str, str]]) -> Reading:
    """How files are read, where not as they suggest; back to the default after a load, as the next may be ordinary.

    Args:
        offers: encodings that read a file which is not UTF-8, the likeliest first, and a word of it in each.
    """
    lines = dict(offers)
    names = [*lines, *(name for name in ENCODINGS if name not in lines)]
    with st.expander("Read it another way", expanded=bool(offers)):
        keep_help = "Most files begin with their most frequent words. Empty: all of them."
        keep = st.number_input("Only the first N words", 1, None, None, 10_000, key=f"keep_{round_}", help=keep_help)
        bytes_help = "Nearly every file is UTF-8."
        encoding = st.selectbox(
            "Encoding of the words", names, None, key=f"encoding_{round_}", help=bytes_help,
            placeholder="as the file says",
            format_func=lambda name: f"{name}: {lines[name]}" if name in lines else _NAMES.get(name, name),
        )  # fmt: skip
        column_help = (
            "Its name in the heading, or its number, counted from 1; for a list of words also “line”: the whole."
        )
        word_column = st.text_input(
            "Column of the words", key=f"words_{round_}", help=column_help, placeholder=_FIND_OUT
        )
        vector_column = st.text_input(
            "Column of the vectors", key=f"vectors_{round_}", help="Where a table has several.", placeholder=_FIND_OUT
        )
        heading = st.segmented_control(
            "The first line is", _HEADINGS, default=_FIND_OUT, required=True, key=f"heading_{round_}"
        )
        odd_help = "A few: one row in a hundred, and at most a thousand. All that is left out is counted."
        odd = st.segmented_control(
            "Rows that do not fit",
            _ODD_ROWS,
            default="leave out a few",
            required=True,
            key=f"odd_{round_}",
            help=odd_help,
        )
    return Reading(
        encoding=encoding,
        keep=keep,
        word_column=word_column.strip() or None,
        vector_column=vector_column.strip() or None,
        heading=_HEADINGS[heading],
        odd_rows=_ODD_ROWS[odd],  # type: ignore[arg-type]
    )


def load_faulty() -> None:
    """Loads the example file with faults; for a button."""
    _read([io.BytesIO(FAULTY.encode())], "faulty.txt", Reading())


def _read(files: Sequence[Any], name: str, reading: Reading, *, box: Sequence[Any] = ()) -> None:
    """Reads files into this session's sets; what went wrong is kept for the page to say.

    Args:
        box: all that is in the box; it is emptied unless other settings may help.
    """
    limits = memory.limits(held=vector_choice.holdings().bytes, searched=True)
    try:
        with st.spinner(f"Reading {shell.as_text(shown_name(name))}"), _reading():
            vectors, report = reading.read(files, name=name, limits=limits)
        vector_choice.add(shown_name(name), vectors, report, show=True)
        left = f", {counted(report.rows_dropped, 'row')} left out" if report.rows_dropped else ""
        read = counted(len(vectors), "word")
        st.session_state[_READ] = f"{shell.as_text(shown_name(name))}: {read} read{left}; now chosen."
    except EmbedlabError as error:
        error.__traceback__ = error.__context__ = None  # their frames would hold the file's bytes
        st.session_state[_SAID] = address.visits(), error
        if isinstance(error, VectorFileError) and (error.asks or reading.odd_rows == "none"):
            return  # the form has what may help to read the same bytes
    else:
        st.session_state.pop(_SAID, None)
    for file in box:
        _free(file)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1  # a new, empty box


def _free(uploaded: Any) -> None:
    """Releases an uploaded file's bytes; Streamlit itself would keep them until the session ends."""
    context = get_script_run_ctx()
    if context is not None and hasattr(uploaded, "file_id") and hasattr(context.uploaded_file_mgr, "remove_file"):
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=uploaded.file_id)
