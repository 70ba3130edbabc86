"""What can be taken away from the page Vectors: the set, or its beginning, in any format that is written."""

import re
from collections.abc import Iterator
from functools import partial

import streamlit as st

from embedlab import formats
from embedlab.charts.theme import Theme
from embedlab.errors import EmbedlabError
from embedlab.formats.limits import size
from embedlab.formats.writing import export_notes
from embedlab.ui import shell, widgets
from embedlab.ui.vectors.results import Found

FORMATS = {
    "word2vec text": ("word2vec-text", "vec", "text/plain"),
    "word2vec binary": ("word2vec-binary", "bin", "application/octet-stream"),
    "GloVe text": ("glove", "txt", "text/plain"),
    "NumPy (npz)": ("npz", "npz", "application/zip"),
    "safetensors": ("safetensors", "safetensors", "application/octet-stream"),
    "Embedding Projector (TSV)": ("projector-tsv", "zip", "application/zip"),
}
_LARGEST = 100_000_000  # bytes; a file for the browser is made in memory


def export(found: Found, theme: Theme) -> None:
    """The tab Download, with the way for what is too large for it."""
    widgets.downloads(files(found, theme))
    st.caption("Larger files: `python -m embedlab convert IN OUT` on your own computer.")


def files(found: Found, theme: Theme) -> Iterator[widgets.File]:
    """The file that the inputs ask for, which are drawn first; none where a word does not fit the format."""
    loaded = found.loaded
    label = st.selectbox("Format", list(FORMATS), key="format", bind="query-params")
    format_, suffix, mime = FORMATS[label]
    row = loaded.vectors.dimensions * (4 if format_ in ("word2vec-binary", "npz", "safetensors") else 12) + 12
    most = min(len(loaded.vectors), _LARGEST // row)
    count = st.slider("Words, from the first on", 1, most, most, format="localized") if most > 1 else most
    vectors = loaded.vectors if count == len(loaded.vectors) else loaded.vectors.restrict(count)
    try:
        formats.check_words(vectors, format=format_)  # a button whose file cannot be made would do nothing
    except EmbedlabError as error:
        shell.show_error(error)
        return
    for note in export_notes(vectors, format=format_):
        st.caption(f":material/warning: {shell.as_text(note)}")
    stem = "-".join(re.findall("[A-Za-z0-9]+", loaded.name.rsplit(".", 1)[0]))
    make = partial(formats.as_bytes, vectors, format=format_)
    yield widgets.File(f"{label}, about {size(count * row)}", f"{stem or 'vectors'}.{suffix}", mime, make)
