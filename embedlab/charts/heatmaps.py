"""Heatmaps: matrices as colored cells with their numbers in them, and sentences as rows of words with their ids."""

import json
from collections.abc import Collection, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

import altair as alt
import numpy as np

from embedlab.arrays import Ids, Mask, Reals
from embedlab.charts import picks
from embedlab.charts.labels import widest
from embedlab.charts.templates import ROWS, Spec, as_high_as, fill, stored, template
from embedlab.charts.theme import Theme
from embedlab.errors import InvalidSetting

DIVERGING = {  # negative, zero, positive: orange to blue, which every kind of color vision tells apart
    "light": ("#D55E00", "#F4F6F8", "#0072B2"),
    "dark": ("#E69F00", "#232A32", "#56B4E9"),
}
_FONT, _LETTER = 11, 6.3  # px of labels, and of a digit among them
_CELL = 23  # px, height of a cell, where there is room
_GAP = 4  # px between a label and the cells
_LINE = 18  # px, height of labels that lie
_LABEL = 74  # px, longest label; with the cells' 262 a matrix fits a phone
_TILE = 44  # px, height of a word with its id
_HEAD = 30  # px, room for the positions above
_MOST_CELLS = 20_000
_PLAIN = alt.ViewBackground(stroke=None)


def matrix(
    values: Reals | Ids,
    rows: Sequence[str],
    columns: Sequence[str],
    theme: Theme,
    *,
    digits: int = 2,
    limit: float | None = None,
    framed: Collection[int] = (),
    muted: Collection[int] = (),
    stretched: bool = False,
    clickable: bool = False,
    max_width: int = 262,
    max_height: int = 640,
) -> Spec:
    """An (R, C) matrix: blue above zero, orange below, the number in every cell where it fits.

    Args:
        rows, columns: a label for each; they may repeat.
        digits: decimals of the numbers; fewer where there is no room. Tooltips have them whole.
        limit: the number at which the colors end, the largest magnitude when None.
        framed: row numbers to draw a frame around.
        muted: row numbers to fade.
        clickable: a click on a label picks it (`picks.PICK_ROW`, `picks.PICK_COLUMN`), one on a cell its row's
            (`picks.PICK`).
        stretched: whether it is as wide as its place on the page, in place of what its cells need.
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
    dark = legible & _wants_black(values / limit, theme)
    cells = [
        {
            "row": i,
            "column": j,
            "value": float(values[i, j]),
            "of": rows[i],
            "at": columns[j],
            **({"word": rows[i]} if clickable else {}),
            "text": _written(values[i, j], digits),
            "dark": bool(dark[i, j]),
            "muted": i in muted,
            "framed": i in framed and j == 0,
        }
        for i in range(count)
        for j in range(width)
    ]
    plain = legible or set(np.unique(values)) <= {0, 1}  # needs no scale beside it
    axes = _Axis.of("columns", columns, cell_width), _Axis.of("rows", rows, cell_height)
    spec = fill(
        _matrix_template(
            theme, axes, legible, None if plain else min(max_width, 200), framed=bool(framed), clickable=clickable
        ),
        rows=cells,
        low=-limit,
        high=limit,
        column_labels=_label_expression(columns),
        row_labels=_label_expression(rows),
        head=_room(columns) if axes[0].upright else _LINE,
        side=_room(rows),
    )
    if stretched:
        return spec | {"width": "container"} | as_high_as(count, cell_height)
    fixed = {"type": "pad", "contains": "padding"}  # steps cannot be fitted to a width, which Streamlit would ask for
    return spec | {"width": {"step": cell_width}, "height": {"step": cell_height}, "autosize": fixed}


@stored
def _matrix_template(
    theme: Theme, axes: "_Axes", legible: bool, legend: int | None, *, framed: bool, clickable: bool
) -> Spec:
    base = _cells(theme, axes).encode(
        tooltip=[alt.Tooltip("of:N", title="row"), alt.Tooltip("at:N", title="column"), alt.Tooltip("value:Q")],
        opacity=alt.condition(alt.datum.muted, alt.value(0.3), alt.value(1)),
    )
    scale = alt.Scale(domain=["@low", 0, "@high"], range=list(DIVERGING[theme.name]), clamp=True, interpolate="rgb")
    key = None if legend is None else alt.Legend(orient="bottom", title=None, gradientLength=legend)
    layers: list[alt.Chart] = [base.mark_rect(stroke=theme.paper).encode(alt.Color("value:Q", scale=scale, legend=key))]
    if legible:
        color = alt.condition(alt.datum.dark, alt.value("#000000"), alt.value("#FFFFFF"))
        layers.append(base.mark_text(fontSize=11).encode(text="text:N", color=color))
    if framed:
        frame = base.transform_filter(alt.datum.framed).mark_rect(fillOpacity=0, stroke=theme.ink, strokeWidth=2.5)
        layers.append(frame.encode(x=alt.value(0), x2=alt.value("width"), opacity=alt.value(1)))
    if not clickable:
        return template(layers, view=_PLAIN)
    target = base.mark_rect(cursor="pointer").encode(opacity=alt.value(0))
    layers.append(picks.clickable(target))
    # The labels of axes take no clicks, so what does lies on them.
    left = target.transform_filter(alt.datum.column == 0).encode(x=alt.value(alt.expr("-side")), x2=alt.value(0))
    top = target.transform_filter(alt.datum.row == 0).transform_calculate(word="datum.at")
    top = top.encode(y=alt.value(alt.expr("-head")), y2=alt.value(0))
    layers += [
        picks.clickable(layer.encode(tooltip=[alt.Tooltip("word:N", title=title)]), name)
        for layer, name, title in ((left, picks.PICK_ROW, "row"), (top, picks.PICK_COLUMN, "column"))
    ]
    return template(layers, numbers=("head", "side"), view=_PLAIN)


def sentences(
    lines: Sequence[Sequence[str]],
    ids: Ids,
    theme: Theme,
    *,
    padding: str,
    framed: int | None = None,
) -> Spec:
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
    spec = fill(
        _sentences_template(theme),
        rows=cells,
        columns=length,
        column_labels=_label_expression([str(j) for j in range(length)]),
        row_labels=_label_expression([f"line {i + 1}" for i in range(batch)]),
    )
    return spec | {"height": _TILE * batch + _HEAD}


@stored
def _sentences_template(theme: Theme) -> Spec:
    base = _cells(theme, (_Axis(), _Axis())).encode(tooltip=["word:N", "id:Q", "kind:N"])
    is_word = alt.datum.kind == "word"
    tile: dict[str, Any] = {"cornerRadius": 4, "stroke": theme.muted}
    words = base.transform_filter(is_word).mark_rect(fill=DIVERGING[theme.name][1], **tile)
    gaps = base.transform_filter(alt.datum.kind == "padding").mark_rect(fillOpacity=0, strokeDash=[3, 3], **tile)
    chosen = base.transform_filter(alt.datum.chosen)
    chosen = chosen.mark_rect(cornerRadius=4, fillOpacity=0, stroke=theme.ink, strokeWidth=3)
    ink = alt.condition(is_word, alt.value(theme.ink), alt.value(theme.muted))
    fitting = alt.expr("width / columns - 6")  # px; longer words are cut, the tooltip has them whole
    word = base.mark_text(dy=-8, fontSize=11, limit=fitting).encode(text="word:N", color=ink)
    number = base.mark_text(dy=9, fontSize=14, fontWeight="bold").encode(text="id:Q", color=ink)
    return template([words, gaps, chosen, word, number], numbers=("columns",), width="container", view=_PLAIN)


class _Axis(NamedTuple):
    """How the labels of rows or columns are drawn: hidden where cells are too small, upright where they are narrow."""

    shown: bool = True
    upright: bool = False

    @classmethod
    def of(cls, side: Literal["columns", "rows"], labels: Sequence[str], cell: float) -> "_Axis":
        """For cells of this size in px."""
        return cls(cell >= 9, side == "columns" and max(map(len, labels), default=0) * _LETTER > cell)


_Axes: TypeAlias = tuple[_Axis, _Axis]  # of the columns, of the rows


def _cells(theme: Theme, axes: _Axes) -> alt.Chart:
    """The rows as cells whose labels go by position, so that equal ones stay apart."""
    look: dict[str, Any] = {"labelColor": theme.ink, "labelFontSize": _FONT, "labelLimit": _LABEL, "labelPadding": _GAP}
    look |= {"labelOverlap": False, "ticks": False, "domain": False, "grid": False}
    (top, left), upright = axes, axes[0].upright
    across = alt.Axis(
        orient="top",
        labels=top.shown,
        labelExpr="@column_labels",
        labelAngle=-90 if upright else 0,
        labelAlign="left" if upright else "center",
        labelBaseline="middle" if upright else "bottom",
        **look,
    )
    down = alt.Axis(
        orient="left",
        labels=left.shown,
        labelExpr="@row_labels",
        labelAngle=0,
        labelAlign="right",
        labelBaseline="middle",
        **look,
    )
    placed: alt.Chart = alt.Chart(ROWS).encode(
        x=alt.X("column:O", title=None, axis=across), y=alt.Y("row:O", title=None, axis=down)
    )
    return placed


def _room(labels: Sequence[str]) -> float:
    """px that the longest label takes, with its distance from the cells."""
    return widest(labels, _FONT, _LABEL) + _GAP


def _label_expression(labels: Sequence[str]) -> str:
    return f"{json.dumps(list(labels))}[datum.value]"


def _written(value: float, digits: int) -> str:
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")  # + 0.0 turns -0.0 into 0.0


def _width(values: Reals | Ids, digits: int) -> float:
    """px that the longest number takes."""
    return max((len(_written(float(value), digits)) for value in values.flat), default=1) * _LETTER + 6


def _wants_black(shares: Reals, theme: Theme) -> Mask:
    """Whether black is easier to read than white on the colors of cells; the better one has a contrast above 4.5.

    Args:
        shares: the cells' numbers over the scale's end, in [-1, 1].
    """
    low, middle, high = (_rgb(color) for color in DIVERGING[theme.name])
    share = np.asarray(shares)[..., None]
    fill = middle + np.minimum(abs(share), 1) * (np.where(share > 0, high, low) - middle)  # (..., 3)
    black: Mask = contrast(fill, np.zeros(3)) >= contrast(fill, np.ones(3))
    return black


def contrast(a: Reals, b: Reals) -> Reals:
    """Contrasts of (..., 3) sRGB colors in [0, 1], from 1 to 21 (WCAG 2.2)."""
    one, other = _luminance(a), _luminance(b)
    contrasts: Reals = (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)
    return contrasts


def _luminance(color: Reals) -> Reals:
    linear: Reals = np.where(color <= 0.04045, color / 12.92, ((color + 0.055) / 1.055) ** 2.4)
    luminance: Reals = linear @ np.array([0.2126, 0.7152, 0.0722])
    return luminance


def _rgb(color: str) -> Reals:
    return np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
