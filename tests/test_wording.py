"""Counts and lists as sentences write them."""

from embedlab.wording import counted, first_and_more, first_of


def test_a_count_has_its_noun_in_the_right_number() -> None:
    assert [counted(n, "row") for n in (0, 1, 2, 1_000)] == ["0 rows", "1 row", "2 rows", "1,000 rows"]
    assert counted(1, "category", "categories") == "1 category"
    assert counted(3, "category", "categories") == "3 categories"


def test_a_long_list_is_cut_and_says_so() -> None:
    assert first_of(["a", "b"], 2) == first_and_more(["a", "b"], 2) == "a, b"
    assert first_of([1_000, 2, 3], 2, "{:,}".format) == "1,000, 2, …"
    assert first_and_more(["a", "b", "c", "d"], 2, str.upper) == "A, B and 2 more"
    assert first_of([], 2) == first_and_more([], 2) == ""
