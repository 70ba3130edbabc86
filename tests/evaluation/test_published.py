"""Published scores: their sets are those of the app, and their parts make their sums."""

import pytest

from embedlab.evaluation.analogies import SECTION_NAMES
from embedlab.evaluation.published import ANALOGIES, MEASURED, NOT_AGREED, PUBLISHED, Published, beside, span
from embedlab.evaluation.question_sets import SIMILARITY_SETS, analogy_questions


def test_each_built_in_test_has_scores_with_sources() -> None:
    assert set(PUBLISHED) == {ANALOGIES, *SIMILARITY_SETS}
    for rows in PUBLISHED.values():
        assert all(row.source and row.text for row in rows)
        assert len({(row.vectors, row.text, row.source) for row in rows}) == len(rows)


@pytest.mark.parametrize("row", [row for row in PUBLISHED[ANALOGIES] if row.score and row.semantic], ids=str)
def test_the_whole_is_the_mean_of_its_parts_by_their_questions(row: Published) -> None:
    """8,869 semantic and 10,675 syntactic questions; papers give three digits."""
    sizes = {name: len(asked) for name, asked in analogy_questions().items()}
    assert set(sizes) == set(SECTION_NAMES)
    syntactic = sum(size for name, size in sizes.items() if name.startswith("gram"))
    semantic = sum(sizes.values()) - syntactic
    assert row.semantic is not None
    assert row.syntactic is not None
    whole = (row.semantic * semantic + row.syntactic * syntactic) / (semantic + syntactic)
    assert row.score == pytest.approx(whole, abs=1.1e-3)


@pytest.mark.parametrize("test", [ANALOGIES, *SIMILARITY_SETS])
def test_each_known_set_stands_beside_each_test_and_more_dimensions_score_higher(test: str) -> None:
    """GloVe 6B in its four sizes, GoogleNews (of which no figure on all analogies is agreed on) and fastText."""
    scores: dict[str, float] = {}
    for row in PUBLISHED[test]:
        if row.score is not None and row.source != MEASURED:
            scores.setdefault(row.vectors, row.score)
    sizes = [scores[f"GloVe 6B, {size}-d"] for size in (50, 100, 200, 300)]
    assert sizes == sorted(sizes)
    google = [row for row in PUBLISHED[test] if row.vectors == "GoogleNews word2vec, 300-d"]
    assert [(row.score is None, row.source == NOT_AGREED) for row in google] == [(test == ANALOGIES,) * 2]
    assert any(name.startswith("fastText") for name in scores)


def test_ours_are_put_in_their_place() -> None:
    ours = Published("ours", "", "here", 0.707)
    rows = beside(ANALOGIES, [ours])
    at = rows.index(ours)
    assert rows[at - 1].score is not None
    assert rows[at - 1].score >= 0.707 > (rows[at + 1].score or 0)
    assert rows[-1].score is None
    low, high = span("WordSim-353")
    scores = [row.score for row in PUBLISHED["WordSim-353"] if row.source != MEASURED]
    assert (low, high) == (min(map(float, filter(None, scores))), max(map(float, filter(None, scores))))
