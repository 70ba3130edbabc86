"""Loads files named on its standard input, one JSON object a line, and answers with what happened, likewise.

Run in a process of its own with limited memory, which Linux limits and measures; it also tells whether anything was
unpickled or run.
"""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

_MEMORY = 6 << 30  # bytes of address space; enough for the libraries, and a stop for a runaway
_RUN = {"pickle.find_class", "os.system", "os.exec", "os.posix_spawn", "subprocess.Popen", "socket.connect"}


def memory(field: str) -> int:
    """Bytes: "VmRSS" now, "VmHWM" at the highest since the last reset."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith(field))


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """Loads one file."""
    from embedlab.errors import EmbedlabError
    from embedlab.formats import read_vectors

    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")  # the highest memory use starts again from here
    before, started = memory("VmRSS"), time.process_time()
    result: dict[str, Any]
    try:
        vectors, report = read_vectors(Path(request["path"]), name=request["name"], **request["options"])
        result = {
            "words": list(vectors.words),
            "rows": vectors.matrix.tolist() if vectors.matrix.size < 10_000 else [],
            "report": report.lines(),
            "dropped": report.rows_dropped,
            "notes": list(report.notes),
            "blank": report.blank_lines,
        }
    except EmbedlabError as error:
        result = {"error": type(error).__name__, "message": str(error)}
    except BaseException as error:
        result = {"error": f"LEAKED {type(error).__name__}", "message": str(error)}
    seconds = time.process_time() - started
    return result | {"seconds": seconds, "growth": max(0, memory("VmHWM") - before)}


def main() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pyarrow.csv  # noqa: F401  # its memory is no file's fault

    import embedlab.formats  # noqa: F401

    ran: list[str] = []
    sys.addaudithook(lambda event, _: ran.append(event) if event in _RUN else None)
    print("ready", flush=True)
    for line in sys.stdin:
        ran.clear()
        result = answer(json.loads(line))
        print(json.dumps(result | {"ran": list(ran)}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
