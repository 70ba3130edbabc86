"""What the page Ten words offers to download: coordinates as CSV, the movie as HTML and as a GIF."""

from collections.abc import Iterator
from functools import partial

import numpy as np
import streamlit as st

from embedlab.charts.movie import export
from embedlab.charts.movie.movie import learning_movie
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.lessons.ten_words.run import coordinate_rows
from embedlab.ui import jobs, widgets
from embedlab.ui.spreadsheets import to_csv
from embedlab.ui.ten_words.movie import films
from embedlab.ui.ten_words.results import Found, slider, story

_GIF_FRAMES = 40
_TITLE = "Words find their places"


def files(found: Found, theme: Theme) -> Iterator[widgets.File]:
    """Coordinates and the movie; the GIF once it has been drawn."""

    def coordinates() -> str:
        return to_csv(("seed", "epoch", "word", "tag", "predicted", "x", "y"), coordinate_rows(found.runs))

    yield widgets.File("All coordinates (CSV)", "ten-words.csv", "text/csv", coordinates)
    yield widgets.web_page(
        partial(_chart, found),
        "The movie",
        "ten-words",
        title=_TITLE,
        sentence=partial(story, found),
        slider=slider(found),
    )
    job = jobs.find(_gif_key(found, theme))
    if job is not None and job.state == "finished":
        gif: bytes = job.latest or b""
        yield widgets.File("The movie (GIF)", "ten-words.gif", "image/gif", lambda: gif)


def downloads(found: Found, theme: Theme) -> None:
    """The files, and a button that draws the GIF, which takes a while."""

    def draw() -> None:
        last = max(int(run.epochs[-1]) for run in found.runs)
        steps = np.unique(np.linspace(0, last, _GIF_FRAMES).round().astype(int)).tolist()
        chart = _chart(found, theme, still=True)
        gif = partial(export.movie_gif, chart, steps, theme=theme, param="epoch", title=_TITLE)
        jobs.submit(key, gif, total=len(steps) + 1)

    widgets.downloads(files(found, theme))
    key = _gif_key(found, theme)
    job = jobs.find(key)
    if job is None:
        st.button("Make a GIF", on_click=draw, help="Drawing its frames takes some seconds.")
    elif job.state != "finished":
        jobs.panel(job, lambda job: None, key="gif", stop="Stop drawing", again=draw)


def _gif_key(found: Found, theme: Theme) -> str:
    return f"gif {found.name} {theme.name}"


def _chart(found: Found, theme: Theme, *, still: bool = False) -> Spec:
    return learning_movie(films(found.runs, theme), theme=theme, param="epoch", unit="epoch", still=still)
