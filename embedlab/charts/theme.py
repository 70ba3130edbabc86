"""Theme: colors and sizes that all pictures share.

The palette is Okabe and Ito's (2008), which stays distinct in the common kinds of color blindness; color never
carries a meaning alone, a shape or a label always says it too.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """Colors of one mode."""

    name: str
    ink: str  # text and points
    paper: str  # what text is haloed with
    muted: str  # lines and labels in the background
    accent: str  # what was asked for
    second: str  # what it is compared with
    palette: tuple[str, ...]  # categories, in order


LIGHT = Theme(
    name="light",
    ink="#1B1F24",
    paper="#FFFFFF",
    muted="#6B7480",
    accent="#0072B2",
    second="#D55E00",
    palette=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#3A9BD9", "#5B5B5B", "#7A4FBF"),
)
DARK = Theme(
    name="dark",
    ink="#E8EBEE",
    paper="#11151A",
    muted="#98A2AD",
    accent="#56B4E9",
    second="#E69F00",
    palette=("#56B4E9", "#E69F00", "#2FC49A", "#E796C0", "#F0E442", "#8FC7F0", "#B5BBC2", "#B99AF0"),
)


def rgb(color: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255, of a color such as #0072B2."""
    red, green, blue = bytes.fromhex(color[1:])
    return red, green, blue


SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
