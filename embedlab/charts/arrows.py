"""Arrow plot: from where each word was to where training took it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np

from embedlab.arrays import Doubles
from embedlab.charts.labels import label_places
from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import SHAPES, Theme

_WIDTHS = (320, 480, 760)  # pixels of a map that arrows are laid out for
_TALL = 420  # pixels of its height at most
_MARGIN = (48, 26)  # pixels kept free around its points, for labels


class Arrow(NamedTuple):
    """A word's place before and after, on one plane."""

    word: str
    before: tuple[float, float]
    after: tuple[float, float]
    group: str  # where it moved


def moves_map(
    arrows: Sequence[Arrow], groups: Sequence[str], theme: Theme, *, meaning: str, grouped: str = "moved"
) -> Spec:
    """Arrows from one place of each word to another; a unit is as long on both axes.

    Positions are computed for a few widths; the browser takes the widest that fits the place on the page.

    Args:
        groups: names of the directions, in the order of the palette.
        meaning: of the horizontal axis; may be empty.
        grouped: what the groups are, for the tooltip.
    """
    ends = np.array([[arrow.before, arrow.after] for arrow in arrows])  # (W, 2, 2)
    rows: list[dict[str, Any]] = [{"word": arrow.word, "group": arrow.group} for arrow in arrows]
    for row, (before, after) in zip(rows, ends, strict=True):
        row["moved"] = float(np.hypot(*(after - before)))
    height = 0.0
    for width in _WIDTHS:
        laid_out, tall = _arrow_places(ends, [arrow.word for arrow in arrows], width)
        height = max(height, tall)
        for row, places in zip(rows, laid_out, strict=True):
            for name, value in places.items():
                row.setdefault(name, []).append(round(value, 1))
    spec = fill(
        _template(theme, grouped),
        rows=rows,
        groups=list(groups),
        colors=list(theme.palette[: len(groups)]),
        shapes=list(SHAPES[: len(groups)]),
        meaning=meaning,
    )
    return spec | {"height": height + 70}


@stored
def _template(theme: Theme, grouped: str) -> Spec:
    color = alt.Color("group:N", legend=alt.Legend(orient="bottom", title=None, symbolOpacity=1, symbolSize=90))
    color = color.scale(domain=["@groups"], range=["@colors"])
    shape = alt.Shape("group:N", legend=None).scale(domain=["@groups"], range=["@shapes"])
    tier = " : ".join(f"width >= {width + 4} ? {n}" for n, width in reversed(list(enumerate(_WIDTHS)))) + " : 0"
    base = alt.Chart(ROWS).transform_calculate(tier=tier)
    base = base.transform_calculate(
        **{name: f"width / 2 + datum.{name}s[datum.tier]" for name in "xups"},
        **{name: f"height / 2 - datum.{name}s[datum.tier]" for name in "yvqt"},
        angle="datum.angles[datum.tier]",
    )

    def at(x: str, y: str) -> dict[str, alt.X | alt.Y]:
        return {"x": alt.X(f"{x}:Q", scale=None, axis=None), "y": alt.Y(f"{y}:Q", scale=None, axis=None)}

    hover = [
        "word:N",
        alt.Tooltip("group:N", title=grouped),
        alt.Tooltip("moved:Q", title="on this plane", format=".2f"),
    ]
    shafts = base.mark_rule(strokeWidth=2, opacity=0.65, aria=False)
    shafts = shafts.encode(**at("x", "y"), x2="p:Q", y2="q:Q", color=color)
    starts = base.mark_point(size=45, filled=False, strokeWidth=1.6)
    starts = starts.encode(**at("x", "y"), color=color, shape=shape, tooltip=hover)
    heads = base.mark_point(shape="triangle", size=130, filled=True, opacity=1, aria=False)
    heads = heads.encode(**at("u", "v"), color=color, angle=alt.Angle("angle:Q", scale=None), tooltip=hover)
    font: dict[str, Any] = {"fontSize": 13, "fontWeight": 600}
    halo = base.mark_text(**font, stroke=theme.paper, strokeWidth=4, strokeJoin="round", aria=False)
    ink = base.mark_text(**font, color=theme.ink)
    texts = [layer.encode(**at("s", "t"), text="word:N") for layer in (halo, ink)]
    axis = alt.Chart(alt.Data(values=[{}]))
    axis = axis.mark_text(baseline="bottom", color=theme.muted, fontSize=12, text="@meaning")
    axis = axis.encode(x=alt.value(alt.expr("width / 2")), y=alt.value(alt.expr("height - 2")))
    return template([shafts, starts, heads, *texts, axis], width="container")


def _arrow_places(ends: Doubles, words: Sequence[str], width: int) -> tuple[list[dict[str, float]], float]:
    """The layout for a map of this width, and the height that it takes.

    Returns:
        For each word, pixels from the middle: start x y, tip u v, end of the shaft p q, label s t; the head's angle.
    """
    low, high = ends.reshape(-1, 2).min(axis=0), ends.reshape(-1, 2).max(axis=0)
    span, margin = np.maximum(high - low, 1e-6), 2 * np.array(_MARGIN)
    unit = float(np.max(span / (np.array([width, _TALL]) - margin)))  # of the plane, in a pixel
    size = np.array([width, span[1] / unit + margin[1]])
    pixels = (ends - (low + high) / 2) / unit + size / 2  # (W, 2, 2) from the lower left corner
    # Labels keep clear of whole arrows: places along the shafts count as points with empty labels.
    along = [pixels[:, 1] + share * (pixels[:, 0] - pixels[:, 1]) for share in (0, 0.35, 0.7, 1)]
    names = (*words, *[""] * (3 * len(words)))
    labels = label_places(np.concatenate(along)[None], names, width=width, height=float(size[1]))[0]
    found = []
    for (start, tip), label in zip(pixels - size / 2, labels - size / 2, strict=False):
        way = tip - start
        length = max(float(np.hypot(*way)), 1e-9)
        shaft = tip - way * min(7 / length, 1.0)  # it ends inside the head
        places = {"xs": start[0], "ys": start[1], "us": tip[0], "vs": tip[1], "ps": shaft[0], "qs": shaft[1]}
        places |= {"ss": label[0], "ts": label[1], "angles": np.degrees(np.arctan2(way[0], way[1]))}
        found.append({name: float(value) for name, value in places.items()})
    return found, float(size[1])
