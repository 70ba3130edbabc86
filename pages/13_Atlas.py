"""Atlas: the whole space on one map."""

from embedlab.ui import shell, widgets
from embedlab.ui.atlas import results
from embedlab.ui.atlas.answer import answer

shell.open_page(
    "13_Atlas.py",
    "Where does every word lie?",
    "All words of a space on one map. Move it, enlarge it, click a word: lines lead to its nearest in the full space.",
)
found = answer(shell.theme())
if found is not None:
    results.say_trust(found)
widgets.next_page("8_Analogies.py")
