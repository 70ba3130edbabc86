"""A server on this machine in gensim-data's layout, with the faults that a network has."""

import gzip
import hashlib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from embedlab.library.catalogue import Entry

PAGE = b"<html><body>Please log in to this network</body></html>"


def entry_and_content(rows: int = 3000, dimensions: int = 12, name: str = "tiny-vectors") -> tuple[Entry, bytes]:
    """A catalogue entry for a small word2vec text file, and the gz that the server has."""
    rng = np.random.default_rng(0)
    lines = [f"{rows} {dimensions}"]
    lines += [f"w{row} " + " ".join(f"{x:.5f}" for x in rng.standard_normal(dimensions)) for row in range(rows)]
    content = gzip.compress(("\n".join(lines) + "\n").encode(), 1, mtime=0)
    entry = Entry(
        name=name,
        kind="vectors",
        file=f"{name}.gz",
        bytes=len(content),
        md5=hashlib.md5(content, usedforsecurity=False).hexdigest(),
        rows=rows,
        dimensions=dimensions,
        method="word2vec",
        text="random numbers",
        licence="MIT",
        licence_url="https://example.org/licence",
    )
    return entry, content


class GensimData:
    """What the server has, what it does wrong, and what it was asked.

    Attributes:
        fault: "" or one of "cut", "stall", "html", "html without length", "wrong bytes", "404", "no ranges", "slow".
        at: where "cut" and "stall" happen, as a share of the file.
        asked: (path, first byte) of every request.
    """

    def __init__(self, entry: Entry, content: bytes) -> None:
        self.path, self.content = f"/{entry.name}/{entry.file}", content
        self.fault, self.at = "", 0.5
        self.asked: list[tuple[str, int]] = []
        self.sent = 0
        self.go_on = threading.Event()  # ends a stall
        self.url = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        start = int(request.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        self.asked.append((request.path, start))
        if self.fault.startswith("html"):
            request.send_response(200)
            request.send_header("Content-Type", "text/html")
            if self.fault == "html":
                request.send_header("Content-Length", str(len(PAGE)))
            request.end_headers()
            request.wfile.write(PAGE)
            return
        if self.fault == "404" or request.path != self.path:
            request.send_error(404)
            return
        body = bytes(len(self.content)) if self.fault == "wrong bytes" else self.content
        if self.fault == "wrong bytes":
            body = self.content[:100] + body[100:]
        if self.fault == "no ranges":
            start = 0
        if start >= len(body):
            request.send_error(416)
            return
        request.send_response(206 if start else 200)
        request.send_header("Content-Length", str(len(body) - start))
        if start:
            request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        request.end_headers()
        self._send(request, body, start)

    def _send(self, request: BaseHTTPRequestHandler, body: bytes, start: int) -> None:
        stop = int(len(body) * self.at) if self.fault in ("cut", "stall") else len(body)
        step = 2000 if self.fault == "slow" else len(body)
        for first in range(start, max(stop, start), step):
            part = body[first : min(first + step, stop)]
            try:
                request.wfile.write(part)
            except OSError:
                return
            self.sent += len(part)
            if self.fault == "slow":
                time.sleep(0.02)
        if self.fault == "stall":
            self.go_on.wait(10)


@contextmanager
def serving(entry: Entry, content: bytes) -> Iterator[GensimData]:
    """A running server; its `url` is a mirror of gensim-data."""
    data = GensimData(entry, content)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    data.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield data
    finally:
        data.go_on.set()
        server.shutdown()
        server.server_close()
