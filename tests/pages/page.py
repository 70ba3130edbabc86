"""A page under test without a browser: opened by a link, waited for, its widgets pressed, and what it shows read."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from embedlab.ui import jobs, menu
from embedlab.ui.pool import Job
from tests.conftest import ROOT

PATIENCE = 90.0  # seconds that the work of one page may take on a busy machine


def open_page(script: str, state: dict[str, Any] | None = None, **link: str | list[str]) -> AppTest:
    """The page of this script, opened by a link with these parameters in a session that holds this state."""
    app = AppTest.from_file(str(ROOT / script), default_timeout=120)
    for key, value in (state or {}).items():
        app.session_state[key] = value
    for name, parameter in link.items():
        app.query_params[name] = parameter
    checked(app.run())
    question = menu.item(Path(script).name).question
    assert not question or app.title[0].value == question  # Home has a title of its own
    return app


def checked(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def under_way(app: AppTest) -> list[Job[Any]]:
    """The jobs that the page offers to stop."""
    stops = [str(button.key).removesuffix("_stop") for button in app.button if str(button.key).endswith("_stop")]
    return [app.session_state[f"_{panel}_watched"] for panel in stops]


def wait(app: AppTest, over: Callable[[], Any]) -> AppTest:
    """Runs the page again, as its polling does and when a job has ended, until `over()` holds."""
    deadline = time.monotonic() + PATIENCE
    while not over():
        assert time.monotonic() < deadline, "the page did not come to an end"
        for job in under_way(app):
            job.wait(jobs.POLL)
        checked(app.run())
    return app


def finished(app: AppTest, stop: str = "Stop training") -> AppTest:
    """Waits until no button begins so: the page no longer offers to stop its work."""
    return wait(app, lambda: not any(label.startswith(stop) for label in labels(app)))


def press(app: AppTest, label: str) -> AppTest:
    """Presses the first button with this label, or whose label begins so."""
    exact = [button for button in app.button if button.label == label]
    (exact or [button for button in app.button if button.label.startswith(label)])[0].click()
    return checked(app.run())


def labels(app: AppTest) -> list[str]:
    """Labels of the buttons."""
    return [button.label for button in app.button]


def told(app: AppTest) -> str:
    """The page's Markdown and captions, as they are given to Streamlit: with escapes."""
    return "\n".join(element.value for kind in (app.markdown, app.caption) for element in kind)


def row_of(app: AppTest, key: str) -> list[str]:
    """The words of a row of words, which are buttons."""
    return [plain(button.label) for button in app.button if str(button.key).startswith(f"{key}: ")]


def plain(text: str) -> str:
    """Text without the escapes of Markdown."""
    return text.replace("\\", "")


def figures(app: AppTest) -> dict[str, str]:
    """Values of the metrics by their labels."""
    return {metric.label: metric.value for metric in app.metric}


def charts(app: AppTest) -> list[Any]:
    """Charts in order: `alt` says what one shows, `spec` is its Vega-Lite, `data` and `datasets` its rows."""
    return [element.proto for element in app.get("vega_lite_chart")]


def alts(app: AppTest) -> list[str]:
    """What the charts say to a screen reader."""
    return [chart.alt for chart in charts(app)]


def chart(app: AppTest, said: str) -> Any:
    """The first chart whose alternative text begins so."""
    return next(chart for chart in charts(app) if chart.alt.startswith(said))


def spec(chart: Any) -> dict[str, Any]:
    """A chart's Vega-Lite."""
    return dict(json.loads(chart.spec))


def rows(chart: Any, layer: int = 0) -> list[dict[str, Any]]:
    """The data of one of a chart's layers."""
    return list(spec(chart)["layer"][layer]["data"]["values"])
