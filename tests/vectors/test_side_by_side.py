"""Two rankings side by side."""

import pytest

from embedlab.errors import InvalidSetting
from embedlab.library.bundled import bundled_vectors
from embedlab.vectors import analogy, parse_expression
from embedlab.vectors.measures.side_by_side import side_by_side


def test_both_lists_are_those_of_the_analogies_and_differences_are_told() -> None:
    vectors = bundled_vectors()
    sums = [parse_expression(vectors, text) for text in ("woman + profession - man", "man + profession - woman")]
    found = side_by_side(vectors, sums[0], sums[1], 10)
    for listed, (added, taken) in zip(found, (("woman", "man"), ("man", "woman")), strict=True):
        expected = analogy(vectors, [added, "profession"], [taken], 10)
        assert [near.word for near in listed] == [near.word for near in expected]
        assert [near.similarity for near in listed] == pytest.approx([n.similarity for n in expected], abs=1e-5)
    left, right = ({near.word for near in listed} for listed in found)
    assert set(found.shared) == left & right
    assert set(found.only_left) == left - right
    assert set(found.only_right) == right - left
    assert found.only_left
    assert found.only_right


def test_a_list_beside_itself_has_no_difference() -> None:
    vectors = bundled_vectors().restrict(500)
    king = parse_expression(vectors, "king")
    found = side_by_side(vectors, king, king, 5)
    assert (found.only_left, found.only_right) == ((), ())
    assert len(found.shared) == 5
    with pytest.raises(InvalidSetting):
        side_by_side(vectors, king, king, 0)
