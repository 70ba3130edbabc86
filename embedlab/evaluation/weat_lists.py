"""Word lists of the Word Embedding Association Test: all ten tests of its paper.

Source: Caliskan, Bryson and Narayanan (2017), Science 356, supplementary material, which takes them from tests with
people; each test names its own. Names that the paper left out, as too rare, are left out.
"""

from collections.abc import Sequence
from typing import NamedTuple

from embedlab.evaluation.weat import LEAST, first_words


class WordLists(NamedTuple):
    """Two sets of target words, two of attributes, and the effect that the paper found."""

    title: str
    names: tuple[str, str, str, str]  # of X, Y, A and B
    X: str
    Y: str
    A: str
    B: str
    paper: float  # effect size of GloVe vectors of 840 billion words
    number: int  # of the test in the paper, 1 to 10
    source: str  # the study of people that the lists come from

    @property
    def words(self) -> dict[str, list[str]]:
        """Of X, Y, A and B."""
        return {letter: str(getattr(self, letter)).split() for letter in LEAST}

    def name_of(self, letter: str, words: Sequence[str]) -> str:
        """What X, Y, A or B may be called with these words: as in the paper, unless most of them are others."""
        given = {word.lower() for word in self.words[letter]}
        others = sum(word.lower() not in given for word in words)
        if others > len(words) / 2:
            return f"words like {first_words(words[:1])}"
        return self.names[list(self.words).index(letter)]


_PLEASANT = (
    "caress freedom health love peace cheer friend heaven loyal pleasure diamond gentle honest lucky rainbow diploma "
    "gift honor miracle sunrise family happy laughter paradise vacation"
)
_UNPLEASANT = (
    "abuse crash filth murder sickness accident death grief poison stink assault disaster hatred pollute tragedy "
    "divorce jail poverty ugly cancer kill rotten vomit agony prison"
)
_UNPLEASANT_BESIDE_NAMES = (  # "evil" and "bomb" in place of "agony" and "prison"
    "abuse crash filth murder sickness accident death grief poison stink assault disaster hatred pollute tragedy bomb "
    "divorce jail poverty ugly cancer evil kill rotten vomit"
)
_PLEASANT_SHORT = "joy love peace wonderful pleasure friend laughter happy"
_UNPLEASANT_SHORT = "agony terrible horrible nasty evil war awful failure"
_EUROPEAN = "Brad Brendan Geoffrey Greg Brett Matthew Neil Todd Allison Anne Carrie Emily Jill Laurie Meredith Sarah"
_AFRICAN = (
    "Darnell Hakim Jermaine Kareem Jamal Leroy Rasheed Tyrone Aisha Ebony Keisha Kenya Lakisha Latoya Tamika Tanisha"
)
_RACE = ("European American names", "African American names", "pleasant", "unpleasant")
_GREENWALD = "Greenwald, McGhee and Schwartz (1998)"
_BERTRAND = "Bertrand and Mullainathan (2004)"
_NOSEK_ONLINE = "Nosek, Banaji and Greenwald (2002a)"
_NOSEK_MATH = "Nosek, Banaji and Greenwald (2002b)"
TESTS = {
    "career": WordLists(
        "Names, career and family",
        ("male names", "female names", "career", "family"),
        "John Paul Mike Kevin Steve Greg Jeff Bill",
        "Amy Joan Lisa Sarah Diana Kate Ann Donna",
        "executive management professional corporation salary office business career",
        "home parents children family cousins marriage wedding relatives",
        1.81,
        6,
        _NOSEK_ONLINE,
    ),
    "math": WordLists(
        "Math, arts and gender",
        ("math", "arts", "male words", "female words"),
        "math algebra geometry calculus equations computation numbers addition",
        "poetry art dance literature novel symphony drama sculpture",
        "male man boy brother he him his son",
        "female woman girl sister she her hers daughter",
        1.06,
        7,
        _NOSEK_ONLINE,
    ),
    "science": WordLists(
        "Science, arts and gender",
        ("science", "arts", "male words", "female words"),
        "science technology physics chemistry Einstein NASA experiment astronomy",
        "poetry art Shakespeare dance literature novel symphony drama",
        "brother father uncle grandfather son he his him",
        "sister mother aunt grandmother daughter she hers her",
        1.24,
        8,
        _NOSEK_MATH,
    ),
    "flowers": WordLists(
        "Flowers and insects",
        ("flowers", "insects", "pleasant", "unpleasant"),
        "aster clover hyacinth marigold poppy azalea crocus iris orchid rose bluebell daffodil lilac pansy tulip "
        "buttercup daisy lily peony violet carnation gladiola magnolia petunia zinnia",
        "ant caterpillar flea locust spider bedbug centipede fly maggot tarantula bee cockroach gnat mosquito termite "
        "beetle cricket hornet moth wasp blackfly dragonfly horsefly roach weevil",
        _PLEASANT,
        _UNPLEASANT,
        1.50,
        1,
        _GREENWALD,
    ),
    "weapons": WordLists(
        "Instruments and weapons",
        ("instruments", "weapons", "pleasant", "unpleasant"),
        "bagpipe cello guitar lute trombone banjo clarinet harmonica mandolin trumpet bassoon drum harp oboe tuba bell "
        "fiddle harpsichord piano viola bongo flute horn saxophone violin",
        "arrow club gun missile spear axe dagger harpoon pistol sword blade dynamite hatchet rifle tank bomb firearm "
        "knife shotgun teargas cannon grenade mace slingshot whip",
        _PLEASANT,
        _UNPLEASANT,
        1.53,
        2,
        _GREENWALD,
    ),
    "names": WordLists(
        "Names and pleasantness",
        _RACE,
        "Adam Harry Josh Roger Alan Frank Justin Ryan Andrew Jack Matthew Stephen Brad Greg Paul Jonathan Peter Amanda "
        "Courtney Heather Melanie Katie Betsy Kristin Nancy Stephanie Ellen Lauren Colleen Emily Megan Rachel",
        "Alonzo Jamel Theo Alphonse Jerome Leroy Torrance Darnell Lamar Lionel Tyree Deion Lamont Malik Terrence "
        "Tyrone Lavon Marcellus Wardell Nichelle Shereen Ebony Latisha Shaniqua Jasmine Tanisha Tia Lakisha Latoya "
        "Yolanda Malika Yvette",
        _PLEASANT,
        _UNPLEASANT_BESIDE_NAMES,
        1.41,
        3,
        _GREENWALD,
    ),
    "applicants": WordLists(
        "Applicants’ names and pleasantness",
        _RACE,
        _EUROPEAN,
        _AFRICAN,
        _PLEASANT,
        _UNPLEASANT_BESIDE_NAMES,
        1.50,
        4,
        _BERTRAND,
    ),
    "applicants_short": WordLists(
        "Applicants’ names, other attributes",
        _RACE,
        _EUROPEAN,
        _AFRICAN,
        _PLEASANT_SHORT,
        _UNPLEASANT_SHORT,
        1.28,
        5,
        f"{_BERTRAND}; attributes: {_NOSEK_ONLINE}",
    ),
    "illness": WordLists(
        "Illness, mental and physical",
        ("mental illness", "physical illness", "temporary", "permanent"),
        "sad hopeless gloomy tearful miserable depressed",
        "sick illness influenza disease virus cancer",
        "impermanent unstable variable fleeting short-term brief occasional",
        "stable always constant persistent chronic prolonged forever",
        1.38,
        9,
        "Monteith and Pettit (2011)",
    ),
    "age": WordLists(
        "Young and old people’s names",
        ("young people’s names", "old people’s names", "pleasant", "unpleasant"),
        "Tiffany Michelle Cindy Kristy Brad Eric Joey Billy",
        "Ethel Bernice Gertrude Agnes Cecil Wilbert Mortimer Edgar",
        _PLEASANT_SHORT,
        _UNPLEASANT_SHORT,
        1.21,
        10,
        _NOSEK_ONLINE,
    ),
}
