"""Turns: one after the other in the order of asking, long ones pass on, who waits for something lets others begin."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from embedlab.ui import jobs, pool, present
from embedlab.ui import turns as turns_of_scripts
from embedlab.ui.turns import SCRIPTS, Turns
from tests.ui.test_jobs import until

FOREVER = 3600.0  # seconds


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

    def let_end(self, number: int) -> None:
        self._ends[number].set()

    def end(self, number: int) -> None:
        self.let_end(number)
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
    assert scripts.in_line() == scripts.turns._lasting == 0


def test_every_turn_has_its_time_from_its_own_beginning() -> None:
    scripts, begins = Scripts(Turns(0.4)), []
    begin = scripts.turns._begin

    def noted() -> None:
        begin()
        begins.append(scripts.turns._since)

    scripts.turns._begin = noted
    for number in range(3):
        scripts.start()
        until(lambda asked=number + 1: scripts.in_line() == asked)
    time.sleep(0.3)
    scripts.end(0)
    until(lambda: scripts.begun == [0, 1, 2])
    assert len(begins) == 3
    assert begins[2] - begins[1] >= 0.4
    scripts.end(1)
    scripts.end(2)


def test_those_who_join_the_line_make_no_turn_longer() -> None:
    scripts = Scripts(Turns(0.3))
    numbers = [scripts.start()]
    while len(scripts.begun) < 2:
        assert len(numbers) < 100
        numbers.append(scripts.start())
        time.sleep(0.02)
    for number in numbers:
        scripts.let_end(number)
    for number in numbers:
        scripts.end(number)
    assert scripts.in_line() == scripts.turns._lasting == 0


def test_those_behind_many_long_ones_wait_little_longer_than_behind_one() -> None:
    scripts = Scripts(Turns(0.3))
    for _ in range(13):
        scripts.start()
    until(lambda: len(scripts.begun) == 13)
    assert scripts.turns._lasting == 12
    assert scripts.turns._left() <= 0.3 / 13  # so they waited 0.3 (1 + 1/2 + ... + 1/12) = 0.9 s, not 3.6
    for number in range(13):
        scripts.end(number)
    assert scripts.in_line() == scripts.turns._lasting == 0


def test_a_turn_may_come_and_pass_on_before_its_thread_can_see_it() -> None:
    turns = Turns(0.5)
    scripts = Scripts(turns)
    turns._line.append(threading.Event())  # a turn of another
    turns._begin()
    late = scripts.start()
    until(lambda: scripts.in_line() == 2)
    with turns._lock:
        time.sleep(0.7)  # until it has waited long enough to pass the other's turn on, and stands at the lock
        turns._pass_on()  # the other ends by itself
        turns._line.append(threading.Event())
        turns._lasting += 1
        turns._pass_on()  # a third has waited long enough
        time.sleep(0.4)  # and its time is over
    until(lambda: scripts.begun == [late])
    assert (scripts.in_line(), turns._lasting) == (1, 1)
    scripts.end(late)
    assert (scripts.in_line(), turns._lasting) == (1, 0)


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


def test_a_turn_that_has_passed_on_is_given_up_like_any_other() -> None:
    turns, came = Turns(0.05), threading.Event()
    scripts = Scripts(turns)

    def waits() -> None:
        until(lambda: scripts.begun == [0, 1])
        assert turns._lasting == 1
        with turns.given_up():
            assert turns._lasting == 0
            assert came.wait(20)

    first, second = scripts.start(waits), scripts.start()
    until(lambda: scripts.begun == [first, second] and turns._lasting == 0)
    assert scripts.in_line() == 1
    came.set()
    scripts.end(second)
    scripts.end(first)
    assert scripts.in_line() == turns._lasting == 0


def test_waiting_for_a_job_lets_others_begin_unless_it_is_over_already(monkeypatch: pytest.MonkeyPatch) -> None:
    turns, goes_on = Turns(FOREVER), threading.Event()
    monkeypatch.setattr(pool, "SCRIPTS", turns)
    scripts = Scripts(turns)

    def work() -> Iterator[int]:
        yield 1
        assert goes_on.wait(20)

    job = pool.Pool().submit("job", work, viewer="visitor")
    with turns.taken():
        first = scripts.start(goes_on.set)
        scripts.let_end(first)
        job.wait(20)
        assert job.state == "finished"
        scripts.start()
        until(lambda: scripts.in_line() == 2)
        job.wait(20)
        assert scripts.begun == [first]
    scripts.end(1)
    assert scripts.in_line() == 0


def test_who_waits_in_line_goes_on_looking_at_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns(0.2)
    monkeypatch.setattr(pool, "SCRIPTS", turns)
    ends = threading.Event()
    job = pool.Pool(clock=map(float, count()).__next__).submit("job", lambda: iter(ends.wait, True), viewer="visitor")
    looked = job._task.viewers["visitor"]
    scripts = Scripts(turns)

    def waits() -> None:
        until(lambda: scripts.in_line() == 2)
        job.wait(0)

    first, second = scripts.start(waits), scripts.start()
    until(lambda: scripts.begun == [first, second] and job._task.viewers["visitor"] > looked)
    scripts.end(second)
    scripts.end(first)

    given: dict[str, Any] = {}

    def fragment(look: Callable[[], None], **named: Any) -> Callable[[], None]:
        given.update(named)
        return lambda: None

    monkeypatch.setattr(turns_of_scripts, "fragment", fragment)
    looked = job._task.viewers["visitor"]
    jobs.panel(job, lambda job: None)
    given["meanwhile"]()
    assert job._task.viewers["visitor"] > looked
    ends.set()


def test_a_fragment_is_told_by_its_function_and_runs_as_often_as_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    monkeypatch.setattr(
        "streamlit.fragment", lambda run, run_every: given.append((run.__module__, run.__qualname__, run_every))
    )
    turns_of_scripts.fragment(until, run_every=0.5)
    assert given == [(until.__module__, "until", 0.5)]


def test_a_fragment_that_waits_in_line_says_so() -> None:
    script = """
import streamlit as st
from embedlab.ui import turns
turns.fragment(lambda: st.text("drawn"), meanwhile=lambda: st.session_state.update(waited=True))()
"""
    with SCRIPTS.taken():  # until it has lasted
        app = AppTest.from_string(script).run()
    assert app.session_state.waited
    assert [text.value for text in app.text] == ["drawn"]


def test_the_entrypoint_takes_a_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    in_line: list[int] = []
    page = SimpleNamespace(run=lambda: in_line.append(len(SCRIPTS._line)))
    monkeypatch.setattr(present, "navigation", lambda: page)
    AppTest.from_string("from embedlab.ui import shell\nshell.run_app()").run()
    assert in_line == [1]


def test_a_turn_within_a_turn_is_the_same_and_an_error_ends_it() -> None:
    turns = Turns(FOREVER)
    with suppress(ZeroDivisionError), turns.taken():
        with turns.taken(), turns.taken():
            pass
        assert len(turns._line) == 1
        with suppress(KeyError), turns.given_up():
            raise KeyError
        assert len(turns._line) == 1
        raise ZeroDivisionError
    assert len(turns._line) == turns._lasting == 0


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
