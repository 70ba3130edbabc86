"""Worker processes: the same snapshots as in the app's own, stopped, killed and let go without a hang or an orphan."""

import io
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import psutil
import pytest

from embedlab.errors import EmbedlabError, TrainingError
from embedlab.lessons.letters.config import CharConfig
from embedlab.lessons.lookup.cost import Footprint
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS, read_tagged
from embedlab.lessons.ten_words.training import follow_many, run
from embedlab.workers import processes
from embedlab.workers.__main__ import answer
from embedlab.workers.messages import Reader, Writer
from embedlab.workers.processes import IN_PROCESS, Workers
from tests.conftest import ROOT

TRAINING = "embedlab.lessons.ten_words.training"
TEXT = read_tagged(TEN_WORDS)
NAMES = ("anna", "bela", "cleo", "dora", "emil") * 20
QUICK = ("embedlab.lessons.lookup.cost:Footprint", 5, 2)  # loads no PyTorch
LONG = ("embedlab.lessons.letters.char_mlp:run", NAMES, CharConfig(steps=300_000))


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Processes for all tests here, so that PyTorch is loaded once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(IN_PROCESS, raising=False)
        found = Workers()
        yield found
        found.close()


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "embedlab.workers" in " ".join(child.cmdline())]


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + 60
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return holds()


def test_a_run_is_the_same_as_in_this_process(workers: Workers) -> None:
    config = TenWordsConfig(epochs=30)
    *_, found = (s for s in workers.run(f"{TRAINING}:run", TEXT, config) if s is not None)
    alone = run(TEXT, config)
    for name in ("epochs", "embeddings", "weights", "biases"):
        assert getattr(found, name).tobytes() == getattr(alone, name).tobytes()
    assert found.text.words == TEXT.words
    assert found.first_perfect() == alone.first_perfect()


def test_every_snapshot_comes_in_order_and_the_process_is_used_again(workers: Workers) -> None:
    config = TenWordsConfig(epochs=20)
    snapshots = [s for s in workers.run(f"{TRAINING}:follow_many", TEXT, config, [0, 1]) if s is not None]
    before = children()
    assert [len(s) for s in snapshots] == [len(s) for s in follow_many(TEXT, config, [0, 1])]
    assert np.array_equal(snapshots[-1][1].embeddings, run(TEXT, TenWordsConfig(epochs=20, seed=1)).embeddings)
    list(workers.run(f"{TRAINING}:run", TEXT, config))
    assert children() == before


def test_a_tasks_own_error_crosses_and_the_process_goes_on(workers: Workers) -> None:
    with pytest.raises(TrainingError, match="diverged"):
        list(workers.run(f"{TRAINING}:follow_many", TEXT, TenWordsConfig(learning_rate=1e6), (0, 1, 2)))
    assert list(workers.run(f"{TRAINING}:run", TEXT, TenWordsConfig(epochs=1)))


def test_a_fault_in_a_task_is_a_sentence(workers: Workers) -> None:
    with pytest.raises(EmbedlabError, match="Something went wrong"):
        list(workers.run(f"{TRAINING}:run", TEXT, "no settings"))


def test_what_is_no_lesson_is_no_task() -> None:
    with pytest.raises(ValueError, match="is no task"):
        processes.outcomes("embedlab.projection.pca:pca", (np.eye(5, dtype=np.float32),))


@pytest.mark.parametrize("name", ["os:system", "embedlab.library.catalogue:remove", f"{TRAINING}:_hidden"])
def test_nothing_but_tasks_can_be_asked_for(workers: Workers, name: str) -> None:
    with pytest.raises(EmbedlabError, match="Something went wrong"):
        list(workers.run(name))


def test_a_stopped_task_ends_and_its_process_takes_the_next(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "_PATIENCE", 60.0)  # a busy machine takes long to come to the next snapshot
    iterator = workers.run(*LONG)
    assert len(list(islice((s for s in iterator if s is not None), 2))) == 2
    before = children()
    iterator.close()
    config = TenWordsConfig(epochs=3)
    *_, found = (s for s in workers.run(f"{TRAINING}:run", TEXT, config) if s is not None)
    assert found.embeddings.tobytes() == run(TEXT, config).embeddings.tobytes()
    assert children() == before


def test_a_killed_process_is_an_error_at_once_and_another_takes_over(workers: Workers) -> None:
    iterator = workers.run(*LONG)
    next(s for s in iterator if s is not None)
    for child in children():
        child.kill()
    with pytest.raises(EmbedlabError, match="memory ran out"):
        list(iterator)
    assert list(workers.run(f"{TRAINING}:run", TEXT, TenWordsConfig(epochs=1)))


def test_an_idle_process_ends_by_itself() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(IN_PROCESS, raising=False)
        before = set(children())
        assert list(Workers(idle_seconds=0.2).run(*QUICK))
        assert eventually(lambda: set(children()) <= before)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
def test_no_process_survives_its_app() -> None:
    code = (
        "import sys\n"
        "from tests.workers.test_processes import LONG\n"
        "from embedlab.workers.processes import Workers\n"
        "iterator = Workers().run(*LONG)\n"
        "next(s for s in iterator if s is not None)\n"
        "import psutil\n"
        "print(*[child.pid for child in psutil.Process().children()], flush=True)\n"
        "sys.stdin.read()\n"
    )
    command, pipe = [sys.executable, "-c", code], subprocess.PIPE
    app = subprocess.Popen(command, cwd=ROOT, env=os.environ | {IN_PROCESS: "0"}, text=True, stdin=pipe, stdout=pipe)
    assert app.stdout is not None
    assert app.stdin is not None
    (pid,) = map(int, app.stdout.readline().split())
    assert psutil.pid_exists(pid)
    app.send_signal(signal.SIGKILL)
    app.wait()
    assert eventually(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    app.stdin.close()
    app.stdout.close()


HEAD = b'[["data","embedlab.nothing:Here",["dict"]],[],[]]'


@pytest.mark.parametrize("sent", [struct.pack("<Q", 1 << 62), struct.pack("<Q", len(HEAD)) + HEAD])
def test_a_process_that_cannot_read_its_input_ends_at_once(sent: bytes) -> None:
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [sys.executable, "-m", "embedlab.workers"], cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(sent)
        process.stdin.flush()  # and it stays open
        assert process.wait(60) == 1
        assert process.stdout.read() == b""
    finally:
        process.kill()
        process.stdin.close()
        process.stdout.close()


class Fragile(io.BytesIO):
    """A stream on which no array arrives."""

    def write(self, data: Any) -> int:
        if isinstance(data, memoryview):
            raise MemoryError
        return super().write(data)


def test_a_process_that_cannot_write_a_snapshot_to_its_end_writes_no_error_behind_it() -> None:
    stream = Fragile()
    with pytest.raises(OSError, match="only in part"):
        answer(f"{TRAINING}:run", (TEXT, TenWordsConfig(epochs=1)), Event(), Writer(stream))
    stream.seek(0)
    with pytest.raises(EOFError):
        Reader(stream).receive()


def test_a_process_whose_message_cannot_be_read_is_not_used_again(
    workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(workers.run(*QUICK))
    before = children()
    with monkeypatch.context() as patch:
        patch.setattr(Reader, "receive", lambda self: struct.unpack("<Q", b"short"))
        with pytest.raises(EmbedlabError, match="was ended"):
            list(workers.run(*QUICK))
    assert [s for s in workers.run(*QUICK) if s is not None] == [Footprint(5, 2)]
    assert len(children()) == len(before)
    assert children() != before


def test_files_in_the_current_folder_are_not_taken_for_modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("numpy", "queue", "embedlab"):
        (tmp_path / f"{name}.py").write_text("open('ran', 'w')\nraise SystemExit\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(IN_PROCESS, raising=False)
    alone = Workers()
    assert [s for s in alone.run(*QUICK) if s is not None] == [Footprint(5, 2)]
    alone.close()
    assert not (tmp_path / "ran").exists()


def test_the_error_of_an_ended_process_names_no_button() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(IN_PROCESS, raising=False)
        iterator = Workers().run(*LONG)
        before = set(children())
        next(iterator)
        for child in set(children()) - before:
            child.kill()
        with pytest.raises(EmbedlabError) as caught:
            list(iterator)
    assert "Try again, or choose smaller settings" in str(caught.value)


def test_with_the_switch_a_task_runs_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(IN_PROCESS, "1")
    before = children()
    (found,) = Workers().run(f"{TRAINING}:run", TEXT, TenWordsConfig(epochs=2))
    assert len(found.epochs) == 3
    assert children() == before
