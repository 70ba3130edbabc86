"""Conclusions from learning curves, in plain words computed from their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from embedlab.lessons.transfer.baselines import TF_IDF, WORD_COUNTS
from embedlab.lessons.transfer.config import STARTS, Start
from embedlab.lessons.transfer.learning_curves import LearningCurves, Point

NAMES = {
    "scratch": "from scratch",
    "fine-tuned": "fine-tuned",
    "frozen": "frozen",
    WORD_COUNTS: "word counts",
    TF_IDF: "TF-IDF of words and pairs",
}  # of methods, on the screen


@dataclass(frozen=True)
class Lead:
    """Who is ahead at one number of training sentences."""

    size: int
    best: Start  # the highest mean accuracy
    clear: bool  # ahead of both others by more than twice the standard error of the difference, see `_level`


def leads(curves: LearningCurves) -> list[Lead]:
    """The best start at every complete size."""
    result = []
    for size in curves.sizes:
        best, *others = sorted(STARTS, key=lambda start: -curves.at(start, size).mean)
        top = curves.at(best, size)
        result.append(Lead(size, best, not any(_level(top, curves.at(start, size)) for start in others)))
    return result


def _level(best: Point, other: Point) -> bool:
    """Whether the lead is within twice its standard error.

    Other seeds would have given another lead, and so would other test sentences: both count. Runs of one seed share
    their training sentences, and all runs their test sentences, so differences are taken pair by pair.
    """
    gaps = best.correct.astype(np.float64) - other.correct  # (S, T)
    variance = sum(float(means.var(ddof=1)) / len(means) for means in (gaps.mean(axis=1), gaps.mean(axis=0)))
    return bool(gaps.mean() <= 2 * np.sqrt(variance))


def conclusion(curves: LearningCurves, *, with_gain: bool = True) -> list[str]:
    """Every statement is computed from the curves.

    Args:
        with_gain: also how far borrowed vectors help, see `gains`.

    Returns:
        Sentences without any Markdown; none before the first size is complete.
    """
    if not curves.sizes:
        return []
    stretches = [list(part) for _, part in groupby(leads(curves), key=lambda lead: lead.best)]
    gained = [_gain(curves)] if with_gain else []
    return [*(_stretch(curves, part) for part in stretches), *gained, _against_baselines(curves)]


def _stretch(curves: LearningCurves, part: Sequence[Lead]) -> str:
    """Neighboring sizes with the same best start; its figures are those of the size where it stands out most."""
    best, sizes = part[0].best, [lead.size for lead in part]
    others = [start for start in STARTS if start != best]
    at = max(sizes, key=lambda size: min(curves.at(best, size).mean - curves.at(start, size).mean for start in others))
    where = f"With {sizes[0]:,} sentences" if len(sizes) == 1 else f"From {sizes[0]:,} to {sizes[-1]:,} sentences"
    clear = [f"{lead.size:,}" for lead in part if lead.clear]
    how = {0: "though never clearly", len(part): "and clearly"}.get(len(clear), f"clearly with {_listed(clear)}")
    top = curves.at(best, at).mean
    if any(curves.at(start, at).mean == top for start in others):
        level = [NAMES[start] for start in STARTS if curves.at(start, at).mean == top]
        return f"{where}, {_listed(level)} are level: {top:.1%} with {at:,}."
    rest = " and ".join(f"{NAMES[start]} {curves.at(start, at).mean:.1%}" for start in others)
    return f"{where}, {NAMES[best]} is best, {how}: {top:.1%} with {at:,}, against {rest}."


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def gains(curves: LearningCurves) -> dict[int, float]:
    """By how much the better pretrained start is ahead of scratch, as mean accuracy in [-1, 1], by complete size."""
    found = {}
    for size in curves.sizes:
        scratch, *pretrained = (curves.at(start, size).mean for start in STARTS)
        found[size] = max(pretrained) - scratch
    return found


def _gain(curves: LearningCurves) -> str:
    by_size = gains(curves)
    largest, many = max(by_size, key=by_size.__getitem__), curves.sizes[-1]
    if by_size[largest] <= 0:
        return (
            "Borrowed vectors never beat a start from scratch here; "
            f"with {many:,} sentences they are {_side(by_size[many], 'ahead', 'behind')}."
        )
    said = (
        f"Borrowed vectors help most with {largest:,} sentences: {_points(by_size[largest])} over a start from scratch"
    )
    if largest == many:
        return f"{said}."
    return f"{said}; with {many:,} they are {_side(by_size[many], 'ahead', 'behind')}."


def _against_baselines(curves: LearningCurves) -> str:
    many = curves.sizes[-1]
    best = max(STARTS, key=lambda start: curves.at(start, many).mean)
    counts, tf_idf = (curves.at(method, many).mean for method in (WORD_COUNTS, TF_IDF))
    sides = [_side(curves.at(best, many).mean - mean, "above", "below", "level with") for mean in (counts, tf_idf)]
    return (
        f"With {many:,} sentences, {NAMES[best]} is {sides[0]} logistic regression on word counts ({counts:.1%}), and "
        f"{sides[1]} the same on {NAMES[TF_IDF]} ({tf_idf:.1%})."
    )


def _side(lead: float, above: str, below: str, level: str = "level") -> str:
    if round(100 * lead, 1) == 0:
        return level
    return f"{_points(abs(lead))} {above if lead > 0 else below}"


def _points(difference: float) -> str:
    value = round(100 * difference, 1)
    return f"{value:.1f} point" if value == 1 else f"{value:.1f} points"
