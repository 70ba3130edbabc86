"""The form of the page Evaluate: one of five tests, the spaces that take it, and the test's own inputs."""

from typing import Any, NamedTuple, TypeAlias

import streamlit as st

from embedlab.errors import EmbedlabError
from embedlab.ui import shell, vector_choice, widgets
from embedlab.ui.evaluate.analogies import AnalogyTest
from embedlab.ui.evaluate.bias import BiasTest
from embedlab.ui.evaluate.debiasing import DebiasingTest
from embedlab.ui.evaluate.judging.test import Space, Test
from embedlab.ui.evaluate.own import OwnTest
from embedlab.ui.evaluate.similarity import SimilarityTest

NONE = "none"
AnyTest: TypeAlias = Test[Any, Any] | OwnTest
_TESTS: dict[str, AnyTest] = {
    "Analogies": AnalogyTest(),
    "Similarity": SimilarityTest(),
    "Bias": BiasTest(),
    "Debiasing": DebiasingTest(),
    "Your own": OwnTest(),
}


class Settings(NamedTuple):
    """The chosen test, what its own form holds, and the spaces that take it."""

    test: AnyTest
    asked: Any
    spaces: list[Space]


def choose() -> tuple[AnyTest, list[Space]]:
    """The test, and one space or two, chosen above the test's own form."""
    name = widgets.one_of("Test", list(_TESTS), key="evaluated", bind="query-params", bare=True)
    left, right = st.columns(2, gap="small")
    with left:
        first = vector_choice.choice()
    chosen = [Space(first.name, first.vectors)]
    others = [name for name in vector_choice.names() if name != first.name]
    with right:
        asked = st.query_params.get("beside", NONE)
        vector_choice.say_missing("beside", None if asked in (NONE, first.name, *others) else asked)
        help_text = "A second set, scored on the same questions. Both then know only the words that they share."
        second = st.selectbox("Beside it", [NONE, *others], key="beside", bind="query-params", help=help_text)
        if second != NONE:
            try:
                with st.spinner(f"Opening {shell.as_text(second)}"):
                    chosen.append(Space(second, vector_choice.load(second).vectors))
            except EmbedlabError as error:
                shell.show_error(error)
    return _TESTS[name], chosen


def ask(test: AnyTest, spaces: list[Space]) -> Settings:
    """The form of the chosen test."""
    return Settings(test, test.ask(spaces), spaces)
