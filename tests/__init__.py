"""Tests of embedlab. Whatever computes in them uses one thread: as many tests run at once as there are cores.

More threads than cores wait for each other: the fits of scikit-learn, for one, take six times as long then.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # read by NumPy, SciPy and PyTorch when they are loaded, and inherited
