"""The pictures of Ten words: the movie of one run, and many runs on one sheet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import altair as alt
import numpy as np

from embedlab.charts.curves import Curve, Layers, Measure
from embedlab.charts.film import Film, fit_domain, group_colors, group_shapes, map_size
from embedlab.charts.rasters import region_pictures
from embedlab.charts.theme import Theme

if TYPE_CHECKING:
    from embedlab.models.ten_words import Run

LOSS = Measure("loss", "nats", ".2f")
ACCURACY = Measure("words right", "", ".0%", 0.0, 1.0)
_FRAMES = 201  # of a movie at most, and half as many region pictures
_BYTES = 330_000  # that frames and pictures may weigh, of 400,000 for all that travels
_CELLS = (80, 60)  # of a region picture
_LABELS = 36  # words with a label on the map
_SHEET = 480  # pixels, width of the sheet


def films(runs: Sequence["Run"], theme: Theme) -> list[Film]:
    """The movies of one run, or of two to be shown side by side: points, regions, curves and answers."""
    names = titles(runs) if len(runs) > 1 else [""]
    return [_film(run, theme, name, len(runs)) for run, name in zip(runs, names, strict=True)]


def titles(runs: Sequence["Run"]) -> list[str]:
    """Names that tell one or two runs apart."""
    names = [f"seed {run.seed}" for run in runs]
    if len(set(names)) < len(names):
        names = [f"{name} ({letter})" for name, letter in zip(names, "AB", strict=True)]
    return names


def _film(run: "Run", theme: Theme, title: str, beside: int) -> Film:
    width, height = map_size(beside)
    most = _affordable(run, beside)
    kept = _spread(len(run.epochs), most)
    pictured = kept[_spread(len(kept), most // 2 + 1)]
    domain = fit_domain(run.embeddings[kept], width=width, height=height)
    tags = run.text.tags
    return Film(
        steps=run.epochs[kept].tolist(),
        coordinates=run.embeddings[kept],
        words=run.text.words,
        groups=[tags[t] for t in run.text.tag_of],
        group_names=tags,
        title=title,
        labelled=_labelled(run),
        shares=run.probabilities()[kept] if beside == 1 else None,  # two movies leave no room for the answers
        regions=_regions(run, domain.grid(*_CELLS), pictured, _CELLS, theme),
        domain=domain,
        curves=(Curve(LOSS, run.epochs, run.losses()), Curve(ACCURACY, run.epochs, run.accuracies())),
    )


def _affordable(run: "Run", beside: int) -> int:
    """How many frames a movie may have, so that it stays small with many words and tags, or with another beside it."""
    words, tags = len(run.text.words), len(run.text.tags)
    places = 10 * (words + sum(_labelled(run)))  # two numbers of four digits for each point and label
    answers = 2.3 * words * tags if beside == 1 else 0  # most shares have one digit
    picture = 700 + 60 * tags  # the palette and the borders grow with the tags
    return min(_FRAMES, int(_BYTES / beside / (places + answers + picture / 2)))


def _labelled(run: "Run") -> list[bool]:
    """Which words carry a label: all, or the first few of every tag where there are many."""
    few = max(2, _LABELS // len(run.text.tags))
    before = [int(np.sum(run.text.tag_of[:i] == tag)) for i, tag in enumerate(run.text.tag_of)]
    return [len(before) <= _LABELS or rank < few for rank in before]


def _spread(count: int, most: int) -> np.ndarray:
    """Numbers of at most `most` of `count` things, evenly spaced but for the last."""
    stride = max(1, -(-(count - 1) // (most - 1)))
    return np.array(sorted({*range(0, count, stride), count - 1}))


def _regions(run: "Run", points: np.ndarray, snapshots: np.ndarray, cells: tuple[int, int], theme: Theme) -> list[str]:
    answers = run.answers(points, snapshots).reshape(len(snapshots), cells[1], cells[0], -1)
    return region_pictures(answers, theme, group_colors(theme, len(run.text.tags)))


def contact_sheet(runs: Sequence["Run"], theme: Theme, *, chosen: int | None = None) -> Layers:
    """How many runs ended, as small maps; a click selects a run's seed (selection "run").

    Args:
        runs: up to 64, of the same text.
        chosen: the seed to frame.
    """
    columns = 4 if len(runs) <= 16 else 8
    wide = _SHEET / columns
    gap, tall, head = 8.0, (wide - 8.0) * 0.75, 20.0  # pixels
    tags, small = runs[0].text.tags, (48, 36)
    colors = list(group_colors(theme, len(tags)))
    frames, points = [], []
    for number, run in enumerate(runs):
        left, top = number % columns * wide, number // columns * (tall + head + gap) + head
        domain = fit_domain(run.embeddings[-1], width=400, height=300)
        last = np.array([len(run.epochs) - 1])
        perfect = run.first_perfect()
        right = run.accuracies()[-1]
        frame: dict[str, Any] = {
            "seed": run.seed,
            "left": left,
            "right": left + wide - gap,
            "top": top,
            "bottom": top + tall,
        }
        frame |= {"x": left + (wide - gap) / 2, "y": top + tall / 2, "head": top - 5, "chosen": run.seed == chosen}
        frame |= {"name": f"{run.seed}", "end": f"✓ {perfect}" if perfect is not None else f"{right:.0%}"}
        frame |= {"ok": perfect is not None, "url": _regions(run, domain.grid(*small), last, small, theme)[0]}
        frames.append(frame | {"said": _outcome(run)})
        pixels = domain.pixels(run.embeddings[-1], wide - gap, tall)
        for word, tag, (x, y) in zip(run.text.words, run.text.tag_of, pixels, strict=True):
            points.append({"x": left + x, "y": top + tall - y, "group": tags[tag], "word": word, "seed": run.seed})
    height = (-(-len(runs) // columns)) * (tall + head + gap)
    x_scale, y_scale = alt.Scale(domain=[0, _SHEET], nice=False), alt.Scale(domain=[height, 0], nice=False)

    def across(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=None)

    def down(field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", scale=y_scale, axis=None)

    sheet = alt.Chart(alt.Data(values=frames))
    images = sheet.mark_image(width=wide - gap, height=tall, aspect=False, aria=False)
    images = images.encode(x=across("x"), y=down("y"), url="url:N")
    color = alt.Color("group:N", legend=None).scale(domain=list(tags), range=colors)
    shape = alt.Shape("group:N", legend=None).scale(domain=list(tags), range=list(group_shapes(len(tags))))
    dots = alt.Chart(alt.Data(values=points)).mark_point(
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
    line = alt.condition(alt.datum.chosen, alt.value(theme.ink), alt.value(theme.muted))
    thick = alt.condition(alt.datum.chosen, alt.value(2.5), alt.value(0.6))
    doors = sheet.mark_rect(fill=theme.paper, fillOpacity=0.001, cursor="pointer").encode(
        across("left"), down("top"), x2="right:Q", y2="bottom:Q", stroke=line, strokeWidth=thick, tooltip="said:N"
    )
    return alt.layer(images, dots, names, ends, doors.add_params(pick)).properties(width=_SHEET, height=height)


def _outcome(run: "Run") -> str:
    perfect = run.first_perfect()
    if perfect is not None:
        return f"seed {run.seed}: every word right after epoch {perfect}"
    return f"seed {run.seed}: {run.accuracies()[-1]:.0%} of the words right after epoch {run.epochs[-1]}"


def perfect_curve(runs: Sequence["Run"], theme: Theme) -> Layers:
    """The share of runs that have had every word right, over the epochs."""
    last = max(int(run.epochs[-1]) for run in runs)
    reached = sorted(p for run in runs if (p := run.first_perfect()) is not None)
    rows = [{"epoch": 0, "share": 0.0}]
    rows += [{"epoch": epoch, "share": (i + 1) / len(runs)} for i, epoch in enumerate(reached)]
    rows += [{"epoch": last, "share": len(reached) / len(runs)}]
    base = alt.Chart(alt.Data(values=rows)).encode(
        x=alt.X("epoch:Q", title="epoch").scale(domain=[0, last], nice=False).axis(grid=False, tickCount=4),
        y=alt.Y("share:Q", title="runs at 100%", stack=None).scale(domain=[0, 1]).axis(format="%", tickCount=3),
        tooltip=["epoch:Q", alt.Tooltip("share:Q", format=".0%")],
    )
    area = base.mark_area(interpolate="step-after", color=theme.accent, opacity=0.18)
    line = base.mark_line(interpolate="step-after", color=theme.accent, strokeWidth=2.2)
    return alt.layer(area, line).properties(width="container", height=150)
