"""The parts of the page Evaluate: each draws what the chosen test found."""

from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.ui import widgets
from embedlab.ui.evaluate.debiasing import DebiasingTest
from embedlab.ui.evaluate.form import NONE, Settings
from embedlab.ui.evaluate.test import Space, Test

_TRIED = 2  # examples of a test that are offered


class Found(NamedTuple):
    """The chosen test, what it found, and the spaces that took it."""

    test: Test[Any, Any]
    result: Any
    spaces: list[Space]


def find(settings: Settings) -> Found | None:
    """Takes the test; where that needs a while, draws what there is so far and gives None."""
    result = settings.test.find(settings.asked)
    return None if result is None else Found(settings.test, result, settings.spaces)


def picture(found: Found, theme: Theme) -> None:
    """The charts."""
    found.test.picture(found.result, theme)


def figures(found: Found) -> None:
    """The numbers that matter."""
    found.test.figures(found.result)


def what_you_see(found: Found) -> str:
    """Sentences with this run's numbers, in Markdown."""
    return "**What you see**\n" + "\n".join(f"- {line}" for line in found.test.what_you_see(found.result))


def tries(found: Found) -> None:
    """Buttons for at most two of the test's examples that would change something, and one that sets both boxes."""
    ours = {
        f"Beside “{COUNTED}”: both results at once": {"vectors": PREDICTED, "beside": COUNTED},
        f"“{PREDICTED}” alone": {"vectors": PREDICTED, "beside": NONE},
    }

    def new(values: dict[str, str]) -> bool:
        return any(st.session_state.get(key) != value for key, value in values.items())

    sources = (found.test.tries(), {} if isinstance(found.test, DebiasingTest) else ours)  # which takes one set
    first, last = ([(title, values) for title, values in few.items() if new(values)] for few in sources)
    with widgets.tries():
        for title, values in (*first[:_TRIED], *last[:1]):
            st.button(title, on_click=st.session_state.update, args=(values,), key=f"evaluate {title}")


def numbers(found: Found) -> None:
    """The test's table."""
    found.test.numbers(found.result)


def code(found: Found) -> tuple[Callable[..., Any], ...]:
    """What ran."""
    return found.test.code()
