"""The bias test of the page Evaluate: what it is asked, and the known words tested in one space or two."""

from dataclasses import dataclass

from embedlab import associations
from embedlab.associations import AssociationTest
from embedlab.errors import InvalidSetting
from embedlab.ui.evaluate_form import Space
from embedlab.weat_lists import WordLists

SETS = ("X", "Y", "A", "B")
_LISTED, _LONGEST = 8, 30  # unknown words that a message names, and letters of each


@dataclass(frozen=True, eq=False)
class Setup:
    """What the form holds."""

    spaces: list[Space]
    lists: WordLists
    words: dict[str, list[str]]  # as typed
    permutations: int
    seed: int

    @property
    def changed(self) -> bool:
        """Whether the words are not the paper's."""
        return any(self.words[name] != getattr(self.lists, name).split() for name in SETS)


@dataclass(frozen=True, eq=False)
class Found:
    """The test in one or two spaces."""

    setup: Setup
    given: list[AssociationTest]
    dropped: list[str]  # words that a space does not know


def compute(setup: Setup) -> Found:
    """Tests the words that all spaces know, so that two are compared on the same ones.

    Raises:
        InvalidSetting: too few known words, or a word on both sides.
    """
    known, dropped = [], []
    for name, least in zip(SETS, (2, 2, 1, 1), strict=True):
        kept, lost = setup.words[name], []
        for space in setup.spaces:
            kept, missing = associations.known_words(space.vectors, kept)
            lost += missing
        if len(kept) < least and lost:
            holders = " and ".join(space.name for space in setup.spaces)
            raise InvalidSetting(
                f"Of set {name}, {len(kept)} are known to {holders}; at least {least} are needed. Unknown: "
                f"{listed(lost)}."
            )
        known.append(kept)
        dropped += lost
    given = [
        associations.association_test(space.vectors, *known, permutations=setup.permutations, seed=setup.seed)
        for space in setup.spaces
    ]
    return Found(setup, given, dropped)


def listed(words: list[str]) -> str:
    """The first few words, for a sentence."""
    more = f" and {len(words) - _LISTED} more" if len(words) > _LISTED else ""
    return ", ".join(word[:_LONGEST] for word in words[:_LISTED]) + more
