"""What the page Vectors is asked: which set to look at, a file from the visitor, or a download from the catalogue."""

import io
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embedlab.errors import EmbedlabError, SeveralFiles, VectorFileError
from embedlab.formats import ENCODINGS, read_vectors
from embedlab.formats.limits import shown_name, size
from embedlab.library import catalogue as library_catalogue
from embedlab.library import memory
from embedlab.library.download import Progress
from embedlab.ui import jobs, pool, shell, vector_choice

FAULTY = (
    "\ufeffcat 0.90 0.10 0.05\r\ndog 0.80 0.20 0.10\r\n\r\ncat 0.10 0.10 0.10\r\n. . . 0.20 0.30 0.90\r\n"
    "fog nan 0.10 0.20\r\nice inf 0.30 0.10\r\nnil 0 0 0\r\nmouse 0.70 0.30 0.20"
)
_READERS = 2  # files read at once
_ROUND, _SAID, _MEMBERS, _FETCHING = "_upload_round", "_upload_said", "_upload_members", "_fetching"
_AS_THE_FILE_SAYS = "as the file says"
_STOPPED = "{done} of {total} came; what is sound of it stays, and a new start goes on from there."
_STAGES = {
    "waiting": "Somebody else is downloading it; waiting. {done} of {total} are there.",
    "downloading": "Downloading: {done} of {total}.",
    "checking": "Comparing checksums: {done} of {total}.",
    "converting": "Reading it once, into a form that opens at once.",
    "ready": "Ready.",
}


class Settings(NamedTuple):
    """The set to look at."""

    loaded: vector_choice.Loaded


@dataclass(frozen=True)
class _Process:
    """What all visitors of this process share."""

    reading: threading.BoundedSemaphore  # held while a file is read
    deleted: Counter[str]  # how often a finished download was deleted, by its name


@st.cache_resource(show_spinner=False)
def _shared() -> _Process:
    return _Process(threading.BoundedSemaphore(_READERS), Counter())


def ask() -> Settings:
    """Which set to look at."""
    return Settings(vector_choice.choice(label="Set to look at"))


def upload() -> None:
    """The form for a file of the visitor's; one that was read is chosen. Raw bytes stay only for another try."""
    round_ = st.session_state.setdefault(_ROUND, 0)
    with st.form("upload"):
        file_help = (
            "GloVe or word2vec text, word2vec binary, fastText .vec or .bin, .npz, safetensors, .npy with a list "
            "of words; each also as .gz or .zip. The format is found by content. Pickles are never opened."
        )
        file = st.file_uploader("A vector file of yours", key=f"upload_{round_}", help=file_help)
        with st.expander("More settings"):
            encodings = (_AS_THE_FILE_SAYS, *ENCODINGS)
            key = f"encoding_{round_}"  # back to the default after a load: the next file is likely UTF-8 again
            bytes_help = "Which bytes stand for which letters. Nearly every file is UTF-8."
            encoding = st.selectbox("Encoding of the words", encodings, key=key, help=bytes_help)
            words = st.file_uploader("Words, one a line, for a file of bare numbers", key=f"words_{round_}")
        member = None
        several = st.session_state.get(_MEMBERS)
        if several is not None and several.members:
            member = st.selectbox(f"Which {several.noun}", several.members, key=f"member_{round_}")
        pressed = st.form_submit_button("Load", type="primary", icon=":material/upload_file:")
    if pressed:
        st.session_state.pop(_SAID, None)
        if file is None:
            st.info("Choose a file first.")
        else:
            chosen = None if encoding == _AS_THE_FILE_SAYS else encoding
            _read(file, file.name, encoding=chosen, words=words, member=member)
            st.rerun()
    if said := st.session_state.get(_SAID):
        shell.show_error(said)


def load_faulty() -> None:
    """Loads the example file with faults; for a button."""
    _read(io.BytesIO(FAULTY.encode()), "faulty.txt")


def _read(file: Any, name: str, *, encoding: str | None = None, words: Any = None, member: str | None = None) -> None:
    """Reads a file into this session's sets; what went wrong is kept for the page to say."""
    st.session_state.pop(_MEMBERS, None)
    limits = memory.limits(held=vector_choice.holdings().bytes, searched=True)
    try:
        with st.spinner(f"Reading {shell.as_text(shown_name(name))}"), _shared().reading:
            vectors, report = read_vectors(
                file, name=name, limits=limits, encoding=encoding, words=words, member=member
            )
        vector_choice.add(shown_name(name), vectors, report, show=True)
    except EmbedlabError as error:
        error.__traceback__ = error.__context__ = None  # their frames would hold the file's bytes
        st.session_state[_SAID] = error
        if isinstance(error, SeveralFiles):
            st.session_state[_MEMBERS] = error
        if isinstance(error, VectorFileError) and error.asks:
            return  # the form has what may help to read the same bytes
    else:
        st.session_state.pop(_SAID, None)
    for uploaded in (file, words):
        _free(uploaded)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1  # new, empty upload boxes


def _free(uploaded: Any) -> None:
    """Releases an uploaded file's bytes; Streamlit itself would keep them until the session ends."""
    context = get_script_run_ctx()
    if context is not None and hasattr(uploaded, "file_id") and hasattr(context.uploaded_file_mgr, "remove_file"):
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=uploaded.file_id)


def catalogue() -> None:
    """The published sets: what each is, whether it fits, and its download."""
    entries = {name: entry for name, entry in library_catalogue.catalogue().items() if entry.kind == "vectors"}
    with st.container(border=True):
        set_help = "The sets that gensim's downloader offers, from the same place, each checked by its checksum."
        name = st.selectbox("A published set", list(entries), key="entry", bind="query-params", help=set_help)
        entry = entries[name]
        fits = "fits" if library_catalogue.fits(entry) else "**does not fit**"
        st.caption(
            f"{entry.method}. {entry.text}. {entry.rows:,} words × {entry.dimensions} dimensions. Licence: "
            f"[{entry.licence}]({entry.licence_url}).  \nDownload {size(entry.bytes)}, on disk "
            f"{size(entry.disk_bytes)}; reading it, once, takes {size(entry.memory_bytes)} of memory: {fits} on this "
            "machine."
        )
        if library_catalogue.is_here(entry):
            st.button("Look at it", icon=":material/visibility:", on_click=vector_choice.choose_next, args=(name,))
        elif st.button("Download", icon=":material/download:", disabled=name in _fetching()):
            _fetching()[name] = None
        job = jobs.find(_key(name))
        if job is not None and job.live:
            _fetching()[name] = None  # another visitor's download, or one from before this page was loaded again
        for fetched in list(_fetching()):
            _watch(entries[fetched])
        _leftovers()


def _leftovers() -> None:
    """Disk space held by downloads that were interrupted or never converted, with buttons to free it."""
    for name, entry in library_catalogue.catalogue().items():
        left, job = library_catalogue.used_bytes(entry), jobs.find(_key(name))
        if left and not library_catalogue.is_here(entry) and not (job and job.live):
            st.caption(f"A download of **{name}** did not come to its end.")
            kept_help = "Frees the disk. Kept, a new start of this download goes on from there."
            label, icon = f"Delete {size(left)}", ":material/delete:"
            st.button(label, f"delete_{name}", kept_help, on_click=delete, args=(entry,), icon=icon)


def delete(entry: library_catalogue.Entry) -> None:
    """Deletes a download, whole or broken; for a button."""
    if library_catalogue.remove(entry):
        _fetching().pop(entry.name, None)
        _shared().deleted[entry.name] += 1
    else:
        st.toast(f"{entry.name} stays: it is being downloaded or read just now, or the disk cannot be written.")


def _fetching() -> dict[str, None]:
    """Names of the downloads that this session watches."""
    watched: dict[str, None] = st.session_state.setdefault(_FETCHING, {})
    return watched


def _key(name: str) -> str:
    return f"download {name} {_shared().deleted[name]}"


def _watch(entry: library_catalogue.Entry) -> None:
    """A download under way; once it is done, its vectors are chosen."""
    job = jobs.submit(_key(entry.name), lambda: _by_percent(library_catalogue.fetch(entry)), total=101)
    if job.state == "finished":
        if library_catalogue.is_here(entry):
            _fetching().pop(entry.name)
            vector_choice.choose_next(entry.name)
        else:
            _shared().deleted[entry.name] += 1  # that one was deleted since, perhaps by another program: begin anew
        st.rerun()

    def draw(job: pool.Job[Progress]) -> None:
        latest = job.latest or Progress("downloading", 0, entry.bytes)
        text = _STAGES[latest.stage] if job.live else _STOPPED
        st.markdown(f"**{entry.name}**  \n{text.format(done=size(latest.done), total=size(latest.total))}")

    jobs.panel(job, draw, key=f"download_{entry.name}", stop="Cancel the download")


def _by_percent(steps: Iterator[Progress]) -> Iterator[Progress]:
    """A hundred steps, so that their number says how far it is."""
    before = None
    for progress in steps:
        mark = (progress.stage, 100 * progress.done // max(1, progress.total))
        if mark != before:
            before = mark
            yield progress
