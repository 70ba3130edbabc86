"""The root's app, started from beside a requirements.txt that names PyTorch's CPU build.

Streamlit Community Cloud installs the dependency file that it finds beside the entrypoint; the root's names no index
but the default one, and would bring CUDA.
"""

import sys
from pathlib import Path

ROOT = str(Path(__file__).parents[2])
if ROOT not in sys.path:  # Streamlit adds the entrypoint's own folder only
    sys.path.insert(0, ROOT)

from embedlab.ui import shell  # noqa: E402

shell.run_app()
