"""The folder that a recipe writes into."""

from pathlib import Path

from embedlab.errors import InvalidSetting


def make(folder: Path) -> None:
    """Makes the folder where it is not there; before the long work.

    Raises InvalidSetting: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidSetting(f"{folder} cannot be made ({error.strerror}): give another folder.") from None
