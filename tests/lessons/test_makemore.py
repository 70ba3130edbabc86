"""makemore's names from a server on this machine: good, cut, slow, wrong, gone, and none at all."""

import errno
import hashlib
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from embedlab.__main__ import main
from embedlab.errors import DownloadError
from embedlab.lessons.letters import makemore
from embedlab.lessons.letters.makemore import makemore_names
from embedlab.library.http import Wanted
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
        elif kind == "endless":
            for _ in range(100):
                self.wfile.write(b"x" * 65_536)

    def log_message(self, *_: object) -> None:
        pass


def wanted(url: str, content: bytes = LIST) -> Wanted:
    return Wanted(url, "names.txt", len(content), hashlib.md5(content, usedforsecurity=False).hexdigest())


@pytest.fixture
def server(monkeypatch) -> Iterator[str]:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(makemore, "SHA256", hashlib.sha256(LIST).hexdigest())
    monkeypatch.setattr(Names, "asked", 0)
    answering = ThreadingHTTPServer(("127.0.0.1", 0), Names)
    answering.handle_error = lambda *_: None  # type: ignore[method-assign]  a client that hangs up is meant
    threading.Thread(target=answering.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{answering.server_address[1]}"
    answering.shutdown()
    answering.server_close()


def kept(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if not path.name.startswith(".")]


def test_the_list_keeps_repeats_and_order(server: str, tmp_path: Path) -> None:
    assert makemore_names(wanted=wanted(f"{server}/good"), folder=tmp_path).names == ("emma", "olivia", "ava", "emma")


def test_it_is_fetched_once_and_again_when_the_copy_is_damaged(server: str, tmp_path: Path) -> None:
    makemore_names(wanted=wanted(f"{server}/good"), folder=tmp_path)
    makemore_names(wanted=wanted("http://127.0.0.1:9/nothing-listens-here"), folder=tmp_path)
    assert Names.asked == 1
    for damage in (b"", LIST[:-1], b"x" * len(LIST)):
        (tmp_path / "names.txt").write_bytes(damage)
        makemore_names(wanted=wanted(f"{server}/good"), folder=tmp_path)
        assert (tmp_path / "names.txt").read_bytes() == LIST
    assert Names.asked == 4


@pytest.mark.parametrize("kind", ["gone", "cut", "portal", "stalled", "endless"])
def test_what_else_may_come_is_named_and_not_kept(server: str, tmp_path: Path, kind: str) -> None:
    begun = time.monotonic()
    with pytest.raises(DownloadError, match=r"names\.txt"):
        makemore_names(wanted=wanted(f"{server}/{kind}"), folder=tmp_path, timeout=0.8)
    assert time.monotonic() - begun < 20  # a stalled server is not waited for
    assert not kept(tmp_path)


def test_another_list_with_the_expected_md5_is_thrown_away(server: str, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(makemore, "SHA256", "0" * 64)
    with pytest.raises(DownloadError, match="not makemore’s"):
        makemore_names(wanted=wanted(f"{server}/good"), folder=tmp_path)
    assert not kept(tmp_path)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/names", "http://names.invalid/names.txt"])
def test_offline_says_so(url: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"cannot be reached\. Check the Internet connection"):
        makemore_names(wanted=wanted(url), folder=tmp_path, timeout=2)


def test_the_pinned_checksums_are_the_lists() -> None:
    content = shared_file("names/names.txt").read_bytes()
    assert wanted(makemore.WANTED.url, content).md5 == makemore.WANTED.md5
    assert len(content) == makemore.WANTED.bytes
    assert hashlib.sha256(content).hexdigest() == makemore.SHA256


def test_the_command_downloads_it_once_and_refuses_a_wrong_name_before_anything_is_fetched(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path))
    monkeypatch.setattr(makemore, "WANTED", wanted(f"{server}/good"))
    assert main(["download", "makemore-names", "glove-nowhere"]) == 1
    said = capsys.readouterr().err
    assert "“glove-nowhere” is not offered" in said
    assert "film-reviews, " in said
    assert ", glove-wiki-gigaword-50, " in said
    assert Names.asked == 0
    assert [main(["download", "makemore-names"]) for _ in range(2)] == [0, 0]
    assert capsys.readouterr().out == "makemore-names: here\n" * 2
    assert Names.asked == 1
    assert (tmp_path / "downloads/names.txt").read_bytes() == LIST


def test_what_is_here_is_opened_from_a_folder_that_can_only_be_read(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    makemore_names(wanted=wanted(f"{server}/good"), folder=tmp_path)

    def refuse(*_: object, **__: object) -> None:  # tests may run as root, whom no permission stops
        raise OSError(errno.EROFS, "Read-only file system")

    for name in ("mkdir", "unlink", "touch", "write_text", "write_bytes"):
        monkeypatch.setattr(Path, name, refuse)
    monkeypatch.setattr(os, "open", refuse)  # a lock's
    assert makemore_names(wanted=wanted(f"{server}/gone"), folder=tmp_path).names == ("emma", "olivia", "ava", "emma")
