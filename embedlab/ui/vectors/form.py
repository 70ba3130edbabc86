"""What the page Vectors is asked: which set to look at."""

from typing import NamedTuple

from embedlab.ui import vector_choice


class Settings(NamedTuple):
    """The set to look at."""

    loaded: vector_choice.Loaded


def ask() -> Settings:
    """Which set to look at."""
    return Settings(vector_choice.choice(label="Set to look at"))
