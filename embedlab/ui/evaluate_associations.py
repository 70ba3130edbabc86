"""The bias test of the page Evaluate: what it is asked, and the known words tested in one space or two."""

from dataclasses import dataclass

from embedlab import associations
from embedlab.associations import AssociationTest
from embedlab.errors import InvalidSetting
from embedlab.ui.evaluate_form import Space
from embedlab.weat_lists import WordLists

SETS = ("X", "Y", "A", "B")
LISTED, LONGEST = 8, 30  # unknown words that a message names, and letters of each


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
    dropped: list[list[str]]  # words that each space does not know


def compute(setup: Setup) -> Found:
    """Tests the known words.

    Raises:
        InvalidSetting: too few known words, or a word on both sides.
    """
    given, dropped = [], []
    for space in setup.spaces:
        split = {name: associations.known_words(space.vectors, words) for name, words in setup.words.items()}
        dropped.append([word for _, missing in split.values() for word in missing])
        known = [split[name][0] for name in SETS]
        for name, least in zip(SETS, (2, 2, 1, 1), strict=True):
            lost = split[name][1]
            if len(split[name][0]) < least and lost:
                shown = ", ".join(word[:LONGEST] for word in lost[:LISTED])
                raise InvalidSetting(
                    f"Of set {name}, {space.name} holds {len(split[name][0])}; at least {least} are needed. "
                    f"Unknown: {shown}{' and more' if len(lost) > LISTED else ''}."
                )
        given.append(
            associations.association_test(space.vectors, *known, permutations=setup.permutations, seed=setup.seed)
        )
    return Found(setup, given, dropped)
