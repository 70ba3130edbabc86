"""Where files are (beside the code `data/`, `pages/`, the entrypoint, its settings) and how the commands are called."""

import sys
from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "app"  # setup.py puts them there in a wheel
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
PROGRAM = "python -m embedlab" if Path(sys.argv[0]).name == "__main__.py" else "embedlab"
