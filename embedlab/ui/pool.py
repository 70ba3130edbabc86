"""A pool of worker threads whose tasks are shared by key, held by those who look, and ended when nobody does."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, Literal, TypeVar

from embedlab.errors import EmbedlabError, for_the_screen
from embedlab.ui.turns import SCRIPTS

F = TypeVar("F")
State = Literal["queued", "running", "finished", "stopped", "failed"]

LEASE = 8.0  # seconds that a task goes on after the last look
KEEP_SECONDS = 600.0
KEEP_TASKS = 24
KEEP_BYTES = 64 << 20  # of all finished tasks together
TASK_SNAPSHOTS = 500
TASK_BYTES = 32 << 20
_LOG = logging.getLogger(__name__)


class Task:
    """One computation, shared by everyone who asked for the same key. The pool's lock guards every field."""

    def __init__(self, key: str, make: Callable[[], Iterable[Any]], total: int | None) -> None:
        self.key = key
        self.make = make
        self.total = total
        self.state: State = "queued"
        self.snapshots: list[Any] = []
        self.spacing = 1  # every how many of the snapshots made are kept
        self.bytes = 0
        self.made = 0  # snapshots, with those that were thinned out since
        self.recorded = False  # beforehand, so that nothing was computed
        self.error: EmbedlabError | None = None
        self.started: float | None = None
        self.ended: float | None = None
        self.over = threading.Event()
        self.viewers: dict[str, float] = {}  # session -> time of its last look
        self.left: dict[str, tuple[Any, ...]] = {}  # session that pressed Stop -> the snapshots it had seen

    @property
    def live(self) -> bool:
        return self.state in ("queued", "running")

    def append(self, snapshot: Any) -> None:
        """Adds a snapshot; over the limits every second one goes, but for the first and the newest.

        A snapshot with a method `condensed` gives by it what is kept once a newer one has come.
        """
        if self.made and (self.made - 1) % self.spacing:  # the last one stayed only because it was the newest
            self.bytes -= _size(self.snapshots.pop())
        elif self.snapshots and hasattr(self.snapshots[-1], "condensed"):
            self.bytes -= _size(self.snapshots[-1])
            self.snapshots[-1] = self.snapshots[-1].condensed()
            self.bytes += _size(self.snapshots[-1])
        self.snapshots.append(snapshot)
        self.made += 1
        self.bytes += _size(snapshot)
        while (len(self.snapshots) > TASK_SNAPSHOTS or self.bytes > TASK_BYTES) and len(self.snapshots) > 2:
            self.snapshots = self.snapshots[::2] if len(self.snapshots) % 2 else [*self.snapshots[::2], snapshot]
            self.spacing *= 2
            self.bytes = sum(map(_size, self.snapshots))

    def end(self, state: State, now: float) -> None:
        """Ends it and drops the maker, which holds the data."""
        self.state, self.ended = state, now
        self.make = tuple
        self.over.set()


class Job(Generic[F]):
    """A task as one visitor sees it."""

    def __init__(self, pool: "Pool", task: Task, viewer: str) -> None:
        self._pool, self._task, self._viewer = pool, task, viewer

    @property
    def key(self) -> str:
        return self._task.key

    @property
    def state(self) -> State:
        """What it does; "stopped" for those who pressed Stop, whoever else still watches."""
        task = self._task
        return "stopped" if self._viewer in task.left else task.state

    @property
    def live(self) -> bool:
        """Waiting or running."""
        return self.state in ("queued", "running")

    @property
    def snapshots(self) -> Sequence[F]:
        """What was computed so far, oldest first; at most 500 snapshots, thinned out evenly beyond that."""
        task = self._task
        with self._pool.lock:
            return task.left[self._viewer] if self._viewer in task.left else tuple(task.snapshots)

    @property
    def latest(self) -> F | None:
        """The newest snapshot; None before there is one."""
        snapshots = self.snapshots
        return snapshots[-1] if snapshots else None

    @property
    def progress(self) -> float | None:
        """Snapshots made over snapshots expected, in [0, 1]; None where that number was not given."""
        task = self._task
        if task.state == "finished":
            return 1.0
        return min(task.made / task.total, 1.0) if task.total else None

    @property
    def recorded(self) -> bool:
        """Whether it was made beforehand, so that nothing had to be computed."""
        return self._task.recorded

    @property
    def position(self) -> int:
        """Place in the queue: 1 is next; 0 when not waiting."""
        return self._pool.position(self._task)

    @property
    def error(self) -> EmbedlabError | None:
        """Why it failed, written for the person at the screen; None while it has not."""
        with self._pool.lock:  # error and state change together
            return self._task.error

    @property
    def elapsed(self) -> float:
        """Seconds of work, without the wait."""
        task = self._task
        if task.started is None:
            return 0.0
        return (self._pool.clock() if task.ended is None else task.ended) - task.started

    def touch(self) -> None:
        """Says that this visitor is still looking."""
        with self._pool.lock:
            if self._viewer not in self._task.left:
                self._task.viewers[self._viewer] = self._pool.clock()

    def wait(self, seconds: float) -> None:
        """Returns when it ends, at the latest after this many seconds: what is done that soon needs no progress bar.

        A script gives its turn up meanwhile, and goes on when it has another.
        """
        if self._task.over.is_set():
            return  # a script that need not wait keeps its turn
        deadline = time.monotonic() + seconds
        with SCRIPTS.given_up(self.touch):
            while (left := deadline - time.monotonic()) > 0 and not self._task.over.wait(min(left, 1.0)):
                self.touch()  # waiting is looking: the lease must not run out meanwhile

    def leave(self) -> None:
        """Looks no longer; the task ends at its next snapshot unless somebody else does."""
        with self._pool.lock:
            self._task.viewers.pop(self._viewer, None)
            self._pool.sweep()

    def stop(self) -> None:
        """Leaves for good: this visitor keeps the snapshots so far, and asking for the key again begins nothing."""
        with self._pool.lock:
            if self.live:
                self._task.left[self._viewer] = tuple(self._task.snapshots)
            self.leave()

    def again(self) -> None:
        """Takes an end back: the next `submit` of the key joins the task, or begins a new one."""
        with self._pool.lock:
            self._task.left.pop(self._viewer, None)
            if not self._task.live:
                self._pool.forget(self._task)


class Pool:
    """Tasks by key, the queue, and the threads that work it off.

    Args:
        workers: how many tasks work at once.
        lease: seconds that a task goes on after the last look.
        keep_seconds, keep_tasks: how long, and how many, ended tasks can be found again.
        clock: seconds, never going back.
    """

    def __init__(
        self,
        *,
        workers: int = 2,
        lease: float = LEASE,
        keep_seconds: float = KEEP_SECONDS,
        keep_tasks: int = KEEP_TASKS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.workers, self.lease, self.clock = workers, lease, clock
        self.keep_seconds, self.keep_tasks = keep_seconds, keep_tasks
        self.lock = threading.RLock()
        self._tasks: dict[str, Task] = {}
        self._queue: deque[Task] = deque()
        self._working = 0

    def submit(
        self, key: str, make: Callable[[], Iterable[F | None]], *, viewer: str, total: int | None = None
    ) -> Job[F]:
        """The task of this key for this viewer: under way, kept from before, or begun now."""
        with self.lock:
            found: Job[F] | None = self.find(key, viewer=viewer)
            if found is not None:
                return found
            task = self._tasks[key] = Task(key, make, total)
            self._queue.append(task)
            job: Job[F] = Job(self, task, viewer)
            job.touch()
            self._start_next()
            return job

    def recorded(self, key: str, snapshots: Sequence[F], *, viewer: str) -> Job[F]:
        """A job that is over and needs no work: its snapshots were made beforehand."""
        task = Task(key, tuple, None)
        task.snapshots, task.recorded = list(snapshots), True
        task.end("finished", self.clock())
        return Job(self, task, viewer)

    def find(self, key: str, *, viewer: str) -> Job[Any] | None:
        """The task of this key if it is live, finished, failed, or was stopped by this very viewer."""
        with self.lock:
            self.sweep()
            task = self._tasks.get(key)
            # What others stopped, or left by closing the tab, is no answer for somebody who asks for it now.
            if task is None or (task.state == "stopped" and viewer not in task.left):
                return None
            job: Job[Any] = Job(self, task, viewer)
            job.touch()
            return job

    def forget(self, task: Task) -> None:
        """Makes room for a new task of the same key."""
        with self.lock:
            if self._tasks.get(task.key) is task:
                del self._tasks[task.key]

    def position(self, task: Task) -> int:
        """Place in the queue: 1 is next; 0 when not waiting."""
        with self.lock:
            return self._queue.index(task) + 1 if task in self._queue else 0

    def sweep(self) -> None:
        """Drops from the queue what nobody waits for, and ended tasks beyond the limits of age, number and size.

        Those looked at last stay: a page that shows several must not lose one as another of them ends.
        """
        with self.lock:
            now = self.clock()
            for task in [task for task in self._queue if not self._watched(task)]:
                self._queue.remove(task)
                task.end("stopped", now)
            size = 0
            ended = sorted(filter(_ended, self._tasks.values()), key=_last_used, reverse=True)
            for place, task in enumerate(ended):
                size += task.bytes
                if place >= self.keep_tasks or size > KEEP_BYTES or now - _last_used(task) > self.keep_seconds:
                    self.forget(task)

    def _watched(self, task: Task) -> bool:
        now = self.clock()
        return any(now - seen < self.lease for seen in task.viewers.values())

    def _start_next(self) -> None:
        while self._queue and self._working < self.workers:
            task = self._queue.popleft()
            task.state, task.started = "running", self.clock()
            self._working += 1
            threading.Thread(target=self._work, args=(task,), name="job", daemon=True).start()

    def _work(self, task: Task) -> None:
        """One task from its first snapshot to its end, in its own thread."""
        state: State = "failed"
        failure: EmbedlabError | None = None
        try:
            state = self._advance(task)
        except Exception as error:  # whatever it was: the visitor gets a sentence, the log the traceback
            if not isinstance(error, EmbedlabError | MemoryError):
                _LOG.exception("job %s failed", task.key)
            failure = for_the_screen(error)
        finally:
            with self.lock:
                self._working -= 1
                task.error = failure
                task.end(state, self.clock())
                self.sweep()
                self._start_next()

    def _advance(self, task: Task) -> State:
        """Takes snapshots until there are no more, or until nobody looks; None only asks whether anybody does."""
        iterator = iter(task.make())
        for snapshot in iterator:
            with self.lock:
                if snapshot is not None:
                    task.append(snapshot)
                watched = self._watched(task)
            if not watched:
                close = getattr(iterator, "close", None)  # a generator may hold files or threads
                if close is not None:
                    close()
                return "stopped"
        return "finished"


def _size(snapshot: Any) -> int:
    """Bytes of a snapshot: what it says itself (`nbytes`, as arrays do), or those of the arrays that it consists of."""
    if hasattr(snapshot, "nbytes"):
        return int(snapshot.nbytes)
    if isinstance(snapshot, tuple | list):
        fields: Iterable[Any] = snapshot
    else:
        fields = (snapshot if isinstance(snapshot, dict) else getattr(snapshot, "__dict__", {"": None})).values()
    return sum(int(getattr(field, "nbytes", 64)) for field in fields)


def _ended(task: Task) -> float:
    """When it ended; 0 for one that is live (the clock is past 0 by then)."""
    return task.ended or 0.0


def _last_used(task: Task) -> float:
    """When it ended or was looked at last."""
    return max(_ended(task), *task.viewers.values(), 0.0)
