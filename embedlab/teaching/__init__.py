"""Guess, see, remember: the questions of the lessons, plans for teaching them, assignments, and what can be printed."""

from embedlab.teaching.assignments import ASSIGNMENTS, Assignment
from embedlab.teaching.plans import PLANS, Step
from embedlab.teaching.questions import Course, Guess, Lesson, Outcome, Question, bundled_course, read_course
from embedlab.teaching.worksheet import answer_key, worksheet

__all__ = [
    "ASSIGNMENTS", "PLANS", "Assignment", "Course", "Guess", "Lesson", "Outcome", "Question", "Step", "answer_key",
    "bundled_course", "read_course", "worksheet",
]  # fmt: skip
