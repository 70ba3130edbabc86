"""The layout of a set that has no map yet: at once where it is small, else by a button, with what there is so far."""

import io

import numpy as np
import streamlit as st

from embedlab.arrays import Floats
from embedlab.atlas.layout import WORDS, LayoutProgress, check_enough
from embedlab.atlas.word_map import WordMap
from embedlab.charts.theme import Theme, rgb
from embedlab.errors import TooFewWords
from embedlab.ui import jobs, shell
from embedlab.ui.address import address
from embedlab.ui.atlas import form, maps
from embedlab.ui.atlas.form import Settings
from embedlab.ui.pool import Job
from embedlab.ui.words import looks
from embedlab.vectors.word_vectors import WordVectors

_MOST_CELLS = 480  # on a side of what there is so far
_PATIENCE = 0.3  # seconds that a layout may take without a progress bar


def lay_out(settings: Settings, theme: Theme) -> None:
    """Offers a layout, shows how far it is, and has the page run again with the map."""
    vectors = settings.loaded.vectors
    try:
        check_enough(vectors)
    except TooFewWords as error:
        shell.show_error(error)
        looks.first_look(vectors, "atlas")
        return
    if (word_map := work(vectors, theme)) is not None:
        maps.keep(vectors, word_map)
        st.rerun()
    if maps.begun(vectors) is None:
        looks.first_look(vectors, "atlas")


def work(vectors: WordVectors, theme: Theme, start: WordMap | None = None) -> WordMap | None:
    """The map of these vectors, once it is laid out; meanwhile a button where that takes long, or how far it is.

    Args:
        start: another map, from whose positions it begins.
    """
    job = maps.begun(vectors, start)
    if job is None:
        if len(vectors) > maps.AT_ONCE:
            _offer(vectors, start)
            return None
        job = maps.begin(vectors, start)
    job.wait(_PATIENCE)
    if isinstance(job.latest, WordMap):
        return job.latest
    jobs.panel(
        job,
        lambda job: _so_far(job, theme),
        key="atlas" if start is None else "atlas_second",
        stop="Stop the layout",
        again=lambda: maps.begin(vectors, start),
    )
    return None


def _offer(vectors: WordVectors, start: WordMap | None) -> None:
    """A button for what takes long."""
    words = f"{min(len(vectors), WORDS):,} {form.noun(vectors)}s"
    label = f"Lay out its first {words}" if len(vectors) > WORDS else f"Lay out its {words}"

    def begin() -> None:
        maps.begin(vectors, start)

    st.button(label, type="primary", on_click=begin)
    address.wait()
    minutes = "about four minutes" if len(vectors) > WORDS // 2 else "a minute or two"
    st.caption(f"This takes {minutes} of a processor, once; the map is kept for the next visit.")


def _so_far(job: Job[LayoutProgress | WordMap | None], theme: Theme) -> None:
    """What is being done, and where the words are now."""
    latest = job.latest
    if not isinstance(latest, LayoutProgress):
        return
    st.caption(latest.doing)
    if latest.positions is not None:
        st.image(_density(latest.positions, theme), width="stretch")


def _density(positions: Floats, theme: Theme) -> bytes:
    """A picture of how many words are where."""
    from PIL import Image

    cells = min(_MOST_CELLS, 100 + 2 * int(len(positions) ** 0.5))
    counts = np.histogram2d(-positions[:, 1], positions[:, 0], bins=cells, range=((-1, 1), (-1, 1)))[0]
    shade = np.minimum(1, counts / max(1.0, float(np.quantile(counts[counts > 0], 0.9))))[:, :, None]  # (n, n, 1)
    paper, ink = (np.array(rgb(color)) for color in (theme.paper, theme.accent))
    stream = io.BytesIO()
    Image.fromarray((paper + (ink - paper) * shade).astype(np.uint8)).save(stream, "PNG")
    return stream.getvalue()
