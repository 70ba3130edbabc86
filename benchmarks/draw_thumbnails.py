"""Draws the cards' pictures on Home from the charts that pages open with: embedlab/ui/home/thumbnails/.

    python -m benchmarks.draw_thumbnails

To be run where the looks of a page's chart have changed. All pages are opened in both modes.
"""

import io
import json
from typing import Any, NamedTuple
from unittest.mock import patch

import pyarrow as pa
from PIL import Image, ImageDraw
from streamlit.testing.v1 import AppTest

from embedlab.atlas.kept_maps import bundled_map
from embedlab.charts import export
from embedlab.charts.templates import Spec
from embedlab.charts.theme import DARK, LIGHT, Theme
from embedlab.ui import shell
from embedlab.ui.home.cards import SIZE, picture_of
from embedlab.ui.menu import PAGES

_WIDTH = 480  # px of a chart that is as wide as its place on the page
_COLORS = (128, 64, 40, 24)  # of a file: as many as its size allows
MOST_BYTES = 12_000


class Part(NamedTuple):
    """What a card shows of a page: a rectangle of one of its charts, in px of the chart."""

    chart: str  # how the chart's text for screen readers begins
    left: int
    top: int
    across: int


PARTS = {
    "1_Lookup.py": Part("The table E", 0, 12, 230),
    "2_Ten_words.py": Part("A movie", 36, 40, 480),
    "3_Letters.py": Part("A movie", 112, 118, 335),
    "4_Word2vec.py": Part("A movie: 36 words", 20, 42, 490),
    "5_Count_or_predict.py": Part("Counted vectors, cosine", 65, 63, 290),
    "6_Transfer.py": Part("Test accuracy", 58, 36, 420),
    "7_Neighbors.py": Part("Map", 130, 290, 340),
    "8_Analogies.py": Part("The plane", 130, 15, 340),
    "9_Compare.py": Part("Of 2,000 words", 57, 8, 420),
    "10_Evaluate.py": Part("Share of analogies", 128, 8, 320),
    "11_Vectors.py": Part("The first 100 numbers", 45, 12, 290),
}


ATLAS = "13_Atlas.py"  # a canvas, no chart: its most frequent words are drawn here, in the same colors
_DRAWN, _DOT, _ENLARGED = 2_600, 4, 1.25  # words; px; times as large as the picture's width


def draw(file: str, theme: Theme) -> bytes:
    """The picture of a page: a PNG of few colors."""
    if file == ATLAS:
        return _as_png(_atlas(theme), _COLORS[-1])
    part, (width, height) = PARTS[file], SIZE
    scale = width / part.across
    chart = next(chart for said, chart in page_charts(file, theme).items() if said.startswith(part.chart))
    with Image.open(io.BytesIO(export.to_png(chart, theme, scale=scale))) as whole:
        left, top = round(part.left * scale), round(part.top * scale)
        shown = whole.convert("RGB").crop((left, top, left + width, top + height))
    return next(made for colors in _COLORS if len(made := _as_png(shown, colors)) < MOST_BYTES)


def _atlas(theme: Theme) -> Image.Image:
    drawn, (width, height) = bundled_map("predicted"), SIZE
    picture = Image.new("RGB", SIZE, theme.paper)
    pen = ImageDraw.Draw(picture)
    for (x, y), district in zip(drawn.positions[:_DRAWN].tolist(), drawn.districts.tolist(), strict=False):
        left, top = (width / 2 * (1 + x * _ENLARGED), height / 2 - width / 2 * y * _ENLARGED)
        pen.ellipse((left, top, left + _DOT, top + _DOT), fill=theme.palette[district % len(theme.palette)])
    return picture


def _as_png(picture: Image.Image, colors: int) -> bytes:
    made = io.BytesIO()
    # Maximum coverage keeps the few px of a small mark in their color, which a median cut would give up.
    few = picture.quantize(colors, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(made, "PNG", optimize=True)
    return made.getvalue()


def page_charts(file: str, theme: Theme) -> dict[str, Spec]:
    """The charts that a page opens with, by their texts for screen readers."""
    app = AppTest.from_file(str(PAGES / file), default_timeout=120)
    with patch.object(shell, "theme", lambda: theme):
        app.run()
    assert not app.exception, (file, app.exception)
    return {element.proto.alt: _whole(element.proto) for element in app.get("vega_lite_chart")}


def _whole(sent: Any) -> Spec:
    """A chart as it was sent, with the rows that Streamlit sends beside it, and a width."""
    spec: Spec = json.loads(sent.spec)
    rows = {part.name: pa.ipc.open_stream(part.data.data).read_all().to_pylist() for part in sent.datasets}
    width = {"width": _WIDTH} if spec.get("width") == "container" else {}
    return spec | width | ({"datasets": rows} if rows else {})


def main() -> None:
    for file in (*PARTS, ATLAS):
        for theme in (LIGHT, DARK):
            picture = draw(file, theme)
            place = picture_of(file, theme)
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(picture)
            print(f"{place.name}: {len(picture):,} bytes")


if __name__ == "__main__":
    main()
