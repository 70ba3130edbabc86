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
    """Inside, products run on the calling thread alone.

    Thousands of small products a second are slower on two threads than on one, and several times slower when the
    cores are busy, because each product waits for all of its threads. May be entered by several threads at once.
    Whether the number of threads belongs to the calling thread or to the process depends on the library, so everyone
    who leaves sets what was there before the first came; at worst somebody still inside is slower.
    """
    global _inside
    with _lock:
        if not _inside:
            _before[:] = [(library, library.num_threads) for library in _libraries()]
        _inside += 1
        for library, _ in _before:
            library.set_num_threads(1)
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            for library, number in _before:
                library.set_num_threads(number)


@cache
def _libraries() -> list[threadpoolctl.LibController]:
    """The linear algebra libraries that are loaded when this is first asked."""
    return threadpoolctl.ThreadpoolController().select(user_api="blas").lib_controllers
