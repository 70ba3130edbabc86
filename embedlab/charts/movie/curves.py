"""Curves over the steps of a run: beside a movie, tied to its slider, or standing alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from embedlab.arrays import Ids, Reals
from embedlab.charts.templates import Layers
from embedlab.charts.theme import Theme

_POINTS = 240  # of a curve, sent to the browser
# The movie's counts, where it has them; a short one has ticks between its frames, too.
_COUNTED = "isValid(counts0[datum.value]) ? format(counts0[datum.value], '.3~s') : ''"
_STEPS = f"length(counts0) ? ({_COUNTED}) : format(datum.value, '~s')"
_ENDS = "length(counts0) ? [0, length(counts0) - 1] : null"  # frames stand for steps unevenly: round ones would be odd


@dataclass(frozen=True)
class Measure:
    """What a curve shows and how its axis is drawn."""

    name: str
    unit: str = ""
    format: str = ".3f"  # as d3-format writes it; ending in s: in thousands, millions or billions, named so
    low: float | None = 0.0  # where the axis begins; None: at the smallest value
    high: float | None = None  # where it ends; None: at the largest value
    log: bool = False  # on a logarithmic axis; values above 0
    long: bool = False  # figures of up to ten signs, such as powers of ten, to which two runs leave more room


@dataclass(frozen=True, eq=False)
class Curve:
    """One figure over the steps of one run."""

    measure: Measure
    steps: Sequence[int] | Ids  # rising, evenly spaced but for the last
    values: Reals  # as many


def curve_rows(curves: Sequence[Curve], run: str) -> list[dict[str, str | float]]:
    """One row for each curve, with its numbers as text, thinned to what a small plot can show."""
    rows: list[dict[str, str | float]] = []
    for curve in curves:
        stride = max(1, -(-len(curve.steps) // _POINTS))
        kept = sorted({*range(0, len(curve.steps), stride), len(curve.steps) - 1})
        steps = [int(curve.steps[i]) for i in kept]
        values = " ".join(f"{float(curve.values[i]):.4g}" for i in kept)
        pitch = steps[1] - steps[0] if len(steps) > 1 else 1
        row = {"curve": curve.measure.name, "run": run, "steps": " ".join(map(str, steps)), "values": values}
        rows.append(row | {"start": steps[0], "pitch": pitch, "end": len(steps) - 1, "last": steps[-1]})
    return rows


def step_curve(measure: Measure, runs: Sequence[str], *, theme: Theme, param: str, size: tuple[int, int]) -> Layers:
    """One curve of one or two runs, bold up to the slider's step; reads the dataset "curves".

    Args:
        measure: name, unit and range; the numbers come from `curve_rows`.
        runs: the runs' names, as in the dataset.
        param: the slider's name.
        size: width and height in pixels.
    """
    width, height = size
    x = alt.X("step:Q", title=None).axis(
        tickCount=2, values=alt.ExprRef(_ENDS), grid=False, domain=False, ticks=False, labelExpr=_STEPS, labelFlush=True
    )
    y = alt.Y("value:Q", title=None).scale(_scale(measure))
    y = y.axis(
        tickCount=3, domain=False, ticks=False, gridColor=theme.muted, gridOpacity=0.2, **_ticks(measure)
    )  # fmt: skip
    tint = alt.Color("run:N", legend=None).scale(domain=list(runs), range=[theme.accent, theme.second])
    dash = alt.StrokeDash("run:N", legend=None).scale(domain=list(runs), range=[[1, 0], [5, 3]])
    rows = (
        alt.Chart(alt.NamedData("curves"))
        .transform_filter(alt.datum.curve == measure.name)
        .transform_calculate(steps="split(datum.steps, ' ')", values="split(datum.values, ' ')")
    )
    all_steps = rows.transform_flatten(["steps", "values"]).transform_calculate(
        step="toNumber(datum.steps)", value="toNumber(datum.values)"
    )
    index = f"{param} >= datum.last ? datum.end : max(0, floor(({param} - datum.start) / datum.pitch))"
    now = rows.transform_calculate(at=index)  # between two steps the curve stays at the one before
    now = now.transform_calculate(step="toNumber(datum.steps[datum.at])", value="toNumber(datum.values[datum.at])")
    now = now.transform_calculate(said=f"{_written(measure)} + '{measure.unit and ' ' + measure.unit}'")
    lines = all_steps.mark_line(strokeWidth=1.5, opacity=0.3, aria=False).encode(x=x, y=y, color=tint, strokeDash=dash)
    walked = all_steps.transform_filter(f"datum.step <= {param}").mark_line(strokeWidth=2.2, aria=False)
    walked = walked.encode(x=x, y=y, color=tint, strokeDash=dash)
    spot = now.mark_point(filled=True, size=70, opacity=1, stroke=theme.paper, strokeWidth=1.5)
    spot = spot.encode(x=x, y=y, color=tint)
    room = 96 if measure.long else 62  # of one figure
    said = [
        now.transform_filter(alt.datum.run == run)
        .mark_text(align="right", baseline="bottom", fontSize=12, fontWeight=600)
        .encode(x=alt.value(width - room * (len(runs) - 1 - n)), y=alt.value(-6), text="said:N", color=tint)
        for n, run in enumerate(runs)
    ]
    name = rows.transform_filter(alt.datum.run == runs[0]).mark_text(
        align="left", baseline="bottom", fontSize=12, color=theme.muted, text=measure.name
    )
    name = name.encode(x=alt.value(0), y=alt.value(-6))
    return alt.layer(lines, walked, spot, *said, name).properties(width=width, height=height)


def _scale(measure: Measure) -> alt.Scale:
    if measure.log:
        return alt.Scale(type="log", nice=False)
    if measure.high is not None:
        return alt.Scale(domain=[measure.low or 0.0, measure.high])
    return alt.Scale(nice=True) if measure.low is None else alt.Scale(domainMin=measure.low, nice=True)


def _is_large(measure: Measure) -> bool:
    """Whether numbers are written in thousands, millions and billions."""
    return measure.format.endswith("s")


def _written(measure: Measure) -> str:
    """A Vega expression for a value as text."""
    text = f"format(datum.value, '{measure.format}')"
    if _is_large(measure):
        for sign, name in {"k": "thousand", "M": "million", "G": "billion"}.items():
            text = f"replace({text}, '{sign}', ' {name}')"
    return text


def _ticks(measure: Measure) -> dict[str, Any]:
    """How the axis writes its numbers."""
    if _is_large(measure):
        return {"labelExpr": "replace(format(datum.value, '~s'), 'G', 'B')"}
    if measure.format.endswith("%"):
        return {"format": "%"}
    # An axis chooses a precision of its own, by which 40 becomes 4e+1; an expression does not.
    return {"format": "~e"} if measure.log else {"labelExpr": "format(datum.value, '~g')"}
