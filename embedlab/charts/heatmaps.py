"""Heatmaps: matrices as colored cells with their numbers in them, and sentences as rows of words with their ids."""

import json
from collections.abc import Collection, Sequence
from typing import Literal

import altair as alt
import numpy as np

from embedlab.charts.layers import Chart
from embedlab.charts.theme import Theme
from embedlab.errors import InvalidSetting

DIVERGING = {  # negative, zero, positive: orange to blue, which every kind of colour vision tells apart
    "light": ("#D55E00", "#F4F6F8", "#0072B2"),
    "dark": ("#E69F00", "#232A32", "#56B4E9"),
}
_LETTER = 6.3  # px, mean width of a letter at font size 11
_CELL = 23  # px, height of a cell, where there is room
_LABEL = 74  # px, longest label; with the cells' 262 a matrix fits a phone
_TILE = 44  # px, height of a word with its id
_HEAD = 30  # px, room for the positions above
_MOST_CELLS = 20_000
_PLAIN = alt.ViewBackground(stroke=None)


def matrix(
    values: np.ndarray,
    rows: Sequence[str],
    columns: Sequence[str],
    theme: Theme,
    *,
    digits: int = 2,
    limit: float | None = None,
    framed: Collection[int] = (),
    muted: Collection[int] = (),
    max_width: int = 262,
    max_height: int = 640,
) -> Chart:
    """An (R, C) matrix: blue above zero, orange below, the number in every cell where it fits.

    Args:
        rows, columns: a label for each; they may repeat.
        digits: decimals of the numbers; fewer where there is no room. Tooltips have them whole.
        limit: the number at which the colours end, the largest magnitude when None.
        framed: row numbers to draw a frame around.
        muted: row numbers to fade.
        max_width, max_height: px that the cells may take; labels come on top of that.

    Raises:
        InvalidSetting: labels that do not fit the matrix, or more cells than a browser draws in good time.
    """
    count, width = values.shape
    if (count, width) != (len(rows), len(columns)):
        raise InvalidSetting(f"A {count} x {width} matrix does not fit {len(rows)} x {len(columns)} labels.")
    if values.size > _MOST_CELLS:
        raise InvalidSetting(f"{values.size:,} cells are too many to draw: at most {_MOST_CELLS:,}.")
    limit = limit or float(np.abs(values).max(initial=0)) or 1.0
    room = max_width / max(width, 1)
    while digits > 0 and _width(values, digits) > room:
        digits -= 1
    needed = _width(values, digits)
    cell_width = max(2, min(max(needed, _CELL), room))
    cell_height = max(2, min(_CELL, max_height / max(count, 1)))
    legible = cell_width >= needed and cell_height >= 14
    cells = [
        {
            "row": i,
            "column": j,
            "value": float(values[i, j]),
            "of": rows[i],
            "at": columns[j],
            "text": _written(values[i, j], digits),
            "dark": legible and _wants_black(values[i, j] / limit, theme),
            "muted": i in muted,
            "framed": i in framed and j == 0,
        }
        for i in range(count)
        for j in range(width)
    ]
    base = alt.Chart(alt.Data(values=cells)).encode(
        x=alt.X("column:O", title=None, axis=_labels(columns, cell_width, theme, orient="top")),
        y=alt.Y("row:O", title=None, axis=_labels(rows, cell_height, theme, orient="left")),
        tooltip=[alt.Tooltip("of:N", title="row"), alt.Tooltip("at:N", title="column"), alt.Tooltip("value:Q")],
        opacity=alt.condition(alt.datum.muted, alt.value(0.3), alt.value(1)),
    )
    scale = alt.Scale(domain=[-limit, 0, limit], range=list(DIVERGING[theme.name]), clamp=True, interpolate="rgb")
    plain = legible or set(np.unique(values)) <= {0, 1}  # needs no scale beside it
    legend = None if plain else alt.Legend(orient="bottom", title=None, gradientLength=min(max_width, 200))
    layers: list[alt.Chart] = [
        base.mark_rect(stroke=theme.paper).encode(alt.Color("value:Q", scale=scale, legend=legend))
    ]
    if legible:
        color = alt.condition(alt.datum.dark, alt.value("#000000"), alt.value("#FFFFFF"))
        layers.append(base.mark_text(fontSize=11).encode(text="text:N", color=color))
    if framed:
        frame = base.transform_filter(alt.datum.framed).mark_rect(fillOpacity=0, stroke=theme.ink, strokeWidth=2.5)
        layers.append(frame.encode(x=alt.value(0), x2=alt.value("width"), opacity=alt.value(1)))
    return alt.layer(*layers).properties(width=alt.Step(cell_width), height=alt.Step(cell_height), view=_PLAIN)


def sentences(
    lines: Sequence[Sequence[str]],
    ids: np.ndarray,
    theme: Theme,
    *,
    padding: str,
    framed: int | None = None,
) -> Chart:
    """(B, L) ids, each under its word, as wide as the page allows; cells that hold only `padding` are dashed.

    Args:
        lines: the words of each line, without padding.
        framed: id of the cells to frame.
    """
    batch, length = ids.shape
    cells = []
    for i, line in enumerate(lines):
        for j in range(length):
            word = line[j] if j < len(line) else padding
            cells.append(
                {
                    "row": i,
                    "column": j,
                    "word": word,
                    "id": int(ids[i, j]),
                    "kind": "padding" if j >= len(line) else "word",
                    "chosen": int(ids[i, j]) == framed,
                }
            )
    base = alt.Chart(alt.Data(values=cells)).encode(
        x=alt.X("column:O", title=None, axis=_labels([str(j) for j in range(length)], _TILE, theme, orient="top")),
        y=alt.Y(
            "row:O", title=None, axis=_labels([f"line {i + 1}" for i in range(batch)], _TILE, theme, orient="left")
        ),
        tooltip=["word:N", "id:Q", "kind:N"],
    )
    is_word = alt.datum.kind == "word"
    words = base.transform_filter(is_word).mark_rect(cornerRadius=4, fill=DIVERGING[theme.name][1], stroke=theme.muted)
    gaps = base.transform_filter(alt.datum.kind == "padding").mark_rect(
        cornerRadius=4, fillOpacity=0, stroke=theme.muted, strokeDash=[3, 3]
    )
    chosen = base.transform_filter(alt.datum.chosen).mark_rect(
        cornerRadius=4, fillOpacity=0, stroke=theme.ink, strokeWidth=3
    )
    ink = alt.condition(is_word, alt.value(theme.ink), alt.value(theme.muted))
    fitting = alt.expr(f"width / {length} - 6")  # px; longer words are cut, the tooltip has them whole
    word = base.mark_text(dy=-8, fontSize=11, limit=fitting).encode(text="word:N", color=ink)
    number = base.mark_text(dy=9, fontSize=14, fontWeight="bold").encode(text="id:Q", color=ink)
    return alt.layer(words, gaps, chosen, word, number).properties(
        width="container", height=_TILE * batch + _HEAD, view=_PLAIN
    )


def _written(value: float, digits: int) -> str:
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")  # + 0.0 turns -0.0 into 0.0


def _width(values: np.ndarray, digits: int) -> float:
    """px that the longest number takes."""
    return max((len(_written(value, digits)) for value in values.flat), default=1) * _LETTER + 6


def _labels(labels: Sequence[str], cell: float, theme: Theme, *, orient: Literal["top", "left"]) -> alt.Axis:
    """An axis that shows `labels` by position, so that equal ones stay apart; hidden where cells are too small."""
    across = orient == "top"
    upright = across and max(map(len, labels), default=0) * _LETTER > cell
    return alt.Axis(
        orient=orient,
        labels=cell >= 9,
        labelExpr=f"{json.dumps(list(labels))}[datum.value]",
        labelAngle=-90 if upright else 0,
        labelAlign="left" if upright else ("center" if across else "right"),
        labelBaseline="middle" if upright or not across else "bottom",
        labelColor=theme.ink,
        labelFontSize=11,
        labelLimit=_LABEL,
        labelOverlap=False,
        labelPadding=4,
        ticks=False,
        domain=False,
        grid=False,
    )


def _wants_black(share: float, theme: Theme) -> bool:
    """Whether black is easier to read than white on the colour of a cell; the better one has a contrast above 4.5.

    Args:
        share: the cell's number over the scale's end, in [-1, 1].
    """
    low, middle, high = (_rgb(color) for color in DIVERGING[theme.name])
    fill = middle + min(abs(share), 1) * ((high if share > 0 else low) - middle)
    return contrast(fill, np.zeros(3)) >= contrast(fill, np.ones(3))


def contrast(a: np.ndarray, b: np.ndarray) -> float:
    """Contrast of two (3,) sRGB colours in [0, 1], from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: np.ndarray) -> float:
    linear = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def _rgb(color: str) -> np.ndarray:
    return np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
