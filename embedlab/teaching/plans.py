"""Lesson plans: what to open, say and ask, minute by minute; every link opens the same view for everybody."""

from collections.abc import Mapping
from typing import NamedTuple


class Step(NamedTuple):
    """A part of a lesson."""

    minutes: int
    page: str  # its file
    parameters: Mapping[str, str]  # of its address
    say: str
    ask: str  # a question to the class, before anything is explained


_WORD = {"word": "violin"}
_TWO_STARTS = {"second": "true", "first_seed": "11", "second_seed": "48"}
_QUEEN = {"a": "man", "b": "king", "c": "woman"}

# By minutes.
PLANS: Mapping[int, tuple[Step, ...]] = {
    5: (
        Step(
            1, "0_Home.py", _WORD,
            "Every word is a list of 140 numbers, learned from Wikipedia. Near means: used alike.",
            "Which words will stand near “violin”? Call out a word of your own.",
        ),
        Step(
            2, "2_Ten_words.py", {"first_seed": "0"},
            "Ten words start at random. One task, telling the part of speech, moves them.",
            "Where will they be at the end? Vote on the guess above the picture, then play the movie.",
        ),
        Step(
            2, "8_Analogies.py", _QUEEN,
            "Vectors can be added. Two rankings: with the inputs left out, as is the custom, and left in.",
            "Which word comes first with the inputs left in?",
        ),
    ),
    20: (
        Step(
            2, "0_Home.py", _WORD,
            "Every word is a list of 140 numbers. The bars compare all of them, the map shows two dimensions.",
            "Two words near each other on the map: must they be near in the bars?",
        ),
        Step(
            4, "1_Lookup.py", {"follow": "cat"},
            "A number fetches a row. Follow “cat” through the four steps.",
            "How many rows does one step of learning change? Vote on the guess.",
        ),
        Step(
            5, "2_Ten_words.py", _TWO_STARTS,
            "Two seeds, one task. The left run ends well, the right one does not.",
            "What is the same in both maps, and what is chance?",
        ),
        Step(
            5, "4_Word2vec.py", {},
            "No tags any more: the text itself is the task. The small world’s grammar is known.",
            "Is “king” nearer to “queen”, which it never meets, or to “throne”?",
        ),
        Step(
            4, "6_Transfer.py", {"look": "Unseen words", "unseen_after": "100"},
            "Vectors learned from one text are borrowed for another task.",
            "Why do borrowed vectors help with words that training never showed?",
        ),
    ),
    45: (
        Step(
            2, "0_Home.py", _WORD,
            "The goal of the lesson: where do such vectors come from?",
            "Which words will stand near “violin”?",
        ),
        Step(
            6, "1_Lookup.py", {"follow": "cat"},
            "A number fetches a row; multiplying by one-hot rows gives the same to the last bit.",
            "How many rows does one step change? Then: why does nobody multiply?",
        ),
        Step(
            7, "2_Ten_words.py", _TWO_STARTS,
            "Random beginnings, one task. Let everybody try a seed of their own.",
            "What is the same in all small maps, and what is chance?",
        ),
        Step(
            6, "3_Letters.py", {"ask": "Next letter"},
            "The same idea with letters: predicting the next one sorts vowels from consonants.",
            "10 numbers a letter instead of 2: how much better does it guess?",
        ),
        Step(
            8, "4_Word2vec.py", {},
            "Word2vec needs no labels: the task is to guess the neighbors in a text.",
            "“king” and “queen” never meet here. Why do their vectors come together?",
        ),
        Step(
            6, "5_Count_or_predict.py", {"c_word_world": "king"},
            "The same from counts: weigh against chance, then keep the main directions.",
            "Which word stands most often beside “king”? Why is that of no use?",
        ),
        Step(
            6, "6_Transfer.py", {"look": "What moved"},
            "Borrowed vectors in use. Fine-tuning pulls opposites apart.",
            "Are “fast” and “slow” near or far before fine-tuning?",
        ),
        Step(
            4, "8_Analogies.py", {"a": "man", "b": "doctor", "c": "woman"},
            "Leaving the inputs out is a custom, and it can mislead.",
            "What does “nurse” for doctor − man + woman say about prejudice, and what does it not say?",
        ),
    ),
}  # fmt: skip
