"""Turns: one after the other in the order of asking, long ones pass on, who waits for something lets others begin."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from streamlit.testing.v1 import AppTest

from embedlab.ui.turns import SCRIPTS, Turns

FOREVER = 3600.0  # seconds


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.002)


class Scripts:
    """Threads that take a turn, say so, and go on when the test lets them."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.begun: list[int] = []
        self._ends: list[threading.Event] = []
        self._threads: list[threading.Thread] = []

    def start(self, inside: Callable[[], None] = lambda: None) -> int:
        number, end = len(self._threads), threading.Event()

        def script() -> None:
            with self.turns.taken():
                self.begun.append(number)
                inside()
                assert end.wait(20)

        self._ends.append(end)
        self._threads.append(threading.Thread(target=script, daemon=True))
        self._threads[-1].start()
        return number

    def end(self, number: int) -> None:
        self._ends[number].set()
        self._threads[number].join(20)
        assert not self._threads[number].is_alive()

    def in_line(self) -> int:
        return len(self.turns._line)


def test_first_come_first_served_and_one_at_a_time() -> None:
    scripts = Scripts(Turns(FOREVER))
    for number in range(12):
        scripts.start()
        until(lambda asked=number + 1: scripts.in_line() == asked)
    for number in range(12):
        until(lambda begun=number + 1: len(scripts.begun) == begun)
        assert scripts.begun == list(range(number + 1))
        scripts.end(number)
    assert scripts.in_line() == 0


def test_a_turn_that_lasts_passes_to_the_next_and_its_end_ends_no_other() -> None:
    scripts = Scripts(Turns(0.05))
    long, other = scripts.start(), scripts.start()
    until(lambda: scripts.begun == [long, other])  # though the first has not ended
    scripts.end(long)
    assert scripts.in_line() == 1
    scripts.end(other)
    assert scripts.in_line() == 0


def test_who_waits_for_something_lets_the_next_begin_and_takes_another_turn() -> None:
    turns, came = Turns(FOREVER), threading.Event()
    scripts = Scripts(turns)

    def waits() -> None:
        with turns.given_up():
            assert came.wait(20)
        scripts.begun.append(-1)

    first, second = scripts.start(waits), scripts.start()
    until(lambda: scripts.begun == [first, second])
    came.set()
    until(lambda: scripts.in_line() == 2)
    assert scripts.begun == [first, second]
    scripts.end(second)
    until(lambda: scripts.begun == [first, second, -1])
    scripts.end(first)
    assert scripts.in_line() == 0


def test_a_turn_within_a_turn_is_the_same_and_an_error_ends_it() -> None:
    turns = Turns(FOREVER)
    with suppress(ZeroDivisionError), turns.taken():
        with turns.taken(), turns.taken():
            pass
        assert len(turns._line) == 1
        raise ZeroDivisionError
    assert len(turns._line) == 0


def test_without_a_turn_there_is_none_to_give_up() -> None:
    turns = Turns(FOREVER)
    with turns.given_up():
        assert len(turns._line) == 0
    assert len(turns._line) == 0


@pytest.mark.parametrize("ends", ["", "st.rerun()", "st.stop()", "raise ValueError"])
def test_scripts_and_fragments_take_turns_however_they_end(ends: str) -> None:
    script = f"""
import streamlit as st
from embedlab.ui import turns
with turns.SCRIPTS.taken():
    st.text(len(turns.SCRIPTS._line))
@turns.fragment
def part():
    st.text(len(turns.SCRIPTS._line))
    if "ran" not in st.session_state:
        st.session_state.ran = True
        {ends}
part()
"""
    app = AppTest.from_string(script).run()
    assert {text.value for text in app.text} == {"1"}
    app.run()
    assert [text.value for text in app.text] == ["1", "1"]
    assert len(SCRIPTS._line) == 0
