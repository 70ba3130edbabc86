"""The first minute of a server: how soon Home answers, and whether first visitors ever meet a half-imported library.

    python -m benchmarks.cold_start            fifty fresh servers
    python -m benchmarks.cold_start -n 5       five

Each server is a new process. As soon as it answers, two visitors open two pages at the same moment, every pair of pages
in its turn. "first answer" is from the start of the process until Home's
script has finished; an exception that a page shows is counted and its server's log printed.
"""

import argparse
import asyncio
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack

from benchmarks import machine
from benchmarks.load import PAGES, Answer, connected
from tests.browser.conftest import ROOT, answers, free_port


async def visit(address: str, pages: Sequence[str]) -> list[Answer]:
    """All pages, each opened by a visitor of its own, at once."""
    async with AsyncExitStack() as stack:
        visitors = [await stack.enter_async_context(connected(address, page)) for page in pages]
        return await asyncio.gather(*(visitor.run() for visitor in visitors))


def cold(pages: Sequence[str]) -> tuple[float, bool]:
    """Seconds from a server's start until these pages have been shown, and whether an exception was among them."""
    port, start = free_port(), time.perf_counter()
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "streamlit_app.py"), "--server.headless=true"]
    with tempfile.TemporaryFile("w+") as log:
        server = subprocess.Popen([*command, f"--server.port={port}"], cwd=ROOT, stdout=log, stderr=log)
        try:
            while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-n", type=int, default=50, help="servers")
    count: int = parser.parse_args().n
    print(machine.describe())
    alone = statistics.median(cold(["Home"])[0] for _ in range(3))
    print(f"first answer of Home: {alone:.1f} s after the start of the process, median of 3")
    pairs = itertools.cycle(itertools.combinations(PAGES, 2))
    failures = sum(cold(pair)[1] for pair in itertools.islice(pairs, count))
    print(f"{failures} of {count} servers showed an exception to one of two first visitors")


if __name__ == "__main__":
    main()
