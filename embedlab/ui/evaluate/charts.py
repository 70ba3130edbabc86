"""The pictures of Evaluate: accuracy by section, people’s ranking against cosines, associations and their chance."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np

from embedlab.arrays import Reals
from embedlab.charts import picks
from embedlab.charts.labels import widest
from embedlab.charts.templates import ROWS, Spec, as_high_as, fill, stored, template
from embedlab.charts.theme import Theme

_BINS = 30
_LINE = 0.06  # of the scatter's height, which a line of text takes
_KINDS = ("as people do", "cosine too high", "cosine too low")
PICK_NAMES = ("pick_left", "pick_right")  # selections of the scatter: clicks on the names of pairs
_FONTS, _LONGEST = (13, 10.5), 180  # px of words beside dots, few or many, and of the room that they get at most
_NARROW = 300  # px, below which legends stand in one column


class SectionBar(NamedTuple):
    """One space's score in one section, shares in [0, 1]."""

    section: str
    space: str
    right: float
    low: float
    high: float
    left_in: float
    covered: int
    total: int


def section_bars(
    given: Sequence[SectionBar],
    sections: Sequence[str],
    heads: Sequence[str],
    theme: Theme,
    *,
    width: int | str = "container",
) -> Spec:
    """Accuracy by section as bars with their intervals; a diamond is the accuracy with the inputs left in.

    Args:
        given: up to two spaces' scores; sections without a score stay empty.
        sections: all rows in order.
        heads: those of them that sum up others, which are named in bold.
    """
    spaces = list(dict.fromkeys(bar.space for bar in given))
    rows = [bar._asdict() | {"said": f"{bar.right:.0%}", "asked": f"{bar.covered:,} of {bar.total:,}"} for bar in given]
    two = len(spaces) > 1
    spec = fill(
        _sections_template(theme, width, two=two),
        rows=rows,
        sections=list(sections),
        heads=list(heads),
        spaces=spaces,
        first=spaces[0] if spaces else "",
        colors=[theme.accent, theme.second][: len(spaces)],
    )
    return spec | as_high_as(len(sections), 42 if two else 26)


@stored
def _sections_template(theme: Theme, width: int | str, *, two: bool) -> Spec:
    weight = alt.expr("indexof(heads, datum.value) >= 0 ? 700 : 400")
    y = alt.Y("section:N", sort=["@sections"], title=None).scale(domain=["@sections"])
    y = y.axis(ticks=False, domain=False, labelLimit=150, labelFontSize=12, labelFontWeight=weight, labelPadding=6)
    x = alt.X("right:Q", title="questions answered right").scale(domain=[0, 1], nice=False)
    x = x.axis(format="%", tickCount=5)
    base = alt.Chart(ROWS).encode(y=y)
    if two:
        base = base.encode(yOffset=alt.YOffset("space:N", sort=["@spaces"]).scale(domain=["@spaces"], paddingInner=0.1))
    legend = alt.Legend(orient="bottom", title=None, labelLimit=260, columns=1) if two else None
    color = alt.Color("space:N", legend=legend).scale(domain=["@spaces"], range=["@colors"])
    hover = [
        alt.Tooltip("section:N"),
        alt.Tooltip("space:N", title="vectors"),
        alt.Tooltip("right:Q", format=".1%", title="inputs left out"),
        alt.Tooltip("low:Q", format=".1%", title="from"),
        alt.Tooltip("high:Q", format=".1%", title="to"),
        alt.Tooltip("left_in:Q", format=".1%", title="inputs left in"),
        alt.Tooltip("asked:N", title="questions"),
    ]
    # The second channel beside color: the second space's bars are outlined, not filled.
    bars = base.mark_bar(cornerRadius=2, height={"band": 0.78}, strokeWidth=1.5).encode(
        x=x,
        color=color,
        stroke=alt.Color("space:N", legend=legend).scale(domain=["@spaces"], range=[theme.accent, theme.second]),
        fillOpacity=alt.condition("datum.space == first", alt.value(0.85), alt.value(0.25)),
        tooltip=hover,
    )
    whiskers = base.mark_rule(color=theme.ink, strokeWidth=1.4, aria=False).encode(x=alt.X("low:Q"), x2="high:Q")
    left_in = base.mark_point(
        shape="diamond", size=62, filled=True, opacity=1, color=theme.paper, stroke=theme.ink, strokeWidth=1.3
    ).encode(x=alt.X("left_in:Q"), tooltip=hover)
    return template([bars, whiskers, left_in], numbers=("heads", "first"), width=width)


def rank_scatter(
    pairs: Sequence[tuple[str, str]],
    judged: Reals,
    cosines: Reals,
    ranks: Reals,
    named: Sequence[int],
    theme: Theme,
    *,
    clickable: bool = False,
    width: int | str = "container",
) -> Spec:
    """Every pair of words by its place among people's judgements and among cosines; on the diagonal both agree.

    Args:
        ranks: (N, 2) places from 0 (least similar) to 1.
        named: numbers of the pairs that carry their names.
        clickable: a click on a name or a point picks its pair, "a – b" (`PICK_NAMES`, `picks.PICK_POINT`).
    """
    heights = {
        i: height
        for side in (False, True)
        for i, height in _apart({i: float(ranks[i, 1]) for i in named if (ranks[i, 0] >= 0.5) == side}).items()
    }
    rows = [
        {
            "word": f"{a} – {b}",
            "people": round(float(ranks[i, 0]), 4),
            "cosine": round(float(ranks[i, 1]), 4),
            "judged": float(judged[i]),
            "value": round(float(cosines[i]), 3),
            "beside": round(float(heights.get(i, ranks[i, 1])), 4),
            "kind": _KINDS[0 if i not in named else 1 if ranks[i, 1] > ranks[i, 0] else 2],
        }
        for i, (a, b) in enumerate(pairs)
    ]
    return fill(_scatter_template(theme, width, clickable=clickable), rows=rows)


@stored
def _scatter_template(theme: Theme, width: int | str, *, clickable: bool) -> Spec:
    ends = "datum.value == 0 ? 'least similar' : datum.value == 1 ? 'most' : ''"
    scale = alt.Scale(domain=[-0.02, 1.02], nice=False)

    def axis(name: str, title: str) -> dict[str, Any]:
        return {"shorthand": f"{name}:Q", "title": title, "scale": scale}

    x = alt.X(**axis("people", "place by people’s judgement →")).axis(values=[0, 1], labelExpr=ends, labelFlush=True)
    y = alt.Y(**axis("cosine", "place by cosine →")).axis(values=[0.5], labels=False, ticks=False)
    base = alt.Chart(ROWS).encode(x=x, y=y)
    key = alt.Legend(orient="bottom", title=None, symbolOpacity=1, columns=alt.expr(f"width < {_NARROW} ? 1 : 3"))
    color = alt.Color("kind:N", legend=key).scale(domain=_KINDS, range=[theme.accent, theme.second, theme.palette[3]])
    shape = alt.Shape("kind:N", legend=key).scale(domain=_KINDS, range=["circle", "triangle-up", "triangle-down"])
    strong = alt.datum.kind != _KINDS[0]
    points = base.mark_point(filled=True).encode(
        color=color,
        shape=shape,
        size=alt.condition(strong, alt.value(110), alt.value(30)),
        opacity=alt.condition(strong, alt.value(1), alt.value(0.55)),
        tooltip=[
            alt.Tooltip("word:N", title="pair"),
            alt.Tooltip("judged:Q", title="people", format=".2f"),
            alt.Tooltip("value:Q", title="cosine", format=".2f"),
        ],
    )
    diagonal = alt.Chart(alt.Data(values=[{"people": 0, "cosine": 0, "x2": 1, "y2": 1}]))
    line = diagonal.mark_rule(color=theme.muted, strokeDash=[4, 4]).encode(x=x, y=y, x2="x2:Q", y2="y2:Q")
    layers = [line, picks.clickable(points, picks.PICK_POINT) if clickable else points]
    for side, condition in (("left", "datum.people < 0.5"), ("right", "datum.people >= 0.5")):
        text = base.transform_filter(strong).transform_filter(condition).encode(y=alt.Y(**axis("beside", "")))
        look: dict[str, Any] = {"align": side, "dx": 8 if side == "left" else -8, "fontSize": 12, "fontWeight": 600}
        layers.append(
            text.mark_text(**look, stroke=theme.paper, strokeWidth=4, strokeJoin="round", aria=False).encode(
                text="word:N"
            )
        )
        ink = text.mark_text(**look, color=theme.ink).encode(text="word:N")
        layers.append(picks.clickable(ink, f"pick_{side}") if clickable else ink)
    return template(layers, width=width, height=440)


def _apart(heights: dict[int, float]) -> dict[int, float]:
    """Heights of names, moved apart so that none covers another, inside the plot."""
    order = sorted(heights, key=lambda i: heights[i])
    low = 0.0
    for n, i in enumerate(order):
        low = min(max(heights[i], low), 1 - _LINE * (len(order) - 1 - n))
        heights[i] = low
        low += _LINE
    return heights


def association_dots(
    words: Sequence[str],
    sets: Sequence[str],
    associations: Reals,
    means: Mapping[str, float],
    toward: tuple[str, str],
    theme: Theme,
    *,
    clickable: bool = False,
    width: int | str = "container",
) -> Spec:
    """Each target word by how much nearer it is to A than to B, the nearest to A on top.

    Args:
        words: one that is in both sets has both its points on one line, in the place of the first.
        sets: the name of each word's set, one of two.
        means: of both sets, under their names.
        toward: names of A and B.
        clickable: a click on a row picks its word (`picks.PICK`).
    """
    first = [associations[words.index(word)] for word in words]
    order = np.argsort(-np.array(first), kind="stable")
    rows = [{"word": words[i], "set": sets[i], "association": round(float(associations[i]), 4)} for i in order]
    lines = [{"set": name, "association": mean} for name, mean in means.items()]
    title = f"← {toward[1]} · {toward[0]} →"
    many = len(rows) > 24
    room = widest(words, _FONTS[many], _LONGEST)  # of the words at the left
    drawn = _dots_template(theme, width, many=many, clickable=clickable)
    spec = fill(drawn, rows=rows, means=lines, names=list(means), title=title, room=room)
    return spec | as_high_as(len(rows), 13 if many else 21)


@stored
def _dots_template(theme: Theme, width: int | str, *, many: bool, clickable: bool) -> Spec:
    x = alt.X("association:Q", title="@title")
    x = x.axis(tickCount=5, format="+.2f")
    y = alt.Y("word:N", sort=None, title=None).scale(type="point", padding=0.5)
    y = y.axis(ticks=False, domain=False, grid=False, labelFontSize=_FONTS[many], labelOverlap=False, labelFlush=False)
    columns = alt.expr(f"width < {_NARROW} ? 1 : 2")
    key = alt.Legend(orient="bottom", title=None, symbolSize=90, symbolOpacity=1, columns=columns)
    color = alt.Color("set:N", legend=key).scale(domain=["@names"], range=[theme.accent, theme.second])
    shape = alt.Shape("set:N", legend=key).scale(domain=["@names"], range=["circle", "square"])
    base = alt.Chart(ROWS).encode(x=x, y=y, color=color)
    hover = ["word:N", "set:N", alt.Tooltip("association:Q", format="+.3f")]
    stems = base.mark_rule(strokeWidth=1.4, opacity=0.7, aria=False).encode(x2=alt.datum(0))
    dots = base.mark_point(filled=True, size=60 if many else 95, opacity=1).encode(shape=shape, tooltip=hover)
    zero = alt.Chart(alt.Data(values=[{"association": 0}])).mark_rule(color=theme.muted).encode(x=x)
    mean = alt.Chart(alt.InlineData(values="@means")).mark_rule(strokeDash=[5, 3], strokeWidth=2)
    layers = [zero, stems, dots, mean.encode(x=x, color=color)]
    if clickable:  # the whole row, with the word at its left
        row = alt.Chart(ROWS).mark_rule(strokeWidth=13 if many else 21, opacity=0, cursor="pointer")
        row = row.encode(y=y, x=alt.value(alt.expr("-room")), x2=alt.value("width"), tooltip=hover)
        layers.append(picks.clickable(row))
    return template(layers, numbers=("room",), width=width)


def null_histogram(null: Reals, observed: float, theme: Theme, *, width: int | str = "container") -> Spec:
    """How often a split by chance gives each effect size, those at least as large as the observed one in color."""
    low, high = min(-2.0, float(null.min())), max(2.0, float(null.max()))  # beyond 2 with sets of unequal sizes
    counts, edges = np.histogram(null, bins=np.linspace(low, high, _BINS + 1))
    rows = [
        {"from": float(a), "to": float(b), "share": float(n / len(null))}
        for n, a, b in zip(counts, edges[:-1], edges[1:], strict=True)
    ]
    observed = float(observed)
    seen = [{"from": observed, "said": f"these lists: {observed:+.2f}"}]
    return fill(_null_template(theme, width, positive=observed > 0), rows=rows, seen=seen, observed=observed)


@stored
def _null_template(theme: Theme, width: int | str, *, positive: bool) -> Spec:
    x = alt.X("from:Q", bin="binned", title="effect size by chance").axis(grid=False, tickCount=5)
    y = alt.Y("share:Q", title="splits").axis(format="%", tickCount=3)
    beyond = alt.condition("datum.to > observed", alt.value(theme.second), alt.value(theme.muted))
    hover = [alt.Tooltip("from:Q", format="+.2f"), alt.Tooltip("to:Q", format="+.2f")]
    bars = (
        alt.Chart(ROWS)
        .mark_bar(stroke=theme.paper, strokeWidth=0.5)
        .encode(x=x, x2="to:Q", y=y, color=beyond, tooltip=[*hover, alt.Tooltip("share:Q", format=".2%")])
    )
    seen = alt.Chart(alt.InlineData(values="@seen"))
    rule = seen.mark_rule(color=theme.ink, strokeWidth=2).encode(x="from:Q")
    side: dict[str, Any] = {"align": "right" if positive else "left"}
    said = seen.mark_text(**side, baseline="bottom", fontSize=12, fontWeight=600, color=theme.ink)
    return template(
        [bars, rule, said.encode(x="from:Q", y=alt.value(-4), text="said:N")],
        numbers=("observed",),
        width=width,
        height=150,
    )
