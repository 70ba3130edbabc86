"""makemore's names from a server on this machine: good, cut, slow, wrong, gone, and none at all."""

import hashlib
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from embedlab import makemore
from embedlab.errors import DownloadError
from embedlab.makemore import makemore_names
from tests.conftest import shared_file

LIST = b"emma\nolivia\nava\nemma"


class Names(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self) -> None:
        Names.asked += 1
        kind = self.path.strip("/")
        if kind == "gone":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(10**9 if kind == "endless" else len(LIST)))
        self.end_headers()
        if kind == "good":
            self.wfile.write(LIST)
        elif kind == "cut":
            self.wfile.write(LIST[:9])
        elif kind == "portal":
            self.wfile.write(b"<html>Log in</html>!")
        elif kind == "stalled":
            self.wfile.write(LIST[:1])
            self.wfile.flush()
            time.sleep(3)
        elif kind == "drip":
            for i in range(len(LIST)):
                self.wfile.write(LIST[i : i + 1])
                self.wfile.flush()
                time.sleep(0.2)
        elif kind == "endless":
            for _ in range(100):
                self.wfile.write(b"x" * 65_536)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch) -> Iterator[str]:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(makemore, "SHA256", hashlib.sha256(LIST).hexdigest())
    monkeypatch.setattr(makemore, "BYTES", len(LIST))
    monkeypatch.setattr(Names, "asked", 0)
    answering = ThreadingHTTPServer(("127.0.0.1", 0), Names)
    threading.Thread(target=answering.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{answering.server_address[1]}"
    answering.shutdown()
    answering.server_close()


def test_the_list_keeps_repeats_and_order(server: str, tmp_path: Path) -> None:
    assert makemore_names(url=f"{server}/good", folder=tmp_path).names == ("emma", "olivia", "ava", "emma")


def test_it_is_fetched_once_and_again_when_the_copy_is_damaged(server: str, tmp_path: Path) -> None:
    makemore_names(url=f"{server}/good", folder=tmp_path)
    makemore_names(url="http://127.0.0.1:9/nothing-listens-here", folder=tmp_path)
    assert Names.asked == 1
    (kept,) = tmp_path.iterdir()
    for damage in (b"", LIST[:-1], b"x" * len(LIST)):
        kept.write_bytes(damage)
        makemore_names(url=f"{server}/good", folder=tmp_path)
        assert kept.read_bytes() == LIST
    assert Names.asked == 4


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("gone", "answers 404"),
        ("cut", "not the expected|could not be fetched"),
        ("portal", "20 bytes that are not the expected 20"),
        ("stalled", "within 0.8 s"),
        ("drip", "within 0.8 s"),
        ("endless", "not the expected"),
    ],
)
def test_what_else_may_come_is_named_and_not_kept(server: str, tmp_path: Path, kind: str, message: str) -> None:
    begun = time.monotonic()
    with pytest.raises(DownloadError, match=message) as caught:
        makemore_names(url=f"{server}/{kind}", folder=tmp_path, seconds=0.8)
    assert time.monotonic() - begun < 20  # a stalled server is not waited for
    assert "work without them" in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/names", "http://names.invalid/names.txt"])
def test_offline_says_so(url: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match="is this computer online"):
        makemore_names(url=url, folder=tmp_path, seconds=2)


def test_a_folder_that_cannot_be_written_is_no_hindrance(server: str, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    assert len(makemore_names(url=f"{server}/good", folder=file / "cache")) == 4


def test_two_visitors_make_one_download(server: str, tmp_path: Path) -> None:
    got: list[int] = []
    ask = lambda: got.append(len(makemore_names(url=f"{server}/good", folder=tmp_path)))  # noqa: E731
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [4] * 4
    assert Names.asked == 1


def test_the_pinned_checksum_is_the_lists() -> None:
    content = shared_file("names/names.txt").read_bytes()
    assert len(content) == makemore.BYTES
    assert hashlib.sha256(content).hexdigest() == makemore.SHA256
