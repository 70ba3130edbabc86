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
    missing: str = ""  # what of the question no page answers yet


_TWO = {"c_text": "two sentences", "c_dims": "2"}
_EDGES = {"c_edges": "true", "c_window": "1", "c_weighting": "flat"}
_OIL = "barrels oil energy industry petroleum venezuela iraq kuwait ecuador exports"
_PLANE = _TWO | _EDGES | {"c_measure": "counts", "c_power": "1.0", "c_two_plane": "true"}
_SCALED = {"compare_plane": "true", "compare_scaled": "true", "compare_drawn": _OIL, "at": "planes"}
_PROFESSIONS = "nurse midwife librarian dancer teacher doctor engineer carpenter mechanic captain"
_COUNT, _NEIGHBORS, _ANALOGIES = "5_Count_or_predict.py", "7_Neighbors.py", "8_Analogies.py"
_COMPARE, _EVALUATE, _LETTERS = "9_Compare.py", "10_Evaluate.py", "3_Letters.py"

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
            "1.3", "Reduce the counts themselves to two dimensions by a truncated SVD.", _COUNT, _PLANE,
            "The settings: counts as they are, power 1. The places under Chosen words are the first two columns of UΣ.",
        ),
        Assignment(
            "1.4", "Draw chosen words in these two dimensions.", _COUNT, _PLANE,
            "Chosen words in two dimensions, counted; change the list above them.",
        ),
        Assignment(
            "1.5", "Draw ten words of a real text by its counts, rows scaled to length 1. Which ones stand together?",
            _COMPARE, _SCALED, "The plane of “Wikipedia, counted”.",
        ),
        Assignment(
            "2.1", "Draw the same ten by pretrained vectors. What differs, and why?", _COMPARE, _SCALED,
            "The plane of “Wikipedia, predicted” beside the counted one: the text is the same.",
        ),
        Assignment(
            "2.2", "Find a word whose ten nearest show two meanings.", _NEIGHBORS,
            {"word": "mercury", "at": "senses"},
            "Planets and metals, and its senses by name; try bow, java and amazon, too.",
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
            "Glove brings baseball (outfield, bleachers), foot a length (furlong); What you see says where sock is.",
        ),
        Assignment(
            "2.7", "man : profession :: woman : ?, and the other way round. How do the answers differ?", _ANALOGIES,
            {"left_sum": "woman + profession - man", "right_sum": "man + profession - woman", "at": "lists"},
            "Two lists side by side: bold words are in one of them only.",
        ),
        Assignment(
            "2.8", "Find another bias.", _EVALUATE, {"evaluated": "Bias", "weat_test": "Science, arts and gender"},
            "The association test, word by word; there are nine more, and your own words.",
        ),
        Assignment(
            "2.9", "Where does bias come from, and what can be done about it?", _EVALUATE,
            {"evaluated": "Bias", "beside": "Wikipedia, counted"},
            "From the text: both methods find it, and share nothing else. A remedy: the test Debiasing.",
        ),
    ),
    "Karpathy, makemore part 2": (
        Assignment(
            "E01", "Reach a lower dev loss than the lecture.", _LETTERS, {"dim": "10"},
            "Dev loss: 2.46 on this list of names, where the lecture’s recipe reaches 2.68.",
        ),
        Assignment(
            "E02", "How far from the loss of equal probabilities does training begin?", _LETTERS, {},
            "The first loss beside ln 27.",
        ),
        Assignment(
            "E03", "Try an idea of Bengio’s paper.", _LETTERS, {"direct": "true"},
            "Direct connections, under More settings: dev loss is 2.49 with them and 2.48 without.",
        ),
    ),
    "deeplearning.ai, operations on word vectors": (
        Assignment(
            "O1", "How large is the cosine of related words, and of unrelated ones?", _ANALOGIES,
            {"pairs": "summer, winter\nviolin, cello\nviolin, gravel\nspoon, justice", "at": "pairs"},
            "How similar are two words?", "cosines of differences of words.",
        ),
        Assignment(
            "O2", "Complete analogies by the cosine.", _ANALOGIES, {"a": "china", "b": "chinese", "c": "russia"},
            "The answers, inputs left out.",
        ),
        Assignment(
            "O3", "Which words lean to one end of woman − man? Remove that from them.", _NEIGHBORS,
            {"map": "Own axes", "across": "man - woman", "list": _PROFESSIONS},
            "Where words stand from left to right. Neutralizing and equalizing: the test Debiasing on Evaluate.",
        ),
    ),
}  # fmt: skip
