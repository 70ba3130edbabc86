"""Assignments: exercises of known courses, in our own words, each with the view of a page that answers it."""

from collections.abc import Mapping
from typing import NamedTuple


class Assignment(NamedTuple):
    """One question of a course."""

    number: str  # as the course counts, or empty
    asked: str
    page: str  # its file
    parameters: Mapping[str, str]  # of its address
    look: str  # what on the page answers it


_TWO = {"c_text": "two sentences", "c_dims": "2"}
_EDGES = {"c_edges": "true", "c_window": "1", "c_weighting": "flat"}
_OIL = "barrels oil energy industry petroleum venezuela iraq kuwait ecuador exports"
_COUNT, _NEIGHBORS, _ANALOGIES = "5_Count_or_predict.py", "7_Neighbors.py", "8_Analogies.py"

# By course.
ASSIGNMENTS: Mapping[str, tuple[Assignment, ...]] = {
    "Stanford CS224N, assignment 1": (
        Assignment(
            "1.1", "Which distinct words does a small text hold, and how many?", _COUNT, _TWO,
            "Numbers: the vocabulary with its counts; Download has it as CSV.",
        ),
        Assignment(
            "1.2", "How often do words stand side by side, with tokens at the ends of sentences?", _COUNT,
            _TWO | _EDGES, "The first of the four tables: count it by hand.",
        ),
        Assignment(
            "1.3, 1.4", "Reduce the counts themselves to two dimensions and draw the words.", _COUNT,
            _TWO | _EDGES | {"c_measure": "counts", "c_power": "1.0", "c_two_plane": "true"},
            "Chosen words in two dimensions, counted.",
        ),
        Assignment(
            "1.5, 2.1", "Draw ten words of a real text, rows scaled to length 1, counted and pretrained. What differs?",
            "9_Compare.py", {"compare_plane": "true", "compare_scaled": "true", "compare_drawn": _OIL, "at": "planes"},
            "Both planes: one text, once predicted and once counted.",
        ),
        Assignment(
            "2.2", "Find a word whose ten nearest show two meanings.", _NEIGHBORS, {"word": "mercury"},
            "Planets and metals; try bow, java and amazon, too.",
        ),
        Assignment(
            "2.3", "Find a synonym of a word that is farther from it than an antonym.", _ANALOGIES,
            {"pairs": "happy, cheerful\nhappy, sad", "at": "pairs"},
            "How similar are two words? The cosine distance is 1 minus the cosine.",
        ),
        Assignment(
            "2.4", "man : grandfather :: woman : ?, as an expression of vectors.", _ANALOGIES,
            {"a": "man", "b": "grandfather", "c": "woman"}, "The picture, and the first sentence under it.",
        ),
        Assignment(
            "2.5", "Find an analogy that holds.", _ANALOGIES, {"a": "paris", "b": "france", "c": "tokyo"},
            "The first sentence; the shelf below has more.",
        ),
        Assignment(
            "2.6", "hand : glove :: foot : ? fails. Why?", _ANALOGIES, {"a": "hand", "b": "glove", "c": "foot"},
            "The answers, and how far they lie from the sum.",
        ),
        Assignment(
            "2.7–2.9", "Which professions stand with men, which with women? Another bias? Where does it come from?",
            "10_Evaluate.py", {"evaluated": "Bias"}, "The association test, word by word.",
        ),
    ),
    "Karpathy, makemore part 2": (
        Assignment(
            "E01", "Reach a lower dev loss than the lecture.", "3_Letters.py", {"dim": "10"},
            "Dev loss; every setting is in the form.",
        ),
        Assignment(
            "E02", "How far from the loss of equal probabilities does training begin?", "3_Letters.py", {},
            "The first loss beside ln 27.",
        ),
        Assignment(
            "E03", "Try an idea of Bengio’s paper.", "3_Letters.py", {"direct": "true"},
            "Direct connections, under More settings.",
        ),
    ),
}  # fmt: skip
