"""The part of the package that knows Streamlit: what pages share.

Streamlit runs the scripts of its first visitors in threads of one process, and a thread can see modules that another is
still importing. Every page imports this package first, and a second thread waits for it: so the packages that give
their modules' names, which import one another, are whole before any page goes on.
"""

import embedlab.evaluation
import embedlab.formats
import embedlab.projection
import embedlab.vectors  # noqa: F401
