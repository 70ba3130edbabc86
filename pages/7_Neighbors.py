"""Which words are near?"""

from embedlab.ui import shell

shell.open_page("7_Neighbors.py", "Which words are near?", "Being written.")
