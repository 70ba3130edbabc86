"""What a figure was measured on, and how often."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import psutil

Clock: TypeAlias = Callable[
    [], float
]  # time.perf_counter, or time.process_time, which others on the machine change less


def describe() -> str:
    """Processor, cores, load and Python of this machine, in one line."""
    model = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        names = [line.split(":")[1].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0] if names else model
    return f"{model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}"


def pace() -> str:
    """How fast one thread is, for comparing figures of two machines: a loop in Python, and reading memory."""
    import numpy as np

    numbers = np.ones(40_000_000, np.float32)
    loop, reading = in_turn([lambda: sum(1 for _ in range(10_000_000)), lambda: numbers.sum()], 3)
    return (
        f"one thread counts to 10 million in {loop:.2f} s and reads memory at {numbers.nbytes / reading / 1e9:.0f} GB/s"
    )


class Use:
    """Who used this machine's processors since it was made: these measurements, or others."""

    def __init__(self) -> None:
        self._start = self._now()

    def __str__(self) -> str:
        seconds, busy, own = (now - then for now, then in zip(self._now(), self._start, strict=True))
        cores = os.cpu_count() or 1
        others = max(0.0, busy - own) / (seconds * cores)
        slower = ": times are longer than on a quiet machine" if others > 0.2 else ""
        return f"Others used {others:.0%} of its processor time during these {seconds / 60:.0f} minutes{slower}."

    @staticmethod
    def _now() -> tuple[float, float, float]:
        """Seconds of the clock, of all processors at work, and of this process and its ended children."""
        import psutil

        cpu = psutil.cpu_times()
        own = os.times()
        busy = sum(cpu) - cpu.idle - getattr(cpu, "iowait", 0.0) - getattr(cpu, "guest", 0.0)
        return time.perf_counter(), busy, own.user + own.system + own.children_user + own.children_system


def in_turn(jobs: Sequence[Callable[[], object]], repeats: int, clock: Clock = time.perf_counter) -> list[float]:
    """Median seconds of each job, the jobs in turn: what else the machine does then slows all of them alike."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(repeats):
        for job, spent in zip(jobs, times, strict=True):
            start = clock()
            job()
            spent.append(clock() - start)
    return [statistics.median(spent) for spent in times]


def server() -> "psutil.Process":
    """The Streamlit server that this process has started last."""
    import psutil

    alive = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return max((child for child in alive if "streamlit" in child.cmdline()), key=lambda child: child.create_time())


def resident_mb(pid: int | None = None) -> float:
    """Resident memory of a process (this one when None) in MB, 10^6 bytes."""
    import psutil

    return float(psutil.Process(pid).memory_info().rss) / 1e6
