"""The part of the package that knows Streamlit: what pages share.

Streamlit runs the scripts of its first visitors in threads of one process, and a thread can see modules that another is
still importing. Every page imports this package first, and a second thread waits for it: so the packages that give
their modules' names, which import one another, are whole before any page goes on.
"""

import os

# Visitors are threads already: with twenty of them at once, the threads that NumPy starts for products wait for each
# other ten times as long as they work. It reads this when it is loaded; a number that is set outside stays.
for _threads in ("OPENBLAS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_threads, "1")

import embedlab.evaluation  # noqa: E402
import embedlab.formats  # noqa: E402
import embedlab.projection  # noqa: E402
import embedlab.vectors  # noqa: E402, F401
