"""The page Atlas below its title: a part that runs again alone, so that a click sends neither the menu nor the shell.

It arranges what other pages' scripts do.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embedlab.charts.theme import Theme
from embedlab.ui import cache, shell, turns, widgets
from embedlab.ui.atlas import files, form, laying, odd, results, selection, spaces, table
from embedlab.ui.atlas.form import Settings
from embedlab.ui.atlas.results import Found

_SHOWN = "_atlas_shown"  # in the session: the vectors of the last run of the whole page


@turns.fragment
def answer(theme: Theme) -> Found | None:
    """The form and what it asks for; None where the vectors have no map yet."""
    left, right = shell.form_and_picture()
    with left:
        settings = form.ask()
        _whole_page_for(settings)
        found = results.find(settings)
    if found is None:
        with right:
            laying.lay_out(settings, theme)
        return None
    with right:
        results.picture(found, theme)
        pair = spaces.draw(found, theme)
        found = found._replace(second=pair.second if pair else None)
        rows = selection.selected(settings, found.map, found.second)
        table.say_selected(found, rows)
    with left, st.container(key="atlas_card"):
        results.card(found)
        table.say_columns(found)
    results.figures(found)

    if pair is None:
        st.markdown(results.what_you_see(found))
    else:
        said, changed = st.columns(2, gap="large")
        said.markdown(results.what_you_see(found))
        with changed:
            spaces.changed(pair)
    results.tries(found)

    widgets.tabs(
        lambda: results.numbers(found),
        lambda: results.code(found),
        lambda: widgets.downloads(files.files(found, theme)),
        key="atlas_tab",
        others={"Words": lambda: table.show(found, rows), "Duplicates and outliers": lambda: odd.show(found)},
        tables=("Words", "Duplicates and outliers"),
        opens="Download",
        title="Districts",
    )
    return found


def _whole_page_for(settings: Settings) -> None:
    """Runs the whole page where other vectors were chosen: the sentence below the title is about their map."""
    context, shown = get_script_run_ctx(), cache.serial(settings.loaded.vectors)
    before, st.session_state[_SHOWN] = st.session_state.get(_SHOWN), shown
    if context is not None and context.fragment_ids_this_run and shown != before:
        st.rerun()
