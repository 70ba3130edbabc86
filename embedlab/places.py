"""Where files are: beside the code `data/`, `pages/`, the entrypoint and its settings; and what the app was given."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_INSTALLED = _PACKAGE / "app"  # setup.py puts them there in a wheel
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
GIVEN_FILE = "EMBEDLAB_FILE"  # environment variable: vectors that the app opens with, for all its visitors
