"""The pictures of Transfer: learning curves, antonyms, unseen words, losses, and what words add to a prediction."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from embedlab.charts import picks
from embedlab.charts.labels import widest
from embedlab.charts.templates import ROWS, Spec, as_high_as, fill, stored, template
from embedlab.charts.theme import Theme
from embedlab.lessons.transfer.conclusions import NAMES
from embedlab.lessons.transfer.config import STARTS
from embedlab.lessons.transfer.learning_curves import METHODS

if TYPE_CHECKING:
    from embedlab.lessons.transfer.learning_curves import LearningCurves, UnseenScore
    from embedlab.lessons.transfer.movement import AntonymSimilarity
    from embedlab.lessons.transfer.predictions import Prediction
    from embedlab.lessons.transfer.three_starts import StartRun

_FONT, _LONGEST = 13, 140  # pixels of words at the left of bars, and of the room that they get at most
_ROW = 34  # pixels of a word with its three bars
_PAIR = 160  # pixels of the longest pair of words at the left
_KNOWN = {
    "trained": "from the training sentences",
    "pretrained": "only in the pretrained vectors",
    "untrained": "not in the training sentences",
    "unknown": "without a vector",
}


def _looks(theme: Theme) -> dict[str, list[Any]]:
    """Color, shape and line of each method, the same in every picture."""
    return {
        "names": [NAMES[method] for method in METHODS],
        "colors": [theme.palette[1], theme.palette[2], theme.palette[0], theme.muted, theme.palette[3]],
        "shapes": ["square", "triangle-up", "circle", "cross", "diamond"],
        "dashes": [[1, 0], [1, 0], [1, 0], [5, 3], [2, 2]],
    }


def _channels(theme: Theme, *, starts: bool = False) -> tuple[alt.Color, alt.Shape]:
    """Color and shape of all methods, or of the three starts, with one legend for both."""
    look, count = _looks(theme), len(STARTS) if starts else len(METHODS)
    columns = alt.expr("width > 270 ? 3 : 1" if starts else "width > 560 ? 5 : 2")
    key = alt.Legend(orient="bottom", title=None, columns=columns, symbolSize=90, symbolOpacity=1, symbolStrokeWidth=0)
    names = look["names"][:count]
    color = alt.Color("method:N", legend=key).scale(domain=names, range=look["colors"][:count])
    return color, alt.Shape("method:N", legend=key).scale(domain=names, range=look["shapes"][:count])


def learning_curve(curves: "LearningCurves", theme: Theme, *, sizes: Sequence[int] = (), height: int = 500) -> Spec:
    """Mean accuracy and its standard deviation over the runs, against the number of training sentences.

    Args:
        sizes: numbers of sentences that will be measured, so that the axis stays as it is while points arrive; those
            of the points when empty.
        height: pixels, with axis and legend.
    """
    rows = [
        {
            "method": NAMES[p.method],
            "sentences": p.size,
            "accuracy": p.mean,
            "low": max(p.mean - p.spread, 0.0),
            "high": min(p.mean + p.spread, 1.0),
            "said": f"{p.mean:.1%} ± {p.spread:.1%}",
            "runs": len(p.accuracies),
        }
        for p in curves.points
    ]
    sizes = sizes or sorted({p.size for p in curves.points}) or [10, 1_000]
    lows, highs = ([max(p.mean - p.spread, 0) for p in curves.points], [p.mean + p.spread for p in curves.points])
    floor = max(0.0, np.floor(20 * min([curves.majority - 0.01, *lows])) / 20)
    ceiling = min(1.0, np.ceil(20 * max([0.9, *highs])) / 20)
    spec = fill(
        _curves_template(theme),
        rows=rows,
        sizes=list(sizes),
        ends=[sizes[0] * 0.85, sizes[-1] * 1.18],
        floor=float(floor),
        ceiling=float(ceiling),
        majority=[{"accuracy": curves.majority}],
    )
    return spec | {"height": height}


@stored
def _curves_template(theme: Theme) -> Spec:
    x = alt.X("sentences:Q", title="training sentences").scale(type="log", domain=["@ends"], nice=False)
    x = x.axis(values=["@sizes"], format=",d", grid=False, labelOverlap=True)
    y = alt.Y("accuracy:Q", title="accuracy on test sentences").scale(
        domain=["@floor", "@ceiling"], nice=False, zero=False
    )
    y = y.axis(format="%", tickCount=6)
    look, (color, shape) = _looks(theme), _channels(theme)
    dash = alt.StrokeDash("method:N").scale(domain=look["names"], range=look["dashes"])
    base = alt.Chart(ROWS).encode(x=x, y=y, color=color)
    hover = ["method:N", alt.Tooltip("sentences:Q", format=","), alt.Tooltip("said:N", title="accuracy"), "runs:Q"]
    band = base.transform_filter(alt.FieldOneOfPredicate("method", look["names"][: len(STARTS)])).mark_area(
        opacity=0.13, aria=False
    )
    band = band.encode(y=alt.Y("low:Q"), y2="high:Q")
    lines = base.mark_line(strokeWidth=2.4, aria=False).encode(strokeDash=dash)
    points = base.mark_point(filled=True, size=95, opacity=1, stroke=theme.paper, strokeWidth=1.2)
    points = points.encode(shape=shape, tooltip=hover)
    most = alt.Chart(alt.InlineData(values="@majority"))
    rule = most.mark_rule(color=theme.muted, strokeDash=[2, 3]).encode(y=y)
    name = most.mark_text(align="right", baseline="top", dy=4, color=theme.muted, fontSize=12)
    name = name.encode(x=alt.value(alt.expr("width - 4")), y=y, text=alt.value("always the most frequent label"))
    return template([rule, name, band, lines, points], width="container")


def antonym_dots(pairs: "Sequence[AntonymSimilarity]", theme: Theme) -> Spec:
    """Cosine of each pair in the three spaces; a line leads to it from where training began."""
    rows = [
        {"word": " · ".join(p.pair), "method": NAMES[p.space], "before": p.before, "similarity": p.similarity}
        for p in pairs
    ]
    order = list(dict.fromkeys(" · ".join(p.pair) for p in pairs))
    return fill(_antonyms_template(theme), rows=rows, pairs=order) | {"height": 24 * len(order) + 130}


@stored
def _antonyms_template(theme: Theme) -> Spec:
    color, shape = _channels(theme, starts=True)
    y = alt.Y("word:N", title=None, sort=["@pairs"]).axis(
        ticks=False, domain=False, labelLimit=_PAIR, grid=True, gridOpacity=0.4
    )
    x = alt.X("similarity:Q", title="similarity (cosine)").scale(domain=[-1, 1]).axis(tickCount=5)
    base = alt.Chart(ROWS)
    spans = base.mark_rule(strokeWidth=1.5, opacity=0.7, aria=False)
    spans = spans.encode(x=x, x2="before:Q", y=y, color=color)
    dots = base.mark_point(filled=True, size=100, opacity=1, stroke=theme.paper, strokeWidth=1.2)
    numbers = [alt.Tooltip(f"{name}:Q", format=".2f") for name in ("before", "similarity")]
    dots = dots.encode(x=x, y=y, color=color, shape=shape, tooltip=["word:N", "method:N", *numbers])
    row = base.mark_rect(cursor="pointer").encode(y=y, x=alt.value(-_PAIR), x2=alt.value("width"), opacity=alt.value(0))
    zero = alt.Chart(alt.Data(values=[{"similarity": 0}])).mark_rule(color=theme.muted, strokeDash=[2, 3]).encode(x=x)
    return template([zero, spans, dots, picks.clickable(row)], width="container")


def unseen_dots(scores: "Sequence[UnseenScore]", theme: Theme) -> Spec:
    """Accuracy by the share of unseen words, with standard errors."""
    rows = [
        {
            "method": NAMES[s.method], "share": s.share, "accuracy": s.accuracy, "count": s.sentences,
            "low": max(s.accuracy - s.error, 0), "high": min(s.accuracy + s.error, 1),
        }
        for s in scores
    ]  # fmt: skip
    shares = list(dict.fromkeys(s.share for s in scores))
    low = min([0.5, *(max(s.accuracy - s.error, 0) for s in scores)])
    return fill(_unseen_template(theme), rows=rows, shares=shares, low=float(np.floor(low * 10)) / 10)


@stored
def _unseen_template(theme: Theme) -> Spec:
    look, (color, shape) = _looks(theme), _channels(theme)
    x = alt.X("share:N", title="share of a sentence's words that training never saw", sort=["@shares"])
    x = x.axis(labelAngle=0, ticks=False)
    offset = alt.XOffset("method:N", sort=look["names"]).scale(domain=look["names"], paddingOuter=0.6)
    y = alt.Y("accuracy:Q", title="accuracy").scale(domain=["@low", 1], zero=False).axis(format="%")
    base = alt.Chart(ROWS).encode(x=x, xOffset=offset, color=color)
    bars = base.mark_rule(strokeWidth=2, opacity=0.6, aria=False).encode(y=alt.Y("low:Q"), y2="high:Q")
    hover = [
        "method:N",
        "share:N",
        alt.Tooltip("accuracy:Q", format=".1%"),
        alt.Tooltip("count:Q", format=",", title="sentences × runs"),
    ]
    dots = base.mark_point(filled=True, size=110, opacity=1, stroke=theme.paper, strokeWidth=1.2)
    dots = dots.encode(y=y, shape=shape, tooltip=hover)
    return template([bars, dots], width="container", height=400)


def contribution_bars(predictions: "Sequence[Prediction]", theme: Theme) -> Spec:
    """What each word of one sentence adds to each prediction; a word that a classifier lacks is marked.

    A click on a word or a bar picks the word (`picks.PICK`, `picks.PICK_POINT`).
    """
    rows = []
    for prediction in predictions:
        for place, (word, known, amount) in enumerate(prediction.contributions):
            row = {"place": place, "word": word, "method": NAMES[prediction.start], "amount": amount}
            mark = {"unknown": "no vector", "untrained": "random vector"}.get(known, "")
            rows.append(row | {"known": _KNOWN[known], "mark": mark})
    listed = [each.word for each in predictions[0].contributions]
    words, room = json.dumps(listed), widest(listed, _FONT, _LONGEST)
    title = f"← against · for “{predictions[0].label}” → (nats)"
    amounts = [0.0, *(each.amount for prediction in predictions for each in prediction.contributions)]
    low, high = (min(amounts), max(amounts)) if any(amounts) else (-1.0, 1.0)
    spec = fill(
        _contributions_template(theme),
        rows=rows, labels=f"{words}[datum.value]", title=title, room=room, low=low, high=high,
    )  # fmt: skip
    return spec | as_high_as(len(predictions[0].contributions), _ROW)


@stored
def _contributions_template(theme: Theme) -> Spec:
    color, shape = _channels(theme, starts=True)
    names = _looks(theme)["names"][: len(STARTS)]
    y = alt.Y("place:O", title=None).axis(
        ticks=False, domain=False, labelExpr="@labels", labelLimit=_LONGEST, labelFontSize=_FONT
    )
    offset = alt.YOffset("method:N", sort=names).scale(domain=names, paddingInner=0.15, paddingOuter=0.35)
    # With ends of its own, the axis does not look for them among the marks of one layer, of which there may be none.
    scale = alt.Scale(domain=["@low", "@high"], nice=True)
    x = alt.X("amount:Q", title="@title").axis(tickCount=5).scale(scale)
    base = alt.Chart(ROWS).encode(y=y, yOffset=offset, color=color)
    hover = [
        "word:N",
        "method:N",
        alt.Tooltip("amount:Q", format="+.2f", title="nats"),
        alt.Tooltip("known:N", title="known"),
    ]
    bars = base.mark_bar(cornerRadius=1).encode(x=x, tooltip=hover)
    tips = base.transform_filter("datum.mark != 'no vector'").mark_point(filled=True, size=70, opacity=1)
    tips = tips.encode(x=x, shape=shape, tooltip=hover)
    marks = base.transform_filter("datum.mark != ''").mark_text(align="left", dx=6, fontSize=10, fontStyle="italic")
    marks = marks.encode(x=alt.X("amount:Q").scale(scale), text="mark:N")
    zero = alt.Chart(alt.Data(values=[{"amount": 0}])).mark_rule(color=theme.muted).encode(x=x)
    row = alt.Chart(ROWS).mark_bar(opacity=0, cursor="pointer", height={"band": 1.0})
    row = row.encode(y=y, x=alt.value(alt.expr("-room")), x2=alt.value("width"), tooltip="word:N")
    layers = [picks.clickable(row), zero, picks.clickable(bars, picks.PICK_POINT), tips, marks]
    return template(layers, numbers=("room",), width="container")


def loss_curves(run: "StartRun", theme: Theme, *, top: float) -> Spec:
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
    chosen = [{"update": run.chosen, "said": "kept"}]
    return fill(_losses_template(theme), rows=rows, chosen=chosen, top=top, title=NAMES[run.start])


@stored
def _losses_template(theme: Theme) -> Spec:
    key = alt.Legend(orient="bottom", title=None, symbolStrokeWidth=2.5)
    x = alt.X("update:Q", title="update").axis(grid=False, tickCount=4)
    y = alt.Y("loss:Q", title="loss (nats)").scale(domain=[0, "@top"], clamp=True).axis(tickCount=4)
    color = alt.Color("part:N", legend=key).scale(domain=["training", "validation"], range=[theme.accent, theme.second])
    dash = alt.StrokeDash("part:N", legend=key).scale(domain=["training", "validation"], range=[[1, 0], [5, 3]])
    lines = alt.Chart(ROWS).mark_line(strokeWidth=2.2)
    lines = lines.encode(
        x=x, y=y, color=color, strokeDash=dash, tooltip=["part:N", "update:Q", alt.Tooltip("loss:Q", format=".3f")]
    )
    chosen = alt.Chart(alt.InlineData(values="@chosen"))
    rule = chosen.mark_rule(color=theme.muted, strokeDash=[2, 3]).encode(x="update:Q")
    said = chosen.mark_text(align="right", dx=-4, baseline="top", color=theme.muted, fontSize=11)
    said = said.encode(x="update:Q", y=alt.value(2), text="said:N")
    return template([rule, said, lines], width="container", height=290, title="@title")
