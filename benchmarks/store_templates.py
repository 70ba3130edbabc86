"""Builds the templates of the charts that pages open with, so that a fresh server need not: charts/templates.json.

    python -m benchmarks.store_templates

To be run after every change to a chart; a test says when. All pages are opened in both modes, with their other views.
"""

import json
from unittest.mock import patch

from streamlit.testing.v1 import AppTest

from embedlab.charts import templates
from embedlab.charts.theme import DARK, LIGHT, Theme
from embedlab.ui import shell
from embedlab.ui.menu import MENU, PAGES
from embedlab.ui.transfer.results import VIEWS as TRANSFER
from embedlab.ui.word2vec.views import VIEWS as WORD2VEC

# What a page shows beside its default, by the parameters of its links.
VIEWS: dict[str, list[dict[str, str]]] = {
    "4_Word2vec.py": [*({"view": view} for view in WORD2VEC), {"word2vec_tab": "A real run"}],
    "6_Transfer.py": [{"look": view} for view in TRANSFER],
    "7_Neighbors.py": [{"map": "PCA"}, {"map": "own axes"}, {"word": "king queen"}],
    "10_Evaluate.py": [{"evaluated": "Similarity"}, {"evaluated": "Bias"}],
}


def visit(page: str, link: dict[str, str], theme: Theme) -> None:
    """Opens a page by a link, as a visitor in this mode."""
    app = AppTest.from_file(str(PAGES / page), default_timeout=120)
    for name, value in link.items():
        app.query_params[name] = value
    with patch.object(shell, "theme", lambda: theme):
        app.run()
    assert not app.exception, (page, link, app.exception)


def collect() -> dict[str, templates.Spec]:
    """The templates of all pages, by their keys."""
    for theme in (LIGHT, DARK):
        for line in MENU:
            for link in [{}, *VIEWS.get(line.file, [])]:
                visit(line.file, link, theme)
    return templates.made()


def main() -> None:
    with patch.object(templates, "_in_file", dict):
        found = {"made_from": templates.made_from(), "templates": collect()}
    templates.FILE.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{len(found['templates'])} templates written to {templates.FILE}")


if __name__ == "__main__":
    main()
