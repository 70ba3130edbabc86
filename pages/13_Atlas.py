"""Atlas: the whole space on one map."""

import streamlit as st

from embedlab.ui import shell, widgets
from embedlab.ui.atlas import files, form, laying, odd, results, spaces, table

shell.open_page(
    "13_Atlas.py",
    "Where does every word lie?",
    "All words of a space on one map. Move it, enlarge it, click a word: lines lead to its nearest in the full space.",
)
theme = shell.theme()
left, right = shell.form_and_picture()
with left:
    settings = form.ask()
    found = results.find(settings)
    if found is not None:
        with st.container(key="atlas_card"):
            results.card(found, theme)
            table.say_columns(found)
if found is None:
    with right:
        laying.lay_out(settings, theme)
    widgets.stop("8_Analogies.py")
results.say_trust(found)
with right:
    results.picture(found, theme)
    pair = spaces.draw(found, theme)
results.figures(found)

said, moved = st.columns(2, gap="large")
said.markdown(results.what_you_see(found))
with moved:
    if pair is not None:
        spaces.farthest(pair)
results.tries(found)

widgets.tabs(
    lambda: results.numbers(found),
    lambda: results.code(found),
    lambda: widgets.downloads(files.files(found, theme)),
    key="atlas_tab",
    others={"Words": lambda: table.show(found), "Duplicates and outliers": lambda: odd.show(found)},
    tables=("Words", "Duplicates and outliers"),
    opens="Download",
    title="Districts",
)
widgets.next_page("8_Analogies.py")
