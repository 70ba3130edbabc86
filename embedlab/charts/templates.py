"""Templates: Vega-Lite specifications that Altair builds and checks once, and that get data swapped in.

Building and checking a chart takes Altair 100 to 300 ms of processor time, for every visitor and every click; filling a
finished specification takes less than 1 ms. So a chart is a function of two parts: one, cached, builds the template for
a shape and a theme, with holes; the other computes what goes into them.

A hole is a text that begins with "@". "@rows" becomes the value of that name, whatever it is; a list with nothing but
a hole, ["@groups"], becomes the list of that name. Numbers in expressions are parameters, whose values are holes.

The templates of the charts that pages open with lie in templates.json, so that a fresh process need not build them:
`python -m benchmarks.store_templates` writes it, and it is used only as long as the sources are those it was made from.
"""

import hashlib
import importlib
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias

import altair as alt

P = ParamSpec("P")
Spec: TypeAlias = dict[str, Any]  # a chart as Vega-Lite
Layers: TypeAlias = alt.LayerChart | alt.FacetChart  # what Altair says that layers with properties are
ROWS = alt.NamedData("rows")  # a chart's main rows, the hole "@rows", which its layers share

FILE = Path(__file__).with_name("templates.json")
_MOST = 500  # templates that are kept; a page has a few for each theme
_SOURCES = ("charts/**/*.py", "ui/*/charts.py", "ui/*/movie.py")
_made: dict[str, Spec] = {}  # templates by their keys, the oldest first


def stored(build: Callable[P, Spec]) -> Callable[P, Spec]:
    """A function that builds a template; each is read from the file, or built once."""

    @wraps(build)
    def found(*args: P.args, **kwargs: P.kwargs) -> Spec:
        asked = f"{build.__module__}.{build.__qualname__} {args} {sorted(kwargs.items())}"
        key = hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:24]
        spec = _made.get(key)
        if spec is None:
            spec = _made[key] = _in_file().get(key) or _built(build, *args, **kwargs)
            if len(_made) > _MOST:
                _made.pop(next(iter(_made)), None)
        return spec

    return found


def _built(build: Callable[P, Spec], *args: P.args, **kwargs: P.kwargs) -> Spec:
    try:
        return build(*args, **kwargs)
    except AttributeError:
        # Altair looks pandas up among the loaded modules. Another thread was in the middle of loading it, such as for a
        # download, and Altair found half of it; an import waits for the other to end.
        importlib.import_module("pandas")
        return build(*args, **kwargs)


def as_high_as(rows: int, row: float) -> Spec:
    """The height of a chart whose axis stands beside so many rows of so many pixels, whatever it has below.

    Vega's own step for that cannot be fitted to the width of the page without a warning.
    """
    return {"height": round(rows * row), "autosize": {"type": "fit-x", "contains": "padding"}}


def made() -> dict[str, Spec]:
    """All templates that this process has asked for, by their keys."""
    return dict(sorted(_made.items()))


def made_from() -> str:
    """A hash of all sources of charts and of Altair's version: what templates depend on beside their arguments."""
    package = FILE.parents[1]
    sources = sorted(path for pattern in _SOURCES for path in package.glob(pattern))
    texts = [alt.__version__, *(path.read_text("utf-8") for path in sources)]
    return hashlib.sha256("\0".join(texts).encode("utf-8")).hexdigest()


@cache
def _in_file() -> Mapping[str, Spec]:
    """The templates in the file; none where it is missing or was made from other sources."""
    try:
        file = json.loads(FILE.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return file["templates"] if file["made_from"] == made_from() else {}


def template(
    layers: Sequence[alt.Chart], params: Sequence[alt.Parameter] = (), numbers: Sequence[str] = (), **properties: Any
) -> Spec:
    """Layers as Vega-Lite that is checked against its schema; for a function that caches it.

    Args:
        numbers: names of parameters for expressions; their values are holes of these names.
        properties: of the whole chart, such as its width.
    """
    # Streamlit sends rows that belong to a whole chart through pandas and pyarrow: 80 MB and most of a second before
    # the first answer of a fresh process. The rows of a layer travel as they are. So Altair must not lift rows out of
    # the layers: one more layer without rows keeps it from doing so with rows that all share, and what it collects in
    # `datasets` goes back. Its settings would do, but they are of the whole process, and pages are built in threads.
    chart = alt.layer(*layers, alt.Chart(alt.Data(values=[])).mark_point()).properties(**properties)
    spec: Spec = chart.add_params(*params, *(alt.param(name=name, value=f"@{name}") for name in numbers)).to_dict()
    # Colors and fonts are the page's theme, or the file's. Streamlit's moves the first and the last name of an axis
    # inwards, which at a vertical one parts them from their rows and lines.
    spec["config"] = {"axisY": {"labelFlush": False}}
    datasets = spec.pop("datasets", {})
    del spec["layer"][-1]
    for layer in spec["layer"]:
        name = layer["data"].get("name")
        if name in datasets:
            layer["data"] = {"values": datasets[name]}
    shared = [layer["data"] for layer in spec["layer"] if layer["data"] == {"name": ROWS.name}]
    for data in shared[:1]:  # the others take them by their name
        data["values"] = f"@{ROWS.name}"
    return spec


def fill(spec: Spec, **values: Any) -> Spec:
    """A copy of a template with all its holes filled. Values are not looked through: words in them may begin with "@".

    Raises:
        KeyError: a hole without a value.
    """

    def filled(node: Any) -> Any:
        if isinstance(node, dict):
            return {key: filled(value) for key, value in node.items()}
        if isinstance(node, list):
            hole = len(node) == 1 and isinstance(node[0], str) and node[0].startswith("@")
            return filled(node[0]) if hole else [filled(value) for value in node]
        return values[node[1:]] if isinstance(node, str) and node.startswith("@") else node

    return {key: filled(value) for key, value in spec.items()}
