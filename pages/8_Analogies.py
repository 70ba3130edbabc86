"""Is king to man as queen is to woman?"""

from embedlab.ui import shell

shell.open_page("8_Analogies.py", "Is king to man as queen is to woman?", "Being written.")
