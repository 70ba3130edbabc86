"""Decision regions as small indexed PNG pictures in data addresses, which a chart can show by the hundred."""

import base64
import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from embedlab.charts.theme import Theme, rgb

SHADES = 8  # from undecided to sure
_FAINTEST, _STRONGEST = 0.10, 0.42  # how much of the group's color is mixed into the paper


def region_pictures(probabilities: npt.NDArray[np.floating], theme: Theme, colors: tuple[str, ...]) -> list[str]:
    """One picture for each snapshot: the likeliest group's color, stronger where the model is surer.

    Args:
        probabilities: (S, H, W, G) in [0, 1], row 0 at the bottom of the picture.
        theme: gives the paper's color.
        colors: one for each group, "#rrggbb".

    Returns:
        S addresses "data:image/png;base64,…" of pictures W wide and H high.
    """
    groups = probabilities.shape[-1]
    winner = probabilities.argmax(axis=-1)  # (S, H, W)
    sureness = (probabilities.max(axis=-1) - 1 / groups) / (1 - 1 / groups)  # 0: all alike, 1: certain
    shade = np.minimum((sureness * SHADES).astype(np.int64), SHADES - 1)
    indices = (winner * SHADES + shade).astype(np.uint8)[:, ::-1]  # PNG begins at the top
    palette = bytes(
        channel
        for color in colors[:groups]
        for strength in np.linspace(_FAINTEST, _STRONGEST, SHADES)
        for channel in _mixed(color, theme.paper, strength)
    )
    return [_png(picture, palette) for picture in indices]


def _mixed(color: str, paper: str, strength: float) -> list[int]:
    pairs = zip(rgb(color), rgb(paper), strict=True)
    return [round(c * strength + p * (1 - strength)) for c, p in pairs]


def _png(indices: npt.NDArray[np.uint8], palette: bytes) -> str:
    """Indices (H, W) and a palette of r, g, b bytes as an indexed PNG."""
    image, file = Image.fromarray(indices), io.BytesIO()
    image.putpalette(palette)  # makes its mode P
    image.save(file, "PNG")
    return "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
