"""The parts of the page Evaluate: each draws what the chosen test found."""

from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from embedlab.charts.theme import Theme
from embedlab.library.bundled import COUNTED, PREDICTED
from embedlab.ui import widgets
from embedlab.ui.evaluate.debiasing import DebiasingTest
from embedlab.ui.evaluate.form import NONE, AnyTest, Settings
from embedlab.ui.evaluate.judging.test import Judge, Judged, Space
from embedlab.ui.evaluate.own import OwnTest

_TRIED = 2  # examples of a test that are offered


class Found(NamedTuple):
    """What was found, what shows it, the spaces that took the test, and the form that was filled in."""

    test: Judge[Any]
    result: Any
    spaces: list[Space]
    form: AnyTest


def find(settings: Settings) -> Found | None:
    """Takes the test; where that needs a while, draws what there is so far and gives None."""
    judged = _judged(settings.test, settings.asked)
    return None if judged is None else Found(*judged, settings.spaces, settings.test)


def _judged(test: AnyTest, asked: Any) -> Judged | None:
    """A test of one's own is shown by the test of its kind, any other by itself."""
    if isinstance(test, OwnTest):
        return test.find(asked)
    result = test.find(asked)
    return None if result is None else Judged(test, result)


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

    sources = (found.form.tries(), {} if isinstance(found.test, DebiasingTest) else ours)  # which takes one set
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
