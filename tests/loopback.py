"""A server on this machine in gensim-data's layout, with the faults that a network has."""

import gzip
import hashlib
import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np

from embedlab.library.catalogue import Entry, File

PAGE = b"<html><body>Please log in to this network</body></html>"
Content = bytes | Mapping[str, bytes]  # of the one file, or of each by its name


def entry_and_content(rows: int = 3000, dimensions: int = 12, name: str = "tiny-vectors") -> tuple[Entry, bytes]:
    """A catalogue entry for a small word2vec text file, under a name of gensim's, and the gz that the server has."""
    content = gzip.compress(_text(rows, dimensions), 1, mtime=0)
    file = File(f"{name}.gz", len(content), md5=hashlib.md5(content, usedforsecurity=False).hexdigest())
    return _entry(name, file, rows=rows, dimensions=dimensions), content


def pinned_entry_and_content(rows: int = 3000, dimensions: int = 12) -> tuple[Entry, bytes]:
    """An entry for a zip of which neither checksum nor exact size is published, and the zip that the server has."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("vectors.txt", _text(rows, dimensions, header=False))
    content = packed.getvalue()
    about = round(len(content), -4)
    file = File("tiny.zip", about, url="https://example.org/tiny.zip", exact=False)
    return _entry("pinned-vectors", file, rows=rows, dimensions=dimensions), content


def two_files_entry_and_content(rows: int = 500, dimensions: int = 16) -> tuple[Entry, dict[str, bytes]]:
    """An entry for a static embedding, a matrix with its tokenizer, and the files that the server has."""
    matrix = np.random.default_rng(0).standard_normal((rows, dimensions)).astype("<f4")
    about = {"embeddings": {"dtype": "F32", "shape": [rows, dimensions], "data_offsets": [0, matrix.nbytes]}}
    header = json.dumps(about).encode()
    model = len(header).to_bytes(8, "little") + header + matrix.tobytes()
    vocabulary = {"[PAD]": 0, "[UNK]": 1, **{f"w{row}": row for row in range(2, rows)}}
    words = {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "vocab": vocabulary}
    tokenizer = json.dumps({"version": "1.0", "added_tokens": [], "model": words}).encode()
    contents = {"two.model.safetensors": model, "two.tokenizer.json": tokenizer}
    files = [
        File(name, len(content), sha256=hashlib.sha256(content).hexdigest(), url=f"https://example.org/{name}")
        for name, content in contents.items()
    ]
    return _entry("two-files", *files, rows=rows, dimensions=dimensions), contents


def _text(rows: int, dimensions: int, *, header: bool = True) -> bytes:
    rng = np.random.default_rng(0)
    lines = [f"{rows} {dimensions}"] if header else []
    lines += [f"w{row} " + " ".join(f"{x:.5f}" for x in rng.standard_normal(dimensions)) for row in range(rows)]
    return ("\n".join(lines) + "\n").encode()


def _entry(name: str, *files: File, rows: int, dimensions: int) -> Entry:
    return Entry(
        name=name,
        kind="vectors",
        files=files,
        rows=rows,
        dimensions=dimensions,
        method="word2vec",
        text="random numbers",
        licence="MIT",
        licence_url="https://example.org/licence",
    )


class GensimData:
    """What the server has, what it does wrong, and what it was asked.

    Attributes:
        contents: its files by path; they may be replaced.
        fault: "" or one of "cut", "stall", "html", "html without length", "wrong bytes", "404", "no ranges", "slow",
            "no length", "no version", "mixed": goes on with whatever file it has by now.
        at: where "cut" and "stall" happen, as a share of the file.
        asked: (path, first byte) of every request.
    """

    def __init__(self, entry: Entry, content: Content) -> None:
        files = {entry.file: content} if isinstance(content, bytes) else content
        self.contents = {f"/{entry.name}/{file}": bytes_ for file, bytes_ in files.items()}
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
        if self.fault == "404" or request.path not in self.contents:
            request.send_error(404)
            return
        body = self.contents[request.path]
        version = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if self.fault == "wrong bytes":
            body = body[:100] + bytes(len(body) - 100)
        condition = request.headers.get("If-Range", version)
        if self.fault == "no ranges" or (condition != version and self.fault != "mixed"):
            start = 0
        if start >= len(body):
            request.send_error(416)
            return
        request.send_response(206 if start else 200)
        if self.fault != "no length":
            request.send_header("Content-Length", str(len(body) - start))
        if self.fault != "no version":
            request.send_header("ETag", version)
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
def serving(entry: Entry, content: Content) -> Iterator[GensimData]:
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
