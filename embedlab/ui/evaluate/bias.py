"""The part of the page Evaluate that tests associations: WEAT, its word lists on screen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.errors import InvalidSetting
from embedlab.evaluation.weat import AssociationTest, association_test, known_words
from embedlab.evaluation.weat_lists import TESTS, WordLists
from embedlab.ui import shell
from embedlab.ui.evaluate import charts as evaluate_charts
from embedlab.ui.evaluate.form import Space, compared, pictures
from embedlab.ui.spreadsheets import records_to_csv
from embedlab.ui.widgets import File

SETS = ("X", "Y", "A", "B")
_LISTED, _LONGEST = 8, 30  # unknown words that a message names, and letters of each


@dataclass(frozen=True, eq=False)
class Setup:
    """What the form holds."""

    spaces: list[Space]
    lists: WordLists
    words: dict[str, list[str]]  # as typed
    permutations: int
    seed: int

    @property
    def changed(self) -> bool:
        """Whether the words are not the paper's."""
        return any(self.words[name] != getattr(self.lists, name).split() for name in SETS)


@dataclass(frozen=True, eq=False)
class Found:
    """The test in one or two spaces."""

    setup: Setup
    given: list[AssociationTest]
    dropped: list[str]  # words that a space does not know


def compute(setup: Setup) -> Found:
    """Tests the words that all spaces know, so that two are compared on the same ones.

    Raises:
        InvalidSetting: too few known words, or a word on both sides.
    """
    known, dropped = [], []
    for name, least in zip(SETS, (2, 2, 1, 1), strict=True):
        kept, lost = setup.words[name], []
        for space in setup.spaces:
            kept, missing = known_words(space.vectors, kept)
            lost += missing
        if len(kept) < least and lost:
            holders = " and ".join(space.name for space in setup.spaces)
            raise InvalidSetting(
                f"Of set {name}, {len(kept)} are known to {holders}; at least {least} are needed. Unknown: "
                f"{listed(lost)}."
            )
        known.append(kept)
        dropped += lost
    given = [
        association_test(space.vectors, *known, permutations=setup.permutations, seed=setup.seed)
        for space in setup.spaces
    ]
    return Found(setup, given, dropped)


def listed(words: list[str]) -> str:
    """The first few words, for a sentence."""
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return ", ".join(word[:_LONGEST] for word in words[:_LISTED]) + more


CODE = (association_test,)


def ask(spaces: list[Space]) -> Setup:
    """The form. Each test keeps its own four lists."""
    chosen = st.selectbox(
        "Word lists",
        list(TESTS),
        format_func=lambda name: TESTS[name].title,
        key="weat_test",
        bind="query-params",
        help="From Caliskan, Bryson and Narayanan (2017). Change them as you like.",
    )
    lists = TESTS[chosen]
    words = {}
    with st.form("evaluate_bias"):
        for name, title in zip(SETS, lists.names, strict=True):
            given, key = getattr(lists, name), f"weat_{chosen}_{name}"
            typed = st.text_area(f"{name}: {title}", given, key=key, bind="query-params", height=84)
            words[name] = list(dict.fromkeys(word for word in re.split(r"[\s,;]+", typed or "") if word))
        with st.expander("More settings"):
            splits_help = "Where there are more than 20,000 ways to split the words in two, so many random ones."
            splits = st.number_input(
                "Random splits", 100, 100_000, 10_000, 1_000, key="weat_splits", bind="query-params", help=splits_help
            )
            seed = st.number_input("Seed of the splits", 0, 9_999, 0, key="weat_seed", bind="query-params")
        st.form_submit_button("Test these words", type="primary", width="stretch")
    return Setup(spaces, lists, words, int(splits), int(seed))


def find(setup: Setup, theme: Theme) -> Found | None:
    """Computes and draws."""
    good = f"weat {[space.key for space in setup.spaces]} {setup.lists.title}"
    found = shell.attempt(good, lambda: compute(setup))
    if found is None:
        return None
    for column, space, test in zip(st.columns(len(found.given)), found.setup.spaces, found.given, strict=True):
        with column:
            if len(found.given) > 1:
                st.markdown(f"**{shell.as_text(space.name)}**")
            st.altair_chart(_dots(found, test, theme), alt=_story(found, test), key=f"dots {space.name}")
            result = test.result
            st.altair_chart(
                evaluate_charts.null_histogram(test.null, result.effect_size, theme),
                alt=f"Effect sizes of {result.permutations:,} splits; {result.p_value:.2%} reach the observed "
                f"{result.effect_size:+.2f}",
                key=f"null {space.name}",
            )
    st.caption(
        "Each word by its mean cosine to one set less that to the other; dashed: the mean of its own set. Below: the "
        "same words split in two by chance, again and again."
    )
    return found


def _dots(found: Found, test: AssociationTest, theme: Theme, width: int | str = "container") -> evaluate_charts.Chart:
    names = found.setup.lists.names
    sets = [names[0]] * len(test.X) + [names[1]] * len(test.Y)
    return evaluate_charts.association_dots(
        (*test.X, *test.Y), sets, test.associations, (names[2], names[3]), theme, width=width
    )


def _story(found: Found, test: AssociationTest) -> str:
    names, ordered = found.setup.lists.names, test.ordered
    return (
        f"Words by nearness to {names[2]} rather than {names[3]}: nearest {', '.join(ordered[:5])}; farthest "
        f"{', '.join(ordered[-5:])}"
    )


def figures(found: Found) -> None:
    """The numbers that matter."""
    row = st.columns(3)
    beside = partial(compared, found.setup.spaces)
    results = [test.result for test in found.given]
    effects = [f"{one.effect_size:+.2f}".replace("-", "−") for one in results]
    effect_help = (
        "Difference of the sets' mean associations over the standard deviation of all words: −2 to 2 for two sets of "
        "one size."
    )
    row[0].metric("Effect size", effects[0], **beside(effects), help=effect_help)
    chances = [_plain(one.p_value) for one in results]
    row[1].metric(
        "p-value",
        chances[0],
        **beside(chances),
        help="Share of splits by chance with this effect size or more, so it asks in one direction only and is near 1 "
        "where the effect is the other way round. It is never 0.",
    )
    splits = [f"{one.permutations:,}" for one in results]
    kind = "all there are" if results[0].exact else "random ones, and the given one"
    row[2].metric("Splits tried", splits[0], **beside(splits), help=f"Here {kind}.")


def seen(found: Found) -> str:
    """Sentences with this run's numbers, in Markdown."""
    x, y, a, b = found.setup.lists.names
    lines = []
    for space, test in zip(found.setup.spaces, found.given, strict=True):
        result, ordered = test.result, [shell.as_text(word) for word in test.ordered]
        toward = "nearer to" if result.effect_size > 0 else "farther from"
        prefix = f"{shell.as_text(space.name)}: " if len(found.given) > 1 else ""
        how = f"all {result.permutations:,} ways" if result.exact else f"{result.permutations:,} random ways"
        lines.append(
            f"{prefix}{x.capitalize()} are {toward} {a} (rather than {b}) than {y} are: effect size "
            f"**{result.effect_size:+.2f}**. Of {how} to split these {len(test.associations)} words, "
            f"**{_plain(100 * result.p_value)}%** have an effect size of {result.effect_size:+.2f} or more."
        )
        lines.append(f"{prefix}Nearest to {a}: **{ordered[0]}**; nearest to {b}: **{ordered[-1]}**.")
    if found.dropped:
        lines.append(f"Not among the vectors, so left out: {shell.as_text(listed(found.dropped))}.")
    if not found.setup.changed:
        lines.append(f"The paper found {found.setup.lists.paper:+.2f} with GloVe vectors of 840 billion words.")
    lines.append(
        "What it shows: how these words were used in the text that was read. It does not measure what any person "
        "thinks, nor how unfair a program with these vectors would be; and other words for the same idea can give "
        "another answer. A large p-value is no proof that there is no bias."
    )
    return "\n".join(f"- {line}" for line in lines)


def _plain(number: float) -> str:
    """Two digits, never as a power of ten."""
    return np.format_float_positional(number, precision=2, fractional=False, unique=False, trim="-")


def tries() -> dict[str, dict[str, str]]:
    """Examples that set the form."""
    return {
        "Science, arts and gender": {"weat_test": "science"},
        "Flowers and insects": {"weat_test": "flowers"},
        "Names, career and family": {"weat_test": "career"},
    }


def records(found: Found) -> list[dict[str, Any]]:
    """Every target word with its association."""
    names = found.setup.lists.names
    return [
        {"vectors": space.name, "word": word, "set": names[n >= len(test.X)], "association": float(f"{value:.6g}")}
        for space, test in zip(found.setup.spaces, found.given, strict=True)
        for n, (word, value) in enumerate(zip((*test.X, *test.Y), test.associations.tolist(), strict=True))
    ]


def numbers(found: Found) -> None:
    """Every target word."""
    st.dataframe(records(found), hide_index=True)


def files(found: Found, theme: Theme) -> Iterator[File]:
    """Words and picture."""

    yield File("Words (CSV)", "associations.csv", "text/csv", lambda: records_to_csv(records(found)))
    charts = [partial(_dots, found, test, theme, 640) for test in found.given]
    yield from pictures(found.setup.spaces, charts, "associations", theme)
