"""A small host: memory of the server after each page and beside a training of each lesson, with a limit or without.

    python -m benchmarks.small_host              without
    python -m benchmarks.small_host --limit 690  in a control group of 690 MB, without swap

All pages are opened one after the other in one tab of Chromium. Then each lesson trains by its button, with other
settings than those recorded; a training begins when the process of the one before has ended. A control group counts
files in memory, too, for whoever read them first: those of Python and the app are dropped before, as far as no other
process holds them. Linux only; the limit needs the right to make control groups.
"""

import argparse
import os
import re
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import psutil
from playwright.sync_api import Page, sync_playwright

from benchmarks import machine
from benchmarks.load import PAGES
from embedlab.ui.menu import MENU
from tests.browser.conftest import FLAGS, ROOT, SIZE, running_app
from tests.browser.steps import ASKED, PATIENCE, SETTLED, Asked, open_settled, settle

CGROUPS = Path("/sys/fs/cgroup")
TARGET, REST = 370, 60  # MB of everything so many seconds after the last training; its process is kept for 45
LONGEST = 600  # seconds of a training, or until its process ends
ERRORS = "[data-testid=stException], [data-testid=stAlertContentError]"


class Training(NamedTuple):
    """A run of a lesson that is not recorded."""

    name: str
    page: str
    inputs: Mapping[str, str]  # what is typed, by the keys of boxes
    button: str = "Train"


TRAININGS = (  # Lookup makes one step, without a process
    Training("Ten words, another seed", "Ten_words", {"first_seed": "7"}),
    Training("Letters, English words, 200 steps", "Letters", {"source": "English words", "steps": "200"}),
    Training("Word2vec, another seed", "Word2vec", {"w_seed": "2"}),
    Training("Count or predict, another seed", "Count_or_predict", {"c_seed": "2"}, "Count and predict"),
    Training("Transfer, another seed of its closer look", "Transfer", {"look_seed": "1"}),
    Training("Transfer, another seed, three epochs", "Transfer", {"look_seed": "2", "train_epochs": "3"}),
)


class Group:
    """A memory control group of its own, of version 1 or 2.

    Args:
        limit: MB, 10^6 bytes.

    Raises OSError: none can be made here.
    """

    def __init__(self, limit: int, top: Path = CGROUPS) -> None:
        self.version = 2 if (top / "cgroup.controllers").exists() else 1
        self._parent = top if self.version == 2 else top / "memory"
        self.folder = self._parent / f"embedlab_{os.getpid()}"
        names = ("memory.max", "memory.swap.max"), ("memory.limit_in_bytes", "memory.memsw.limit_in_bytes")
        most, swap = names[self.version == 1]
        if self.version == 2:
            (top / "cgroup.subtree_control").write_text("+memory", "ascii")
        self.folder.mkdir()
        try:
            (self.folder / most).write_text(str(limit * 10**6), "ascii")
            with suppress(OSError):  # the file is missing where the system does not count swap
                # Version 1 limits memory and swap together.
                (self.folder / swap).write_text("0" if self.version == 2 else str(limit * 10**6), "ascii")
        except OSError:
            self.folder.rmdir()
            raise

    @contextmanager
    def joined(self) -> Iterator[None]:
        """This process is in the group meanwhile; what it starts stays there."""
        lines = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text("utf-8").splitlines()]
        wanted = "" if self.version == 2 else "memory"
        own = next(self._parent / path[1:] for _, found, path in lines if wanted in found.split(","))
        before = own if own.is_dir() else self._parent  # a container may be told the host's path
        (self.folder / "cgroup.procs").write_text(str(os.getpid()), "ascii")
        try:
            yield
        finally:
            (before / "cgroup.procs").write_text(str(os.getpid()), "ascii")

    def mb(self) -> tuple[float, float]:
        """What cannot be given back, and all with files in memory; MB."""
        stat, used = ("anon", "memory.current") if self.version == 2 else ("total_rss", "memory.usage_in_bytes")
        return self._number("memory.stat", f"{stat} ") / 1e6, self._number(used) / 1e6

    @property
    def killed(self) -> int:
        """How many of its processes were killed at the limit."""
        return self._number("memory.events" if self.version == 2 else "memory.oom_control", "oom_kill ")

    def remove(self) -> None:
        """Removes it, once its processes have ended."""
        for _ in range(100):
            with suppress(OSError):
                self.folder.rmdir()
                return
            time.sleep(0.1)

    def _number(self, file: str, name: str = "") -> int:
        found = re.search(rf"^{name}(\d+)", (self.folder / file).read_text("ascii"), re.MULTILINE)
        return int(found[1]) if found else 0


@dataclass
class Highest:
    """The highest memory seen, MB."""

    workers: dict[int, float] = field(default_factory=dict)  # by process, of those that the server has started
    held: float = 0.0  # by the group, so that it cannot be given back
    with_files: float = 0.0

    def __str__(self) -> str:
        workers = " + ".join(f"{size:.0f}" for size in self.workers.values())
        said = [f"processes beside it {workers}"] * bool(workers)
        said += [f"group {self.held:.0f}, with files {self.with_files:.0f}"] * bool(self.held)
        return "; ".join(["", *said])

    def look(self, server: psutil.Process, group: Group | None) -> None:
        """Takes in how much it is now."""
        for child in server.children():
            with suppress(psutil.NoSuchProcess):
                self.workers[child.pid] = max(self.workers.get(child.pid, 0.0), child.memory_info().rss / 1e6)
        if group is not None:
            held, with_files = group.mb()
            self.held, self.with_files = max(self.held, held), max(self.with_files, with_files)


class Visit(NamedTuple):
    """A tab, and the server that it asks."""

    page: Page
    address: str
    server: psutil.Process
    group: Group | None

    @contextmanager
    def watched(self, name: str) -> Iterator[Highest]:
        """Watches what is done meanwhile, five times a second; ends the program where there is an error."""
        highest, over = Highest(), threading.Event()

        def watch() -> None:
            while not over.wait(0.2):
                with suppress(psutil.NoSuchProcess):  # the server's end is told by `check`
                    highest.look(self.server, self.group)

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield highest
        finally:
            over.set()
            thread.join()
            self.check(name)  # also where a page was waited for in vain: it tells why
        print(f"{name:<42} server {machine.resident_mb(self.server.pid):.0f} MB{highest}", flush=True)

    def check(self, name: str) -> None:
        """Ends the program if the page shows an error, or the server has ended."""
        if self.server.status() == psutil.STATUS_ZOMBIE:
            raise SystemExit(f"{name}: the server was ended")
        if errors := self.page.locator(ERRORS).all_inner_texts():
            raise SystemExit(f"{name} shows an error: {errors[0]}")

    def until(self, condition: Callable[[], bool], name: str) -> None:
        """Waits for a condition that holds for two seconds."""
        deadline, held = time.monotonic() + LONGEST, 0
        while held < 2:
            if time.monotonic() > deadline:
                raise SystemExit(f"{name} did not end within {LONGEST} s")
            self.page.wait_for_timeout(1_000)
            self.check(name)
            held = held + 1 if condition() else 0

    def train(self, training: Training) -> None:
        """Trains by the button of a page, and waits for the end."""
        self.until(lambda: not self.server.children(), "The process of the training before")
        open_settled(self.page, f"{self.address}/{training.page}")
        for key, value in training.inputs.items():
            box = self.page.locator(f".st-key-{key} input").first
            if not box.is_visible():
                self.page.locator("details", has=box).locator("summary").click()
            box.fill(value)
            box.press("Enter" if box.get_attribute("role") == "combobox" else "Tab")
            settle(self.page)
        stop = self.page.get_by_role("button", name=re.compile("^Stop "))
        with self.watched(training.name) as highest:
            self.page.get_by_role("button", name=training.button, exact=True).click()
            self.until(
                lambda: bool(highest.workers and self.page.locator(SETTLED).count() and not stop.count()), training.name
            )


def forget_files() -> None:
    """Drops files of Python and of the app from memory, where no process holds them."""
    for folder in {Path(sys.prefix), Path(sys.base_prefix), ROOT}:
        for path in folder.rglob("*"):
            if path.is_file():
                with path.open("rb") as file:
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def group_of(limit: int, top: Path = CGROUPS) -> Group:
    """A group with this limit in MB; ends the program where there can be none."""
    try:
        group = Group(limit, top)
    except OSError as error:
        print(f"No memory control group can be made here: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    told = "of it, the highest MB that cannot be given back, and with files"
    print(f"In a memory control group of {limit} MB, version {group.version}; {told}", flush=True)
    return group


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--limit", type=int, metavar="MB", help="of a control group, 10^6 bytes (default: none)")
    limit: int | None = parser.parse_args().limit
    print(machine.describe(), flush=True)
    with ExitStack() as stack:
        group = None if limit is None else group_of(limit)
        if group is not None:
            stack.callback(group.remove)
            forget_files()
        # Chromium is started before, so that it is not in the group.
        playwright = stack.enter_context(sync_playwright())
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = chromium.new_page(viewport=SIZE)
        page.set_default_timeout(PATIENCE)
        ASKED[page] = Asked(page)
        with nullcontext() if group is None else group.joined():
            address = stack.enter_context(running_app())
        visit = Visit(page, address, machine.server(), group)
        with visit.watched("No page yet"):
            time.sleep(1)
        for item in MENU:
            with visit.watched(item.title):
                open_settled(page, f"{address}/{PAGES[item.title][0]}")
        for training in TRAININGS:
            visit.train(training)
        time.sleep(REST)
        everything = [visit.server, *visit.server.children(recursive=True)]
        size = sum(machine.resident_mb(process.pid) for process in everything)
        verdict = "holds" if size <= TARGET else "MISSED"
        print(f"All processes, {REST} s after the last training: {size:.1f} MB, at most {TARGET} MB: {verdict}")
        if group is not None:
            print(f"Killed at the limit: {group.killed}")
        chromium.close()
        if group is not None and group.killed:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
