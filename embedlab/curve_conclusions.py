"""What learning curves say, in plain words computed from their figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.learning_curves import BAG_OF_WORDS, LearningCurves
from embedlab.verdicts import STARTS, Start

NAMES: dict[Start, str] = {"scratch": "from scratch", "fine-tuned": "fine-tuned", "frozen": "frozen"}
_AS_NOUN: dict[Start, str] = {"scratch": "a start from scratch", "fine-tuned": "fine-tuning", "frozen": "freezing"}


@dataclass(frozen=True)
class Lead:
    """Who is ahead at one number of training sentences."""

    size: int
    leaders: tuple[Start, ...]  # the best start, and those that are not clearly behind it; best first


def leads(curves: LearningCurves) -> list[Lead]:
    """The leaders at every complete size.

    Runs of one seed share their sentences, so differences are taken seed by seed; a start is clearly behind when its
    mean difference to the best is more than twice that difference's standard error.
    """
    found = []
    for size in curves.sizes:
        ranked = sorted(STARTS, key=lambda start: -curves.at(start, size).mean)
        best = curves.at(ranked[0], size).accuracies
        leaders = [start for start in ranked if not _behind(curves.at(start, size).accuracies, best)]
        found.append(Lead(size, tuple(leaders)))
    return found


def _behind(accuracies: np.ndarray, best: np.ndarray) -> bool:
    gaps = best - accuracies  # (S,)
    return bool(gaps.mean() > 2 * gaps.std(ddof=1) / np.sqrt(len(gaps)))


def conclusion(curves: LearningCurves) -> list[str]:
    """Every statement is computed from the curves.

    Returns:
        Sentences without any Markdown; none before the first size is complete.
    """
    if not curves.sizes:
        return []
    return [*map(_stretch, *_stretches(curves)), _gain(curves), _against_counting(curves)]


def _stretches(curves: LearningCurves) -> tuple[list[LearningCurves], list[list[Lead]]]:
    """Neighboring sizes with the same leaders, together."""
    parts: list[list[Lead]] = []
    for lead in leads(curves):
        if parts and set(parts[-1][0].leaders) == set(lead.leaders):
            parts[-1].append(lead)
        else:
            parts.append([lead])
    return [curves] * len(parts), parts


def _stretch(curves: LearningCurves, part: Sequence[Lead]) -> str:
    first, last = part[0].size, part[-1].size
    where = f"With {first:,} training sentences" if first == last else f"From {first:,} to {last:,} training sentences"
    leaders = [NAMES[start] for start in STARTS if start in part[0].leaders]
    figures = ", ".join(f"{NAMES[start]} {curves.at(start, last).mean:.1%}" for start in STARTS)
    figures += "" if first == last else f" at {last:,}"
    if len(leaders) == len(STARTS):
        return f"{where}, no start is clearly ahead ({figures})."
    if len(leaders) == 2:
        (third,) = (start for start in STARTS if start not in part[0].leaders)
        return f"{where}, {leaders[0]} and {leaders[1]} are level, ahead of {_AS_NOUN[third]} ({figures})."
    return f"{where}, {leaders[0]} is best ({figures})."


def _gain(curves: LearningCurves) -> str:
    gains = {size: _best_pretrained(curves, size) - curves.at("scratch", size).mean for size in curves.sizes}
    largest, many = max(gains, key=gains.__getitem__), curves.sizes[-1]
    if gains[largest] <= 0:
        return (
            "Borrowed vectors never beat a start from scratch here; "
            f"with {many:,} sentences they are {_points(-gains[many])} behind."
        )
    said = f"Borrowed vectors help most with {largest:,} sentences: {_points(gains[largest])} over a start from scratch"
    if largest == many:
        return f"{said}."
    side = "ahead" if gains[many] >= 0 else "behind"
    return f"{said}; with {many:,} they are {_points(abs(gains[many]))} {side}."


def _best_pretrained(curves: LearningCurves, size: int) -> float:
    return max(curves.at(start, size).mean for start in STARTS if start != "scratch")


def _against_counting(curves: LearningCurves) -> str:
    many = curves.sizes[-1]
    bag = curves.at(BAG_OF_WORDS, many).mean
    best = max(STARTS, key=lambda start: curves.at(start, many).mean)
    lead = curves.at(best, many).mean - bag
    side = f"{_points(lead)} above" if lead >= 0 else f"{_points(-lead)} below"
    return f"With {many:,} sentences, {NAMES[best]} is {side} logistic regression on word counts ({bag:.1%})."


def _points(difference: float) -> str:
    value = round(100 * difference, 1)
    return f"{value:.1f} point" if value == 1 else f"{value:.1f} points"
