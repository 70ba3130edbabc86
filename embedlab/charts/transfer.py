"""The pictures of Transfer: learning curves, words that moved, antonyms, unseen words, losses, shares in a verdict."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import altair as alt
import numpy as np

from embedlab.charts.labels import label_places
from embedlab.charts.theme import SHAPES, Theme

if TYPE_CHECKING:
    from embedlab.learning_curves import LearningCurves
    from embedlab.movement import PairSimilarity
    from embedlab.three_ways import WayRun
    from embedlab.unseen_words import UnseenScore
    from embedlab.verdicts import Verdict

METHODS = ("scratch", "fine-tuned", "frozen", "bag of words")
SCREEN = {"scratch": "from scratch", "fine-tuned": "fine-tuned", "frozen": "frozen", "bag of words": "word counts"}
_PLANE = (520, 400)  # pixels of the map of moves
_MARGIN = 46  # pixels kept free around its points, for labels
_ROW = 30  # pixels of a word with its three bars


def _looks(theme: Theme) -> dict[str, list]:
    """Colour, shape and line of each method, the same in every picture."""
    return {
        "names": [SCREEN[method] for method in METHODS],
        "colors": [theme.palette[1], theme.palette[2], theme.palette[0], theme.muted],
        "shapes": ["square", "triangle-up", "circle", "cross"],
        "dashes": [[1, 0], [1, 0], [1, 0], [5, 3]],
    }


def _channels(theme: Theme, *, legend: bool = True, count: int = 4) -> dict[str, alt.Color | alt.Shape]:
    look = _looks(theme)
    key = alt.Legend(orient="bottom", title=None, columns=2, symbolSize=90, symbolOpacity=1) if legend else None
    names = look["names"][:count]
    return {
        "color": alt.Color("method:N", legend=key).scale(domain=names, range=look["colors"][:count]),
        "shape": alt.Shape("method:N", legend=key).scale(domain=names, range=look["shapes"][:count]),
    }


def learning_curve(curves: "LearningCurves", theme: Theme, *, height: int = 380) -> alt.LayerChart:
    """Mean accuracy and its standard deviation over the runs, against the number of training sentences."""
    rows = [
        {
            "method": SCREEN[p.method],
            "sentences": p.size,
            "accuracy": p.mean,
            "low": max(p.mean - p.spread, 0.0),
            "high": min(p.mean + p.spread, 1.0),
            "said": f"{p.mean:.1%} ± {p.spread:.1%}",
            "runs": len(p.accuracies),
        }
        for p in curves.points
    ]
    sizes = sorted({p.size for p in curves.points}) or [10, 1_000]
    lows = [float(row["low"]) for row in rows]  # type: ignore[arg-type]
    floor = max(0.0, np.floor(20 * min([curves.majority, *lows]) - 0.2) / 20)
    ceiling = min(1.0, np.ceil(20 * max([0.6, *(float(row["high"]) for row in rows)])) / 20)  # type: ignore[arg-type]
    x = alt.X("sentences:Q", title="training sentences").scale(
        type="log", domain=[sizes[0] * 0.85, sizes[-1] * 1.18], nice=False
    )
    x = x.axis(values=sizes, format=",d", grid=False, labelOverlap=True)
    y = alt.Y("accuracy:Q", title="accuracy on test sentences").scale(domain=[floor, ceiling], nice=False, zero=False)
    y = y.axis(format="%", tickCount=6)
    look, channels = _looks(theme), _channels(theme)
    dash = alt.StrokeDash("method:N", legend=None).scale(domain=look["names"], range=look["dashes"])
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, y=y, color=channels["color"])
    hover = ["method:N", alt.Tooltip("sentences:Q", format=","), alt.Tooltip("said:N", title="accuracy"), "runs:Q"]
    counted = alt.datum.method == SCREEN["bag of words"]
    band = base.transform_filter(~counted).mark_area(opacity=0.13, aria=False)
    band = band.encode(y=alt.Y("low:Q"), y2="high:Q")
    lines = base.mark_line(strokeWidth=2.4, aria=False).encode(strokeDash=dash)
    points = base.mark_point(filled=True, size=95, opacity=1, stroke=theme.paper, strokeWidth=1.2)
    points = points.encode(shape=channels["shape"], tooltip=hover)
    most = alt.Chart(alt.Data(values=[{"accuracy": curves.majority}]))
    rule = most.mark_rule(color=theme.muted, strokeDash=[2, 3]).encode(y=y)
    name = most.mark_text(align="right", baseline="bottom", dy=-3, color=theme.muted, fontSize=12)
    name = name.encode(x=alt.value(alt.expr("width - 4")), y=y, text=alt.value("always the most frequent label"))
    return alt.layer(rule, name, band, lines, points).properties(width="container", height=height)


class Arrow(NamedTuple):
    """A word's place before and after, on one plane."""

    word: str
    before: tuple[float, float]
    after: tuple[float, float]
    group: str  # where it moved


def moves_map(arrows: Sequence[Arrow], groups: Sequence[str], theme: Theme, *, meaning: str) -> alt.LayerChart:
    """Arrows from where words were to where fine-tuning took them; a unit is as long on both axes.

    Args:
        groups: names of the directions, in the order of the palette.
        meaning: of the horizontal axis.
    """
    ends = np.array([[arrow.before, arrow.after] for arrow in arrows])  # (W, 2, 2)
    low, high = ends.reshape(-1, 2).min(axis=0), ends.reshape(-1, 2).max(axis=0)
    room = np.array(_PLANE) - 2 * _MARGIN
    unit = float(np.max(np.maximum(high - low, 1e-6) / room))  # of the plane, in a pixel
    corner = (low + high) / 2 - unit * np.array(_PLANE) / 2
    pixels = (ends - corner) / unit  # (W, 2, 2) from the lower left corner
    labels = label_places(pixels[None, :, 1], [a.word for a in arrows], width=_PLANE[0], height=_PLANE[1])[0]
    rows = []
    for arrow, ((x, y), (u, v)), (s, t) in zip(arrows, pixels, labels, strict=True):
        length = float(np.hypot(u - x, v - y))
        back = min(7 / length, 1.0) if length > 0 else 0.0  # the shaft ends inside the head
        rows.append(
            {
                "word": arrow.word, "group": arrow.group, "x": x, "y": y, "u": u, "v": v, "s": s, "t": t,
                "p": u - back * (u - x), "q": v - back * (v - y),
                "angle": float(np.degrees(np.arctan2(u - x, v - y))), "moved": length * unit,
            }
        )  # fmt: skip
    colors = [theme.palette[i % len(theme.palette)] for i in (1, 0, *range(2, len(groups)))][: len(groups)]
    color = alt.Color("group:N", legend=alt.Legend(orient="bottom", title=None, symbolOpacity=1)).scale(
        domain=list(groups), range=colors
    )
    shape = alt.Shape("group:N", legend=None).scale(domain=list(groups), range=list(SHAPES[: len(groups)]))
    spans = [alt.Scale(domain=[0, size], nice=False) for size in _PLANE]

    def at(x: str, y: str) -> dict[str, alt.X | alt.Y]:
        across = alt.X(f"{x}:Q", title=meaning, scale=spans[0]).axis(
            labels=False, ticks=False, grid=False, domain=False
        )
        return {"x": across, "y": alt.Y(f"{y}:Q", scale=spans[1], axis=None)}

    base = alt.Chart(alt.Data(values=rows))
    hover = [
        "word:N",
        alt.Tooltip("group:N", title="moved"),
        alt.Tooltip("moved:Q", title="on this plane", format=".2f"),
    ]
    shafts = base.mark_rule(strokeWidth=2, opacity=0.65, aria=False).encode(
        **at("x", "y"), x2="p:Q", y2="q:Q", color=color
    )
    starts = base.mark_point(size=45, filled=False, strokeWidth=1.6).encode(
        **at("x", "y"), color=color, shape=shape, tooltip=hover
    )
    heads = base.mark_point(shape="triangle", size=130, filled=True, opacity=1, aria=False)
    heads = heads.encode(**at("u", "v"), color=color, angle=alt.Angle("angle:Q", scale=None), tooltip=hover)
    halo = base.mark_text(
        fontSize=13, fontWeight=600, stroke=theme.paper, strokeWidth=4, strokeJoin="round", aria=False
    )
    ink = base.mark_text(fontSize=13, fontWeight=600, color=theme.ink)
    texts = [layer.encode(**at("s", "t"), text="word:N") for layer in (halo, ink)]
    return alt.layer(shafts, starts, heads, *texts).properties(width=_PLANE[0], height=_PLANE[1])


def antonym_dots(pairs: "Sequence[PairSimilarity]", theme: Theme) -> alt.LayerChart:
    """Cosine of each pair in the three spaces; a line leads from the frozen to the fine-tuned one."""
    rows = [{"pair": " · ".join(p.pair), "method": SCREEN[p.space], "similarity": p.similarity} for p in pairs]
    order = list(dict.fromkeys(row["pair"] for row in rows))
    channels = _channels(theme, count=3)
    y = alt.Y("pair:N", title=None, sort=order).axis(
        ticks=False, domain=False, labelLimit=160, grid=True, gridOpacity=0.4
    )
    x = alt.X("similarity:Q", title="similarity (cosine)").scale(domain=[-1, 1]).axis(tickCount=5)
    base = alt.Chart(alt.Data(values=rows))
    spans = base.transform_filter(alt.datum.method != SCREEN["scratch"])
    spans = spans.mark_line(color=theme.muted, strokeWidth=1.5, aria=False).encode(x=x, y=y, detail="pair:N")
    dots = base.mark_point(filled=True, size=100, opacity=1, stroke=theme.paper, strokeWidth=1.2)
    dots = dots.encode(x=x, y=y, **channels, tooltip=["pair:N", "method:N", alt.Tooltip("similarity:Q", format=".2f")])
    zero = alt.Chart(alt.Data(values=[{"similarity": 0}])).mark_rule(color=theme.muted, strokeDash=[2, 3]).encode(x=x)
    return alt.layer(zero, spans, dots).properties(width="container", height=alt.Step(24))


def unseen_dots(scores: "Sequence[UnseenScore]", theme: Theme) -> alt.LayerChart:
    """Accuracy by the share of unseen words, with standard errors."""
    rows = [
        {
            "method": SCREEN[s.method], "share": s.share, "accuracy": s.accuracy, "count": s.count,
            "low": max(s.accuracy - s.error, 0), "high": min(s.accuracy + s.error, 1),
        }
        for s in scores
    ]  # fmt: skip
    shares = list(dict.fromkeys(s.share for s in scores))
    look, channels = _looks(theme), _channels(theme)
    x = alt.X("share:N", title="share of a sentence's words that training never saw", sort=shares)
    x = x.axis(labelAngle=0, ticks=False)
    offset = alt.XOffset("method:N", sort=look["names"]).scale(domain=look["names"], paddingOuter=0.6)
    low = min([0.5, *(float(row["low"]) for row in rows)])  # type: ignore[arg-type]
    y = alt.Y("accuracy:Q", title="accuracy").scale(domain=[np.floor(low * 10) / 10, 1], zero=False).axis(format="%")
    base = alt.Chart(alt.Data(values=rows)).encode(x=x, xOffset=offset, color=channels["color"])
    bars = base.mark_rule(strokeWidth=2, opacity=0.6, aria=False).encode(y=alt.Y("low:Q"), y2="high:Q")
    hover = [
        "method:N",
        "share:N",
        alt.Tooltip("accuracy:Q", format=".1%"),
        alt.Tooltip("count:Q", format=",", title="sentences × runs"),
    ]
    dots = base.mark_point(filled=True, size=110, opacity=1, stroke=theme.paper, strokeWidth=1.2)
    dots = dots.encode(y=y, shape=channels["shape"], tooltip=hover)
    return alt.layer(bars, dots).properties(width="container", height=320)


def verdict_bars(verdicts: "Sequence[Verdict]", theme: Theme) -> alt.LayerChart:
    """What each word of one sentence adds to each verdict; a word that a classifier lacks is marked."""
    look = _looks(theme)
    rows = []
    for verdict in verdicts:
        for place, share in enumerate(verdict.shares):
            row = {"place": place, "word": share.word, "method": SCREEN[verdict.start], "amount": share.amount}
            mark = {"unknown": "no vector", "untrained": "random vector"}.get(share.known, "")
            rows.append(row | {"known": share.known, "mark": mark})
    names, words = look["names"][:3], [share.word for share in verdicts[0].shares]
    y = alt.Y("place:O", title=None).axis(
        ticks=False, domain=False, labelExpr=f"{json.dumps(words)}[datum.value]", labelLimit=140, labelFontSize=13
    )
    offset = alt.YOffset("method:N", sort=names).scale(domain=names, paddingInner=0.15, paddingOuter=0.35)
    x = alt.X("amount:Q", title=f"← against · for “{verdicts[0].label}” → (nats)").axis(tickCount=5)
    base = alt.Chart(alt.Data(values=rows)).encode(y=y, yOffset=offset, color=_channels(theme, count=3)["color"])
    hover = [
        "word:N",
        "method:N",
        alt.Tooltip("amount:Q", format="+.2f", title="nats"),
        alt.Tooltip("known:N", title="the word is"),
    ]
    bars = base.mark_bar(cornerRadius=1).encode(x=x, tooltip=hover)
    tips = base.transform_filter("datum.known != 'unknown'").mark_point(
        filled=True, size=42, opacity=1, stroke=theme.paper
    )
    tips = tips.encode(x=x, shape=_channels(theme, count=3)["shape"], tooltip=hover)
    marks = base.transform_filter("datum.mark != ''").mark_text(align="left", dx=6, fontSize=10, fontStyle="italic")
    marks = marks.encode(x=alt.X("amount:Q"), text="mark:N")
    zero = alt.Chart(alt.Data(values=[{"amount": 0}])).mark_rule(color=theme.muted).encode(x=x)
    return alt.layer(zero, bars, tips, marks).properties(
        width="container", height=alt.Step(_ROW, **{"for": "position"})
    )


def loss_curves(run: "WayRun", theme: Theme, *, top: float) -> alt.LayerChart:
    """Training and validation loss of one run; where an early stop went back to is marked.

    Args:
        top: where the axis ends, so that several charts can be compared.
    """
    parts = {"training": run.training_losses, "validation": run.validation_losses}
    rows = [
        {"part": part, "update": int(update), "loss": float(loss)}
        for part, losses in parts.items()
        for update, loss in zip(run.updates, losses, strict=True)
    ]
    key = alt.Legend(orient="bottom", title=None, symbolStrokeWidth=2.5)
    x = alt.X("update:Q", title="update").axis(grid=False, tickCount=4)
    y = alt.Y("loss:Q", title="loss (nats)").scale(domain=[0, top], clamp=True).axis(tickCount=4)
    color = alt.Color("part:N", legend=key).scale(domain=list(parts), range=[theme.accent, theme.second])
    dash = alt.StrokeDash("part:N", legend=key).scale(domain=list(parts), range=[[1, 0], [5, 3]])
    lines = alt.Chart(alt.Data(values=rows)).mark_line(strokeWidth=2.2)
    lines = lines.encode(
        x=x, y=y, color=color, strokeDash=dash, tooltip=["part:N", "update:Q", alt.Tooltip("loss:Q", format=".3f")]
    )
    chosen = alt.Chart(alt.Data(values=[{"update": run.chosen, "said": "kept"}]))
    rule = chosen.mark_rule(color=theme.muted, strokeDash=[2, 3]).encode(x="update:Q")
    said = chosen.mark_text(align="right", dx=-4, baseline="top", color=theme.muted, fontSize=11)
    said = said.encode(x="update:Q", y=alt.value(2), text="said:N")
    return alt.layer(rule, said, lines).properties(width="container", height=190, title=SCREEN[run.start])
