"""What a link asks for: each parameter of each page is used, or named on the page and gone from the address."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from embedlab.teaching import bundled_course
from embedlab.teaching.assignments import ASSIGNMENTS
from embedlab.teaching.plans import PLANS
from embedlab.ui.menu import MENU
from tests.pages.page import checked, open_page, plain

NOTICE, NONSENSE = "Ignored in this page’s address", "banana7"
TEXTS = ("text_input", "text_area")  # take what they are given
SETS = ("vectors", "beside", "beside_map", "space_a", "space_b", "pretrained")
PART = 8  # parameters of a link: the page names ten
# Links that open every view whose inputs others do not have, with values that these inputs can take.
VIEWS: list[tuple[str, dict[str, str]]] = [
    *((line.file, {}) for line in MENU),
    ("1_Lookup.py", {"v": "3,000,000", "follow": "dog", "pad": "false"}),
    ("2_Ten_words.py", {"second": "true", "numbers_run": "seed 48", "numbers_epoch": "7", "second_rate": "0.2"}),
    ("2_Ten_words.py", {"second": "true", "ten_words_tab": "One step", "step_run": "seed 48", "step_number": "9"}),
    ("3_Letters.py", {"temperature": "0.5", "draw": "3", "start": "an"}),
    ("3_Letters.py", {"ask": "Surprise", "name": "otto"}),
    ("3_Letters.py", {"ask": "Next letter", "before": "ott"}),
    ("3_Letters.py", {"ask": "Nearest letters", "letter": "e"}),
    ("3_Letters.py", {"source": "My own list", "letters": "The lecture’s 27"}),
    ("4_Word2vec.py", {"step": "12", "view": "Map", "shown": "full softmax", "word2vec_tab": "Cost"}),
    ("4_Word2vec.py", {"view": "Near words", "w_word": "king"}),
    ("5_Count_or_predict.py", {"c_Words_world": "king queen", "c_Neighbors_world": "the he"}),
    ("5_Count_or_predict.py", {"c_word_world": "queen", "c_world_plane": "true", "c_world_scaled": "true"}),
    ("6_Transfer.py", {"sentence": "A fine film.", "trained_on": "50"}),
    ("6_Transfer.py", {"look": "What moved", "moved_as": "Arrows", "near_word": "bad"}),
    ("6_Transfer.py", {"look": "Unseen words", "unseen_after": "200"}),
    ("7_Neighbors.py", {"map": "Own axes", "across": "small - large", "up": "", "size": "30"}),
    ("7_Neighbors.py", {"at": "senses", "word": "apple"}),
    ("8_Analogies.py", {"at": "pairs", "a": "france", "b": "paris", "c": "italy"}),
    ("9_Compare.py", {"at": "planes", "compare_plane": "true"}),
    ("10_Evaluate.py", {"evaluated": "Similarity", "judged_set": "SimLex-999"}),
    ("10_Evaluate.py", {"evaluated": "Bias", "weat_seed": "4"}),
    ("10_Evaluate.py", {"evaluated": "Debiasing"}),
    ("10_Evaluate.py", {"evaluated": "Your own"}),
    ("11_Vectors.py", {"vectors_tab": "Download", "format": "NumPy (npz)"}),
    ("13_Atlas.py", {"word": "queen", "view": "0.1,-0.25,3.5", "atlas_tab": "Districts"}),
]  # fmt: skip
LINKS = sorted(
    {
        (page, tuple(parameters.items()))
        for page, parameters in [
            *((question.page, question.parameters) for question in bundled_course().questions),
            *((one.page, one.parameters) for course in ASSIGNMENTS.values() for one in course),
            *((step.page, step.parameters) for steps in PLANS.values() for step in steps),
        ]
    }
)


def shown(page: str, link: dict[str, str], **more: str) -> AppTest:
    return open_page(f"pages/{page}", **link | more)


def inputs(app: AppTest) -> dict[str, str]:
    """The names in the address of what a page has drawn, with the kinds of these inputs."""

    def below(node: Any) -> Iterator[tuple[str, str]]:
        proto = getattr(node, "proto", None)
        if (part := getattr(proto, "WhichOneof", lambda _: None)("type")) if hasattr(proto, "allow_empty") else None:
            proto = getattr(proto, part)  # of a block
        if name := getattr(proto, "query_param_key", ""):
            yield name, node.type
        for child in getattr(node, "children", {}).values():
            yield from below(child)

    return dict(below(app._tree))


def named(app: AppTest) -> str:
    """What the page names as ignored."""
    return plain("".join(info.value for info in app.info if NOTICE in info.value))


@pytest.mark.parametrize(("page", "link"), VIEWS, ids=[f"{page} {'&'.join(link)}" for page, link in VIEWS])
def test_each_parameter_is_used_or_named_and_gone(page: str, link: dict[str, str]) -> None:
    app = shown(page, link)
    drawn = inputs(app)
    assert not named(app)
    assert set(link) - {"at", "view"} <= set(drawn)
    texts = [name for name, kind in drawn.items() if kind in TEXTS and name not in link]
    for name in texts:
        app = shown(page, link, **{name: NONSENSE})
        assert app.session_state[name] == NONSENSE  # also where it is refused below
        assert f"{name}=" not in named(app)
    others = [name for name in drawn if name not in {*texts, *link}] + ["at", "wrod"] * ("at" not in link)
    sets = [name for name in others if name in SETS]  # apart: what stands beside one that is not there waits
    rest = [name for name in others if name not in sets]
    for part in [*([name] for name in sets), *(rest[i : i + PART] for i in range(0, len(rest), PART))]:
        app = shown(page, link, **dict.fromkeys(part, NONSENSE))
        said = named(app) + "".join(plain(info.value) for info in app.info if "is not loaded" in info.value)
        for name in part:
            assert (f"“{NONSENSE}” is not loaded" if name in sets else f"{name}={NONSENSE}") in said
        assert not {*part} & {*app.query_params}
        assert all(app.query_params.get(name, text) == text for name, text in link.items())


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("7_Neighbors.py", "vectors"), ("9_Compare.py", "space_b"), ("10_Evaluate.py", "beside"),
        ("6_Transfer.py", "pretrained"),
    ],
)  # fmt: skip
def test_a_set_that_is_not_there_is_named_until_something_else_is_asked_for(page: str, name: str) -> None:
    """Streamlit runs a page a second time when it is opened, and where a job ends."""
    app = shown(page, {}, **{name: NONSENSE})
    for _ in range(2):
        assert [info.value for info in app.info if f"“{NONSENSE}” is not loaded" in info.value]
        checked(app.run())
    checked(app.run())
    assert not [info.value for info in app.info if "is not loaded" in info.value]


@pytest.mark.parametrize(
    ("page", "in_vain"),
    [
        ("10_Evaluate.py", {"judged_set": "SimLex-999", "weat_foo": "1", "own_test_kind": "Analogies"}),
        ("2_Ten_words.py", {"step_number": "5", "numbers_run": "seed 48"}),
        ("3_Letters.py", {"ask": "Surprise", "letter": "e"}),
        ("7_Neighbors.py", {"across": "small - large", "at": "nowhere"}),
        ("13_Atlas.py", {"view": "banana", "filter": "x"}),
    ],
)  # fmt: skip
def test_what_only_another_view_has_is_named_too(page: str, in_vain: dict[str, str]) -> None:
    app = shown(page, in_vain)
    gone = {name: text for name, text in in_vain.items() if name != "ask"}
    assert all(f"{name}={text}" in named(app) for name, text in gone.items())
    assert not {*gone} & {*app.query_params}
    assert "ask=" not in named(app)


# What Streamlit itself would take for a whole number, or for no choice at all, and fail or leave a page without.
ODD = {"number_input": ["1e400", "inf", "-inf", "nan", "3.7", ""], "button_group": [""], "slider": ["1e400", "inf", ""]}


@pytest.mark.parametrize(("page", "link"), VIEWS, ids=[f"{page} {'&'.join(link)}" for page, link in VIEWS])
def test_numbers_without_end_and_empty_choices_leave_the_view_as_it_begins(page: str, link: dict[str, str]) -> None:
    app = shown(page, link)
    kinds = {name: kind for name, kind in inputs(app).items() if name not in link}
    begun = {name: app.session_state[name] for name, kind in kinds.items() if kind in ODD}
    for text in sorted({text for texts in ODD.values() for text in texts}):
        asked = {name for name in begun if text in ODD[kinds[name]] and (text != "3.7" or type(begun[name]) is int)}
        app = shown(page, link, **dict.fromkeys(asked, text))
        assert {name: app.session_state[name] for name in asked} == {name: begun[name] for name in asked}
        assert not asked & {*app.query_params}
        missed = [name for name in asked if begun[name] is not None and f"{name}={text}" not in named(app)]
        assert " more." in named(app) or not missed


def test_an_input_of_another_view_begins_without_what_was_named() -> None:
    app = shown("10_Evaluate.py", {"judged_set": "SimLex-999"})
    app.session_state["evaluated"] = "Similarity"
    checked(app.run())
    assert app.session_state["judged_set"] == "WordSim-353"
    checked(app.run())
    assert not named(app)  # of an address that the visitor has left


@pytest.mark.parametrize(("page", "link"), LINKS, ids=[f"{page} {len(link)}" for page, link in LINKS])
def test_links_of_the_course_ask_for_nothing_in_vain(page: str, link: tuple[tuple[str, str], ...]) -> None:
    assert not named(shown(page, dict(link)))
    assert not named(shown(page, dict(link), present="true"))


def test_inputs_of_tabs_that_a_class_does_not_see_are_not_ignored() -> None:
    app = shown("2_Ten_words.py", {"numbers_epoch": "7", "frist_seed": "3", "present": "true"})
    assert "frist_seed=3" in named(app)
    assert "numbers_epoch" not in named(app)
