"""What a figure was measured on, and how often."""

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

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


def in_turn(jobs: Sequence[Callable[[], object]], repeats: int, clock: Clock = time.perf_counter) -> list[float]:
    """Median seconds of each job, the jobs in turn: what else the machine does then slows all of them alike."""
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(repeats):
        for job, spent in zip(jobs, times, strict=True):
            start = clock()
            job()
            spent.append(clock() - start)
    return [statistics.median(spent) for spent in times]


def resident_mb(pid: int | None = None) -> float:
    """Resident memory of a process (this one when None) in MB, 10^6 bytes."""
    import psutil

    return float(psutil.Process(pid).memory_info().rss) / 1e6
