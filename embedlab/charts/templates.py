"""Templates: Vega-Lite specifications that Altair builds and checks once, and that get data swapped in.

Building and checking a chart takes Altair 100 to 300 ms of processor time, for every visitor and every click; filling a
finished specification takes less than 1 ms. So a chart is a function of two parts: one, cached, builds the template for
a shape and a theme, with holes; the other computes what goes into them.

A hole is a text that begins with "@". "@rows" becomes the value of that name, whatever it is; a list with nothing but
a hole, ["@groups"], becomes the list of that name. Numbers in expressions are parameters, whose values are holes.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import altair as alt

Spec: TypeAlias = dict[str, Any]  # a chart as Vega-Lite
Layers: TypeAlias = alt.LayerChart | alt.FacetChart  # what Altair says that layers with properties are
ROWS = alt.NamedData("rows")  # a chart's main rows, the hole "@rows", which its layers share


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
    spec.pop("config", None)  # colors and fonts are the page's theme, or the file's
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
