"""The gallery of Ten words: how many runs of one training ended, on one sheet."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from embedlab.charts.movie.film import fit_domain, group_colors, group_shapes
from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import Theme
from embedlab.lessons.ten_words.run import Ending, TenWordsRun
from embedlab.ui.ten_words.movie import regions

CHOSEN = "chosen"  # parameter of the sheet: the seed to frame
_SHEET = 480  # pixels, width of the sheet
_GAP, _SHAPE = 8.0, 0.75  # pixels between maps, and their height over their width


def contact_sheet(endings: Sequence[Ending], theme: Theme) -> Spec:
    """How up to 64 runs of a text ended, as small maps; a click selects a run's seed (selection "run").

    The seed in its parameter `CHOSEN` is framed.
    """
    columns = 4 if len(endings) <= 16 else 8
    wide = _SHEET / columns
    gap, tall, head = _GAP, (wide - _GAP) * _SHAPE, 20.0  # pixels
    tags, small = endings[0].run.text.tags, (48, 36)
    frames, points = [], []
    for number, (run, perfect) in enumerate(endings):
        left, top = number % columns * wide, number // columns * (tall + head + gap) + head
        domain = fit_domain(run.embeddings[-1], width=400, height=300)
        last = np.array([0])
        right = run.accuracies()[-1]
        frame: dict[str, Any] = {
            "seed": run.seed,
            "left": left,
            "right": left + wide - gap,
            "top": top,
            "bottom": top + tall,
        }
        frame |= {"x": left + (wide - gap) / 2, "y": top + tall / 2, "head": top - 5}
        end = f"✗ {run.epochs[-1]}" if run.broke else f"{right:.0%}" if perfect is None else f"✓ {perfect}"
        frame |= {"name": f"{run.seed}", "end": end, "ok": perfect is not None and not run.broke}
        frame |= {"url": regions(run, domain, last, small, theme)[0]}
        frames.append(frame | {"said": outcome(run, perfect)})
        pixels = domain.pixels(run.embeddings[-1], wide - gap, tall).round(1).tolist()
        for tag, (x, y) in zip(run.text.tag_of, pixels, strict=True):
            points.append({"x": round(left + x, 1), "y": round(top + tall - y, 1), "group": tags[tag]})
    height = (-(-len(endings) // columns)) * (tall + head + gap)
    spec = fill(_sheet_template(theme, tuple(tags), columns), rows=frames, points=points, height=height)
    return spec | {"height": height}


@stored
def _sheet_template(theme: Theme, tags: tuple[str, ...], columns: int) -> Spec:
    wide, gap = _SHEET / columns, _GAP
    colors = list(group_colors(theme, len(tags)))
    x_scale, y_scale = alt.Scale(domain=[0, _SHEET], nice=False), alt.Scale(domain=["@height", 0], nice=False)

    def across(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=None)

    def down(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    sheet = alt.Chart(ROWS)
    images = sheet.mark_image(width=wide - gap, height=(wide - gap) * _SHAPE, aspect=False, aria=False)
    images = images.encode(x=across("x"), y=down("y"), url="url:N")
    color = alt.Color("group:N", legend=None).scale(domain=list(tags), range=colors)
    shape = alt.Shape("group:N", legend=None).scale(domain=list(tags), range=list(group_shapes(len(tags))))
    dots = alt.Chart(alt.InlineData(values="@points")).mark_point(
        filled=True, size=34 if columns == 4 else 14, opacity=1, stroke=theme.paper, strokeWidth=0.8, aria=False
    )
    dots = dots.encode(x=across("x"), y=down("y"), color=color, shape=shape)
    font = 12 if columns == 4 else 10
    names = sheet.mark_text(align="left", baseline="bottom", fontSize=font, color=theme.muted).encode(
        across("left"), down("head"), text="name:N"
    )
    ends = sheet.mark_text(align="right", baseline="bottom", fontSize=font, fontWeight=600).encode(
        across("right"),
        down("head"),
        text="end:N",
        color=alt.condition(alt.datum.ok, alt.value(theme.ink), alt.value(theme.second)),
    )
    pick = alt.selection_point(name="run", fields=["seed"], on="click", clear=False)
    chosen = alt.param(name=CHOSEN, value=-1)  # no seed
    is_chosen = alt.datum.seed == chosen
    line = alt.condition(is_chosen, alt.value(theme.ink), alt.value(theme.muted))
    thick = alt.condition(is_chosen, alt.value(2.5), alt.value(0.6))
    doors = sheet.mark_rect(fill=theme.paper, fillOpacity=0.001, cursor="pointer").encode(
        across("left"), down("top"), x2="right:Q", y2="bottom:Q", stroke=line, strokeWidth=thick, tooltip="said:N"
    )
    return template([images, dots, names, ends, doors.add_params(pick)], [chosen], width=_SHEET)


def outcome(run: TenWordsRun, perfect: int | None) -> str:
    """How a run ended, in a few words."""
    if run.broke:
        return f"seed {run.seed}: broke off after epoch {run.epochs[-1]}, since its steps were too large"
    if perfect is not None:
        return f"seed {run.seed}: every word right after epoch {perfect}"
    return f"seed {run.seed}: {run.accuracies()[-1]:.0%} of the words right after epoch {run.epochs[-1]}"


def perfect_curve(firsts: Sequence[int | None], last: int, theme: Theme) -> Spec:
    """The share of runs that have had every word right, over the epochs up to `last`."""
    reached = sorted(first for first in firsts if first is not None)
    rows = [{"epoch": 0, "share": 0.0}]
    rows += [{"epoch": epoch, "share": (i + 1) / len(firsts)} for i, epoch in enumerate(reached)]
    rows += [{"epoch": last, "share": len(reached) / len(firsts)}]
    return fill(_perfect_template(theme), rows=rows, last=last)


@stored
def _perfect_template(theme: Theme) -> Spec:
    base = alt.Chart(ROWS).encode(
        x=alt.X("epoch:Q", title="epoch").scale(domain=[0, "@last"], nice=False).axis(grid=False, tickCount=4),
        y=alt.Y("share:Q", title="runs at 100%", stack=None).scale(domain=[0, 1]).axis(format="%", tickCount=3),
        tooltip=["epoch:Q", alt.Tooltip("share:Q", format=".0%")],
    )
    area = base.mark_area(interpolate="step-after", color=theme.accent, opacity=0.18)
    line = base.mark_line(interpolate="step-after", color=theme.accent, strokeWidth=2.2)
    return template([area, line], width="container", height=150)
