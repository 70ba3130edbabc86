"""Linear algebra on one thread: while anybody needs it, and not longer."""

import threading

from embedlab import threads


def numbers() -> list[int]:
    return [library.num_threads for library in threads._libraries()]


def test_one_thread_inside_and_the_former_number_once_everyone_has_left() -> None:
    before = numbers()
    assert before, "NumPy has a library that can be asked"
    inside, leave = threading.Event(), threading.Event()
    seen: list[list[int]] = []

    def other() -> None:
        with threads.one_blas_thread():
            seen.append(numbers())
            inside.set()
            leave.wait(20)
        seen.append(numbers())

    thread = threading.Thread(target=other)
    with threads.one_blas_thread():
        assert set(numbers()) == {1}
        thread.start()
        assert inside.wait(20)
        assert set(seen[0]) == {1}
    leave.set()
    thread.join(20)
    assert seen[1] == before
    assert numbers() == before


def test_an_error_inside_brings_the_number_back() -> None:
    before = numbers()
    try:
        with threads.one_blas_thread():
            raise ValueError
    except ValueError:
        pass
    assert numbers() == before
