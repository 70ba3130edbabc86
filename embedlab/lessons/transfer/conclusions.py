"""Conclusions from learning curves, in plain words computed from their figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

import numpy as np

from embedlab.lessons.transfer.baselines import BASELINES, TF_IDF, WORD_COUNTS
from embedlab.lessons.transfer.config import STARTS, Start
from embedlab.lessons.transfer.learning_curves import LearningCurves, Point
from embedlab.lessons.transfer.predictions import Prediction

NAMES = {
    "scratch": "from scratch",
    "fine-tuned": "fine-tuned",
    "frozen": "frozen",
    WORD_COUNTS: "word counts",
    TF_IDF: "TF-IDF of words and pairs",
}  # of methods, on the screen


NEGATORS = frozenset({"not", "no", "never", "nothing", "nobody", "neither", "nor", "cannot", "without"})


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


def conclusion(curves: LearningCurves, *, brief: bool = False) -> list[str]:
    """Every statement is computed from the curves.

    Args:
        brief: which start is best, what freezing costs in few words, and how the best compares with the baselines.

    Returns:
        Sentences without any Markdown; none before the first size is complete.
    """
    if not curves.sizes:
        return []
    stretches = [list(part) for _, part in groupby(leads(curves), key=lambda lead: lead.best)]
    more = [_freezing(curves)] if brief else [_frozen_or_tuned(curves), _gain(curves)]
    return [*(_stretch(curves, part) for part in stretches), *more, _against_baselines(curves)]


def _stretch(curves: LearningCurves, part: Sequence[Lead]) -> str:
    """Neighboring sizes with the same best start; its figures are those of the size where it stands out most."""
    best, sizes = part[0].best, [lead.size for lead in part]
    others = [start for start in STARTS if start != best]
    at = max(sizes, key=lambda size: min(curves.at(best, size).mean - curves.at(start, size).mean for start in others))
    where = f"With {sizes[0]:,} sentences" if len(sizes) == 1 else f"From {sizes[0]:,} to {sizes[-1]:,} sentences"
    clear = [f"{lead.size:,}" for lead in part if lead.clear]
    never, always = ("not clearly", "clearly") if len(part) == 1 else ("never clearly", "always clearly")
    how = {0: never, len(part): always}.get(len(clear), f"clearly with {_listed(clear)}")
    top = curves.at(best, at).mean
    if any(curves.at(start, at).mean == top for start in others):
        level = [NAMES[start] for start in STARTS if curves.at(start, at).mean == top]
        return f"{where}, {_listed(level)} are level: {top:.1%} with {at:,}."
    rest = ", ".join(f"{NAMES[start]} {curves.at(start, at).mean:.1%}" for start in others)
    return f"{where}, {NAMES[best]} is best, {how}: {top:.1%} with {at:,} ({rest})."


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def _frozen_or_tuned(curves: LearningCurves) -> str:
    """Whether learning the embeddings, too, is worth it: with few sentences, and with many."""
    sizes, many = curves.sizes, curves.sizes[-1]
    gaps = {size: _lead(curves, "frozen", "fine-tuned", size) for size in sizes}
    few = list(takewhile(lambda size: gaps[size] >= 0, sizes))
    if not few:
        ahead = [f"{size:,}" for size in sizes if gaps[size] >= 0]
        but = f", ahead or level only with {_listed(ahead)}" if ahead else ""
        return f"Frozen is behind fine-tuned with {sizes[0]:,} sentences already{but}; {_end(curves, gaps[many])}."
    largest = max(few, key=gaps.__getitem__)
    where = "at every number of sentences" if few == sizes else f"with up to {few[-1]:,} sentences"
    most = (
        f"{_side(gaps[largest], 'ahead', 'behind')} with {largest:,}{_clearly(curves, 'frozen', 'fine-tuned', largest)}"
    )
    return f"Frozen is as good as fine-tuned or better {where}: {most}; {_end(curves, gaps[many])}."


def _freezing(curves: LearningCurves) -> str:
    """The same in few words: at the smallest number of sentences, and at the largest."""
    said = []
    for size in dict.fromkeys((curves.sizes[0], curves.sizes[-1])):
        gap = _lead(curves, "frozen", "fine-tuned", size)
        better: tuple[Start, Start] = ("frozen", "fine-tuned") if gap >= 0 else ("fine-tuned", "frozen")
        said.append(f"{_side(gap, 'ahead', 'behind')} with {size:,}{_clearly(curves, *better, size)}")
    return f"Frozen against fine-tuned: {'; '.join(said)}."


def _end(curves: LearningCurves, gap: float) -> str:
    many = curves.sizes[-1]
    better: tuple[Start, Start] = ("frozen", "fine-tuned") if gap >= 0 else ("fine-tuned", "frozen")
    return f"with {many:,} it is {_side(gap, 'ahead', 'behind')}{_clearly(curves, *better, many)}"


def _clearly(curves: LearningCurves, better: Start, other: Start, size: int) -> str:
    if round(_lead(curves, better, other, size), 1) == 0:
        return ""
    return ", but not clearly" if _level(curves.at(better, size), curves.at(other, size)) else ", and clearly"


def gains(curves: LearningCurves) -> dict[int, float]:
    """By how much the better pretrained start is ahead of scratch, in points of mean accuracy, by complete size."""
    scratch, *pretrained = STARTS
    return {size: max(_lead(curves, start, scratch, size) for start in pretrained) for size in curves.sizes}


def _lead(curves: LearningCurves, one: str, other: str, size: int) -> float:
    """By how many percentage points one is ahead, of accuracies as they are shown, to a tenth of a percent.

    Of others it would not always be the difference of the two that stand beside it.
    """
    return round(100 * curves.at(one, size).mean, 1) - round(100 * curves.at(other, size).mean, 1)


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
    counts, tf_idf = (curves.at(method, many).mean for method in BASELINES)
    sides = [_side(_lead(curves, best, method, many), "above", "below", "level with") for method in BASELINES]
    return (
        f"With {many:,}, {NAMES[best]} is {sides[0]} logistic regression on word counts ({counts:.1%}), {sides[1]} "
        f"it on {NAMES[TF_IDF]} ({tf_idf:.1%})."
    )


def _side(lead: float, above: str, below: str, level: str = "level") -> str:
    if round(lead, 1) == 0:
        return level
    return f"{_points(abs(lead))} {above if lead > 0 else below}"


def _points(difference: float) -> str:
    value = round(difference, 1)
    return f"{value:.1f} point" if value == 1 else f"{value:.1f} points"


def why_wrong(predictions: Sequence[Prediction], right: str) -> str:
    """Why the surest of the wrong verdicts is wrong, in the nats that its words add; for two labels.

    Returns:
        A sentence or two without any Markdown; empty where no verdict is wrong.
    """
    wrong = [each for each in predictions if each.winner not in (None, right)]
    if not wrong:
        return ""
    surest = max(wrong, key=lambda each: 1 - each.probabilities[right])
    side = 1 if surest.label != right else -1
    pulls: dict[str, float] = {}  # towards the wrong label
    for word, _, amount in surest.contributions:
        pulls[word] = pulls.get(word, 0.0) + side * amount
    loudest = sorted((word for word in pulls if pulls[word] > 0 and word not in NEGATORS), key=lambda w: -pulls[w])[:2]
    taken = [word for word in pulls if word in NEGATORS]
    loud, negators = (_listed([f"“{word}”" for word in words]) for words in (loudest, taken))
    said = (
        f"Meant is {right}; {len(wrong)} of {len(predictions)} say {surest.winner}. "
        f"{NAMES[surest.start].capitalize()}, "
    )
    if not loudest:
        return f"{said}no word says so: the bias decides."
    gain = sum(pulls[word] for word in loudest)
    said += f"{loud} {_verb('add', loudest)} {gain:.1f} nats for {surest.winner}"
    if taken:
        against = -sum(pulls[word] for word in taken)
        taking = f"{_verb('take', taken)} only {against:.1f} away" if against > 0 else f"{_verb('add', taken)} to it"
        return (
            f"{said}; {negators} {taking}. A mean adds up words one by one, in no order: it cannot turn round what a "
            "negation stands before."
        )
    rest = sum(pulls.values()) - gain
    others = f"the other words take only {-rest:.1f} away" if rest < 0 else f"the other words add {rest:.1f} more"
    return f"{said}; {others}. They are not meant as they stand, and a mean of words knows only how they stand."


def _verb(verb: str, words: Sequence[str]) -> str:
    return f"{verb}s" if len(words) == 1 else verb
