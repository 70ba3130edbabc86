"""All benchmarks, each beside its peers, in one go: writes docs/performance.md and its chart.

    python -m benchmarks                         everything; about an hour
    python -m benchmarks --quick                 smaller sizes and fewer repeats
    python -m benchmarks --only search tsne      these alone, and only they are in the document

Each runs in a process of its own, one after the other, and prints its rows as they come. One whose data or peer is not
here is skipped, and the document says why. `python -m benchmarks.soak` is not among them: it measures no speed.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

from benchmarks import figures, machine
from benchmarks.figures import Result, Row, Scale

ROOT = Path(__file__).parents[1]
# In the order of the document: what is computed, what is learned, what a visitor waits for, and many visitors.
BENCHMARKS = (
    "search", "analogies", "load_vectors", "tokenization", "tsne", "atlas", "ten_words", "letters", "skip_gram",
    "counts", "transfer", "first_answer", "cold_start", "first_visits", "load",
)  # fmt: skip


def rows(name: str, scale: Scale) -> Iterator[Row]:
    """Those of one benchmark, in this process."""
    found: Iterator[Row] = import_module(f"benchmarks.{name}").rows(scale)
    return found


def tell(name: str, scale: Scale) -> None:
    """Writes rows, and why there are no more, as lines of JSON; what the benchmark itself prints goes elsewhere."""
    out = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        try:
            for row in rows(name, scale):
                print(json.dumps(row._asdict()), file=out, flush=True)
        except figures.Missing as missing:
            print(json.dumps(str(missing)), file=out)
        except ModuleNotFoundError as error:
            print(json.dumps(f"{error.name} is not installed"), file=out)


def measure(name: str, scale: Scale) -> Result:
    """One benchmark in a process of its own; its rows are printed as they come."""
    command = [sys.executable, "-m", "benchmarks", "--tell", name, "--scale", scale]
    found: list[Row] = []
    skipped = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            said = json.loads(line)
            if isinstance(said, str):
                skipped = said
                print(f"not measured: {said}", flush=True)
            else:
                found.append(Row(**said))
                print(found[-1], flush=True)
    if process.returncode:
        skipped = f"it ended with an error; `python -m benchmarks.{name}` shows it."
        print(skipped, flush=True)
    return Result(name, tuple(found), skipped)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="smaller sizes and fewer repeats")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME", help=", ".join(BENCHMARKS))
    parser.add_argument("--folder", type=Path, default=ROOT / "docs", help="where it is written (default docs)")
    parser.add_argument("--scale", choices=("full", "quick", "tiny"), help=argparse.SUPPRESS)
    parser.add_argument("--tell", choices=BENCHMARKS, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    scale: Scale = given.scale or ("quick" if given.quick else "full")
    if given.tell:
        tell(given.tell, scale)
        return
    from benchmarks import document  # not in the processes that measure: it loads what draws

    described, use = machine.describe(), machine.Use()
    pace = machine.pace()
    print(f"{described}; {pace}")
    names = [name for name in BENCHMARKS if name in (given.only or BENCHMARKS)]
    words = ["python -m benchmarks", *(["--quick"] if scale == "quick" else [])]
    words += ["--only", *names] if given.only else []
    measured_on = f"Measured on {datetime.now(UTC):%Y-%m-%d} on {described}: {pace}; {document.versions()}."
    results = {name: Result(name, (), "the run was broken off before it.") for name in names}
    for number, name in enumerate(names, 1):
        print(f"\n{number} of {len(names)}: {name}\n{figures.HEAD}", flush=True)
        begun = time.perf_counter()
        results[name] = measure(name, scale)
        print(f"{(time.perf_counter() - begun) / 60:.1f} minutes", flush=True)
        # After each, so that a run that is broken off leaves what it has measured.
        whole = list(results.values())
        path = document.write(whole, given.folder, command=" ".join(words), machine=f"{measured_on} {use}")
    print(f"\n{path} written")


if __name__ == "__main__":
    main()
