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
_PLANES = (320, 480, 760)  # widths in pixels that the map of moves is laid out for
_TALL = 420  # pixels of its height at most
_MARGIN = (48, 26)  # pixels kept free around its points, for labels
_ROW = 34  # pixels of a word with its three bars


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
    wide = alt.expr(f"width > {90 * count} ? {count} : {max(count - 2, 1)}")
    key = (
        alt.Legend(orient="bottom", title=None, columns=wide, symbolSize=90, symbolOpacity=1, symbolStrokeWidth=0)
        if legend
        else None
    )
    names = look["names"][:count]
    return {
        "color": alt.Color("method:N", legend=key).scale(domain=names, range=look["colors"][:count]),
        "shape": alt.Shape("method:N", legend=key).scale(domain=names, range=look["shapes"][:count]),
    }


def learning_curve(curves: "LearningCurves", theme: Theme, *, height: int = 500) -> alt.LayerChart:
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

    Positions are computed for a few widths; the browser takes the widest that fits the place on the page.

    Args:
        groups: names of the directions, in the order of the palette.
        meaning: of the horizontal axis.
    """
    ends = np.array([[arrow.before, arrow.after] for arrow in arrows])  # (W, 2, 2)
    rows = [{"word": arrow.word, "group": arrow.group} for arrow in arrows]
    for row, (before, after) in zip(rows, ends, strict=True):
        row["moved"] = float(np.hypot(*(after - before)))
    height = 0.0
    for width in _PLANES:
        laid_out, tall = _arrow_places(ends, [arrow.word for arrow in arrows], width)
        height = max(height, tall)
        for row, places in zip(rows, laid_out, strict=True):
            for name, value in places.items():
                row.setdefault(name, []).append(round(value, 1))
    color = alt.Color("group:N", legend=alt.Legend(orient="bottom", title=None, symbolOpacity=1, symbolSize=90))
    color = color.scale(domain=list(groups), range=list(theme.palette[: len(groups)]))
    shape = alt.Shape("group:N", legend=None).scale(domain=list(groups), range=list(SHAPES[: len(groups)]))
    tier = " : ".join(f"width >= {width + 4} ? {n}" for n, width in reversed(list(enumerate(_PLANES)))) + " : 0"
    base = alt.Chart(alt.Data(values=rows)).transform_calculate(tier=tier)
    base = base.transform_calculate(
        **{name: f"width / 2 + datum.{name}s[datum.tier]" for name in "xups"},
        **{name: f"height / 2 - datum.{name}s[datum.tier]" for name in "yvqt"},
        angle="datum.angles[datum.tier]",
    )

    def at(x: str, y: str) -> dict[str, alt.X | alt.Y]:
        return {"x": alt.X(f"{x}:Q", scale=None, axis=None), "y": alt.Y(f"{y}:Q", scale=None, axis=None)}

    hover = [
        "word:N",
        alt.Tooltip("group:N", title="moved"),
        alt.Tooltip("moved:Q", title="on this plane", format=".2f"),
    ]
    shafts = base.mark_rule(strokeWidth=2, opacity=0.65, aria=False).encode(
        **at("x", "y"), x2="p:Q", y2="q:Q", color=color
    )
    starts = base.mark_point(size=45, filled=False, strokeWidth=1.6)
    starts = starts.encode(**at("x", "y"), color=color, shape=shape, tooltip=hover)
    heads = base.mark_point(shape="triangle", size=130, filled=True, opacity=1, aria=False)
    heads = heads.encode(**at("u", "v"), color=color, angle=alt.Angle("angle:Q", scale=None), tooltip=hover)
    halo = base.mark_text(
        fontSize=13, fontWeight=600, stroke=theme.paper, strokeWidth=4, strokeJoin="round", aria=False
    )
    ink = base.mark_text(fontSize=13, fontWeight=600, color=theme.ink)
    texts = [layer.encode(**at("s", "t"), text="word:N") for layer in (halo, ink)]
    axis = alt.Chart(alt.Data(values=[{}])).mark_text(baseline="bottom", color=theme.muted, fontSize=12, text=meaning)
    axis = axis.encode(x=alt.value(alt.expr("width / 2")), y=alt.value(alt.expr("height - 2")))
    layers = alt.layer(shafts, starts, heads, *texts, axis)
    return layers.properties(width="container", height=height + 70)


def _arrow_places(ends: np.ndarray, words: Sequence[str], width: int) -> tuple[list[dict[str, float]], float]:
    """The layout for a map of this width, and the height that it takes.

    Returns:
        For each word, pixels from the middle: start x y, tip u v, end of the shaft p q, label s t; and the head's angle.
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
    return alt.layer(zero, spans, dots).properties(width="container", height=24 * len(order) + 130)


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
    return alt.layer(bars, dots).properties(width="container", height=400)


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
    return alt.layer(rule, said, lines).properties(width="container", height=290, title=SCREEN[run.start])
