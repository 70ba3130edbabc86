"""Charts of the page Neighbors: the map, and two rankings of words beside each other, the same words joined."""

from collections.abc import Sequence
from typing import Literal

import altair as alt
import numpy as np

from embedlab.charts import maps, picks
from embedlab.charts.movie.film import group_colors, group_shapes
from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import Theme
from embedlab.projection.projection import FLAT, Projection
from embedlab.vectors.neighborhood import Neighborhood

PICK_LEFT, PICK_RIGHT = "pick_left", "pick_right"  # names of the selections, field "word"
_ROW, _TOP = 25, 28  # px
SMALL, _BORDER = (168, 132), 8  # px of a small map, of which two fit on a phone


def two_rankings(
    left: Sequence[str], right: Sequence[str], theme: Theme, *, titles: tuple[str, str], clickable: bool = False
) -> Spec:
    """Both rankings from the top; words that stand in both are bold and joined, the others are muted.

    Args:
        left, right: distinct words, the first one first.
        titles: a few words above each.
        clickable: clicks select words (`PICK_LEFT`, `PICK_RIGHT`); for `on_select="rerun"`.
    """
    shared = set(left) & set(right)
    columns = [[{"word": word, "y": _at(i), "both": word in shared} for i, word in enumerate(w)] for w in (left, right)]
    links = [{"y": _at(i), "y2": _at(right.index(word))} for i, word in enumerate(left) if word in shared]
    spec = fill(
        _template(theme, clickable),
        links=links,
        left=columns[0],
        right=columns[1],
        left_title=titles[0],
        right_title=titles[1],
    )
    return spec | {"height": _TOP + _ROW * max(len(left), len(right), 1)}


@stored
def _template(theme: Theme, clickable: bool) -> Spec:
    y = alt.Y("y:Q", scale=None, axis=None)
    links = alt.Chart(alt.InlineData(values="@links"))
    links = links.mark_rule(color=theme.accent, strokeWidth=1.6, opacity=0.6, aria=False)
    ends = (alt.value(alt.expr(f"width * {share}")) for share in (0.42, 0.58))
    layers = [links.encode(**dict(zip(("x", "x2"), ends, strict=True)), y=y, y2="y2:Q")]
    sides: tuple[tuple[str, float, Literal["left", "right"], str], ...] = (
        ("left", 0.40, "right", PICK_LEFT),
        ("right", 0.60, "left", PICK_RIGHT),
    )
    color = alt.condition(alt.datum.both, alt.value(theme.ink), alt.value(theme.muted))
    for side, share, align, pick in sides:
        x = alt.value(alt.expr(f"width * {share}"))
        head = alt.Chart(alt.Data(values=[{}]))
        head = head.mark_text(align=align, fontSize=12, color=theme.muted, text=f"@{side}_title")
        words = alt.Chart(alt.InlineData(values=f"@{side}"))
        weight = alt.expr("datum.both ? 700 : 400")
        words = words.mark_text(align=align, fontSize=13.5, limit=150, cursor="pointer", fontWeight=weight)
        words = words.encode(x=x, y=y, text="word:N", color=color, tooltip="word:N")
        if clickable:
            words = picks.clickable(words, pick)
        layers += [head.encode(x=x, y=alt.value(8)), words]
    return template(layers, width="container")


def _at(row: int) -> int:
    """Middle of a row, px from the top."""
    return _TOP + _ROW * row + _ROW // 2


def neighborhood_map(
    hood: Neighborhood,
    drawn: Projection,
    groups: Sequence[str],
    theme: Theme,
    *,
    snapshots: Sequence[Projection] = (),
    clickable: bool = False,
    width: int | str = "container",
) -> Spec:
    """The words of a neighborhood where a projection puts them, colored by group.

    Args:
        snapshots: t-SNE's iterations, for a movie, the last of which is `drawn`.
    """
    return maps.word_map(
        hood.words,
        drawn.coordinates,
        theme,
        groups=groups,
        marked=hood.asked,
        title=_trust(drawn) if not snapshots else [_trust(snapshot) for snapshot in snapshots],
        subtitle=_caption(drawn) if not snapshots else [_caption(snapshot) for snapshot in snapshots],
        axes=_ends(drawn) if drawn.method == "axes" or (drawn.method == FLAT and any(drawn.axis_names)) else None,
        true=drawn.method == FLAT,
        frames=[snapshot.coordinates for snapshot in snapshots],
        clickable=clickable,
        width=width,
        height=maps.HEIGHT if width == "container" else 700,
    )


def small_map(hood: Neighborhood, drawn: Projection, groups: Sequence[str], theme: Theme) -> Spec:
    """A map without names: groups have their colors and shapes, the words asked for are large."""
    low, high = drawn.coordinates.min(axis=0), drawn.coordinates.max(axis=0)
    middle, size = (low + high) / 2, np.array(SMALL)
    unit = float(np.min((size - 2 * _BORDER) / np.maximum(high - low, 1e-9)))  # px, as long on both axes
    at = (size / 2 + (drawn.coordinates - middle) * unit * [1, -1]).round(1).tolist()
    names = list(dict.fromkeys(groups))
    rows = [
        {"word": word, "group": group, "x": x, "y": y, "asked": word in hood.asked}
        for word, group, (x, y) in zip(hood.words, groups, at, strict=True)
    ]
    rows.sort(key=lambda row: bool(row["asked"]))  # drawn last, on top
    colors, shapes = group_colors(theme, len(names)), group_shapes(len(names))
    return fill(_small_template(theme), rows=rows, groups=names, colors=list(colors), shapes=list(shapes))


@stored
def _small_template(theme: Theme) -> Spec:
    points = alt.Chart(ROWS).mark_point(filled=True, opacity=0.92, stroke=theme.paper, strokeWidth=0.6)
    points = points.encode(
        x=alt.X("x:Q", scale=None, axis=None),
        y=alt.Y("y:Q", scale=None, axis=None),
        size=alt.condition(alt.datum.asked, alt.value(130), alt.value(24)),
        color=alt.Color("group:N", legend=None).scale(domain=["@groups"], range=["@colors"]),
        shape=alt.Shape("group:N", legend=None).scale(domain=["@groups"], range=["@shapes"]),
        stroke=alt.condition(alt.datum.asked, alt.value(theme.ink), alt.value(theme.paper)),
        tooltip=["word:N", "group:N"],
    )
    return template([points], width=SMALL[0], height=SMALL[1])


def _trust(found: Projection) -> str:
    return f"trustworthiness {found.trustworthiness:.2f} of 1"


def _caption(found: Projection) -> str:
    """How a map was made, in a few words."""
    if found.explained:
        return f"PCA: {sum(found.explained):.0%} of the variance"
    if found.iteration is not None:
        made = f"t-SNE: iteration {found.iteration}, perplexity {found.tsne_perplexity:.3g}, "
        return made + f"divergence {found.divergence:.2f} nats"
    if found.method == FLAT:
        return "as they are: nothing is lost"
    return " · ".join(name for name in found.axis_names if name)


def _ends(found: Projection) -> maps.Axes:
    if found.method == FLAT:
        return maps.Axes(("", found.axis_names[0]), ("", found.axis_names[1]))
    across, up = ((*name.split(" → "), "")[:2] if " → " in name else ("", "") for name in found.axis_names)
    return maps.Axes((across[0], across[1]), (up[0], up[1]))
