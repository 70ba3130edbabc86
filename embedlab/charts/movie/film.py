"""What a learning movie shows, as plain data, and how it travels to the browser in few bytes.

Frames go as text: one row for each word, its positions as whole numbers on the plot's own pixels. A chart's
specification with the same numbers as lists would be three times as large and take seconds to check and copy.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embedlab.arrays import Doubles, Floats, Ids, Reals
from embedlab.charts.movie.curves import Curve
from embedlab.charts.movie.labels import SEEN, label_places
from embedlab.charts.theme import SHAPES, Theme
from embedlab.errors import InvalidSetting

WIDTH, HEIGHT = 480, 360  # pixels of one map; the page scales the whole picture to its column
GAP = 24  # pixels between pictures
FINE = 10  # positions travel in tenths of a pixel
_LABELLED = 100  # words whose labels get places of their own; with more, labels sit above their points
_TRAILS = 60  # words whose trails are drawn
_ABOVE = (0.0, 14.0)  # px
_BREADTH = np.array([90.0, 70.0])  # pixels kept free around the points, for labels


@dataclass(frozen=True)
class Domain:
    """The part of the plane that a movie shows; a unit is as long on both axes."""

    left: float
    right: float
    bottom: float
    top: float

    def grid(self, columns: int, rows: int) -> Floats:
        """(rows * columns, 2) float32: middles of equal cells, the bottom row first."""
        x = self.left + (np.arange(columns) + 0.5) * (self.right - self.left) / columns
        y = self.bottom + (np.arange(rows) + 0.5) * (self.top - self.bottom) / rows
        middles: Floats = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2).astype(np.float32)
        return middles

    def pixels(self, coordinates: Reals, width: float, height: float) -> Doubles:
        """Coordinates (…, 2) in pixels of a plot, from its lower left corner."""
        low = np.array([self.left, self.bottom])
        span = np.array([self.right - self.left, self.top - self.bottom])
        pixels: Doubles = (coordinates.astype(np.float64) - low) / span * np.array([width, height])
        return pixels


@dataclass(frozen=True, eq=False)
class Film:
    """One run, frame by frame. S frames, V words, G groups.

    Raises:
        InvalidSetting: lengths that do not belong together, or coordinates that are not finite.
    """

    steps: Sequence[int] | Ids  # S, rising, evenly spaced but for the last
    coordinates: Reals  # (S, V, 2), finite, in any range
    words: Sequence[str]  # V
    groups: Sequence[str]  # V: what color and shape mean
    group_names: Sequence[str]  # G, in the order of the palette
    title: str = ""
    labelled: Sequence[bool] = ()  # V: which words carry a label; all where empty
    shares: Reals | None = None  # (S, V, G) in [0, 1]: the model's answer for each word
    regions: Sequence[str] = ()  # addresses of pictures that fill `domain`, evenly spread over the frames
    domain: Domain | None = None  # fitted to the coordinates where None
    domains: Sequence[Domain] = ()  # one for each frame instead, where points leave any that would show their start
    curves: Sequence[Curve] = ()
    # Updates made at each frame, where frames are not evenly spaced in them: `steps` are then 0, 1, 2, …, and the
    # movie says these numbers.
    counts: Sequence[int] = ()

    def __post_init__(self) -> None:
        expected = (len(self.steps), len(self.words), 2)
        if self.coordinates.shape != expected or not len(self.steps) or not len(self.words):
            raise InvalidSetting(
                f"A movie of {len(self.steps)} steps and {len(self.words)} words needs coordinates of shape "
                f"{expected}; these have {self.coordinates.shape}."
            )
        if not np.isfinite(self.coordinates).all():
            raise InvalidSetting("The movie's coordinates hold numbers that are not finite. Leave those frames out.")
        if missing := set(self.groups) - set(self.group_names):
            raise InvalidSetting(f"The groups {', '.join(sorted(missing))} are not among the movie's group names.")


def map_size(films: int) -> tuple[int, int]:
    """Width and height in pixels of each map when `films` of them are side by side."""
    width = (WIDTH - GAP * (films - 1)) // films
    return width, HEIGHT if films == 1 else round(width * 1.1)


def fit_domain(coordinates: Reals, *, width: int = WIDTH, height: int = HEIGHT) -> Domain:
    """The smallest domain of a plot's shape that holds all frames (…, 2), with room for labels around them."""
    flat = coordinates.reshape(-1, 2).astype(np.float64)
    low, high = flat.min(axis=0), flat.max(axis=0)
    pixel = float(
        np.max(np.maximum(high - low, 1e-3) / (np.array([width, height]) - _BREADTH))
    )  # in units of the plane
    left, bottom = (low + high) / 2 - pixel * np.array([width, height]) / 2
    return Domain(float(left), float(left + pixel * width), float(bottom), float(bottom + pixel * height))


def group_colors(theme: Theme, count: int) -> tuple[str, ...]:
    """Colors for `count` groups; beyond the palette they repeat, with other shapes."""
    return tuple(theme.palette[i % len(theme.palette)] for i in range(count))


def group_shapes(count: int) -> tuple[str, ...]:
    """Shapes for `count` groups: no two of up to 64 share both color and shape."""
    return tuple(SHAPES[(i + i // len(SHAPES)) % len(SHAPES)] for i in range(count))


def film_rows(film: Film, domain: Domain, width: int, height: int) -> list[dict[str, str | bool | None]]:
    """One row for each word: positions, steps to its label and answers of all frames as numbers in a text.

    A label that is not seen all the time has a digit for how much of it is, at each moment of `label_places`.
    """
    shown = [i for i in range(len(film.words)) if not film.labelled or film.labelled[i]]
    pixels = domain.pixels(film.coordinates, width, height)  # (S, V, 2)
    if film.domains:
        each = zip(film.domains, film.coordinates, strict=True)
        pixels = np.stack([own.pixels(frame, width, height) for own, frame in each])
    steps, seen = np.full((len(film.steps), len(shown), 2), _ABOVE), np.full((1, len(shown)), SEEN)
    if len(shown) <= _LABELLED:
        steps, seen = label_places(pixels[:, shown], [film.words[i] for i in shown], width=width, height=height)
    rows: list[dict[str, str | bool | None]] = []
    for i, (word, group) in enumerate(zip(film.words, film.groups, strict=True)):
        row = {"word": word, "group": group, "us": None, "vs": None, "trail": len(film.words) <= _TRAILS}
        rows.append(row | {"xs": numbers(pixels[:, i, 0] * FINE), "ys": numbers(pixels[:, i, 1] * FINE)})
    for n, i in enumerate(shown):
        rows[i] |= {"us": numbers(steps[:, n, 0]), "vs": numbers(steps[:, n, 1])}
        if (seen[:, n] < SEEN).any():
            rows[i]["seen"] = "".join(map(str, seen[:, n].tolist()))
        rows[i]["trail"] = len(shown) <= _TRAILS and not film.domains  # a trail lies in one domain
    if film.shares is not None:
        for i, row in enumerate(rows):
            row["shares"] = numbers(film.shares[:, i].ravel() * 100)
    return rows


def numbers(values: Reals) -> str:
    """Values rounded to whole numbers, with spaces between them."""
    return " ".join(map(str, np.rint(values).astype(np.int64).tolist()))
