"""The catalogue on the page Vectors: a published set is chosen, downloaded, watched and deleted."""

from collections import Counter
from dataclasses import dataclass

import streamlit as st

from embedlab.formats.limits import size
from embedlab.library import catalogue as library_catalogue
from embedlab.library.download import Progress, by_percent
from embedlab.ui import jobs, pool, vector_choice

PLACE = "published_set"  # key of its container
_FETCHING = "_fetching"
_STOPPED = "{done} of {total} came; what is sound of it stays, and a new start goes on from there."
_WITHOUT_CODE = (
    "gensim and embedlab share downloads in gensim’s folder. Without `return_path=True`, gensim also fetches Python "
    "code from the net and runs it."
)
_REFUSED = (
    "gensim’s `.kv` and `.model` files are pickles, which can run code when opened, so they are refused here. In your "
    "own Python, one of these lines converts them:"
)
RECIPE = """from gensim.models import KeyedVectors, Word2Vec

KeyedVectors.load("my.kv").save_word2vec_format("my.txt")
Word2Vec.load("my.model").wv.save_word2vec_format("my.txt")"""


@dataclass(frozen=True)
class _Process:
    """What all visitors of this process share."""

    deleted: Counter[str]  # how often a finished download was deleted, by its name


@st.cache_resource(show_spinner=False)
def _shared() -> _Process:
    return _Process(Counter())


def catalogue() -> None:
    """The published sets: what each is, whether it fits, and its download."""
    entries = library_catalogue.vector_entries()
    with st.container(border=True, key=PLACE):
        set_help = (
            "The sets of gensim’s downloader, under its names and from the same place, and others from their makers. "
            "Each is checked by its checksum."
        )
        name = st.selectbox("A published set", list(entries), key="entry", bind="query-params", help=set_help)
        entry = entries[name]
        st.caption(_described(entry))
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
        with st.expander("With gensim"):
            if entry.gensim:
                st.code(gensim_lines(entry), wrap_lines=True)
                st.caption(_WITHOUT_CODE)
            st.markdown(_REFUSED)
            st.code(RECIPE, wrap_lines=True)


def _described(entry: library_catalogue.Entry) -> str:
    """What a set is and takes, in Markdown."""
    fits = "fits" if entry.name in library_catalogue.fitting() else "**does not fit**"
    rows, bytes_ = ("" if exact else "about " for exact in (entry.rows_exact, entry.exact))
    kept = "" if entry.published else " No checksum is published: the first download’s is kept."
    return (
        f"{entry.method}. {entry.text}. {rows}{entry.rows:,} words × {entry.dimensions} dimensions. License: "
        f"[{entry.licence}]({entry.licence_url}).  \nDownload {bytes_}{size(entry.bytes)}, disk "
        f"{size(entry.disk_bytes)}, memory {size(vector_choice.needs(entry))} ({size(entry.memory_bytes)} while it is "
        f"read): {fits} on this machine.{kept}"
    )


def gensim_lines(entry: library_catalogue.Entry) -> str:
    """Python that loads one of gensim's sets in gensim: the same file, and no code from the net."""
    binary = ", binary=True" if entry.binary else ""
    return (
        "import gensim.downloader as api\nfrom gensim.models import KeyedVectors\n\n"
        f'path = api.load("{entry.name}", return_path=True)\n'
        f"vectors = KeyedVectors.load_word2vec_format(path{binary})"
    )


def _leftovers() -> None:
    """Disk space held by downloads that were interrupted or never converted, with buttons to free it."""
    for entry in library_catalogue.unfinished():
        name = entry.name
        left, job = library_catalogue.used_bytes(entry), jobs.find(_key(name))
        if not (job and job.live):
            st.caption(f"The download of **{name}** is incomplete.")
            kept_help = f"{freed(entry)} Kept, a new start of this download goes on from there."
            label, icon = f"Delete {size(left)}", ":material/delete:"
            st.button(label, f"delete_{name}", kept_help, on_click=delete, args=(entry,), icon=icon)


def freed(entry: library_catalogue.Entry) -> str:
    """What deleting a download does."""
    return "Frees the disk." if entry.published else "Frees the disk; the next download of it counts as the first."


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
    job: pool.Job[Progress] = jobs.submit(
        _key(entry.name), lambda: by_percent(library_catalogue.fetch(entry)), total=101
    )
    if job.state == "finished":
        if library_catalogue.is_here(entry):
            _fetching().pop(entry.name)
            vector_choice.choose_next(entry.name)
        else:
            _shared().deleted[entry.name] += 1  # that one was deleted since, perhaps by another program: begin anew
        st.rerun()

    def draw(job: pool.Job[Progress]) -> None:
        latest = job.latest or Progress("downloading", 0, entry.bytes)
        stopped = _STOPPED.format(done=size(latest.done), total=size(latest.total))
        st.markdown(f"**{entry.name}**  \n{jobs.stage(latest) if job.live else stopped}")

    jobs.panel(job, draw, key=f"download_{entry.name}", stop="Cancel the download")
