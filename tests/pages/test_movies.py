"""What the movies that pages open with send to the browser: at every moment names lie apart, and most are seen."""

import io
from typing import Any

import numpy as np
import pyarrow.ipc
import pytest

from embedlab.charts.labels import text_width
from embedlab.charts.movie.film import FINE, map_size
from embedlab.charts.movie.labels import FONT, SEEN, moments_per_frame
from tests.pages.page import charts, finished, open_page

SIZE = np.array(map_size(1))


def film(page: str, **link: str) -> list[dict[str, Any]]:
    """The rows of the first movie on a page."""
    app = finished(open_page(f"pages/{page}.py", **link), "Stop this movie")
    datasets = [dataset for chart in charts(app) for dataset in chart.datasets if dataset.name == "film0"]
    rows: list[dict[str, Any]] = pyarrow.ipc.open_stream(io.BytesIO(datasets[0].data.data)).read_all().to_pylist()
    return rows


def numbers(rows: list[dict[str, Any]], x: str, y: str) -> np.ndarray:
    """(S, N, 2) of two columns."""
    return np.array([[row[axis].split() for axis in (x, y)] for row in rows], dtype=float).transpose(2, 0, 1)


@pytest.mark.parametrize(
    ("page", "link", "hidden"),  # names on average, at the start, on the way and in the second half
    [
        ("2_Ten_words", {}, (0.2, 0.05)),
        ("3_Letters", {}, (2.5, 0.5)),
        ("4_Word2vec", {}, (15, 1)),  # all words start in one place
        ("6_Transfer", {"look": "What moved", "moved_as": "Movie"}, (0.2, 0.05)),
    ],
)
def test_names_in_a_movie_lie_apart_at_every_moment_and_few_are_hidden(
    page: str, link: dict[str, str], hidden: tuple[float, float]
) -> None:
    rows = film(page, **link)
    points, steps = numbers(rows, "xs", "ys") / FINE, numbers(rows, "us", "vs")
    parts = moments_per_frame(len(points))
    moments = np.arange((len(points) - 1) * parts + 1) / parts
    low, share = np.floor(moments).astype(int), (moments % 1)[:, None, None]
    frames = points + steps
    middles = frames[low] * (1 - share) + frames[np.ceil(moments).astype(int)] * share
    seen = np.array([[*map(int, row.get("seen") or len(moments) * str(SEEN))] for row in rows]).T
    assert seen.shape == middles.shape[:2]
    half = np.array([[text_width(row["word"]) * FONT / 2, FONT / 2] for row in rows])
    covered = (np.abs(middles[:, :, None] - middles[:, None]) < half[:, None] + half - 1).all(axis=-1)
    covered &= (seen[:, :, None] > 0) & (seen[:, None] > 0) & ~np.eye(len(rows), dtype=bool)
    assert not covered.any()
    inside = ((middles >= half - 2) & (middles <= SIZE - half + 2)).all(axis=-1)
    assert inside[seen > 0].all()
    first, second = np.array_split((seen == 0).sum(axis=1), 2)
    assert first.mean() < hidden[0]
    assert second.mean() < hidden[1]
    assert (seen[-1] == SEEN).all()
    far = np.linalg.norm(np.maximum(np.abs(steps) - half, 0), axis=-1)
    assert far.mean() < 15
