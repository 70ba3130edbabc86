"""The part of the page Evaluate that asks whether cosines order pairs of words as people do."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.errors import InvalidSetting
from embedlab.evaluation import intervals as evaluation_intervals
from embedlab.evaluation import similarity
from embedlab.evaluation.intervals import Interval
from embedlab.evaluation.question_sets import SIMILARITY_SETS, similarity_pairs
from embedlab.evaluation.similarity import JudgedPairs
from embedlab.ui import shell
from embedlab.ui.evaluate import charts as evaluate_charts
from embedlab.ui.evaluate.form import Space, compared, pictures
from embedlab.ui.spreadsheets import records_to_csv
from embedlab.ui.widgets import File

CODE = (similarity.judge, similarity.rank_correlation, similarity.resampled_correlations)
# Mean rank correlation of two people (Hill, Reichart and Korhonen 2015).
_PEOPLE = {"WordSim-353": 0.61, "SimLex-999": 0.67}
_ABOUT = {
    "WordSim-353": "It asks for relatedness: cup and coffee count as close.",
    "SimLex-999": "It asks for likeness only: cup and coffee are not alike, and neither are opposites. Vectors learned "
    "from neighboring words do not tell these apart well.",
}
_NAMED = 3  # pairs on each side that carry their names
_UNNAMED = {"fuck"}  # not on a classroom's wall; the table has it


@dataclass(frozen=True, eq=False)
class Found:
    """A set of judged pairs as one or two spaces see it."""

    set_name: str
    spaces: list[Space]
    given: list[JudgedPairs]  # on the pairs that all spaces know
    alone: list[JudgedPairs]  # on those that each knows
    intervals: list[Interval]
    gain: Interval | None  # second less first


def ask(spaces: list[Space]) -> tuple[str, list[Space]]:
    """The form."""
    with st.form("evaluate_similarity"):
        sets_help = (
            "**WordSim-353** (Finkelstein et al. 2002): how related? **SimLex-999** (Hill et al. 2015): how alike?"
        )
        name = st.selectbox(
            "Pairs judged by people", list(SIMILARITY_SETS), key="judged_set", bind="query-params", help=sets_help
        )
        st.form_submit_button("Compare with people", type="primary", width="stretch")
    return name, spaces


@st.cache_data(show_spinner=False, max_entries=40)
def _draws(key: str, _judged: np.ndarray, _cosines: list[np.ndarray]) -> np.ndarray:
    return similarity.resampled_correlations(_judged, _cosines)


def compute(name: str, spaces: list[Space]) -> Found:
    """Judges the pairs.

    Raises:
        InvalidSetting: the spaces share too few of the words, or one of them has nothing to order.
    """
    alone = [similarity.judge(space.vectors, similarity_pairs(name)) for space in spaces]
    given = [one.within(alone[-1].known) for one in alone]
    given = [one.within(given[0].known) for one in given]
    if len(given[0].known) < 3:
        raise InvalidSetting(
            f"Only {len(given[0].known)} of the {len(alone[0].pairs)} pairs of {name} are known: choose vectors with "
            "more everyday English words."
        )
    for space, one in zip(spaces, given, strict=True):
        if np.ptp(one.cosines) == 0:
            raise InvalidSetting(f"{space.name} gives all pairs of {name} the same cosine: choose other vectors.")
    draws = _draws(f"{name} {[space.key for space in spaces]}", given[0].judged, [one.cosines for one in given])
    found = [evaluation_intervals.of_draws(one.spearman, column) for one, column in zip(given, draws.T, strict=True)]
    gain = (
        evaluation_intervals.of_draws(found[1].value - found[0].value, draws[:, 1] - draws[:, 0])
        if len(found) > 1
        else None
    )
    return Found(name, spaces, given, alone, found, gain)


def find(setup: tuple[str, list[Space]], theme: Theme) -> Found | None:
    """Computes and draws."""
    found = shell.attempt(f"judged {[space.key for space in setup[1]]}", lambda: compute(*setup))
    if found is None:
        return None
    for column, space, judged in zip(st.columns(len(found.spaces)), found.spaces, found.given, strict=True):
        with column:
            if len(found.spaces) > 1:
                st.markdown(f"**{shell.as_text(space.name)}**")
            st.altair_chart(_chart(judged, theme), alt=_story(found, judged), key=f"scatter {space.name}")
    st.caption("A point is a pair of words. On the dashed line its cosine has the same place as people's judgement.")
    return found


def _chart(judged: JudgedPairs, theme: Theme, width: int | str = "container") -> evaluate_charts.Chart:
    pairs = [judged.pairs[i][:2] for i in judged.known]
    return evaluate_charts.rank_scatter(
        pairs, judged.judged, judged.cosines, judged.ranks, _misjudged(judged), theme, width=width
    )


def _misjudged(judged: JudgedPairs) -> list[int]:
    """The pairs whose cosine is farthest too high, then those farthest too low."""
    by_difference = np.argsort(judged.ranks[:, 1] - judged.ranks[:, 0])
    order = [i for i in by_difference if not _UNNAMED & set(judged.pairs[judged.known[i]][:2])]
    return [int(i) for i in [*order[::-1][:_NAMED], *order[:_NAMED]]]


def _names(judged: JudgedPairs) -> list[str]:
    pairs = [judged.pairs[judged.known[i]] for i in _misjudged(judged)]
    return [f"{a} – {b}" for a, b, _ in pairs]


def _story(found: Found, judged: JudgedPairs) -> str:
    said = f"{len(judged.known)} pairs of {found.set_name}: place by people against place by cosine, Spearman "
    return said + f"{judged.spearman:.2f}. Most misjudged: {', '.join(_names(judged))}"


def figures(found: Found) -> None:
    """The numbers that matter."""
    row = st.columns(3)
    beside = partial(compared, found.spaces)
    values = [f"{one.value:.3f}" for one in found.intervals]
    row[0].metric(
        "Agreement with people",
        values[0],
        **beside(values),
        help="**Spearman**'s rank correlation over covered pairs: 1 for the same order, 0 for none. 95% interval: "
        f"{found.intervals[0].low:.2f} to {found.intervals[0].high:.2f}.",
    )
    whole = [f"{one.spearman_of_all:.3f}" for one in found.alone]
    row[1].metric("Over all pairs", whole[0], **beside(whole), help="Pairs with an unknown word get the cosine 0.")
    covered = [f"{len(one.known)} of {len(one.pairs)}" for one in found.alone]
    row[2].metric("Pairs covered", covered[0], **beside(covered), help="Both words are known.")


def seen(found: Found) -> str:
    """Sentences with this run's numbers, in Markdown."""
    judged, first = found.given[0], found.intervals[0]
    names = [shell.as_text(name) for name in _names(judged)]
    lines = [
        f"Cosines and people order {len(judged.known)} pairs with a rank correlation of **{first.value:.2f}** (95% "
        f"interval {first.low:.2f} to {first.high:.2f}). Two people agree with {_PEOPLE[found.set_name]:.2f} on the "
        "average; the cosines are held against the mean of many people, which is easier to match.",
        f"Much nearer by cosine than people say: {', '.join(names[:_NAMED])}.",
        f"Much farther by cosine than people say: {', '.join(names[_NAMED:])}.",
        _ABOUT[found.set_name],
    ]
    if found.gain is not None:
        one, two = (shell.as_text(space.name) for space in found.spaces)
        lines.append(
            f"{two} less {one}, on the same {len(judged.known)} pairs: **{_signed(found.gain.value)}** (95% interval "
            f"{_signed(found.gain.low)} to {_signed(found.gain.high)}). "
            + ("That is more than chance." if found.gain.is_clear else "That could be chance.")
        )
    known = set(judged.known.tolist())
    missing = sorted({f"{a} – {b}" for i, (a, b, _) in enumerate(judged.pairs) if i not in known})
    if missing:
        more = f" and {len(missing) - 8} more" if len(missing) > 8 else ""
        lines.append(f"Left out, as a word is unknown: {shell.as_text(', '.join(missing[:8]))}{more}.")
    return "\n".join(f"- {line}" for line in lines)


def _signed(number: float) -> str:
    return f"{number:+.3f}".replace("-", "−")


def tries() -> dict[str, dict[str, str]]:
    """Examples that set the form."""
    return {
        "Alike, not only related: SimLex-999": {"judged_set": "SimLex-999"},
        "Related: WordSim-353": {"judged_set": "WordSim-353"},
    }


def records(found: Found) -> list[dict[str, Any]]:
    """Each covered pair."""
    return [
        {
            "vectors": space.name,
            "first": judged.pairs[i][0],
            "second": judged.pairs[i][1],
            "people (0 to 10)": judged.pairs[i][2],
            "cosine": float(f"{judged.cosines[n]:.6g}"),
            "place by people": round(float(judged.ranks[n, 0]), 4),
            "place by cosine": round(float(judged.ranks[n, 1]), 4),
        }
        for space, judged in zip(found.spaces, found.given, strict=True)
        for n, i in enumerate(judged.known.tolist())
    ]


def numbers(found: Found) -> None:
    """Every pair."""
    st.dataframe(records(found), hide_index=True)


def files(found: Found, theme: Theme) -> Iterator[File]:
    """Pairs and picture."""

    yield File("Pairs (CSV)", "judged-pairs.csv", "text/csv", lambda: records_to_csv(records(found)))
    charts = [partial(_chart, judged, theme, 720) for judged in found.given]
    yield from pictures(found.spaces, charts, "judged-pairs", theme)
