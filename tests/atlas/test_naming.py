"""Levels of names: against going through all pairs; no two touch at any scale, and none goes away but districts."""

from itertools import combinations

import numpy as np
import pytest

from embedlab.arrays import Doubles, Floats
from embedlab.atlas.naming import DISTRICTS_UNTIL, FONT, LOUD, LOWEST, NEVER, STEPS, name_levels
from embedlab.charts.labels import text_width

RANDOM = np.random.default_rng(0)
WORDS = ["".join(RANDOM.choice(list("aeilmnorst"), RANDOM.integers(2, 14))) for _ in range(400)]
POSITIONS: Floats = RANDOM.normal(scale=0.3, size=(400, 2)).clip(-1, 1).astype(np.float32)
DISTRICTS = [f"{first}, {second}" for first, second in zip(WORDS[:24:2], WORDS[1:24:2], strict=True)]
PLACES: Floats = RANDOM.normal(scale=0.4, size=(12, 2)).clip(-1, 1).astype(np.float32)


def box(name: str, place: Doubles, scale: float, *, district: bool) -> tuple[float, float, float, float]:
    """Left, right, bottom and top of a name as it is drawn, in px."""
    x, y = (place * scale).tolist()
    width = (LOUD if district else FONT) * text_width(name)
    left = x - width / 2 if district else x + 6
    return left, left + width, y - 8, y + 8


def touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def test_no_two_names_touch_at_any_scale_and_all_come_as_the_map_is_enlarged() -> None:
    levels = name_levels(WORDS, POSITIONS, DISTRICTS, PLACES)
    names, places = WORDS + DISTRICTS, np.concatenate([POSITIONS, PLACES]).astype(np.float64)
    for level in range(0, 90, 3):
        scale = LOWEST * 2 ** (level / STEPS)
        rows = np.flatnonzero(levels[:400] <= level).tolist()
        if level <= DISTRICTS_UNTIL:
            rows += (400 + np.flatnonzero(levels[400:] <= level)).tolist()
        boxes = [box(names[row], places[row], scale, district=row >= 400) for row in rows]
        assert [pair for pair in combinations(boxes, 2) if touch(*pair)] == []
    assert (levels[:400] < NEVER).all()
    assert levels[0] <= DISTRICTS_UNTIL + 1


def test_a_name_comes_as_early_as_those_before_it_allow() -> None:
    """One after the other, each compared with all before it: boxes of words alone, with the margins that they have."""
    levels = name_levels(WORDS, POSITIONS, [], np.zeros((0, 2), np.float32))
    reaches = [(-2.0, 1.05 * FONT * text_width(word) + 14) for word in WORDS]
    scales: list[float] = []
    for i, (place, (left, right)) in enumerate(zip(POSITIONS.astype(np.float64), reaches, strict=True)):
        own = i * LOWEST / 1_200
        for j in range(i):
            x, y = np.abs(place - POSITIONS[j]).tolist()
            wide = left + reaches[j][1] if place[0] > POSITIONS[j, 0] else right + reaches[j][0]
            clear = min(wide / x, 20 / y)
            if scales[j] < clear:
                own = max(own, clear)
        scales.append(own)
    expected = np.ceil(STEPS * np.log2(np.maximum(scales, LOWEST) / LOWEST) - 1e-9)
    different = np.flatnonzero(levels != expected)
    assert len(different) <= 4, "a name is compared with those that are near only"


def test_frequent_words_that_only_join_others_are_named_late() -> None:
    places: Floats = np.random.default_rng(1).uniform(-1, 1, size=(3_000, 2)).astype(np.float32)
    words, none = [f"w{row}" for row in range(3_000)], np.zeros((0, 2), np.float32)
    assert name_levels(words, places, [], none)[0] == 0
    late = name_levels(words, places, [], none, late=[0])[0]
    assert late >= STEPS * np.log2(2_500 / 1_200), "as if it were the 2,500th"


@pytest.mark.parametrize("count", [1, 2, 5])
def test_few_names_have_levels(count: int) -> None:
    levels = name_levels(WORDS[:count], POSITIONS[:count], DISTRICTS[:1], PLACES[:1])
    assert len(levels) == count + 1
    assert levels[count] == 0
