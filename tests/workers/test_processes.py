"""Worker processes: the same snapshots as in the app's own, stopped, killed and let go without a hang or an orphan."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
import psutil
import pytest

from embedlab.errors import EmbedlabError, TrainingError
from embedlab.lessons.letters.config import CharConfig
from embedlab.lessons.ten_words.config import TenWordsConfig
from embedlab.lessons.ten_words.tagged_text import TEN_WORDS, read_tagged
from embedlab.lessons.ten_words.training import follow_many, run
from embedlab.workers.processes import IN_PROCESS, Workers
from tests.conftest import ROOT

TRAINING = "embedlab.lessons.ten_words.training"
TEXT = read_tagged(TEN_WORDS)
NAMES = ("anna", "bela", "cleo", "dora", "emil") * 20
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
    with pytest.raises(TrainingError, match="Training diverged") as caught:
        list(workers.run(f"{TRAINING}:run", TEXT, TenWordsConfig(learning_rate=1e6)))
    assert caught.value.best.step == 0
    assert list(workers.run(f"{TRAINING}:run", TEXT, TenWordsConfig(epochs=1)))


def test_a_fault_in_a_task_is_a_sentence(workers: Workers) -> None:
    with pytest.raises(EmbedlabError, match="Something went wrong"):
        list(workers.run(f"{TRAINING}:run", TEXT, "no settings"))


@pytest.mark.parametrize("name", ["os:system", "embedlab.library.catalogue:remove", f"{TRAINING}:_hidden"])
def test_nothing_but_tasks_can_be_asked_for(workers: Workers, name: str) -> None:
    with pytest.raises(EmbedlabError, match="Something went wrong"):
        list(workers.run(name))


def test_a_stopped_task_ends_and_its_process_takes_the_next(workers: Workers) -> None:
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
        assert list(Workers(idle_seconds=0.2).run("embedlab.projection.pca:pca", np.eye(5, dtype=np.float32)))
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


def test_with_the_switch_a_task_runs_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(IN_PROCESS, "1")
    before = children()
    (found,) = Workers().run(f"{TRAINING}:run", TEXT, TenWordsConfig(epochs=2))
    assert len(found.epochs) == 3
    assert children() == before
