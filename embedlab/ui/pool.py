"""A pool of worker threads whose runs are shared by key, held by those who look, and ended when nobody does."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, Literal, TypeVar

from embedlab.errors import EmbedlabError, NotEnoughMemory

F = TypeVar("F")
State = Literal["queued", "running", "finished", "stopped", "failed"]

WORKERS = 2
LEASE = 8.0  # seconds that a run goes on after the last look
KEEP_SECONDS = 600.0
KEEP_RUNS = 24
KEEP_BYTES = 64 << 20  # of all finished runs together
RUN_FRAMES = 500
RUN_BYTES = 32 << 20
_LOG = logging.getLogger(__name__)


class Run:
    """One computation, shared by everyone who asked for the same key. The pool's lock guards every field."""

    def __init__(self, key: str, make: Callable[[], Iterable[Any]], total: int | None) -> None:
        self.key = key
        self.make = make
        self.total = total
        self.state: State = "queued"
        self.frames: list[Any] = []
        self.spacing = 1  # every how many of the frames made are kept
        self.bytes = 0
        self.made = 0  # frames, with those that were thinned out since
        self.error: EmbedlabError | None = None
        self.started: float | None = None
        self.ended: float | None = None
        self.over = threading.Event()
        self.viewers: dict[str, float] = {}  # session -> time of its last look
        self.left: dict[str, tuple[Any, ...]] = {}  # session that pressed Stop -> the frames it had seen

    @property
    def live(self) -> bool:
        return self.state in ("queued", "running")

    def append(self, frame: Any) -> None:
        """Adds a frame; over the limits every second one goes, but for the first and the newest."""
        if self.made and (self.made - 1) % self.spacing:  # the last one stayed only because it was the newest
            self.bytes -= _size(self.frames.pop())
        self.frames.append(frame)
        self.made += 1
        self.bytes += _size(frame)
        while (len(self.frames) > RUN_FRAMES or self.bytes > RUN_BYTES) and len(self.frames) > 2:
            self.frames = self.frames[::2] if len(self.frames) % 2 else [*self.frames[::2], frame]
            self.spacing *= 2
            self.bytes = sum(map(_size, self.frames))

    def end(self, state: State, now: float) -> None:
        """Ends it and lets go of the maker, which holds the data that was worked on."""
        self.state, self.ended = state, now
        self.make = tuple
        self.over.set()


class Job(Generic[F]):
    """A run as one visitor sees it."""

    def __init__(self, pool: "Pool", run: Run, viewer: str) -> None:
        self._pool, self._run, self._viewer = pool, run, viewer

    @property
    def key(self) -> str:
        return self._run.key

    @property
    def state(self) -> State:
        """Where it stands; "stopped" for those who pressed Stop, whoever else still watches."""
        run = self._run
        return "stopped" if self._viewer in run.left else run.state

    @property
    def live(self) -> bool:
        """Waiting or running."""
        return self.state in ("queued", "running")

    @property
    def frames(self) -> Sequence[F]:
        """What was computed so far, oldest first; at most 500 frames, thinned out evenly beyond that."""
        run = self._run
        with self._pool.lock:
            return run.left[self._viewer] if self._viewer in run.left else tuple(run.frames)

    @property
    def latest(self) -> F | None:
        """The newest frame; None before there is one."""
        frames = self.frames
        return frames[-1] if frames else None

    @property
    def progress(self) -> float | None:
        """Frames made over frames expected, in [0, 1]; None where that number was not given."""
        run = self._run
        if run.state == "finished":
            return 1.0
        return min(run.made / run.total, 1.0) if run.total else None

    @property
    def position(self) -> int:
        """Place in the queue: 1 is next; 0 when not waiting."""
        return self._pool.position(self._run)

    @property
    def error(self) -> EmbedlabError | None:
        """Why it failed, written for the person at the screen."""
        return self._run.error

    @property
    def elapsed(self) -> float:
        """Seconds of work, without the wait."""
        run = self._run
        if run.started is None:
            return 0.0
        return (self._pool.clock() if run.ended is None else run.ended) - run.started

    def touch(self) -> None:
        """Says that this visitor is still looking."""
        with self._pool.lock:
            if self._viewer not in self._run.left:
                self._run.viewers[self._viewer] = self._pool.clock()

    def wait(self, seconds: float) -> None:
        """Returns when it ends, at the latest after so many seconds: what is done that soon needs no progress bar."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and not self._run.over.wait(min(left, 1.0)):
            self.touch()  # waiting is looking: the lease must not run out meanwhile

    def leave(self) -> None:
        """Looks no longer; the run ends at its next frame unless somebody else does."""
        with self._pool.lock:
            self._run.viewers.pop(self._viewer, None)
            self._pool.sweep()

    def stop(self) -> None:
        """Leaves for good: this visitor keeps the frames so far, and asking for the key again begins nothing."""
        with self._pool.lock:
            if self.live:
                self._run.left[self._viewer] = tuple(self._run.frames)
            self.leave()

    def again(self) -> None:
        """Takes a stop or a failure back: the next `submit` of the key joins the run, or begins a new one."""
        with self._pool.lock:
            self._run.left.pop(self._viewer, None)
            if self._run.state in ("stopped", "failed"):
                self._pool.forget(self._run)


class Pool:
    """Runs by key, the queue, and the threads that work it off.

    Args:
        workers: how many runs work at once.
        lease: seconds that a run goes on after the last look.
        keep_seconds, keep_runs: how long, and how many, ended runs can be found again.
        clock: seconds, never going back.
    """

    def __init__(
        self,
        *,
        workers: int = WORKERS,
        lease: float = LEASE,
        keep_seconds: float = KEEP_SECONDS,
        keep_runs: int = KEEP_RUNS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workers, self.lease, self.clock = workers, lease, clock
        self.keep_seconds, self.keep_runs = keep_seconds, keep_runs
        self.lock = threading.RLock()
        self._runs: dict[str, Run] = {}
        self._queue: deque[Run] = deque()
        self._working = 0

    def submit(self, key: str, make: Callable[[], Iterable[F]], *, viewer: str, total: int | None = None) -> Job[F]:
        """The run of this key for this viewer: under way, kept from before, or begun now."""
        with self.lock:
            found: Job[F] | None = self.find(key, viewer=viewer)
            if found is not None:
                return found
            run = self._runs[key] = Run(key, make, total)
            self._queue.append(run)
            job: Job[F] = Job(self, run, viewer)
            job.touch()
            self._start_next()
            return job

    def find(self, key: str, *, viewer: str) -> Job[Any] | None:
        """The run of this key if it is live, finished, failed, or was stopped by this very viewer."""
        with self.lock:
            self.sweep()
            run = self._runs.get(key)
            # What others stopped, or left by closing the tab, is no answer for somebody who asks for it now.
            if run is None or (run.state == "stopped" and viewer not in run.left):
                return None
            job: Job[Any] = Job(self, run, viewer)
            job.touch()
            return job

    def forget(self, run: Run) -> None:
        """Makes room for a new run of the same key."""
        with self.lock:
            if self._runs.get(run.key) is run:
                del self._runs[run.key]

    def position(self, run: Run) -> int:
        """Place in the queue: 1 is next; 0 when not waiting."""
        with self.lock:
            return self._queue.index(run) + 1 if run in self._queue else 0

    def sweep(self) -> None:
        """Drops from the queue what nobody waits for, and ended runs beyond the limits of age, number and size."""
        with self.lock:
            now = self.clock()
            for run in [run for run in self._queue if not self._watched(run)]:
                self._queue.remove(run)
                run.end("stopped", now)
            size = 0
            ended = sorted(filter(_ended, self._runs.values()), key=_ended, reverse=True)
            for place, run in enumerate(ended):
                size += run.bytes
                if place >= self.keep_runs or size > KEEP_BYTES or now - _ended(run) > self.keep_seconds:
                    self.forget(run)

    def _watched(self, run: Run) -> bool:
        now = self.clock()
        return any(now - seen < self.lease for seen in run.viewers.values())

    def _start_next(self) -> None:
        while self._queue and self._working < self.workers:
            run = self._queue.popleft()
            run.state, run.started = "running", self.clock()
            self._working += 1
            threading.Thread(target=self._work, args=(run,), name="job", daemon=True).start()

    def _work(self, run: Run) -> None:
        """One run from its first frame to its end, in its own thread."""
        state: State = "failed"
        try:
            state = self._advance(run)
        except EmbedlabError as error:
            run.error = error
        except MemoryError:
            run.error = NotEnoughMemory("There is not enough memory for this: choose smaller settings.")
        except Exception:  # whatever it was: the visitor gets a sentence, the log the traceback
            _LOG.exception("job %s failed", run.key)
            run.error = EmbedlabError("Something went wrong in this computation: try other settings.")
        finally:
            with self.lock:
                self._working -= 1
                run.end(state, self.clock())
                self.sweep()
                self._start_next()

    def _advance(self, run: Run) -> State:
        """Takes frames until there are no more, or until nobody looks."""
        iterator = iter(run.make())
        for frame in iterator:
            with self.lock:
                run.append(frame)
                watched = self._watched(run)
            if not watched:
                close = getattr(iterator, "close", None)  # a generator may hold files or threads
                if close is not None:
                    close()
                return "stopped"
        return "finished"


def _size(frame: Any) -> int:
    """Bytes of the arrays that a frame holds directly."""
    parts = frame.values() if isinstance(frame, dict) else getattr(frame, "__dict__", {"": frame}).values()
    return sum(int(getattr(part, "nbytes", 64)) for part in parts)


def _ended(run: Run) -> float:
    """When it ended; 0 for one that is live (the clock is past 0 by then)."""
    return run.ended or 0.0
