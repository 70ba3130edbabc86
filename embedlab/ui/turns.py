"""First come, first served (FIFO scheduling): the scripts of a process take turns instead of all running at once.

Python runs one thread at a time. Twenty scripts that take it from one another all end about when the last one does,
and the changes cost nearly as much processor time as the scripts. In turns a visitor waits only for those who came
before. A turn that lasts passes to the next in line, and both go on beside each other, so that a long script holds up
the others only briefly; a script that waits for a job gives its turn up meanwhile.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

import streamlit as st

P = ParamSpec("P")
R = TypeVar("R")
_SOON = 0.02  # seconds until those in line look again where a turn is about to pass on


def _nothing() -> None: ...


class Turns:
    """Whose turn it is, and who waits for one.

    Args:
        seconds: how long a turn keeps the next one waiting, at most. Beside n scripts whose turns have passed on and
            that have not ended, 1 / (1 + n) of it: twenty that read long files hold up those behind them for four
            times as long as one does, not for twenty times.
    """

    def __init__(self, seconds: float = 0.5) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._line: deque[threading.Event] = deque()  # one for each turn, set when it has come; the first is now
        self._since = 0.0  # when that began
        self._lasting = 0  # turns that have passed on and not ended
        self._of_thread = threading.local()

    @contextmanager
    def taken(self, meanwhile: Callable[[], object] = _nothing) -> Iterator[None]:
        """Waits for a turn of this thread, which ends with the context; within a turn, that one.

        Args:
            meanwhile: called again and again while it waits in line.
        """
        if self._mine() is not None:
            yield
            return
        self._take(meanwhile)
        try:
            yield
        finally:
            self._end()

    @contextmanager
    def given_up(self, meanwhile: Callable[[], object] = _nothing) -> Iterator[None]:
        """Lets the next one begin, and waits for another turn at the end; nothing for a thread without a turn.

        Args:
            meanwhile: as of `taken`.
        """
        if self._mine() is None:
            yield
            return
        self._end()
        try:
            yield
        finally:
            self._take(meanwhile)

    def _mine(self) -> threading.Event | None:
        return getattr(self._of_thread, "turn", None)

    def _take(self, meanwhile: Callable[[], object]) -> None:
        self._of_thread.turn = mine = threading.Event()
        with self._lock:
            self._line.append(mine)
            if self._line[0] is mine:
                self._begin()
        while not mine.wait(max(self._left(), _SOON)):
            meanwhile()
            with self._lock:
                # It may have come since, and passed on, too, where this thread was kept waiting for the interpreter.
                if not mine.is_set() and self._left() <= 0:
                    self._lasting += 1
                    self._pass_on()

    def _end(self) -> None:
        mine, self._of_thread.turn = self._mine(), None
        with self._lock:
            if self._line and self._line[0] is mine:
                self._pass_on()
            else:
                self._lasting -= 1

    def _pass_on(self) -> None:
        self._line.popleft()
        if self._line:
            self._begin()

    def _begin(self) -> None:
        self._since = time.monotonic()
        self._line[0].set()

    def _left(self) -> float:
        """Seconds until the turn passes on; the more others have lasted, the sooner."""
        return self._since + self._seconds / (1 + self._lasting) - time.monotonic()


SCRIPTS = Turns()  # of this process


def fragment(
    function: Callable[P, R], *, run_every: float | None = None, meanwhile: Callable[[], object] = _nothing
) -> Callable[P, R]:
    """`st.fragment` whose runs take turns with all scripts.

    Args:
        run_every: seconds; None: only when something in it was clicked.
        meanwhile: called again and again while a run waits in line.
    """

    @wraps(function)
    def in_turn(*arguments: P.args, **named: P.kwargs) -> R:
        with SCRIPTS.taken(meanwhile):
            return function(*arguments, **named)

    run: Callable[P, R] = st.fragment(in_turn, run_every=run_every)
    return run
