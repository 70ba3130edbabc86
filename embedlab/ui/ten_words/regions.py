"""Decision regions as small indexed PNG pictures in data addresses, which a chart can show by the hundred."""

import base64
import struct
import zlib

import numpy as np

from embedlab.charts.theme import Theme

SHADES = 8  # from undecided to sure
_FAINTEST, _STRONGEST = 0.10, 0.42  # how much of the group's colour is mixed into the paper


def region_pictures(probabilities: np.ndarray, theme: Theme, colors: tuple[str, ...]) -> list[str]:
    """One picture for each snapshot: the likeliest group's colour, stronger where the model is surer.

    Args:
        probabilities: (S, H, W, G) in [0, 1], row 0 at the bottom of the picture.
        theme: gives the paper's colour.
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
    pairs = zip(bytes.fromhex(color[1:]), bytes.fromhex(paper[1:]), strict=True)
    return [round(c * strength + p * (1 - strength)) for c, p in pairs]


def _png(indices: np.ndarray, palette: bytes) -> str:
    """Indices (H, W) uint8 and a palette of r, g, b bytes as an 8-bit indexed PNG (ISO/IEC 15948)."""
    height, width = indices.shape
    rows = np.zeros((height, width + 1), np.uint8)  # every row begins with its filter: 0, none
    rows[:, 1:] = indices
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)  # 8 bits, indexed, not interlaced
    parts = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    chunks = [struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts]
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()
