"""The test of the page Evaluate by word similarity: do cosines order pairs of words as people do?"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.evaluation import similarity
from embedlab.evaluation.published import PUBLISHED, Published, span
from embedlab.evaluation.question_sets import SIMILARITY_SETS, Pair
from embedlab.evaluation.similarity import HUMAN_AGREEMENT, ComparedWithPeople, JudgedPairs, compare_with_people
from embedlab.ui import shell
from embedlab.ui.evaluate import charts
from embedlab.ui.evaluate.judging.test import (
    Space,
    attempt_on,
    is_that_good,
    metrics,
    p_value,
    pictures,
    signed,
    verdict,
)
from embedlab.ui.spreadsheets import records_to_csv
from embedlab.ui.widgets import File
from embedlab.ui.words import asking
from embedlab.vectors.spelling import as_typed
from embedlab.vectors.word_vectors import WordVectors
from embedlab.wording import first_and_more

_SETS = "**WordSim-353** (Finkelstein et al. 2002): how related? **SimLex-999** (Hill et al. 2015): how alike?"
_ABOUT = {
    "WordSim-353": "It asks for relatedness: cup and coffee are close.",
    "SimLex-999": "It asks for similarity only: cup and coffee are not similar, nor are antonyms, which contexts "
    "hardly tell apart.",
}
_NAMED = 3  # pairs on each side that carry their names
_UNNAMED = {"fuck"}  # not on a classroom's wall; the table has it


class OwnPairs(NamedTuple):
    """Pairs from a file of one's own; `key` is of its bytes and of how these were read."""

    pairs: list[Pair]
    key: str


class SimilaritySettings(NamedTuple):
    """What the form holds."""

    set_name: str  # or that of the file
    spaces: list[Space]
    own: OwnPairs | None = None  # in place of the set's


class SimilarityResult(NamedTuple):
    """A set of judged pairs as one or two spaces see it."""

    set_name: str
    spaces: list[Space]
    compared: ComparedWithPeople


class SimilarityTest:
    """Judgements of people beside cosines."""

    def ask(self, spaces: list[Space]) -> SimilaritySettings:
        """The form."""
        with st.form("evaluate_similarity"):
            names = list(SIMILARITY_SETS)
            name = st.selectbox("Pairs judged by people", names, key="judged_set", bind="query-params", help=_SETS)
            st.form_submit_button("Compare with people", type="primary", width="stretch")
        return SimilaritySettings(name, spaces)

    def find(self, settings: SimilaritySettings) -> SimilarityResult | None:
        """Cosines beside judgements, and how well they agree."""
        name, spaces, own = settings
        keys = " ".join(space.key for space in spaces)
        subject, pairs = (own.key, own.pairs) if own else (name, None)

        def compute() -> SimilarityResult:
            return SimilarityResult(name, spaces, compared_with_people(f"{subject} {keys}", name, dict(spaces), pairs))

        return attempt_on(subject, f"judged {keys}", compute, spaces)

    def picture(self, result: SimilarityResult, theme: Theme) -> None:
        """People's order against the cosines' order."""
        columns = st.columns(len(result.spaces))
        for column, space, judged in zip(columns, result.spaces, result.compared.shared, strict=True):
            with column:
                if len(result.spaces) > 1:
                    st.markdown(f"**{shell.as_text(space.name)}**")
                said = (
                    f"{len(judged.known)} pairs of {result.set_name}: place by people against place by cosine, "
                    f"Spearman {judged.spearman:.2f}. Most misjudged: {', '.join(_names(judged))}"
                )
                both = {f"{a} – {b}": as_typed(space.vectors, [a, b]) for a, b, _ in judged.pairs}
                asking.chart(
                    _chart(judged, theme, clickable=True),
                    alt=said,
                    key=f"scatter {space.name}",
                    selections=(*asking.ON_MAP, *charts.PICK_NAMES),
                    asked=both,
                )
        st.caption("Each point is a pair; on the dashed line both ranks are equal.")
        if result.set_name in PUBLISHED:
            ours = [
                Published(space.name, "", "this page", interval.value)
                for space, interval in zip(result.spaces, result.compared.intervals, strict=True)
            ]
            is_that_good(result.set_name, ours, percent=False)

    def figures(self, result: SimilarityResult) -> None:
        """The numbers that matter."""
        intervals, alone = result.compared.intervals, result.compared.alone
        agreement_help = "**Spearman**’s, of cosines and people’s judgements: 1 for the same order, 0 for none."
        whole = [shell.decimal(one.spearman_of_all, 3) for one in alone]
        metrics(
            result.spaces,
            ("Rank correlation", [shell.decimal(one.value, 3) for one in intervals], agreement_help),
            ("Over all pairs", whole, "Pairs with an unknown word get the cosine 0."),
            ("Pairs covered", [f"{len(one.known)} of {len(one.pairs)}" for one in alone], "Both words are known."),
        )

    def what_you_see(self, result: SimilarityResult) -> list[str]:
        """Sentences with this run's numbers, in Markdown."""
        compared = result.compared
        judged, first = compared.shared[0], compared.intervals[0]
        pearson = judged.correlated
        lines = [
            f"95% interval: {shell.decimal(first.low, 3)} to {shell.decimal(first.high, 3)}; "
            f"p-value {p_value(judged.rank_correlated.p_value)}.",
            f"**Pearson**’s correlation, of the numbers themselves: {shell.decimal(pearson.value, 3)} "
            f"({shell.decimal(pearson.low, 3)} to {shell.decimal(pearson.high, 3)}; p-value "
            f"{p_value(pearson.p_value)}).",
        ]
        if result.set_name in HUMAN_AGREEMENT:
            lines[0] += (
                f" Two people correlate with {HUMAN_AGREEMENT[result.set_name]:.2f} on average; the mean of many, used "
                "here, is easier to match."
            )
            lines.append(_ABOUT[result.set_name])
            low, high = (shell.decimal(score) for score in span(result.set_name))
            lines.append(f"Published vectors reach {low} to {high}; see “Is that good?”")
        if (gain := compared.gain) is not None:
            one, two = (shell.as_text(space.name) for space in result.spaces)
            first_shown, second_shown = (round(interval.value, 3) for interval in compared.intervals)
            difference = signed(second_shown - first_shown, 3)
            lines.append(
                f"“{two}” minus “{one}”, on the same {len(judged.known)} pairs: **{difference}** (95% interval "
                f"{signed(gain.low, 3)} to {signed(gain.high, 3)}). " + verdict(gain)
            )
        known = set(judged.known.tolist())
        missing = sorted({f"{a} – {b}" for i, (a, b, _) in enumerate(judged.pairs) if i not in known})
        if missing:
            lines.append(f"Left out, as a word is unknown: {first_and_more(missing, 8, shell.as_text)}.")
        return lines

    def tries(self) -> dict[str, dict[str, str]]:
        """Examples that set the form."""
        return {
            "SimLex-999, similar only: much lower": {"judged_set": "SimLex-999"},
            "WordSim-353, related: much higher": {"judged_set": "WordSim-353"},
        }

    def numbers(self, result: SimilarityResult) -> None:
        """Every pair; of one's own those first whose ranks differ most."""
        rows = records(result)
        if result.set_name not in SIMILARITY_SETS:
            rows.sort(key=lambda row: -abs(row["rank by people"] - row["rank by similarity"]))
        asking.table(rows, ["word", "other"], key="judged_pairs")

    def code(self) -> tuple[Callable[..., Any], ...]:
        """What ran."""
        return similarity.judged_pairs, similarity.rank_correlation, similarity.resampled_correlations

    def files(self, result: SimilarityResult, theme: Theme) -> Iterator[File]:
        """Pairs and picture."""
        yield File("Pairs (CSV)", "judged-pairs.csv", "text/csv", lambda: records_to_csv(records(result)))
        drawn = [partial(_chart, judged, theme, 720) for judged in result.compared.shared]
        yield from pictures(result.spaces, drawn, "judged-pairs", theme)


@st.cache_resource(show_spinner=False, max_entries=40)
def compared_with_people(
    key: str, set_name: str, _spaces: dict[str, WordVectors], _pairs: list[Pair] | None
) -> ComparedWithPeople:
    """The comparison; `key` is of the pairs and the spaces."""
    return compare_with_people(set_name, _spaces, _pairs)


def _chart(judged: JudgedPairs, theme: Theme, width: int | str = "container", *, clickable: bool = False) -> Spec:
    pairs = [judged.pairs[i][:2] for i in judged.known]
    misjudged = judged.misjudged(_NAMED, without=_UNNAMED)
    return charts.rank_scatter(
        pairs, judged.judged, judged.cosines, judged.ranks, misjudged, theme, width=width, clickable=clickable
    )


def _names(judged: JudgedPairs) -> list[str]:
    pairs = [judged.pairs[judged.known[i]] for i in judged.misjudged(_NAMED, without=_UNNAMED)]
    return [f"{a} – {b}" for a, b, _ in pairs]


def records(result: SimilarityResult) -> list[dict[str, Any]]:
    """Each covered pair."""
    return [
        {
            "vectors": space.name,
            "word": judged.pairs[i][0],
            "other": judged.pairs[i][1],
            "judgement": judged.pairs[i][2],
            "similarity": float(judged.cosines[n]),
            "rank by people": float(judged.ranks[n, 0]),
            "rank by similarity": float(judged.ranks[n, 1]),
        }
        for space, judged in zip(result.spaces, result.compared.shared, strict=True)
        for n, i in enumerate(judged.known.tolist())
    ]
