"""Jobs with real threads: queue, two at once, lease, stop, sharing, errors, finding a run again, small hosts."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embedlab.comparison.overlap import Shared
from embedlab.errors import DownloadError, InvalidSetting, NotEnoughMemory
from embedlab.library import memory
from embedlab.library.download import Progress
from embedlab.ui import jobs as sessions
from embedlab.ui import pool as pools
from embedlab.ui.pool import Job, Pool
from tests.pages.page import labels, open_page, plain, press, wait


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    """Waits for what another thread brings about."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.002)


class Stepped:
    """A maker whose generator waits before every frame until the test lets it go on."""

    def __init__(self, frames: int = 1000) -> None:
        self.frames = frames
        self.allowed = threading.Semaphore(0)
        self.made = 0  # generators
        self.threads: set[int] = set()
        self.closed = False

    def __call__(self) -> Iterator[int]:
        self.made += 1
        try:
            for frame in range(self.frames):
                self.allowed.acquire()
                self.threads.add(threading.get_ident())
                yield frame
        except GeneratorExit:
            self.closed = True
            raise

    def step(self, frames: int = 1) -> None:
        self.allowed.release(frames)


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pool(clock: Clock) -> Pool:
    return Pool(clock=clock)


def test_a_run_gives_every_frame_in_order_and_finishes(pool: Pool) -> None:
    job = pool.submit("count", lambda: iter(range(5)), viewer="ada", total=5)
    until(lambda: not job.live)
    assert (job.state, tuple(job.snapshots), job.latest, job.progress, job.error) == (
        "finished",
        (0, 1, 2, 3, 4),
        4,
        1,
        None,
    )


def test_at_most_two_work_at_once_and_the_others_know_their_place(pool: Pool) -> None:
    makers = [Stepped(1) for _ in range(4)]
    jobs = [pool.submit(f"job {i}", maker, viewer="ada") for i, maker in enumerate(makers)]
    assert [job.state for job in jobs] == ["running", "running", "queued", "queued"]
    assert [job.position for job in jobs] == [0, 0, 1, 2]
    assert jobs[2].elapsed == 0
    makers[1].step()
    until(lambda: jobs[1].state == "finished")
    assert [job.state for job in jobs] == ["running", "finished", "running", "queued"]
    assert jobs[3].position == 1
    assert makers[3].made == 0, "a waiting run has not begun"
    for maker in makers:
        maker.step()
    until(lambda: all(job.state == "finished" for job in jobs))


def test_progress_is_frames_made_over_frames_expected(pool: Pool) -> None:
    maker = Stepped(4)
    job = pool.submit("count", maker, viewer="ada", total=4)
    assert job.progress == 0
    assert job.latest is None
    maker.step()
    until(lambda: len(job.snapshots) == 1)
    assert job.progress == 0.25
    unknown = pool.submit("unknown length", Stepped(), viewer="ada")
    assert unknown.progress is None
    unknown.stop()


def test_nobody_looking_ends_a_run_after_the_lease(pool: Pool, clock: Clock) -> None:
    maker = Stepped()
    job = pool.submit("count", maker, viewer="ada")
    clock.now += 7.9
    maker.step()
    until(lambda: len(job.snapshots) == 1)
    assert job.state == "running"
    clock.now += 0.2
    maker.step()
    until(lambda: job.state == "stopped")
    assert maker.closed, "the worker closes its generator"
    assert tuple(job.snapshots) == (0, 1)


def test_looking_holds_a_run(pool: Pool, clock: Clock) -> None:
    maker = Stepped()
    job = pool.submit("count", maker, viewer="ada")
    for frame in range(5):
        clock.now += 5
        job.touch()
        maker.step()
        until(lambda frame=frame: len(job.snapshots) == frame + 1)
    assert job.state == "running"
    job.stop()
    maker.step()


def test_a_waiting_run_that_nobody_waits_for_never_begins(pool: Pool, clock: Clock) -> None:
    busy = [Stepped(1), Stepped(1)]
    running = [pool.submit(f"busy {i}", maker, viewer="ada") for i, maker in enumerate(busy)]
    waiting = Stepped()
    gone = pool.submit("waiting", waiting, viewer="bob")
    clock.now += 9
    for job, maker in zip(running, busy, strict=True):
        job.touch()
        maker.step()
    until(lambda: all(job.state == "finished" for job in running))
    until(lambda: gone.state == "stopped")
    assert waiting.made == 0


def test_the_same_key_is_one_run_with_one_owner_of_the_generator(pool: Pool) -> None:
    maker, other = Stepped(3), Stepped(3)
    ada = pool.submit("count", maker, viewer="ada")
    bob = pool.submit("count", other, viewer="bob")
    for _ in range(3):
        maker.step()
    until(lambda: ada.state == bob.state == "finished")
    assert ada.snapshots == bob.snapshots == (0, 1, 2)
    assert (maker.made, other.made, len(maker.threads)) == (1, 0, 1)


def test_stop_leaves_a_run_that_another_watches(pool: Pool) -> None:
    maker = Stepped(3)
    ada, bob = (pool.submit("count", maker, viewer=viewer) for viewer in ("ada", "bob"))
    maker.step()
    until(lambda: len(ada.snapshots) == 1)
    ada.stop()
    assert (ada.state, ada.live, bob.state) == ("stopped", False, "running")
    maker.step(2)
    until(lambda: bob.state == "finished")
    assert tuple(bob.snapshots) == (0, 1, 2)
    assert (ada.state, tuple(ada.snapshots)) == ("stopped", (0,)), "who stopped keeps the picture of that moment"
    ada.again()
    assert (ada.state, tuple(ada.snapshots)) == ("finished", (0, 1, 2))


def test_stop_by_the_last_viewer_ends_the_run_and_keeps_its_frames(pool: Pool) -> None:
    maker = Stepped()
    job = pool.submit("count", maker, viewer="ada")
    maker.step(2)
    until(lambda: len(job.snapshots) == 2)
    job.stop()
    job.touch()
    maker.step()
    until(lambda: maker.closed)
    assert pool.submit("count", Stepped(), viewer="ada").snapshots == (0, 1), "a rerun of the page begins nothing"


def test_again_joins_a_live_run_and_begins_an_ended_one_anew(pool: Pool) -> None:
    maker = Stepped()
    ada, bob = (pool.submit("count", maker, viewer=viewer) for viewer in ("ada", "bob"))
    ada.stop()
    ada.again()
    assert pool.submit("count", Stepped(), viewer="ada").state == "running"
    assert maker.made == 1
    ada.stop()
    bob.stop()
    maker.step()
    until(lambda: maker.closed)
    ada.again()
    fresh = Stepped(1)
    assert pool.submit("count", fresh, viewer="ada").state == "running"
    fresh.step()
    until(lambda: fresh.made == 1)


def test_what_another_stopped_is_begun_anew_for_a_newcomer(pool: Pool) -> None:
    maker = Stepped()
    pool.submit("count", maker, viewer="ada").stop()
    maker.step()
    until(lambda: maker.closed)
    assert pool.find("count", viewer="bob") is None
    newcomer = pool.submit("count", lambda: iter([7]), viewer="bob")
    until(lambda: newcomer.state == "finished")
    assert tuple(newcomer.snapshots) == (7,)


def test_leaving_for_other_settings_frees_the_worker(pool: Pool) -> None:
    makers = [Stepped(), Stepped()]
    jobs = [pool.submit(f"job {i}", maker, viewer="ada") for i, maker in enumerate(makers)]
    after = pool.submit("after", lambda: iter([1]), viewer="ada")
    jobs[0].leave()
    makers[0].step()
    until(lambda: after.state == "finished")
    jobs[1].stop()
    makers[1].step()


def test_a_reload_finds_a_live_and_a_finished_run(pool: Pool) -> None:
    maker = Stepped(2)
    pool.submit("count", maker, viewer="first load")
    maker.step()
    reloaded = pool.find("count", viewer="second load")
    assert reloaded is not None
    assert reloaded.state == "running"
    maker.step()
    until(lambda: reloaded.state == "finished")
    third = pool.find("count", viewer="third load")
    assert third is not None
    assert tuple(third.snapshots) == (0, 1)
    assert pool.find("never asked for", viewer="ada") is None


def test_ended_runs_are_kept_for_a_bounded_time_and_number(clock: Clock) -> None:
    pool = Pool(clock=clock, keep_seconds=600, keep_tasks=3)

    def run(key: str) -> None:
        clock.now += 1
        job = pool.submit(key, lambda: iter([1]), viewer="ada")
        until(lambda: job.state == "finished")

    for i in range(5):
        run(f"job {i}")
    pool.sweep()
    assert [pool.find(f"job {i}", viewer="ada") is not None for i in range(5)] == [False, False, True, True, True]
    clock.now += 601
    assert pool.find("job 4", viewer="ada") is None


def test_ended_runs_are_kept_within_a_bounded_size(pool: Pool, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "KEEP_BYTES", 2_500)
    for i in range(4):
        clock.now += 1
        job = pool.submit(f"job {i}", lambda: iter([np.zeros(250, np.float32)]), viewer="ada")
        until(lambda job=job: job.state == "finished")
    assert [pool.find(f"job {i}", viewer="ada") is not None for i in range(4)] == [False, False, True, True]


def test_of_too_many_bytes_those_looked_at_last_stay(pool: Pool, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "KEEP_BYTES", 2_500)
    for i in (0, 1, 2):
        clock.now += 1
        assert i < 2 or pool.find("job 0", viewer="ada") is not None  # looked at once more
        job = pool.submit(f"job {i}", lambda: iter([np.zeros(250, np.float32)]), viewer="ada")
        until(lambda job=job: job.state == "finished")
    assert [pool.find(f"job {i}", viewer="ada") is not None for i in range(3)] == [True, False, True]


@dataclass
class Frame:
    number: int
    embeddings: np.ndarray


@pytest.mark.parametrize(("frames", "floats"), [(1700, 1), (40, 1_000_000)])
def test_frames_are_thinned_to_a_bounded_number_and_size(pool: Pool, frames: int, floats: int) -> None:
    shared = np.zeros(floats, np.float32)
    job = pool.submit("many", lambda: (Frame(i, shared) for i in range(frames)), viewer="ada")
    until(lambda: job.state == "finished")
    numbers = [frame.number for frame in job.snapshots]
    assert len(numbers) <= pools.TASK_SNAPSHOTS
    assert len(numbers) * shared.nbytes <= pools.TASK_BYTES
    assert (numbers[0], numbers[-1]) == (0, frames - 1)
    assert len(set(np.diff(numbers)[:-1])) == 1, "evenly spread, but for the newest"


def test_what_is_handed_out_does_not_change_afterwards(pool: Pool) -> None:
    maker = Stepped(2)
    job = pool.submit("count", maker, viewer="ada")
    maker.step()
    until(lambda: len(job.snapshots) == 1)
    seen = job.snapshots
    maker.step()
    until(lambda: job.state == "finished")
    assert tuple(seen) == (0,)


def failing(error: Exception) -> Callable[[], Iterator[int]]:
    def frames() -> Iterator[int]:
        yield 1
        raise error

    return frames


def test_a_message_for_people_is_kept_with_the_frames_before_it(pool: Pool) -> None:
    job = pool.submit("bad", failing(InvalidSetting("Perplexity 0 is not allowed: give 2 or more.")), viewer="ada")
    until(lambda: job.state == "failed")
    assert str(job.error) == "Perplexity 0 is not allowed: give 2 or more."
    assert tuple(job.snapshots) == (1,)
    assert pool.submit("bad", failing(ValueError()), viewer="bob").error is job.error, "it would fail again"


def test_an_error_is_there_when_the_run_has_ended_and_not_before(pool: Pool) -> None:
    """Who saw it earlier could not take the failure back."""
    may_fail = threading.Event()

    def fails() -> Iterator[int]:
        may_fail.wait()
        raise InvalidSetting("no")
        yield 0

    job = pool.submit("bad", fails, viewer="ada")
    with pool.lock:  # the run cannot end
        may_fail.set()
        time.sleep(0.05)
        assert (job.state, job.error) == ("running", None)
    until(lambda: job.error is not None)
    assert job.state == "failed"


def test_any_other_error_becomes_a_friendly_message_and_is_logged(pool: Pool, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        job = pool.submit("bad", failing(KeyError("/srv/secret/path")), viewer="ada")
        until(lambda: job.state == "failed")
    assert "try other settings" in str(job.error)
    assert "secret" not in str(job.error)
    assert "secret" in caplog.text


def test_memory_that_runs_out_is_said(pool: Pool) -> None:
    job = pool.submit("big", failing(MemoryError()), viewer="ada")
    until(lambda: job.state == "failed")
    assert isinstance(job.error, NotEnoughMemory)


def test_waiting_ends_with_the_run_or_with_the_time(pool: Pool) -> None:
    maker = Stepped(1)
    job = pool.submit("count", maker, viewer="ada")
    job.wait(0.01)
    assert job.state == "running"
    maker.step()
    job.wait(20)
    assert job.state == "finished"


def test_failures_do_not_cost_a_worker(pool: Pool) -> None:
    def broken() -> Iterator[int]:
        raise RuntimeError("in the maker itself")

    for i in range(5):
        job = pool.submit(f"bad {i}", broken, viewer="ada")
        until(lambda job=job: job.state == "failed")
    good = pool.submit("good", lambda: iter([1]), viewer="ada")
    until(lambda: good.state == "finished")


def test_many_visitors_at_once_lose_nothing() -> None:
    """Twelve threads ask for six jobs of 50 frames, real clock, while sweeping and reading."""
    pool = Pool()
    jobs: list[Job[int]] = []

    def visit(viewer: int) -> None:
        job = pool.submit(f"job {viewer % 6}", lambda: iter(range(50)), viewer=str(viewer))
        until(lambda: (job.touch(), pool.sweep(), not job.live)[-1])
        jobs.append(job)

    threads = [threading.Thread(target=visit, args=(viewer,)) for viewer in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(jobs) == 12
    assert all(tuple(job.snapshots) == tuple(range(50)) for job in jobs)


def test_arrays_in_a_tuple_count_for_the_size_of_a_snapshot(pool: Pool) -> None:
    pair = (np.zeros(10), np.zeros((5, 5)))
    job = pool.submit("pair", lambda: iter([pair]), viewer="ada")
    until(lambda: job.state == "finished")
    assert job._task.bytes == sum(array.nbytes for array in pair)


# What pages submit


@pytest.fixture
def fresh_pools() -> Iterator[None]:
    """Pools of this test alone, in a host of the size that it says."""
    for pool in (sessions._pool, sessions._short_pool):
        pool.clear()
    yield
    for pool in (sessions._pool, sessions._short_pool):
        pool.clear()


@pytest.mark.usefixtures("fresh_pools")
@pytest.mark.parametrize(("host", "at_once"), [(690 << 20, 1), (2 << 30, 3)])
def test_short_and_long_jobs_share_one_limit_on_a_small_host(
    host: int, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "limit", lambda: host)
    makers = [Stepped(1) for _ in range(4)]
    long = [sessions.submit(f"long {i}", makers[i]) for i in range(2)]
    short = [sessions.submit(f"short {i}", makers[2 + i], short=True) for i in range(2)]
    every = [*long, *short]
    assert sum(job.state == "running" for job in every) == at_once
    waiting = [job for job in every if job.state == "queued"]
    assert [job.position for job in waiting] == list(range(1, 5 - at_once))
    for maker in makers:
        maker.step()
    for job in every:
        job.wait(20)
    assert all(job.state == "finished" for job in every)


def test_a_ranking_that_fails_is_explained_and_can_be_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[np.ndarray]:
        raise MemoryError
        yield

    with monkeypatch.context() as patch:
        patch.setattr(Shared, "overlaps", broken)
        app = open_page("pages/9_Compare.py", compare_k="15")
        wait(app, lambda: app.error)
        assert "not enough memory" in plain(app.error[0].value)
        assert "king" in " ".join(element.value for element in app.markdown), "the word is still compared"
    press(app, "Rank the words again")
    wait(app, lambda: app.metric)
    assert not app.error
    assert "Rank the words again" not in labels(app)


def test_a_download_is_asked_for_again_whether_it_failed_or_what_came_is_gone() -> None:
    def offline() -> Iterator[Progress]:
        yield Progress("downloading", 1, 10)
        raise DownloadError("The words could not be fetched.")

    def comes() -> Iterator[Progress]:
        yield Progress("downloading", 10, 10)

    asked: list[Callable[[], Iterator[Progress]]] = [comes, comes, offline]

    def script(steps: "Callable[[], Iterator[Progress]]") -> None:  # run by its text alone
        import streamlit as st

        from embedlab.errors import DownloadError
        from embedlab.ui import jobs

        try:
            jobs.await_download("words of this test", steps)
        except DownloadError as error:
            st.error(str(error))
        else:
            st.success("Here.")

    app = AppTest.from_function(script, kwargs={"steps": lambda: asked.pop()()}, default_timeout=60)
    assert app.run().error[0].value == "The words could not be fetched."
    for _ in range(2):
        app.run()
        assert [shown.value for shown in app.success] == ["Here."]
        assert not app.error
        assert not app.button
    assert not asked
