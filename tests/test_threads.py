"""Linear algebra on one thread: while anybody needs it, and not longer."""

import threading

from embedlab import threads


def numbers() -> list[int]:
    return [library.num_threads for library in threads._libraries()]


def test_one_thread_inside_and_the_former_number_after_the_last_has_left() -> None:
    before = numbers()
    assert before, "NumPy has a library that can be asked"
    inside, leave = threading.Event(), threading.Event()

    def other() -> None:
        with threads.one_blas_thread():
            inside.set()
            leave.wait(20)

    thread = threading.Thread(target=other)
    with threads.one_blas_thread():
        thread.start()
        assert inside.wait(20)
        assert set(numbers()) == {1}
    assert set(numbers()) == {1}, "the other one is still inside"
    leave.set()
    thread.join(20)
    assert numbers() == before


def test_an_error_inside_brings_the_number_back() -> None:
    before = numbers()
    try:
        with threads.one_blas_thread():
            raise ValueError
    except ValueError:
        pass
    assert numbers() == before
