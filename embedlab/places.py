"""Where the files beside the code are: `data/`, `pages/`, the entrypoint and its settings."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "app"  # setup.py puts them there in a wheel
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
