"""Arrow plot: from where each word was to where training took it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np

from embedlab.arrays import Doubles
from embedlab.charts import picks
from embedlab.charts.labels import label_places_at_rest
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
    arrows: Sequence[Arrow],
    groups: Sequence[str],
    theme: Theme,
    *,
    meaning: str,
    grouped: str = "moved",
    clickable: bool = False,
) -> Spec:
    """Arrows from one place of each word to another; a unit is as long on both axes.

    Positions are computed for a few widths; the browser takes the widest that fits the place on the page.

    Args:
        groups: names of the directions, in the order of the palette.
        meaning: of the horizontal axis; may be empty.
        grouped: what the groups are, for the tooltip.
        clickable: a click on a name or an arrow's head picks its word (`picks.PICK`, `picks.PICK_POINT`).
    """
    ends = np.array([[arrow.before, arrow.after] for arrow in arrows])  # (W, 2, 2)
    rows: list[dict[str, Any]] = [{"word": arrow.word, "group": arrow.group} for arrow in arrows]
    for row, (before, after) in zip(rows, ends, strict=True):
        row["moved"] = float(np.hypot(*(after - before)))
    places, height = _arrow_places(ends, [arrow.word for arrow in arrows])
    for i, row in enumerate(rows):
        row |= {name: values[:, i].round(1).tolist() for name, values in places.items()}
    spec = fill(
        _template(theme, grouped, clickable=clickable),
        rows=rows,
        groups=list(groups),
        colors=list(theme.palette[: len(groups)]),
        shapes=list(SHAPES[: len(groups)]),
        meaning=meaning,
    )
    return spec | {"height": height + 80}


@stored
def _template(theme: Theme, grouped: str, *, clickable: bool) -> Spec:
    color = alt.Color(
        "group:N", legend=alt.Legend(orient="bottom", title=None, columns=2, symbolOpacity=1, symbolSize=90, offset=28)
    )
    color = color.scale(domain=["@groups"], range=["@colors"])
    shape = alt.Shape("group:N").scale(domain=["@groups"], range=["@shapes"])
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
    if clickable:
        heads, ink = picks.clickable(heads, picks.PICK_POINT), picks.clickable(ink)
    texts = [layer.encode(**at("s", "t"), text="word:N") for layer in (halo, ink)]
    axis = alt.Chart(alt.Data(values=[{}]))
    axis = axis.mark_text(baseline="top", color=theme.muted, fontSize=12, text="@meaning")  # below, clear of names
    axis = axis.encode(x=alt.value(alt.expr("width / 2")), y=alt.value(alt.expr("height + 4")))
    return template([shafts, starts, heads, *texts, axis], width="container")


def _arrow_places(ends: Doubles, words: Sequence[str]) -> tuple[dict[str, Doubles], float]:
    """The layouts for maps of T widths, and the height that the tallest takes.

    Returns:
        (T, W) each: pixels from the middle, start x y, tip u v, end of the shaft p q, label s t; the head's angle.
    """
    low, high = ends.reshape(-1, 2).min(axis=0), ends.reshape(-1, 2).max(axis=0)
    span, margin = np.maximum(high - low, 1e-6), 2 * np.array(_MARGIN)
    widths = np.array(_WIDTHS, dtype=np.float64)
    room = np.stack([widths, np.full(len(widths), float(_TALL))], axis=1) - margin  # (T, 2)
    unit = (span / room).max(axis=1)  # (T,) of the plane, in a pixel
    sizes = np.stack([widths, span[1] / unit + margin[1]], axis=1)[:, None]  # (T, 1, 2)
    pixels = (ends - (low + high) / 2) / unit[:, None, None, None] + sizes[:, None] / 2  # (T, W, 2, 2) from a corner
    starts, tips = pixels[:, :, 0], pixels[:, :, 1]
    # Labels keep clear of whole arrows: places along the shafts count as points with empty labels.
    along = np.concatenate([tips + share * (starts - tips) for share in (0, 0.35, 0.7, 1)], axis=1)
    names = (*words, *[""] * (3 * len(words)))
    labels = label_places_at_rest(along, names, sizes[:, 0])[:, : len(words)]
    way = tips - starts
    length = np.maximum(np.linalg.norm(way, axis=2, keepdims=True), 1e-9)
    shafts = tips - way * np.minimum(7 / length, 1.0)  # they end inside the heads
    found = {"angles": np.degrees(np.arctan2(way[..., 0], way[..., 1]))}
    for x, y, place in (("xs", "ys", starts), ("us", "vs", tips), ("ps", "qs", shafts), ("ss", "ts", labels)):
        found[x], found[y] = np.moveaxis(place - sizes / 2, -1, 0)
    return found, float(sizes[..., 1].max())
