"""A table of a computation's numbers, as HTML: groups of columns, each cell tinted by its number; for single steps."""

import html
from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import streamlit as st

from embedlab.arrays import Reals
from embedlab.charts.heatmaps import DIVERGING
from embedlab.charts.theme import Theme

Width: TypeAlias = Literal["stretch", "content"]
_MOST_TINT = 0.42  # opacity of the largest number's cell: text in the page's color stays readable on it
LARGE = 10_000  # from here on numbers, of runs that break, are written in powers of ten
_FIRST = ' class="first"'  # of a group
_STYLE = """<style>
.numbers { overflow-x: auto; display: flex; }
.numbers::after {  /* what is wider than its place fades out at the edge; scrolled to its end, nothing is beneath */
  content: ""; position: sticky; right: 0; flex: 0 0 2.5rem; pointer-events: none;
  background: linear-gradient(to right, transparent, var(--paper) 85%);
}
.numbers table { flex: none; border-collapse: separate; border-spacing: 1px; font-size: .82rem; line-height: 1.35; }
.numbers :is(th, td) { padding: .12rem .36rem; white-space: nowrap; font-variant-numeric: tabular-nums; }
.numbers .first { border-left: .5rem solid transparent; background-clip: padding-box; }
.numbers td { text-align: right; border-radius: 3px; }
.numbers thead th { font-weight: 600; text-align: center; }
.numbers thead th:first-child { text-align: left; }
.numbers tbody th { font-weight: 400; text-align: left; position: sticky; left: 0; }
.numbers small { opacity: .75; }
.numbers thead tr + tr th { font-weight: 400; text-align: right; }
/* Formulas of a step are as large as its table; `stepping.PLACE` is its container. */
.st-key-one_step .katex-display { margin: 0 0 .35rem; padding: .1rem .3rem .1rem 0; text-align: left; }
.st-key-one_step .katex { font-size: min(.84rem, 2.75vw); }
</style>"""


class NumberGroup(NamedTuple):
    """Columns that belong together, and share one scale of tints."""

    title: str
    values: Reals  # (R, C); NaN leaves a cell empty
    digits: int = 2
    tinted: bool = True
    names: Sequence[str] = ()  # of the columns, where each has one


class RowName(NamedTuple):
    """What a row is called."""

    name: str
    role: str = ""  # in small print


def draw(
    rows: Sequence[RowName], groups: Sequence[NumberGroup], theme: Theme, *, first: str, width: Width = "stretch"
) -> None:
    """Draws the table; texts are shown as they are, whatever signs they hold.

    Args:
        rows: R names.
        first: title of their column.
        width: of the table, "stretch" for the page's.
    """
    head = f'<th scope="col">{html.escape(first)}</th>' + "".join(
        f'<th class="first" scope="colgroup" colspan="{group.values.shape[1]}">{html.escape(group.title)}</th>'
        for group in groups
    )
    limits = [float(np.nanmax(np.abs(group.values), initial=0)) or 1.0 for group in groups]
    body = []
    for r, row in enumerate(rows):
        role = f" <small>{html.escape(row.role)}</small>" if row.role else ""
        cells = "".join(
            _cell(float(value), group, limit, theme, first=not c)
            for group, limit in zip(groups, limits, strict=True)
            for c, value in enumerate(group.values[r])
        )
        style = f' style="background:{theme.paper}"'  # covers what is scrolled beneath it
        body.append(f'<tr><th scope="row"{style}><bdi>{html.escape(row.name)}</bdi>{role}</th>{cells}</tr>')
    named = "".join(
        f'<th{_FIRST * (not c)} scope="col"><bdi>{html.escape(name)}</bdi></th>'
        for group in groups
        for c, name in enumerate(group.names or [""] * group.values.shape[1])
    )
    names = f"<tr><td></td>{named}</tr>" if any(group.names for group in groups) else ""
    table = f"<table><thead><tr>{head}</tr>{names}</thead><tbody>{''.join(body)}</tbody></table>"
    st.html(f'{_STYLE}<div class="numbers" tabindex="0" style="--paper:{theme.paper}">{table}</div>', width=width)


def _cell(value: float, group: NumberGroup, limit: float, theme: Theme, *, first: bool) -> str:
    if np.isnan(value):
        return "<td></td>"
    tint = _FIRST * first
    if group.tinted:
        low, _, high = DIVERGING[theme.name]
        strength = round(255 * _MOST_TINT * min(abs(value) / limit, 1))
        tint += f' style="background-color:{high if value > 0 else low}{strength:02x}"'
    return f"<td{tint}>{written(value, group.digits)}</td>"


def written(value: float, digits: int = 2) -> str:
    """A number with a true minus sign; large ones, of runs that break, in powers of ten."""
    text = f"{round(value, digits) + 0.0:.{digits}f}" if abs(value) < LARGE else f"{value:.1e}"  # + 0.0 turns -0.0
    return text.replace("-", "−")


def in_tex(value: float, digits: int = 2) -> str:
    """A number for `st.latex`."""
    if not abs(value) < 100_000:  # also infinite ones
        mantissa, _, power = f"{value:.2e}".partition("e")
        return rf"{mantissa}\cdot 10^{{{int(power)}}}" if power else rf"\text{{{mantissa}}}"
    return f"{round(value, digits) + 0.0:.{digits}f}"


def column(vector: Reals, digits: int = 2) -> str:
    """A vector standing upright, for `st.latex`."""
    numbers = r"\\".join(in_tex(float(number), digits) for number in vector)
    return rf"\begin{{pmatrix}}{numbers}\end{{pmatrix}}"
