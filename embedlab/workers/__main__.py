"""A worker process: reads tasks from its standard input, writes what they yield to its standard output.

It ends when its input is closed, by the app or because the app is no more, and when a message cannot be read, or be
written to its end: what follows in the stream could not be told apart.
"""

import logging
import os
import queue
import signal
import sys
import threading
from typing import IO, Any, NoReturn

from embedlab.errors import EmbedlabError, for_the_screen
from embedlab.workers.messages import Reader, Writer
from embedlab.workers.processes import outcomes

_LOG = logging.getLogger(__name__)


def answer(name: str, arguments: tuple[Any, ...], stopped: threading.Event, writer: Writer) -> None:
    """Writes ("snapshot", value) for everything that a task yields, then ("end",), or ("error", EmbedlabError).

    Raises OSError: an earlier message was written only in part.
    """
    try:
        for snapshot in outcomes(name, arguments):
            writer.send(("snapshot", snapshot))
            if stopped.is_set():
                break
    except Exception as error:  # whatever it was: the visitor gets a sentence, the log the traceback
        if not isinstance(error, EmbedlabError | MemoryError):
            _LOG.exception("task %s failed", name)
        writer.send(("error", for_the_screen(error)))
    else:
        writer.send(("end",))


def main() -> NoReturn:
    """Works off tasks, one at a time, until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the app, which then closes the input
    if hasattr(os, "nice"):
        os.nice(10)  # visitors who only look something up come first
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints, in Python or in C, must not be taken for a message
    sys.stdout = sys.stderr
    tasks: queue.SimpleQueue[tuple[str, tuple[Any, ...], threading.Event]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, tasks), daemon=True).start()
    try:
        while True:
            name, arguments, stopped = tasks.get()
            answer(name, arguments, stopped, Writer(output))
    except BaseException:
        _give_up("the output is broken")


def _give_up(cause: str) -> NoReturn:
    """Ends the process at once, whichever thread calls, so that the app learns of it."""
    _LOG.exception("worker ended: %s", cause)
    os._exit(1)


def _listen(stream: IO[bytes], tasks: "queue.SimpleQueue[tuple[str, tuple[Any, ...], threading.Event]]") -> NoReturn:
    """Takes ("run", task, arguments) and ("stop",), which is meant for the task before it."""
    stopped = threading.Event()
    try:
        while True:
            # Each task is a stream of its own, so that nothing of the one before is held.
            verb, *rest = Reader(stream).receive()
            if verb == "run":
                stopped = threading.Event()
                tasks.put((*rest, stopped))
            else:
                stopped.set()
    except (EOFError, OSError):
        os._exit(0)  # also in the middle of a step: nobody waits for it any more
    except BaseException:
        _give_up("a task cannot be read")


if __name__ == "__main__":
    main()
