"""Downloads without a published checksum, and of several files, against a server with the faults of a network."""

import hashlib
import io
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import requests

from embedlab.errors import DownloadError, VectorFileError
from embedlab.library import catalogue
from embedlab.library.catalogue import Entry
from tests.loopback import GensimData, pinned_entry_and_content, serving, two_files_entry_and_content

PINNED, ZIP = pinned_entry_and_content()
TWO, FILES = two_files_entry_and_content()
CONTENTS = {PINNED.name: {PINNED.file: ZIP}, TWO.name: FILES}
KINDS = pytest.mark.parametrize("entry", [PINNED, TWO], ids=["pinned", "two files"])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GENSIM_DATA_DIR", raising=False)
    return tmp_path / "home"


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GensimData]:
    with serving(PINNED, ZIP) as data:
        data.contents |= {f"/{TWO.name}/{file}": content for file, content in FILES.items()}
        monkeypatch.setenv("EMBEDLAB_MIRROR", data.url)
        yield data


def fetch(entry: Entry, timeout: float = 5.0) -> list[catalogue.Progress]:
    return list(catalogue.fetch(entry, timeout=timeout))


def assert_good(entry: Entry, home: Path) -> None:
    """The vectors are there, right, and nothing else is."""
    vectors, report = catalogue.open_entry(entry)
    assert (len(vectors), vectors.dimensions, report.rows_dropped) == (entry.rows, entry.dimensions, 0)
    assert isinstance(vectors.matrix, np.memmap)
    expected = {name for file in entry.files for name in (file.file, f".{file.file}.lock")}
    expected |= {f"{file.file}.sha256" for file in entry.files if not file.published}
    assert set(os.listdir(home / "downloads")) == expected
    for file, content in CONTENTS[entry.name].items():
        assert (home / "downloads" / file).read_bytes() == content
    assert not (home / "gensim-data").exists(), "only gensim-data's sets go there"


def assert_refused(entry: Entry, message: str, timeout: float = 5.0) -> None:
    with pytest.raises(DownloadError, match=message):
        fetch(entry, timeout)
    assert not (catalogue.downloads_folder() / entry.file).exists()
    assert not catalogue.is_here(entry)
    assert catalogue.here() == []


@KINDS
def test_it_is_downloaded_verified_converted_and_opened_without_the_net(
    server: GensimData, home: Path, entry: Entry
) -> None:
    progress = fetch(entry)
    assert [step.stage for step in progress][-2:] == ["converting", "ready"]
    done = [step.done for step in progress if step.stage == "downloading"]
    assert done == sorted(done)
    assert progress[-1].done == progress[-1].total == sum(map(len, CONTENTS[entry.name].values()))
    assert_good(entry, home)
    server.fault = "404"
    assert [step.stage for step in fetch(entry)] == ["ready"]
    assert len(server.asked) == len(entry.files)


@KINDS
@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_cut_off_then_gone_on_with(server: GensimData, home: Path, entry: Entry, share: float) -> None:
    server.fault, server.at = "cut", share
    assert_refused(entry, "broke before")
    server.fault = ""
    fetch(entry)
    assert server.asked[1][1] == int(len(CONTENTS[entry.name][entry.file]) * share)
    assert_good(entry, home)


@KINDS
@pytest.mark.parametrize("share", [0.0, 0.5])
def test_stalled_then_gone_on_with(server: GensimData, home: Path, entry: Entry, share: float) -> None:
    server.fault, server.at = "stall", share
    assert_refused(entry, "sent nothing for 0.3 s", timeout=0.3)
    server.fault = ""
    fetch(entry)
    assert_good(entry, home)


@KINDS
@pytest.mark.parametrize("fault", ["html", "html without length"])
@pytest.mark.parametrize("begun", [False, True])
def test_a_login_page_is_not_kept_and_harms_nothing(
    server: GensimData, home: Path, entry: Entry, fault: str, begun: bool
) -> None:
    if begun:
        server.fault = "cut"
        assert_refused(entry, "broke")
    server.fault = fault
    assert_refused(entry, "login page")
    server.fault = ""
    fetch(entry)
    assert (server.asked[2 if begun else 1][1] > 0) == begun
    assert_good(entry, home)


@KINDS
def test_not_found_and_offline(server: GensimData, entry: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    server.fault = "404"
    assert_refused(entry, "does not have it")
    monkeypatch.setenv("EMBEDLAB_MIRROR", "http://127.0.0.1:9")
    assert_refused(entry, "cannot be reached")


@KINDS
def test_disk_full(server: GensimData, entry: Entry) -> None:
    resource = pytest.importorskip("resource")  # Windows has none
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, hard))
    try:
        assert_refused(entry, "the disk is full")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    fetch(entry)


@KINDS
def test_cancelled_then_gone_on_with(server: GensimData, home: Path, entry: Entry) -> None:
    server.fault = "slow"
    steps = catalogue.fetch(entry)
    while next(steps).done < 5_000:
        pass
    steps.close()
    assert catalogue.used_bytes(entry) >= 5_000
    server.fault = ""
    fetch(entry)
    assert server.asked[1][1] > 0
    assert_good(entry, home)


@KINDS
def test_three_ask_at_once_and_one_downloads(server: GensimData, home: Path, entry: Entry) -> None:
    server.fault = "slow"
    visitors = [threading.Thread(target=fetch, args=(entry,)) for _ in range(3)]
    for thread in visitors:
        thread.start()
    for thread in visitors:
        thread.join(30)
    assert len(server.asked) == len(entry.files)
    assert_good(entry, home)


@KINDS
def test_leftovers_are_swept_after_a_week_and_removing_frees_all(server: GensimData, home: Path, entry: Entry) -> None:
    old = home / "downloads" / ".old.zip.part"
    old.mkdir(parents=True)
    then = time.time() - 8 * 86_400
    os.utime(old, (then, then))
    fetch(entry)
    assert not old.exists()
    assert catalogue.used_bytes(entry) > sum(map(len, CONTENTS[entry.name].values()))
    assert catalogue.remove(entry)
    assert catalogue.used_bytes(entry) == 0
    assert {name for name in os.listdir(home / "downloads") if not name.endswith(".lock")} == set()


@KINDS
@pytest.mark.parametrize("harm", ["flipped", "emptied", "truncated", "gone"])
def test_when_store_and_download_are_damaged_it_is_downloaded_again(
    server: GensimData, home: Path, entry: Entry, harm: str
) -> None:
    fetch(entry)
    file = home / "downloads" / entry.file
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes({"flipped": content, "emptied": b"", "truncated": content[:-100], "gone": b""}[harm])
    if harm == "gone":
        file.unlink()
    (home / "stores" / entry.name / "matrix.npy").write_bytes(b"")
    with pytest.raises(VectorFileError, match=r"is (damaged|not on this machine): download"):
        catalogue.open_entry(entry)
    assert not catalogue.is_here(entry)
    fetch(entry)
    assert_good(entry, home)


def test_the_second_file_fails_and_only_that_is_fetched_again(server: GensimData, home: Path) -> None:
    second = f"/{TWO.name}/{TWO.files[1].file}"
    content = server.contents.pop(second)
    with pytest.raises(DownloadError, match=r"two\.tokenizer\.json could not be fetched"):
        fetch(TWO)
    assert not catalogue.is_here(TWO)
    server.contents[second] = content
    fetch(TWO)
    assert [path for path, _ in server.asked].count(f"/{TWO.name}/{TWO.file}") == 1
    assert_good(TWO, home)


def test_a_published_sha256_is_compared(server: GensimData) -> None:
    server.fault = "wrong bytes"
    assert_refused(TWO, "not the file that the catalogue names")


def test_the_publisher_s_address_is_asked_where_there_is_no_mirror(
    server: GensimData, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMBEDLAB_MIRROR")
    server.contents = {"/there/vectors.zip": ZIP}
    file = replace(PINNED.files[0], url=f"{server.url}/there/vectors.zip")
    fetch(replace(PINNED, files=(file,)))
    assert server.asked == [("/there/vectors.zip", 0)]


def test_an_address_without_encryption_is_not_followed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EMBEDLAB_MIRROR", raising=False)
    answer = requests.Response()
    answer.status_code, answer.url, answer.raw = 200, "http://example.org/tiny.zip", io.BytesIO(ZIP)
    monkeypatch.setattr(requests, "get", lambda *address, **options: answer)
    assert_refused(PINNED, "without encryption")


def test_a_mirror_has_all_sets_by_name_and_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDLAB_MIRROR", "http://mirror.example/vectors/")
    urls = [
        one.url for name in ("potion-base-8M", "glove-twitter-25") for one in catalogue.wanted(catalogue.find(name))
    ]
    assert urls == [
        "http://mirror.example/vectors/potion-base-8M/potion-base-8M.model.safetensors",
        "http://mirror.example/vectors/potion-base-8M/potion-base-8M.tokenizer.json",
        "http://mirror.example/vectors/glove-twitter-25/glove-twitter-25.gz",
    ]


def pin(home: Path) -> Path:
    return home / "downloads" / f"{PINNED.file}.sha256"


def other_zip() -> bytes:
    """Another version of the file: as long, and a sound zip."""
    entry, content = pinned_entry_and_content(rows=3001)
    assert catalogue.wanted(entry)[0].may_have(len(content))
    return content


def test_the_first_download_s_checksum_is_written_as_sha256sum_does(server: GensimData, home: Path) -> None:
    fetch(PINNED)
    assert pin(home).read_text() == f"{hashlib.sha256(ZIP).hexdigest()}  {PINNED.file}\n"


def test_a_later_download_that_differs_is_refused_until_what_is_left_is_deleted(server: GensimData, home: Path) -> None:
    fetch(PINNED)
    (home / "downloads" / PINNED.file).unlink()
    catalogue.shutil.rmtree(home / "stores")
    server.contents[f"/{PINNED.name}/{PINNED.file}"] = other_zip()
    assert_refused(PINNED, "not the file that was downloaded here first.*delete what is left")
    assert catalogue.used_bytes(PINNED) > 0, "else the page would have nothing to delete"
    assert catalogue.remove(PINNED)  # the remedy that the message names
    fetch(PINNED)
    assert len(catalogue.open_entry(PINNED)[0]) == 3001


def test_a_store_of_another_download_than_the_first_is_not_opened(server: GensimData, home: Path) -> None:
    fetch(PINNED)
    pin(home).write_text("0" * 64)
    with pytest.raises(VectorFileError, match="is damaged"):
        catalogue.open_entry(PINNED)


@pytest.mark.parametrize("fault", ["", "mixed"])
def test_a_download_that_was_replaced_halfway_is_never_put_together_from_both(
    server: GensimData, home: Path, fault: str
) -> None:
    server.fault = "cut"
    assert_refused(PINNED, "broke")
    content = other_zip()
    server.contents[f"/{PINNED.name}/{PINNED.file}"] = content
    server.fault = fault
    if fault:
        assert_refused(PINNED, "broke")
    fetch(PINNED)
    assert (home / "downloads" / PINNED.file).read_bytes() == content


def test_a_server_that_does_not_name_versions_is_asked_for_the_whole_again(server: GensimData, home: Path) -> None:
    server.contents = {path: content for path, content in server.contents.items() if PINNED.name in path}
    server.fault = "no version"
    steps = catalogue.fetch(PINNED)
    while next(steps).done < 5_000:
        pass
    steps.close()
    fetch(PINNED)
    assert [start for _, start in server.asked] == [0, 0]
    assert_good(PINNED, home)


def test_a_server_that_does_not_say_how_large_the_file_is(server: GensimData, home: Path) -> None:
    server.fault = "no length"
    assert_refused(PINNED, "does not say how large")
    assert catalogue.remove(PINNED)
    fetch(TWO)  # its checksum tells when all has come
    assert len(catalogue.open_entry(TWO)[0]) == TWO.rows


@pytest.mark.parametrize("bytes_", [len(ZIP) * 3, len(ZIP) // 3])
def test_a_size_that_cannot_be_right_is_refused(server: GensimData, bytes_: int) -> None:
    entry = replace(PINNED, files=(replace(PINNED.files[0], bytes=bytes_),))
    assert_refused(entry, "sent something else than tiny.zip")


def test_all_had_come_and_nothing_was_checked_yet(server: GensimData, home: Path) -> None:
    server.fault, server.at = "cut", 0.5
    assert_refused(PINNED, "broke")
    (home / "downloads" / f".{PINNED.file}.part" / "data").write_bytes(ZIP)
    server.fault = "404"
    fetch(PINNED)
    assert_good(PINNED, home)


def test_a_file_that_somebody_put_there_counts_as_the_first(server: GensimData, home: Path) -> None:
    (home / "downloads").mkdir(parents=True)
    (home / "downloads" / PINNED.file).write_bytes(ZIP)
    fetch(PINNED)
    assert server.asked == []
    assert pin(home).exists()


def test_what_is_here_is_told_from_two_folders(server: GensimData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "catalogue", lambda: {PINNED.name: PINNED, TWO.name: TWO})
    assert catalogue.here() == []
    fetch(TWO)
    assert catalogue.here() == [TWO.name]
    fetch(PINNED)
    assert catalogue.here() == [PINNED.name, TWO.name]
    listed: list[str] = []
    real = os.listdir
    monkeypatch.setattr(os, "listdir", lambda path: listed.append(str(path)) or real(path))
    assert catalogue.here() == [PINNED.name, TWO.name]
    assert len(listed) == 2
