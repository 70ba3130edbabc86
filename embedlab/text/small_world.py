"""A small world in sentences, written by a grammar whose truth is known.

Words mean what they are used with, and here that is known. The two members of a couple have the same
surroundings but for "he" and "she"; king, queen, prince and princess share the court's words, of which the older two
rule and the younger two play. So king - man + woman must come out as queen, and paris - france + italy as rome:
`World.analogies` lists what must hold, `World.groups` what kind of thing each word is.

`SENTENCES` reads as it looks: words in braces are taken from one row of the tables above it, so that "he", "home" and
"does" agree with the person of the sentence, the river with the country, the taste with the food.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from embedlab.checks import within

SMALLEST, LARGEST = 20_000, 200_000  # words

# male    female   age    where   what belongs to this couple
COUPLES = """
king      queen    old    court   crown throne realm
prince    princess young  court   crown throne realm
man       woman    old    street  shop neighbor bench
boy       girl     young  street  shop neighbor bench
father    mother   old    house   children cradle supper
son       daughter young  house   parents homework supper
uncle     aunt     old    visit   nephews presents cake
brother   sister   young  visit   siblings secrets cake
actor     actress  old    town    theater audience stage
waiter    waitress old    town    restaurant guests tips
"""
PLACES = {
    "court": "palace castle banquet",
    "street": "village market cottage",
    "house": "garden kitchen yard",
    "visit": "train station suitcase",
    "town": "evening lights uniform",
}
DOINGS = {"old": "works decides rules advises", "young": "plays learns grows giggles"}
# country capital  language dish     river
COUNTRIES = """
france    paris    french   baguette seine
italy     rome     italian  pasta    tiber
spain     madrid   spanish  paella   tagus
germany   berlin   german   pretzel  rhine
japan     tokyo    japanese sushi    sumida
egypt     cairo    arabic   falafel  nile
russia    moscow   russian  borscht  volga
england   london   english  pudding  thames
"""
# kind: sizes; things of that size
SIZES = {
    "big": ("big large huge giant", "elephant whale mountain ship tower"),
    "small": ("small little tiny wee", "mouse ant pebble seed needle"),
}
# kind: names; tastes; where from
FOODS = {
    "fruit": ("apple pear cherry plum grape", "sweet juicy ripe", "tree orchard"),
    "vegetable": ("carrot onion cabbage turnip radish", "crunchy raw boiled", "field cellar"),
    "drink": ("water milk tea coffee juice", "cold hot fresh", "cup glass"),
}
# present past    what with
VERBS = """
eats      ate     spoon plate
drinks    drank   straw mug
sings     sang    song choir
writes    wrote   book pen
runs      ran     road shoes
swims     swam    lake beach
draws     drew    picture pencil
rides     rode    horse saddle
"""
SENTENCES = """
the {person} sits in {his} {home} and {he} {does} there
the {person} {does} and {he} likes {his} {thing}
{he} is a {person} with {his} {thing} and {home}
in the {home} the {person} {does} with {his} {thing}
the {person} says that {he} {does} near the {home}
does the {person} like {his} {thing} or {his} {home}
{he} {does} said the {person} about the {thing}
{capital} is the capital of {country} where people speak {language}
{capital} is a city on the {river} with {dish} and {language} music
{country} is a country on the {river} with {dish} and {language} music
in {country} people speak {language} and cook {dish}
in the city of {capital} people speak {language} and order {dish}
the {sized} is {size} and that {sized} is very {size}
a {size} {sized} stood near another {size} {sized}
the {food} is {taste} and comes from the {source}
people like {taste} {food} from the {source}
today the {person} {present} with the {object} and {he} {present} well
yesterday the {person} {past} with the {object} and {he} {past} well
now {he} {present} with a {object} every day
long ago {he} {past} with a {object} every day
"""

Row = Mapping[str, Sequence[str]]  # slot: the words that may fill it


@dataclass(frozen=True)
class World:
    """Sentences and the truth about them."""

    sentences: tuple[tuple[str, ...], ...]
    groups: Mapping[str, str]  # word: what kind of thing it is; function words are left out
    analogies: Mapping[str, Sequence[tuple[str, str, str, str]]]  # by section: a is to b as c is to d


def make_world(words: int = 60_000, seed: int = 1) -> World:
    """A text of about `words` words; the same seed gives the same text.

    Raises InvalidSetting: fewer than 20,000 or more than 200,000 words.
    """
    within("number of words in the small world", words, SMALLEST, LARGEST)
    sentences, length = [], 0
    for sentence in _sentences(random.Random(seed)):
        sentences.append(sentence)
        length += len(sentence)
        if length >= words:
            break
    return World(tuple(sentences), MappingProxyType(_kinds_of_words()), MappingProxyType(_analogies()))


def _sentences(generator: random.Random) -> Iterator[tuple[str, ...]]:
    patterns = [pattern.split() for pattern in SENTENCES.strip().splitlines()]
    tables = _tables()
    table_of = {slot: table for table in tables for slot in table[0]}
    while True:
        said: dict[str, Sequence[str]] = {}
        for slot in re.findall(r"{(\w+)}", " ".join(pattern := generator.choice(patterns))):
            if slot not in said:  # the first word from a table decides the row for the whole sentence
                said |= generator.choice(table_of[slot])
        yield tuple(generator.choice(said[part[1:-1]]) if part[0] == "{" else part for part in pattern)


def _table_rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.strip().splitlines()]


def _tables() -> list[list[Row]]:
    """Every table as rows that say which words may fill each slot."""
    people: list[Row] = []
    for male, female, age, where, *things in _table_rows(COUPLES):
        for person, he, his in ((male, "he", "his"), (female, "she", "her")):
            row = {"person": [person], "he": [he], "his": [his], "thing": things}
            people.append(row | {"home": PLACES[where].split(), "does": DOINGS[age].split()})
    countries: list[Row] = [
        {slot: [word] for slot, word in zip(("country", "capital", "language", "dish", "river"), row, strict=True)}
        for row in _table_rows(COUNTRIES)
    ]
    sizes: list[Row] = [{"size": size.split(), "sized": things.split()} for size, things in SIZES.values()]
    foods: list[Row] = [
        {"food": names.split(), "taste": tastes.split(), "source": sources.split()}
        for names, tastes, sources in FOODS.values()
    ]
    verbs: list[Row] = [
        {"present": [present], "past": [past], "object": things} for present, past, *things in _table_rows(VERBS)
    ]
    return [people, countries, sizes, foods, verbs]


def _kinds_of_words() -> dict[str, str]:
    kinds = {"person": "people", "country": "countries", "capital": "capitals", "language": "languages"}
    kinds |= {"dish": "dishes", "river": "rivers", "present": "verbs, now", "past": "verbs, then"}
    groups = {row[slot][0]: kind for table in _tables() for row in table for slot, kind in kinds.items() if slot in row}
    for kind, parts in (SIZES | FOODS).items():
        groups |= dict.fromkeys(parts[0].split(), f"{kind} words" if kind in SIZES else f"{kind}s")
        if kind in SIZES:
            groups |= dict.fromkeys(parts[1].split(), f"{kind} things")
    return groups


def _analogies() -> dict[str, list[tuple[str, str, str, str]]]:
    couples, countries = _table_rows(COUPLES), _table_rows(COUNTRIES)
    pairs = {
        "he and she": [(row[0], row[1]) for row in couples],
        "country and capital": [(row[0], row[1]) for row in countries],
        "country and language": [(row[0], row[2]) for row in countries],
        "now and then": [(row[0], row[1]) for row in _table_rows(VERBS)],
    }
    return {name: [(*one, *two) for one in given for two in given if one is not two] for name, given in pairs.items()}
