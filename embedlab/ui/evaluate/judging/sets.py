"""Groups with an odd one and categories of one's own, scored and shown on the page Evaluate."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from embedlab.charts import bars, heatmaps
from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.errors import TooFewWords
from embedlab.evaluation.own.categories import CategoryScore, category_purity, read_categories
from embedlab.evaluation.own.detection import Kind
from embedlab.evaluation.own.groups import GroupAnswer, GroupScore, odd_one_out_accuracy, read_groups
from embedlab.ui import shell
from embedlab.ui.evaluate.judging.test import Space, attempt_on, metrics, p_value, pictures
from embedlab.ui.spreadsheets import records_to_csv
from embedlab.ui.widgets import File
from embedlab.ui.words import asking
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import first_of

_DRAWN = 30  # groups, those with the least margin
_NAMED = 3  # wrong ones in a sentence
_MOST_DRAWN = 24  # categories that a picture holds
Score = GroupScore | CategoryScore


class SetSettings(NamedTuple):
    """Groups or categories, and the spaces that take them; `key` is of the files."""

    kind: Kind
    tests: Any
    key: str
    spaces: list[Space]


class SetResult(NamedTuple):
    """Their scores in each space."""

    spaces: list[Space]
    scores: list[Score]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every covered item in each space, with what was expected of it and what was answered."""
        return [
            {"vectors": space.name, **row}
            for space, score in zip(self.spaces, self.scores, strict=True)
            for row in score.rows()
        ]


class SetTest:
    """Groups with an odd one, or categories."""

    def find(self, settings: SetSettings) -> SetResult | None:
        """The scores of each space."""
        kind, tests, key, spaces = settings
        keys = " ".join(space.key for space in spaces)

        def compute() -> SetResult:
            score = odd_one_out_accuracy if kind == "groups" else category_purity
            scores = [
                _scored(f"{key} {kind} {space.key} of {keys}", score, space.vectors, tests, [o.vectors for o in spaces])
                for space in spaces
            ]
            if not all(score.covered for score in scores):
                raise TooFewWords(
                    "These vectors do not know all words of any item: choose vectors that hold more of them."
                )
            return SetResult(spaces, scores)

        return attempt_on(key, f"own {kind} {keys}", compute, spaces)

    def picture(self, result: SetResult, theme: Theme) -> None:
        """Each space’s: margins of groups, or clusters against categories."""
        columns = st.columns(len(result.spaces))
        for column, space, score in zip(columns, result.spaces, result.scores, strict=True):
            with column:
                if len(result.spaces) > 1:
                    st.markdown(f"**{shell.as_text(space.name)}**")
                if (chart := _drawn(score, theme)) is not None:
                    said = f"{len(score.errors)} of {score.covered} wrong"
                    alt, key = f"Own test in {space.name}: {said}", f"own {space.name}"
                    if isinstance(score, GroupScore):
                        asking.chart(chart, alt=alt, key=key, asked=_odd_names(score))
                    else:
                        st.vega_lite_chart(chart, width="content", alt=alt, key=key)
        st.caption(_CAPTIONS[type(result.scores[0])])

    def figures(self, result: SetResult) -> None:
        """The score, chance and coverage."""
        scores = result.scores
        name, explained = _SCORES[type(scores[0])]
        metrics(
            result.spaces,
            (name, [f"{one.interval.value:.1%}" for one in scores], explained),
            ("By chance", [f"{one.chance:.1%}" for one in scores], "The score of guesses."),
            ("p-value", [p_value(one.p_value) for one in scores], "How likely guesses do at least as well."),
            ("Covered", [f"{one.covered:,} of {one.total:,}" for one in scores], "All its words are known."),
        )

    def what_you_see(self, result: SetResult) -> list[str]:
        """The interval, and how many were wrong."""
        lines = []
        for space, score in zip(result.spaces, result.scores, strict=True):
            value, low, high = score.interval
            of = f"“{shell.as_text(space.name)}”: " if len(result.spaces) > 1 else ""
            lines.append(
                f"{of}**{value:.1%}** (95% interval {low:.1%} to {high:.1%}); {len(score.errors):,} of "
                f"{score.covered:,} wrong{_wrong(score)}."
            )
        return lines

    def numbers(self, result: SetResult) -> None:
        """Every item, wrong ones first."""
        rows = sorted(_listed(result), key=lambda row: bool(row["is right"]))
        words = [name for name in ("word", "group", "right answer", "given answer") if name in rows[0]]
        asking.table(rows, words, key=f"own rows {[space.name for space in result.spaces]} {len(rows)}")

    def code(self) -> tuple[Callable[..., Any], ...]:
        """What ran."""
        return read_groups, odd_one_out_accuracy, read_categories, category_purity

    def files(self, result: SetResult, theme: Theme) -> Iterator[File]:
        """The items, and the pictures."""
        yield File("Items (CSV)", "own-test.csv", "text/csv", lambda: records_to_csv(result.rows))
        drawn = [chart for score in result.scores if (chart := _drawn(score, theme, 640)) is not None]
        if len(drawn) == len(result.spaces):
            yield from pictures(result.spaces, [partial(dict, chart) for chart in drawn], "own-test", theme)


_SCORES: dict[type[Score], tuple[str, str]] = {
    GroupScore: ("Odd ones found", "Of a group’s words the least similar to their mean is taken for the odd one."),
    CategoryScore: (
        "Purity",
        "The words are clustered into as many clusters as categories; of each cluster, the words of its most frequent "
        "category count.",
    ),
}
_CAPTIONS: dict[type[Score], str] = {
    GroupScore: "How far the odd one’s cosine to the mean lies below that of all others; below 0 it was not found.",
    CategoryScore: "Words of each category (a row) by the cluster that they are in, named by its most frequent.",
}


@st.cache_resource(show_spinner=False, max_entries=40)
def _scored(
    key: str, _score: Callable[..., Score], _vectors: WordVectors, _tests: Any, _all: list[WordVectors]
) -> Score:
    """The score on what all vectors know; `key` is of all of this."""
    return _score(_vectors, _tests, beside=_all)


def _drawn(score: Score, theme: Theme, width: int | str = "container") -> Spec | None:
    """Groups as bars, those first that came nearest to being wrong; categories against clusters, if there is room."""
    if isinstance(score, GroupScore):
        shown, names = _closest(score), list(_odd_names(score))
        wrong = [name for name, answer in zip(names, shown, strict=True) if not answer.is_right]
        margins = [answer.margin for answer in shown]
        return bars.neighbor_bars(names, margins, theme, title="margin", marked=wrong, clickable=True, width=width)
    counts, categories, clusters = score.table()
    if len(categories) > _MOST_DRAWN:
        return None
    return heatmaps.matrix(counts, categories, clusters, theme, digits=0)


def _wrong(score: Score) -> str:
    """The first wrong ones, for a sentence."""
    if isinstance(score, GroupScore):
        said = [f"“{wrong.answer}” for “{wrong.group.odd}”" for wrong in score.errors]
    else:
        said = [f"“{word}” ({name}) among {cluster}" for word, name, cluster in score.errors]
    return f": {first_of(said, _NAMED, shell.as_text)}" if said else ""


def _listed(result: SetResult) -> list[dict[str, Any]]:
    """The rows, with the words of a group in a list."""
    rows = result.rows
    answers = [answer for score in result.scores if isinstance(score, GroupScore) for answer in score.answers]
    for row, answer in zip(rows, answers, strict=False):  # categories have no groups
        row["group"] = list(answer.group.words)
    return rows


def _closest(score: GroupScore) -> list[GroupAnswer]:
    """The groups that came nearest to being wrong."""
    return sorted(score.answers, key=lambda answer: answer.margin)[:_DRAWN]


def _odd_names(score: GroupScore) -> dict[str, str]:
    """A name for the bar of each of these groups, and its odd word."""
    odd = [answer.group.odd for answer in _closest(score)]
    names = [word if odd.count(word) == 1 else f"{word} {1 + odd[:i].count(word)}" for i, word in enumerate(odd)]
    return dict(zip(names, odd, strict=True))
