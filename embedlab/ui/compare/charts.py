"""Charts of the page Compare: how many words agree how far, and both neighborhoods of a word in one plane."""

from collections.abc import Sequence

import altair as alt

from embedlab.charts import arrows
from embedlab.charts.templates import ROWS, Spec, fill, stored, template
from embedlab.charts.theme import Theme
from embedlab.comparison.agreement import Agreement, Around
from embedlab.comparison.alignment import OnePlane

_HEIGHT = 300


def overlap_histogram(
    counts: Sequence[int],
    edges: Sequence[float],
    theme: Theme,
    *,
    mean: float,
    chance: float,
    width: int | str = "container",
) -> Spec:
    """Words by the share of their neighbors that two spaces agree on, the mean and chance as lines with their names.

    Args:
        counts: of each of B bins.
        edges: (B + 1) ascending, from about 0 to about 1.
        mean, chance: in [0, 1].
        width: px, or "container" for the place on the page.
    """
    rows = [
        {"from": float(low), "to": float(high), "overlap": (float(low) + float(high)) / 2, "words": int(count)}
        for count, low, high in zip(counts, edges[:-1], edges[1:], strict=True)
    ]
    return fill(
        _template(theme, width, mean_at_right=mean > 0.7),
        rows=rows,
        ends=[float(edges[0]), float(edges[-1])],
        top=max(max(counts), 1) * 1.3,  # room for the lines' names
        chance=[{"at": float(chance), "said": f"chance {chance:.2%}"}],
        mean=[{"at": float(mean), "said": f"mean {mean:.0%}"}],
    )


@stored
def _template(theme: Theme, width: int | str, *, mean_at_right: bool) -> Spec:
    scale = alt.Scale(domain=["@ends"], nice=False)
    axis = alt.Axis(grid=False, format=".0%", values=[0, 0.25, 0.5, 0.75, 1])
    words = alt.Y("words:Q", title="words", scale=alt.Scale(domain=[0, "@top"], nice=False))
    bars = alt.Chart(ROWS).mark_bar(color=theme.accent, stroke=theme.paper, strokeWidth=1)
    bars = bars.encode(
        x=alt.X("from:Q", bin="binned", title="neighbors that both have", scale=scale, axis=axis),
        x2="to:Q",
        y=words.axis(format="~s", tickCount=4, tickMinStep=1),
        tooltip=[
            alt.Tooltip("overlap:Q", title="neighbors that both have", format=".0%"),
            alt.Tooltip("words:Q", format=","),
        ],
    )
    lines = [
        *_line("@chance", theme.ink, [2, 3], 8, right=False),
        *_line("@mean", theme.second, [6, 3], 26, right=mean_at_right),
    ]
    return template([bars, *lines], height=_HEIGHT, width=width)


def _line(rows: str, color: str, dash: list[int], top: int, *, right: bool) -> list[alt.Chart]:
    """A vertical line and its name, which stands at the left of it where `right` has no room."""
    base = alt.Chart(alt.InlineData(values=rows)).encode(x="at:Q")
    text = base.mark_text(align="right" if right else "left", dx=-6 if right else 6, fontSize=12, fontWeight=600)
    return [
        base.mark_rule(color=color, strokeWidth=2, strokeDash=dash, aria=False),
        text.encode(y=alt.value(top), text="said:N", color=alt.value(color)),
    ]


def spread_chart(every: Agreement, theme: Theme, width: int | str = "container") -> Spec:
    """How many words agree how far."""
    counts, edges = every.histogram()
    return overlap_histogram(counts.tolist(), edges.tolist(), theme, mean=every.mean, chance=every.chance, width=width)


def plane_chart(drawn: OnePlane, word: Around, theme: Theme, *, clickable: bool = False) -> Spec:
    """The arrows, their colors and shapes by where a word is near."""
    groups = ["the word itself", "near in both", "only in the first", "only in the second"]
    places = {word.word: groups[0]} | dict.fromkeys(word.both, groups[1]) | dict.fromkeys(word.only[0], groups[2])
    ways = [
        arrows.Arrow(name, (float(a[0]), float(a[1])), (float(b[0]), float(b[1])), places.get(name, groups[3]))
        for name, a, b in zip(drawn.words, drawn.first, drawn.second, strict=True)
    ]
    used = [group for group in groups if any(way.group == group for way in ways)]
    return arrows.moves_map(ways, used, theme, meaning="", grouped="where", clickable=clickable)
