"""The first minute of a server: how soon Home answers, and whether first visitors ever meet a half-imported library.

    python -m benchmarks.cold_start            fifty fresh servers
    python -m benchmarks.cold_start -n 5       five

Each server is a new process. As soon as it answers, two visitors open two pages at the same moment; which two is drawn
anew for each server, with a seed. "first answer" is from the start of the process until Home's script has finished; an
error that a page shows is counted and its server's log printed.
"""

import argparse
import asyncio
import itertools
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack

from benchmarks import machine
from benchmarks.figures import Row, Scale
from benchmarks.load import PAGES, Answer, connected
from tests.browser.conftest import ROOT, answers, as_served, free_port

PAIRS: dict[Scale, int] = {"full": 50, "quick": 10, "tiny": 1}


async def visit(address: str, pages: Sequence[str]) -> list[Answer]:
    """All pages, each opened by a visitor of its own, at once."""
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(connected(address, page)) for page in pages]
        return await asyncio.gather(*(visitor.run() for visitor in visitors))


def cold(pages: Sequence[str]) -> tuple[float, bool]:
    """Seconds from a server's start until these pages have been shown, and whether an error was among them."""
    port, start = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py"), "--server.headless=true"]
    with tempfile.TemporaryFile("w+") as log:
        command += [f"--server.port={port}"]
        server = subprocess.Popen(command, cwd=ROOT, env=as_served(), stdout=log, stderr=log)
        try:
            while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
                if server.poll() is not None:
                    raise RuntimeError(f"The server ended with {server.returncode} before it answered.")
                time.sleep(0.02)
            failed = any(answer.failed for answer in asyncio.run(visit(f"http://127.0.0.1:{port}", pages)))
            seconds = time.perf_counter() - start
        finally:
            server.terminate()
            server.wait()
        if failed:
            log.seek(0)
            print(log.read())
    return seconds, failed


def pairs(count: int) -> Iterator[Sequence[str]]:
    """So many pairs of pages, each at most once until all were."""
    every = list(itertools.combinations(PAGES, 2))
    random.Random(0).shuffle(every)
    return itertools.islice(itertools.cycle(every), count)


def rows(scale: Scale = "full", servers: int | None = None) -> Iterator[Row]:
    """Home's first answer, and how many of so many fresh servers showed an error to one of two first visitors."""
    servers = PAIRS[scale] if servers is None else servers
    alone = [cold(["Home"]) for _ in range(3 if scale != "tiny" else 1)]
    seconds = statistics.median(seconds for seconds, _ in alone)
    yield Row("first answer of Home, from the start of the process", "s", seconds)
    failures = sum(failed for _, failed in (*alone, *map(cold, pairs(servers))))
    yield Row(f"{servers} fresh servers, two visitors at once: errors", "servers", failures)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=PAIRS["full"], help="servers")
    print(machine.describe())
    for row in rows(servers=parser.parse_args().n):
        print(row, flush=True)
    if row.ours:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
