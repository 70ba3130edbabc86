"""Small tests in the layouts of files, to be taken as they are or as a pattern for one's own."""

from embedlab.evaluation.own.lines import NamedFile

_ODD = """\
# the odd one stands last
apple pear plum hammer
violin cello trumpet shovel
monday tuesday friday april
red green blue heavy
dog cat horse bridge
france italy spain madrid
january march august tuesday
doctor nurse surgeon guitar
river lake stream novel
iron copper zinc linen
bread butter cheese bishop
north south east inside
chess poker backgammon senate
gold silver bronze winner
uncle aunt cousin lawyer
summer winter autumn weekend
"""
_CATEGORIES = """\
word, category
apple, fruit
pear, fruit
plum, fruit
cherry, fruit
grape, fruit
violin, instrument
cello, instrument
flute, instrument
trumpet, instrument
piano, instrument
hammer, tool
shovel, tool
saw, tool
axe, tool
drill, tool
doctor, occupation
teacher, occupation
lawyer, occupation
baker, occupation
nurse, occupation
iron, metal
copper, metal
zinc, metal
nickel, metal
tin, metal
"""
_ANALOGIES = """\
: young animals
cat kitten dog puppy
dog puppy cat kitten
cow calf sheep lamb
sheep lamb cow calf
horse foal cow calf
: makers
bread baker shoe shoemaker
painter painting author novel
composer symphony poet poem
poet poem composer symphony
author novel sculptor sculpture
: places
pupil school patient hospital
patient hospital prisoner prison
prisoner prison pupil school
king palace bishop cathedral
"""
EXAMPLES = {
    "Odd one out": NamedFile("odd-ones.txt", _ODD.encode()),
    "Categories": NamedFile("categories.csv", _CATEGORIES.encode()),
    "Analogies": NamedFile("analogies.txt", _ANALOGIES.encode()),
}
