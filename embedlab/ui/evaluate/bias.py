"""The test of the page Evaluate by WEAT: which associations are in the vectors?"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.templates import Spec
from embedlab.charts.theme import Theme
from embedlab.evaluation import stability
from embedlab.evaluation.bias.metrics import measures
from embedlab.evaluation.weat import (
    LEAST,
    AssociationTest,
    association_test,
    association_tests,
    not_comparable,
)
from embedlab.evaluation.weat_lists import TESTS, WordLists
from embedlab.ui import shell, widgets
from embedlab.ui.address import address
from embedlab.ui.evaluate import charts
from embedlab.ui.evaluate.judging.test import Space, look_instead, metrics, pictures, signed
from embedlab.ui.spreadsheets import records_to_csv
from embedlab.ui.tables import data_table
from embedlab.ui.widgets import File
from embedlab.ui.words import asking, word_boxes
from embedlab.vectors.spelling import find_matches


@dataclass(frozen=True, eq=False)
class BiasSettings:
    """What the form holds."""

    spaces: list[Space]
    test: str  # key of TESTS
    lists: WordLists
    words: dict[str, list[str]]  # as typed
    permutations: int
    seed: int

    @property
    def changed(self) -> bool:
        """Whether the words are not the paper's."""
        return self.words != self.lists.words

    @property
    def names(self) -> list[str]:
        """What X, Y, A and B are called with these words."""
        return [self.lists.name_of(name, words) for name, words in self.words.items()]


@dataclass(frozen=True, eq=False)
class BiasResult:
    """The test in one or two spaces."""

    settings: BiasSettings
    tests: list[AssociationTest]
    dropped: list[str]  # words that a space does not know

    @property
    def lost(self) -> dict[str, float]:
        """The sets that lost more than a fifth of their words, with the share that is left."""
        gone = set(self.dropped)
        asked = self.settings.words
        return not_comparable(asked, {name: [w for w in words if w not in gone] for name, words in asked.items()})


class BiasTest:
    """WEAT, its word lists on the screen."""

    def ask(self, spaces: list[Space]) -> BiasSettings:
        """The form. Each test keeps its own four lists."""
        titles = {name: lists.title for name, lists in TESTS.items()}
        lists_help = "The ten tests of Caliskan, Bryson and Narayanan (2017). Change the words as you like."
        chosen = widgets.titled("Word lists", titles, key="weat_test", bind="query-params", help=lists_help)
        lists, words = TESTS[chosen], {}

        @cache  # a box and its title, which is drawn before it, hold the same text
        def found(typed: str | None) -> list[str]:
            return list(dict.fromkeys(match.typed for match in find_matches(spaces[0].vectors, typed or "")))

        with st.form("evaluate_bias"):
            for name in LEAST:
                given, key = getattr(lists, name), f"weat_{chosen}_{name}"
                title = lists.name_of(name, found(st.session_state.get(key, st.query_params.get(key, given))))
                typed = st.text_area(f"{name}: {shell.as_text(title)}", given, key=key, bind="query-params", height=84)
                words[name] = found(typed)
            source = f"WEAT {lists.number}, after {lists.source}."
            st.caption(source if words == lists.words else f"Changed from {source}")
            with st.expander("More settings"):
                address.whole("weat_splits", "weat_seed")
                splits = st.number_input(
                    "Random splits", 100, 100_000, 10_000, 1_000, key="weat_splits", bind="query-params",
                    help="How many are drawn where there are more than 20,000 ways to split the words in two.",
                )  # fmt: skip
                seed = st.number_input("Seed of the splits", 0, 9_999, 0, key="weat_seed", bind="query-params")
            st.form_submit_button("Test these words", type="primary", width="stretch")
        return BiasSettings(spaces, chosen, lists, words, splits, seed)

    def find(self, settings: BiasSettings) -> BiasResult | None:
        """The test in each space, on the words that all of them know."""

        def compute() -> BiasResult:
            tests, dropped = association_tests(
                dict(settings.spaces), settings.words, permutations=settings.permutations, seed=settings.seed
            )
            return BiasResult(settings, tests, dropped)

        key = f"weat {[space.key for space in settings.spaces]} {settings.lists.title}"
        inputs = [f"weat_{settings.test}_{name}" for name in LEAST]
        return shell.attempt(
            key,
            compute,
            inputs=inputs,
            remedy=look_instead(settings.spaces),
            still=lambda result: word_boxes.named([word for words in result.settings.words.values() for word in words]),
        )

    def picture(self, result: BiasResult, theme: Theme) -> None:
        """Each word by its association, and the effect sizes of splits by chance."""
        names = result.settings.names
        columns = st.columns(len(result.tests))
        for column, space, test in zip(columns, result.settings.spaces, result.tests, strict=True):
            with column:
                if len(result.tests) > 1:
                    st.markdown(f"**{shell.as_text(space.name)}**")
                ordered = test.ordered
                said = (
                    f"Words by nearness to {names[2]} rather than {names[3]}: nearest {', '.join(ordered[:5])}; "
                    f"farthest {', '.join(ordered[-5:])}"
                )
                asking.chart(_dots(result, test, theme, clickable=True), alt=said, key=f"dots {space.name}")
                weat = test.result
                st.vega_lite_chart(
                    charts.null_histogram(test.null, weat.effect_size, theme),
                    alt=f"Effect sizes of {weat.permutations:,} splits; {weat.p_value:.2%} reach the observed "
                    f"{weat.effect_size:+.2f}",
                    key=f"null {space.name}",
                )
        st.caption(
            "Mean cosine to one set less that to the other; dashed: the mean of a word’s own set. Below: effect sizes "
            "of random splits."
        )
        if result.dropped:
            asking.row(result.dropped, key="weat_dropped", said="Not among the vectors, so left out:")

    def figures(self, result: BiasResult) -> None:
        """The numbers that matter."""
        found = [test.result for test in result.tests]
        effect_help = (
            "Difference of the sets' mean associations over the standard deviation of all words: −2 to 2 for two "
            "sets of one size."
        )
        chance_help = (
            "One-sided permutation test: share of splits with this effect size or more; near 1 where the effect is the "
            "other way round."
        )
        kind = "all there are" if found[0].exact else "random ones, and the given one"
        metrics(
            result.settings.spaces,
            ("Effect size", [signed(one.effect_size, 2) for one in found], effect_help),
            ("p-value", [_plain(one.p_value) for one in found], chance_help),
            ("Splits tried", [f"{one.permutations:,}" for one in found], f"Here {kind}."),
        )

    def what_you_see(self, result: BiasResult) -> list[str]:
        """Sentences with this run's numbers, in Markdown."""
        x, y, a, b = map(shell.as_text, result.settings.names)
        lines = []
        for space, test in zip(result.settings.spaces, result.tests, strict=True):
            weat = test.result
            effect = round(weat.effect_size, 2)  # as it is shown
            toward = "nearer to" if effect > 0 else "farther from" if effect else "as near to"
            prefix = f"“{shell.as_text(space.name)}”: " if len(result.tests) > 1 else ""
            how = f"all {weat.permutations:,} ways" if weat.exact else f"{weat.permutations:,} random ways"
            as_much = round(weat.p_value * weat.permutations)
            lines.append(
                f"{prefix}{x[:1].upper()}{x[1:]} are {toward} {a} (rather than {b}) {'than' if effect else 'as'} {y} "
                f"are; {as_much:,} of {how} to split these {len(test.associations)} words "
                f"{'shows' if as_much == 1 else 'show'} as much."
            )
        if (spread := stability.bundled_effect(result.settings.spaces[0].vectors, result.settings.words)) is not None:
            lines.append(
                f"Runs on resampled text: {signed(spread.value, 2)} on average; one more would lie between "
                f"{signed(spread.low, 2)} and {signed(spread.high, 2)} 95 times in 100."
            )
        whose = "one of all these words" if result.settings.changed else "the paper’s"
        for name, share in result.lost.items():
            lines.append(
                f"**Not comparable**: {share:.0%} of the words of set {name} are known. With more than a fifth of a "
                f"set missing, this is another test than {whose}."
            )
        if not (result.settings.changed or result.lost):
            paper = signed(result.settings.lists.paper, 2)
            lines.append(f"The paper found {paper} with GloVe vectors of 840 billion words.")
        lines.append(
            "This measures how the text uses these words, not what people think, nor how unfair a program with these "
            "vectors would be. Other words may give another answer, and a large p-value does not rule out bias."
        )
        return lines

    def tries(self) -> dict[str, dict[str, str]]:
        """Examples that set the form."""
        return {
            "Science and arts: which is nearer to male words": {"weat_test": "science"},
            "Flowers and insects: which is more pleasant": {"weat_test": "flowers"},
            "Names: whose are nearer to career": {"weat_test": "career"},
        }

    def numbers(self, result: BiasResult) -> None:
        """Every target word, and what other measures say of the same sets."""
        asking.table(records(result), ["word"], key="associations")
        st.markdown("**Other measures of the same words**")
        data_table.draw(other_measures(result))

    def code(self) -> tuple[Callable[..., Any], ...]:
        """What ran."""
        return (association_test, measures)

    def files(self, result: BiasResult, theme: Theme) -> Iterator[File]:
        """Words and picture."""
        yield File("Words (CSV)", "associations.csv", "text/csv", lambda: records_to_csv(records(result)))
        drawn = [partial(_dots, result, test, theme, 640) for test in result.tests]
        yield from pictures(result.settings.spaces, drawn, "associations", theme)


def _dots(
    result: BiasResult,
    test: AssociationTest,
    theme: Theme,
    width: int | str = "container",
    *,
    clickable: bool = False,
) -> Spec:
    x, y, a, b = result.settings.names
    words, sets = (*test.X, *test.Y), [x] * len(test.X) + [y] * len(test.Y)
    means = dict(zip((x, y), test.means, strict=True))
    return charts.association_dots(
        words, sets, test.associations, means, (a, b), theme, width=width, clickable=clickable
    )


def _plain(number: float) -> str:
    """Two digits, never as a power of ten."""
    return np.format_float_positional(number, precision=2, fractional=False, unique=False, trim="-")


def records(result: BiasResult) -> list[dict[str, Any]]:
    """Every target word with its association."""
    names = result.settings.names
    return [
        {"vectors": space.name, "word": word, "group": names[n >= len(test.X)], "association": value}
        for space, test in zip(result.settings.spaces, result.tests, strict=True)
        for n, (word, value) in enumerate(zip((*test.X, *test.Y), test.associations.tolist(), strict=True))
    ]


def other_measures(result: BiasResult) -> list[dict[str, Any]]:
    """RND, RNSB, RIPA, ECT and MAC of each space, on the words of the test."""
    return [
        {"vectors": space.name, "measure": one.name, "value": one.value, "without bias": one.without_bias}
        | {"what it is": one.about}
        for space, test in zip(result.settings.spaces, result.tests, strict=True)
        for one in measures(space.vectors, {name: getattr(test, name) for name in LEAST})
    ]
