"""Trainings in processes of their own: the app's memory and its lock on the interpreter stay free.

    for snapshot in Workers().run("embedlab.lessons.ten_words.training:run", text, config): ...

A process loads PyTorch once, in about three seconds, and is kept for some seconds after its task, so that the next one
starts at once. It ends with the app, and takes with it all memory that it used.
"""

import importlib
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import embedlab
from embedlab.errors import EmbedlabError
from embedlab.workers.messages import Reader, Writer

IN_PROCESS = "EMBEDLAB_IN_PROCESS"  # environment: "1" where no process can be started; tasks then run in this one
_IDLE_SECONDS = 45.0  # that a process waits for the next task
_LESSONS, _TASKS = "embedlab.lessons.", ("embedlab.atlas.tasks",)  # where functions are that can be asked for
_AHEAD = 2  # snapshots that may be read before they are asked for
_BEAT = 1.0  # seconds between two signs of life
_PATIENCE = 2.0  # seconds for a stopped task to come to its next snapshot
_PACKAGES = Path(embedlab.__file__).parents[1]
_LOG = logging.getLogger(__name__)


def outcomes(name: str, arguments: tuple[Any, ...]) -> Iterator[Any]:
    """What the function "module:name" of a lesson, or of the atlas, yields, or the one thing that it returns.

    Raises ValueError: no other function can be asked for.
    """
    module, _, function = name.partition(":")
    if not (module.startswith(_LESSONS) or module in _TASKS) or function.startswith("_"):
        raise ValueError(f"{name} is no task")
    found = getattr(importlib.import_module(module), function)(*arguments)
    return found if isinstance(found, Iterator) else iter([found])


class Workers:
    """The processes that work, and those that wait for work.

    Args:
        idle_seconds: how long a process that has nothing to do is kept.
    """

    def __init__(self, idle_seconds: float = _IDLE_SECONDS) -> None:
        self._idle_seconds = idle_seconds
        self._lock = threading.Lock()
        self._idle: dict[_Process, threading.Timer] = {}

    def run(self, name: str, *arguments: Any) -> Iterator[Any]:
        """What `outcomes` of a task gives, computed in another process.

        Yields:
            Its snapshots; None once a second while there is no new one, so that whoever iterates can stop.

        Raises:
            EmbedlabError: the task's own; or that its process was ended from outside.
        """
        if os.environ.get(IN_PROCESS) == "1":
            yield from outcomes(name, arguments)
            return
        process = self._take()
        reusable = False
        try:
            yield from process.answers(name, arguments)
            reusable = True
        except GeneratorExit:
            reusable = process.stop()
            raise
        except EmbedlabError:
            reusable = process.alive
            raise
        finally:
            self._give(process) if reusable else process.end()

    def close(self) -> None:
        """Ends the processes that wait."""
        with self._lock:
            for process, timer in self._idle.items():
                timer.cancel()
                process.end()
            self._idle.clear()

    def _take(self) -> "_Process":
        with self._lock:
            while self._idle:
                process, timer = self._idle.popitem()
                timer.cancel()
                if process.alive:
                    return process
        return _Process()

    def _give(self, process: "_Process") -> None:
        timer = threading.Timer(self._idle_seconds, self._end_idle, [process])
        timer.daemon = True
        with self._lock:
            self._idle[process] = timer
        timer.start()

    def _end_idle(self, process: "_Process") -> None:
        with self._lock:
            idle = self._idle.pop(process, None) is not None
        if idle:
            process.end()


class _Process:
    """One process, and the thread that reads what it writes."""

    def __init__(self) -> None:
        path = os.pathsep.join(filter(None, [str(_PACKAGES), os.environ.get("PYTHONPATH", "")]))
        self._popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "embedlab.workers"],  # -P: never a module that lies in the current folder
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": path},
        )
        self._messages: queue.Queue[tuple[Any, ...]] = queue.Queue(_AHEAD)
        self._broken = False  # what it wrote could not be read to the end

    @property
    def alive(self) -> bool:
        """Whether it can be given a task."""
        return not self._broken and self._popen.poll() is None

    def answers(self, name: str, arguments: tuple[Any, ...]) -> Iterator[Any]:
        """The task's snapshots, and None once a second without one. Raises EmbedlabError: see `Workers.run`."""
        assert self._popen.stdin is not None
        self._messages = queue.Queue(_AHEAD)
        threading.Thread(target=self._read, args=(self._messages,), name="worker", daemon=True).start()
        try:
            Writer(self._popen.stdin).send(("run", name, arguments))
        except OSError:
            raise _ended() from None
        while True:
            try:
                verb, *rest = self._messages.get(timeout=_BEAT)
            except queue.Empty:
                yield None
                continue
            if verb == "snapshot":
                yield rest[0]
            elif verb == "end":
                return
            else:
                raise rest[0]

    def stop(self) -> bool:
        """Ends the task at its next snapshot; whether the process can be used again."""
        assert self._popen.stdin is not None
        try:
            Writer(self._popen.stdin).send(("stop",))
            while self._messages.get(timeout=_PATIENCE)[0] == "snapshot":
                pass
        except (OSError, queue.Empty):
            return False
        return self.alive

    def end(self) -> None:
        """Ends the process at once."""
        assert self._popen.stdin is not None
        self._popen.kill()
        with suppress(OSError):  # what was not yet written has no reader
            self._popen.stdin.close()
        self._popen.wait()
        with suppress(queue.Empty):  # the reading thread may be waiting for room
            while True:
                self._messages.get_nowait()

    def _read(self, messages: "queue.Queue[tuple[Any, ...]]") -> None:
        """Puts the messages of one task into the queue; its end, too, when the process is ended from outside."""
        assert self._popen.stdout is not None
        reader, verb = Reader(self._popen.stdout), ""
        while verb not in ("end", "error"):
            try:
                message = reader.receive()
            except Exception as error:
                if not isinstance(error, EOFError | OSError):
                    _LOG.exception("a worker's message cannot be read")
                message, self._broken = ("error", _ended()), True
                self._popen.kill()
            verb = message[0]
            messages.put(message)


def _ended() -> EmbedlabError:
    return EmbedlabError(
        "The process that computed this was ended, perhaps because memory ran out. Try again, or choose smaller "
        "settings."
    )
