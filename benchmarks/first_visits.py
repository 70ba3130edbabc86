"""First visits: the server's processor time for the first visit of a page in a process that has shown Home, and later.

    python -m benchmarks.first_visits             every page
    python -m benchmarks.first_visits Compare     one page

Each page gets a fresh server, which shows Home and is asked for the page some seconds later, as by a visitor who has
read it; it is timed until its script has run. Then one server shows all pages, and its memory is read after each.
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Iterator, Sequence
from itertools import pairwise

from benchmarks import machine
from benchmarks.cold_start import visit
from benchmarks.figures import Row, Scale, show
from benchmarks.load import PAGES, processor_seconds
from tests.browser.conftest import running_app

READING = 4  # seconds
REPEATS: dict[Scale, int] = {"full": 3, "quick": 1, "tiny": 1}
OTHERS = tuple(page for page in PAGES if page != "Home")


def open_page(address: str, page: str) -> None:
    """Opens a page as one visitor, who leaves then."""
    (answer,) = asyncio.run(visit(address, [page]))
    if answer.failed:
        raise SystemExit(f"{page} shows an error.")


def measure(page: str) -> tuple[float, float]:
    """Processor seconds of the first and of a second visit."""
    with running_app() as address:
        server = machine.server()
        open_page(address, "Home")
        times = []
        for _ in range(2):
            time.sleep(READING)
            before = processor_seconds([server])
            open_page(address, page)
            times.append(processor_seconds([server]) - before)
    return times[0], times[1]


def memory(pages: Sequence[str]) -> list[float]:
    """Resident MB of a process after Home, and after each of these pages, one after the other."""
    with running_app() as address:
        server = machine.server()
        sizes = []
        for page in ("Home", *pages):
            open_page(address, page)
            sizes.append(machine.resident_mb(server.pid))
    return sizes


def rows(scale: Scale = "full", pages: Sequence[str] = ()) -> Iterator[Row]:
    """The first visit of each page, and the memory of a process that has shown them all."""
    pages = pages or (OTHERS if scale != "tiny" else ("Teach",))
    for page in pages:
        first, later = zip(*(measure(page) for _ in range(REPEATS[scale])), strict=True)
        note = f"later visits {statistics.median(later):.2f} s"
        yield Row(f"{page}: first visit", "s of processor", statistics.median(first), note=note)
    sizes = memory(pages)
    grown = ((page, round(after - before)) for page, (before, after) in zip(pages, pairwise(sizes), strict=True))
    most = sorted(grown, key=lambda each: -each[1])[:4]
    note = f"Home {sizes[0]:.0f}" + "".join(f", {page} {size} more" for page, size in most if size)
    yield Row(
        f"memory after Home and {', '.join(pages) if len(pages) < 3 else 'all pages'}", "MB", sizes[-1], note=note
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", choices=[[], *OTHERS], help="all but Home where none is named")
    pages = parser.parse_args().pages
    print(f"{machine.describe()}; {machine.pace()}")
    show(rows(pages=pages))


if __name__ == "__main__":
    main()
