"""Tests of embedlab. Whatever computes in them uses one thread: as many tests run at once as there are cores.

More threads than cores wait for each other: the fits of scikit-learn, for one, take six times as long then. Trainings
run in the test's own process; tests/workers and tests/browser try them as they are served, in processes of their own.
"""

import os

if "PYTEST_VERSION" in os.environ:  # benchmarks take steps from here, and measure the app as it is served
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # read by NumPy, SciPy, PyTorch at their start
    os.environ.setdefault("EMBEDLAB_IN_PROCESS", "1")  # else every page's training would load PyTorch in a new process
