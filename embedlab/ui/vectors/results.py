"""What the page Vectors shows: a set's lengths and report, and the list of all sets."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.formats import LoadedTable, read_vectors
from embedlab.formats.limits import shown_word, size
from embedlab.library import bundled, catalogue, download, memory
from embedlab.library.bundled import PREDICTED
from embedlab.library.norms import Lengths, lengths
from embedlab.ui import cache, shell, vector_choice, widgets
from embedlab.ui.tables import data_table
from embedlab.ui.vector_choice import SHIPPED, Loaded
from embedlab.ui.vectors import downloads, upload
from embedlab.ui.vectors.charts import first_rows, lengths_histogram
from embedlab.ui.vectors.form import Settings
from embedlab.ui.words import asking, looks

_QUOTES = "“”"  # around a word inside a sentence, not in a table
_FIRST = 6  # words of the set that are named
_ROWS, _NUMBERS = 8, 100  # of the vectors that are drawn; more cells would be canvas, and thinner than a finger


class Found(NamedTuple):
    """A set with the lengths of its vectors."""

    loaded: Loaded
    lengths: Lengths


def find(settings: Settings) -> Found:
    """The set that was chosen; of a file, its report holds the lengths already."""
    return Found(settings.loaded, _measured(cache.serial(settings.loaded.vectors), settings.loaded))


@st.cache_resource(show_spinner=False, max_entries=32)
def _measured(key: int, _loaded: Loaded) -> Lengths:
    return lengths(_loaded.vectors, _loaded.report)


def figures(found: Found) -> None:
    """The numbers that matter."""
    loaded = found.loaded
    dropped = loaded.report.rows_dropped if loaded.report else 0
    with st.container(horizontal=True, gap="medium"):
        shape = f"{len(loaded.vectors):,} × {loaded.vectors.dimensions:,}"
        shape_help = "V words, each a vector of D numbers."
        st.metric("Words × dimensions", shape, width="content", help=shape_help)
        st.metric("Memory", size(loaded.bytes), width="content", help="While it is loaded.")
        dropped_help = "Rows of the file that could not be used: a repeated or empty word, NaN, infinity, only zeros."
        st.metric("Rows dropped", f"{dropped:,}", width="content", help=dropped_help)


def picture(found: Found, theme: Theme) -> None:
    """A first look: the nearest neighbors of a few words."""
    looks.first_look(found.loaded.vectors, found.loaded.name)
    asking.row(found.loaded.vectors.words[:_FIRST], key="first_words", said="First words")


def _lengths(found: Found, theme: Theme) -> None:
    """The histogram of lengths; where all are alike, which would be one bar, the first vectors themselves."""
    loaded, norms = found
    if norms.alike:
        words = loaded.vectors.words[:_ROWS]
        values = np.asarray(loaded.vectors.matrix[:_ROWS, :_NUMBERS])  # (R, C)
        chart = first_rows([shown_word(word).strip(_QUOTES) for word in words], values, theme)
        said = f"The first {values.shape[1]} numbers of the first {len(words)} vectors of {loaded.name}"
        st.vega_lite_chart(chart, alt=f"{said}, as colored cells.", key="first_rows")
        return
    spread = f"from {norms.edges[0]:.3g} to {norms.edges[-1]:.3g}"
    said = f"Lengths of the {len(loaded.vectors):,} vectors of {loaded.name}: {spread}."
    st.vega_lite_chart(lengths_histogram(norms.counts, norms.edges, theme), alt=said, key="lengths")


def what_you_see(found: Found) -> str:
    """Sentences on this set, in Markdown."""
    norms = found.lengths
    said = ["**What you see.** In good vectors, near words mean similar things."]
    if norms.alike:
        said.append(f"Every vector has length {norms.edges[0]:.3g}.")
    elif norms.edges[0] == 0:
        said.append("Some vectors are all zeros: they point nowhere and have no neighbors.")
    else:
        ratio = norms.edges[-1] / norms.edges[0]
        times = f"{ratio:,.0f}" if ratio > 100 else f"{ratio:.3g}"
        said.append(f"The longest vector is {times} times as long as the shortest; cosine similarity ignores lengths.")
        if norms.ends:
            said.append(
                f"Mean length of the first {norms.ends:,} words: {norms.first:.3g}; of the last: {norms.last:.3g}. "
                "Many files begin with their most frequent words."
            )
    return " ".join(said)


def report(found: Found, theme: Theme) -> None:
    """Where the set comes from, and what reading its file did."""
    loaded = found.loaded
    licence = shell.as_text(loaded.licence)
    if loaded.name in SHIPPED:
        st.markdown(f"**License.** {licence}.")
    else:
        st.markdown(f"**Source.** {shell.as_text(loaded.vectors.source)}; license: {licence}.")
    if loaded.report is not None:
        st.markdown(f"**Report**\n{_listed(loaded.report.summary())}")
        with st.expander("The whole report"):
            st.markdown(_listed(loaded.report.lines()))
    if isinstance(loaded.vectors, LoadedTable):
        names = ", ".join(shell.as_text(shown_word(name)) for name in loaded.vectors.columns)
        st.markdown(f"**Further columns** were kept with the words: {names}.")
    with st.expander("The first vectors" if found.lengths.alike else "Lengths of the vectors"):
        _lengths(found, theme)


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {shell.as_text(line)}" for line in lines)


def unload(loaded: Loaded) -> None:
    """Buttons that remove the chosen set."""
    name = loaded.name
    if name in SHIPPED:
        return
    entry = catalogue.catalogue().get(name)
    with st.container(horizontal=True):
        unload_help = "Frees its memory. A download stays on disk and opens again at once; a set of your own is gone."
        st.button("Unload", icon=":material/eject:", on_click=_unload, args=(name,), help=unload_help)
        if entry is not None and (used := catalogue.used_bytes(entry)):
            others = vector_choice.others(name)
            what, freed = "the download", downloads.freed(entry)
            if catalogue.of_gensim(entry):
                what, freed = (
                    "the converted form",
                    "Frees the disk. The file that gensim fetched stays, to be read again.",
                )
            said, icon = f"In use by {others} other visitors." if others else freed, ":material/delete:"
            label = f"Delete {what} ({size(used)})"
            st.button(label, icon=icon, on_click=_delete, args=(entry,), disabled=others > 0, help=said)


def _unload(name: str) -> None:
    vector_choice.forget(name)
    vector_choice.choose_next(PREDICTED)
    st.toast(f"{shell.as_text(name)} was unloaded.")


def _delete(entry: catalogue.Entry) -> None:
    _unload(entry.name)
    downloads.delete(entry)


def tries(found: Found) -> None:
    """Buttons that load or choose something else."""
    with widgets.tries():
        st.button("A small file with faults: what is left out, and why", on_click=upload.load_faulty)
        if found.loaded.name != PREDICTED:
            st.button(f"Back to “{PREDICTED}”", on_click=vector_choice.choose_next, args=(PREDICTED,))
        tweets = "GloVe of tweets: its size and license"
        with widgets.changing(downloads.PLACE):
            st.button(tweets, on_click=st.session_state.update, args=({"entry": "glove-twitter-25"},))


def numbers(found: Found) -> None:
    """All sets as a table: what is loaded, what is on disk, what could be."""
    rows = [
        {
            "set": loaded.name,
            "state": "loaded",
            "words": len(loaded.vectors),
            "dimensions": loaded.vectors.dimensions,
            "memory, MB": loaded.bytes / 1e6,
            "disk, MB": _shipped_bytes(loaded.name) / 1e6,
            "license": loaded.licence,
            "source": loaded.vectors.source,
        }
        for loaded in vector_choice.own()
    ]
    on_disk, fitting = set(catalogue.here()), catalogue.fitting()
    for name, entry in catalogue.catalogue().items():
        if entry.kind == "vectors":
            here, fits = name in on_disk, name in fitting
            state = "loaded" if vector_choice.is_open(name) else "on disk" if here else "to download"
            rows.append(
                {
                    "set": name,
                    "state": state if here or fits else "does not fit",
                    "words": entry.rows,
                    "dimensions": entry.dimensions,
                    "memory, MB": vector_choice.needs(entry) / 1e6,
                    "disk, MB": (catalogue.used_bytes(entry) if here else entry.disk_bytes) / 1e6,
                    "license": entry.licence,
                    "source": entry.text,
                }
            )
    whole, megabytes = st.column_config.NumberColumn(format="localized"), st.column_config.NumberColumn(format="%.1f")
    columns = {"words": whole, "dimensions": whole, "memory, MB": megabytes, "disk, MB": megabytes}
    data_table.draw(rows, key="shelf", column_config=columns)
    held, most = size(vector_choice.holdings().bytes), size(memory.budget())
    st.caption(f"Other sets loaded: {held} of {most}; the least recently used go first.")


def _shipped_bytes(name: str) -> int:
    """On the disk; 0 for what does not ship."""
    if name not in SHIPPED:
        return 0
    return sum(file.stat().st_size for file in (bundled.DATA / SHIPPED[name]).iterdir())


def code(found: Found) -> tuple[Callable[..., Any], ...]:
    """What reads a file and what fetches one."""
    return read_vectors, catalogue.fetch, download.download
