"""Loaded vectors, shared by all visitors of one process and bounded by its memory.

Shared sets can be opened again, so the least recently used of them go first when room is needed. A set that belongs to
one visitor (an upload, a space just trained) cannot be loaded again; it is dropped only when its owner has left or has
not looked at it for ten minutes.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import numpy as np

from embedlab.errors import NotEnoughMemory
from embedlab.formats.report import LoadReport
from embedlab.library import memory
from embedlab.vectors import search
from embedlab.vectors.quantization import code_bytes
from embedlab.vectors.word_vectors import WordVectors

WORD_BYTES = 150  # of a word: its letters, its place in the tuple and in the index
_IDLE = 600.0  # seconds after which a visitor's own set may go
Load = Callable[[], tuple[WordVectors, LoadReport | None]]


@dataclass
class Held:
    """One set of vectors in memory."""

    key: Hashable  # names it among all; for a visitor's own set, holds the owner
    vectors: WordVectors
    report: LoadReport | None
    bytes: int  # of memory, what searching makes included; numbers left on disk do not count
    owner: Hashable | None  # None for sets that all visitors share
    used: float  # when it was last asked for, in the clock's seconds
    users: dict[Hashable, float] = field(default_factory=dict)  # who asked for it, and when last


class Holdings:
    """Sets by key; every method may be called by several threads at once.

    Args:
        check: refuses a number of bytes that does not fit beside those held: see `memory.check`.
        clock: seconds, never going back.
    """

    def __init__(
        self, *, check: Callable[..., None] = memory.check, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._check, self._clock = check, clock
        self._held: dict[Hashable, Held] = {}
        self._lock = threading.RLock()
        self._loading: dict[Hashable, threading.Lock] = {}
        self._reserved: dict[Hashable, int] = {}
        self._gone: deque[Hashable] = deque()

    def open(self, key: Hashable, load: Load, *, needs: int, name: str, user: Hashable = None) -> Held:
        """The set of this key; of several that ask at once, one loads it and the others wait.

        Args:
            load: gives vectors and report.
            needs: bytes that they will take, when known beforehand.
            name: for the message of a refusal.
            user: who asks.

        Raises NotEnoughMemory: it does not fit, even with all shared sets gone.
        """
        with self._lock:
            loading = self._loading.setdefault(key, threading.Lock())
        with loading:
            found = self.find(key, user=user)
            if found is None:
                with self._lock:
                    self._make_room(needs, name)
                    self._reserved[key] = needs  # others that load meanwhile must not count on this room
                try:
                    vectors, report = load()
                finally:
                    with self._lock:
                        del self._reserved[key]
                found = self.put(key, vectors, report, name=name, user=user)
        with self._lock:
            self._loading.pop(key, None)
        return found

    def put(
        self,
        key: Hashable,
        vectors: WordVectors,
        report: LoadReport | None,
        *,
        name: str,
        owner: Hashable | None = None,
        user: Hashable = None,
    ) -> Held:
        """Holds vectors that are loaded already, in place of what the key held before.

        Raises NotEnoughMemory: they do not fit.
        """
        with self._lock:
            before = self._held.pop(key, None)
            try:
                needs = held_bytes(vectors)
                self._make_room(needs, name, present=_present_bytes(vectors))
            except Exception:
                if before is not None:
                    self._held[key] = before
                raise
            held = self._held[key] = Held(key, vectors, report, needs, owner, self._clock())
            held.users[user] = held.used
            return held

    def find(self, key: Hashable, *, user: Hashable = None) -> Held | None:
        """The set of this key if it is loaded; counts as use."""
        with self._lock:
            self._sweep()
            held = self._held.get(key)
            if held is not None:
                now = held.used = self._clock()
                held.users = {who: used for who, used in held.users.items() if now - used < _IDLE} | {user: now}
            return held

    def drop(self, key: Hashable) -> None:
        """Drops a set; code that holds it keeps it alive until done."""
        with self._lock:
            self._held.pop(key, None)

    def leave(self, owner: Hashable) -> None:
        """A visitor has left: their sets are dropped at the next call. Safe to call from a finalizer, at any moment."""
        self._gone.append(owner)

    def others(self, key: Hashable, user: Hashable) -> int:
        """How many others have asked for a set in the last ten minutes."""
        with self._lock:
            held, now = self._held.get(key), self._clock()
            return sum(now - used < _IDLE for who, used in held.users.items() if who != user) if held else 0

    @property
    def held(self) -> list[Held]:
        """All sets, the least recently used first."""
        with self._lock:
            self._sweep()
            return sorted(self._held.values(), key=lambda held: held.used)

    @property
    def bytes(self) -> int:
        """Memory of all sets."""
        return sum(held.bytes for held in self.held)

    def _sweep(self) -> None:
        while self._gone:
            owner = self._gone.popleft()
            for key in [key for key, held in self._held.items() if held.owner == owner]:
                del self._held[key]

    def _make_room(self, needs: int, name: str, *, present: int = 0) -> None:
        """Drops what may go, oldest first and only as long as that is needed; `present` bytes of them are there."""
        now = self._clock()
        shared = [held for held in self.held if held.owner is None]
        idle = [held for held in self.held if held.owner is not None and now - held.used > _IDLE]
        for held in [*shared, *idle, None]:
            try:
                self._check(needs, name, held=self.bytes + sum(self._reserved.values()), present=present)
                return
            except NotEnoughMemory:
                if held is None:
                    raise
                self.drop(held.key)


def held_bytes(vectors: WordVectors) -> int:
    """Memory that vectors take while they are asked: words, numbers not left on disk, and what searching makes."""
    if search.uses_codes(vectors):
        for_search = code_bytes(len(vectors), vectors.dimensions)
    else:
        for_search = 0 if vectors.unit_ready is vectors.matrix else vectors.matrix.size * 4
    return _present_bytes(vectors) + for_search


def _present_bytes(vectors: WordVectors) -> int:
    """What of `held_bytes` is in memory already: all but what the first search will make."""
    on_disk = isinstance(vectors.matrix, np.memmap)
    return len(vectors) * WORD_BYTES + (0 if on_disk else vectors.matrix.size * 4)


def expected_bytes(rows: int, dimensions: int) -> int:
    """`held_bytes` of vectors on disk that are not open yet."""
    numbers = rows * dimensions
    return rows * WORD_BYTES + (code_bytes(rows, dimensions) if numbers >= search.LARGE else numbers * 4)
