"""Keeping NumPy's linear algebra on one thread where its products are small."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import threadpoolctl

_lock = threading.Lock()
_inside = 0
_before: list[tuple[threadpoolctl.LibController, int]] = []


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Inside, products run on the calling thread alone, in the whole process.

    Thousands of small products a second are slower on two threads than on one, and several times slower when the
    cores are busy, because each product waits for all of its threads. May be entered by several threads at once; the
    number from before comes back when the last one has left.
    """
    global _inside
    with _lock:
        if not _inside:
            _before[:] = [(library, library.num_threads) for library in _libraries()]
            for library, _ in _before:
                library.set_num_threads(1)
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                for library, number in _before:
                    library.set_num_threads(number)


@cache
def _libraries() -> list[threadpoolctl.LibController]:
    """The linear algebra libraries that are loaded when this is first asked."""
    return threadpoolctl.ThreadpoolController().select(user_api="blas").lib_controllers
