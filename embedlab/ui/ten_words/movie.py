"""The movies of Ten words: one run, or two side by side."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from embedlab.arrays import Reals
from embedlab.charts.movie.curves import Curve, Measure
from embedlab.charts.movie.film import Domain, Film, fit_domain, group_colors, map_size
from embedlab.charts.theme import Theme
from embedlab.lessons.ten_words.run import TenWordsRun
from embedlab.lessons.ten_words.tagged_text import TAG_NAMES
from embedlab.ui.ten_words.regions import region_pictures

LOSS = Measure("loss", "nats", ".2f")
HUGE_LOSS = Measure("loss", "nats", ".3~g", low=None, log=True, long=True)
_FLIGHT = 20.0  # times the width of the first frame: from there on the movie zooms out as the points fly apart
ACCURACY = Measure("words right", "", ".0%", 0.0, 1.0)
_FRAMES = 201  # of a movie at most, and half as many region pictures
_BYTES = 330_000  # that frames and pictures may weigh, of 400,000 for all that travels
_CELLS = (80, 60)  # of a region picture
_LABELS = 36  # words with a label on the map


def films(runs: Sequence[TenWordsRun], theme: Theme) -> list[Film]:
    """The movies of one run, or of two to be shown side by side: points, regions, curves and answers."""
    names = titles(runs) if len(runs) > 1 else [""]
    frames = frame_epochs(runs)
    made = [_film(run, theme, name, len(runs), frames) for run, name in zip(runs, names, strict=True)]
    if not any(film.domains for film in made):
        return made
    return [replace(film, curves=(_huge(film.curves[0]), *film.curves[1:])) for film in made]


def _huge(loss: Curve) -> Curve:
    """The loss of a run that breaks, or of one on the same axis."""
    return Curve(HUGE_LOSS, loss.steps, np.maximum(loss.values, 1e-9))


def frame_epochs(runs: Sequence[TenWordsRun]) -> list[int]:
    """The epoch of each frame of the longest run, from 0 on: every one, or where they are too many, more of the early
    ones, in which most happens. A shorter run has the same frames up to its own end."""
    most = min(_affordable(run, len(runs)) for run in runs)
    epochs = max((run.epochs for run in runs), key=lambda epochs: int(epochs[-1]))
    if len(epochs) <= most:
        return [int(epoch) for epoch in epochs]
    # The gap between two frames grows from one of the epochs kept to the last, which makes up for it.
    grown = (len(epochs) - 1) * np.linspace(0, 1, most) ** 2
    return [int(epoch) for epoch in epochs[np.unique(np.rint(np.maximum(grown, np.arange(most)))).astype(int)]]


def titles(runs: Sequence[TenWordsRun]) -> list[str]:
    """A distinct name for each of one or two runs."""
    names = [f"seed {run.seed}" for run in runs]
    if len(set(names)) < len(names):
        names = [f"{name} ({letter})" for name, letter in zip(names, "AB", strict=True)]
    return names


def _film(run: TenWordsRun, theme: Theme, title: str, beside: int, frames: list[int]) -> Film:
    width, height = map_size(beside)
    last = int(run.epochs[-1])
    kept = np.searchsorted(run.epochs, [*(epoch for epoch in frames if epoch < last), last])
    pictured = kept[_spread(len(kept), _affordable(run, beside) // 2 + 1)]
    shown = run.embeddings[kept]
    domain, start = (fit_domain(places, width=width, height=height) for places in (shown, shown[0]))
    domains: list[Domain] = []
    pictures: list[str] = []
    if domain.right - domain.left > _FLIGHT * (start.right - start.left):
        domains = [fit_domain(shown[: i + 1], width=width, height=height) for i in range(len(kept))]
        for own, at in zip(domains, kept, strict=True):
            pictures += regions(run, own, np.array([at]), _CELLS, theme)
    tags, losses = [TAG_NAMES.get(tag, tag) for tag in run.text.tags], run.losses()
    # Evenly spaced frames stand on the slider by their epochs, others by their numbers, which each have a count.
    counts, epochs, at = [], run.epochs, np.arange(len(run.epochs))
    if len(frames) > 2 and len({*np.diff(frames)}) > 1:
        counts, epochs, at = run.epochs[kept].tolist(), np.arange(len(kept)), kept
    return Film(
        steps=list(range(len(kept))) if counts else run.epochs[kept].tolist(),
        counts=counts,
        coordinates=run.embeddings[kept],
        words=run.text.words,
        groups=[tags[t] for t in run.text.tag_of],
        group_names=tags,
        title=title,
        labelled=_labelled(run),
        shares=run.probabilities()[kept] if beside == 1 else None,  # two movies leave no room for the answers
        regions=pictures or regions(run, domain, pictured, _CELLS, theme),
        domain=domain,
        domains=domains,
        curves=(Curve(LOSS, epochs, losses[at]), Curve(ACCURACY, epochs, run.accuracies()[at])),
    )


def _affordable(run: TenWordsRun, beside: int) -> int:
    """How many frames a movie may have, so that it stays small with many words and tags, or with another beside it."""
    words, tags = len(run.text.words), len(run.text.tags)
    places = 10 * (words + sum(_labelled(run)))  # two numbers of four digits for each point and label
    answers = 2.3 * words * tags if beside == 1 else 0  # most shares have one digit
    picture = 700 + 60 * tags  # the palette and the borders grow with the tags
    return min(_FRAMES, int(_BYTES / beside / (places + answers + picture / 2)))


def _labelled(run: TenWordsRun) -> list[bool]:
    """Which words carry a label: all, or the first few of every tag where there are many."""
    few = max(2, _LABELS // len(run.text.tags))
    before = [int(np.sum(run.text.tag_of[:i] == tag)) for i, tag in enumerate(run.text.tag_of)]
    return [len(before) <= _LABELS or rank < few for rank in before]


def _spread(count: int, most: int) -> npt.NDArray[np.intp]:
    """Numbers of at most `most` of `count` things, evenly spaced but for the last."""
    stride = max(1, -(-(count - 1) // (most - 1)))
    return np.array(sorted({*range(0, count, stride), count - 1}))


def regions(
    run: TenWordsRun, domain: Domain, snapshots: npt.NDArray[np.intp], cells: tuple[int, int], theme: Theme
) -> list[str]:
    """Pictures of what the model would answer anywhere in `domain`, one for each of the numbered snapshots."""
    points: Reals = domain.grid(*cells)
    if domain.right - domain.left > 1e6:  # scores beyond float32
        points = points.astype(np.float64)
    answers = run.answers(points, snapshots).reshape(len(snapshots), cells[1], cells[0], -1)
    return region_pictures(answers, theme, group_colors(theme, len(run.text.tags)))
