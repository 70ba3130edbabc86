"""Word lists of the Word Embedding Association Test, as printed in its paper.

Source: Caliskan, Bryson and Narayanan (2017), Science 356, supplementary material; the first two sets and their
attributes go back to Greenwald, McGhee and Schwartz (1998).
"""

from typing import NamedTuple


class WordLists(NamedTuple):
    """Two sets of target words, two of attributes, and the effect that the paper found."""

    title: str
    names: tuple[str, str, str, str]  # of X, Y, A and B
    X: str
    Y: str
    A: str
    B: str
    paper: float  # effect size of GloVe vectors of 840 billion words


_PLEASANT = (
    "caress freedom health love peace cheer friend heaven loyal pleasure diamond gentle honest lucky rainbow diploma "
    "gift honor miracle sunrise family happy laughter paradise vacation"
)
_UNPLEASANT = (
    "abuse crash filth murder sickness accident death grief poison stink assault disaster hatred pollute tragedy "
    "divorce jail poverty ugly cancer kill rotten vomit agony prison"
)
TESTS = {
    "career": WordLists(
        "Names, career and family",
        ("male names", "female names", "career", "family"),
        "John Paul Mike Kevin Steve Greg Jeff Bill",
        "Amy Joan Lisa Sarah Diana Kate Ann Donna",
        "executive management professional corporation salary office business career",
        "home parents children family cousins marriage wedding relatives",
        1.81,
    ),
    "math": WordLists(
        "Math, arts and gender",
        ("math", "arts", "male words", "female words"),
        "math algebra geometry calculus equations computation numbers addition",
        "poetry art dance literature novel symphony drama sculpture",
        "male man boy brother he him his son",
        "female woman girl sister she her hers daughter",
        1.06,
    ),
    "science": WordLists(
        "Science, arts and gender",
        ("science", "arts", "male words", "female words"),
        "science technology physics chemistry Einstein NASA experiment astronomy",
        "poetry art Shakespeare dance literature novel symphony drama",
        "brother father uncle grandfather son he his him",
        "sister mother aunt grandmother daughter she hers her",
        1.24,
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
    ),
}
