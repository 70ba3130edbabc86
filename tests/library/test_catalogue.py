"""Downloads against a server on this machine with every fault that a network and a disk have; never the Internet."""

import errno
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embedlab.errors import DownloadError, InvalidSetting, NotEnoughMemory, VectorFileError
from embedlab.formats import reading
from embedlab.library import catalogue, download, http, memory
from embedlab.vectors.queries import nearest_neighbors
from tests.conftest import ROOT, shared_file
from tests.loopback import GensimData, entry_and_content, serving

ENTRY, CONTENT = entry_and_content()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EMBEDLAB_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GENSIM_DATA_DIR", raising=False)
    return tmp_path / "home"


def kept(home: Path) -> Path:
    """Where the finished file is."""
    return home / "gensim-data" / ENTRY.name / ENTRY.file


@pytest.fixture
def server(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GensimData]:
    with serving(ENTRY, CONTENT) as data:
        monkeypatch.setenv("EMBEDLAB_MIRROR", data.url)
        yield data


def fetch(timeout: float = 5.0) -> list[download.Progress]:
    return list(catalogue.fetch(ENTRY, timeout=timeout))


def assert_good(home: Path) -> None:
    """The vectors are there, right, and nothing else is."""
    vectors, report = catalogue.open_entry(ENTRY)
    assert len(vectors) == ENTRY.rows
    assert vectors.dimensions == ENTRY.dimensions
    assert report.rows_dropped == 0
    assert isinstance(vectors.matrix, np.memmap)
    assert vectors.source == "tiny-vectors (MIT)"
    assert kept(home).read_bytes() == CONTENT
    assert [path.name for path in (home / "downloads").iterdir()] == [f".{ENTRY.file}.lock"]
    assert sorted(path.name for path in kept(home).parent.iterdir()) == ["__init__.py", ENTRY.file]
    assert [path.name for path in (home / "gensim-data").iterdir()] == [ENTRY.name]


def assert_refused(message: str, timeout: float = 5.0) -> str:
    """The fetch fails with these words, and leaves nothing that could be taken for the file."""
    with pytest.raises(DownloadError) as caught:
        fetch(timeout)
    assert message in str(caught.value)
    assert "bundled vectors go on working" in str(caught.value)
    assert str(catalogue.home()) not in str(caught.value)
    assert not (catalogue.downloads_folder() / ENTRY.file).exists()
    assert not (catalogue.home() / "gensim-data" / ENTRY.name).exists(), "gensim would take it for complete"
    assert not catalogue.is_here(ENTRY)
    return str(caught.value)


def test_a_download_is_verified_converted_and_opened_without_the_net(server: GensimData, home: Path) -> None:
    stages = [progress.stage for progress in fetch()]
    assert stages[-2:] == ["converting", "ready"]
    assert_good(home)
    server.fault = "404"
    assert [progress.stage for progress in fetch()] == ["ready"]
    assert len(server.asked) == 1
    assert nearest_neighbors(catalogue.open_entry(ENTRY)[0], "w7", 3)


def test_progress_grows_to_the_whole(server: GensimData) -> None:
    server.fault = "slow"
    done = [progress.done for progress in fetch() if progress.stage == "downloading"]
    assert done == sorted(done)
    assert len(done) > 3
    assert done[-1] == ENTRY.bytes


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_cut_off_then_gone_on_with(server: GensimData, home: Path, share: float) -> None:
    server.fault, server.at = "cut", share
    assert_refused("broke before tiny-vectors.gz was complete")
    server.fault = ""
    fetch()
    assert server.asked[-1][1] == int(ENTRY.bytes * share)  # from there on, not from the beginning
    assert_good(home)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_stalled_then_gone_on_with(server: GensimData, home: Path, share: float) -> None:
    server.fault, server.at = "stall", share
    started = time.monotonic()
    assert_refused("sent nothing for 0.3 s", timeout=0.3)
    assert time.monotonic() - started < 5
    server.fault = ""
    fetch()
    assert_good(home)


def test_the_time_out_is_30_seconds() -> None:
    assert http.TIMEOUT == 30


def test_a_server_that_cannot_go_on_is_asked_for_the_whole(server: GensimData, home: Path) -> None:
    server.fault = "cut"
    assert_refused("broke")
    server.fault = "no ranges"
    fetch()
    assert_good(home)


@pytest.mark.parametrize("fault", ["html", "html without length"])
@pytest.mark.parametrize("begun", [False, True])
def test_a_login_page_is_not_kept_and_harms_nothing(server: GensimData, home: Path, fault: str, begun: bool) -> None:
    if begun:
        server.fault = "cut"
        assert_refused("broke")
    server.fault = fault
    assert_refused("login page")
    server.fault = ""
    fetch()
    assert server.asked[-1][1] == (ENTRY.bytes // 2 if begun else 0)  # what had come before is still good
    assert_good(home)


def test_wrong_bytes_are_thrown_away(server: GensimData, home: Path) -> None:
    server.fault = "wrong bytes"
    assert_refused("checksum differs")
    server.fault = ""
    fetch()
    assert server.asked[-1][1] == 0
    assert_good(home)


def test_a_damaged_beginning_is_found_at_the_end_and_thrown_away(server: GensimData, home: Path) -> None:
    server.fault = "cut"
    assert_refused("broke")
    part = home / "downloads" / f".{ENTRY.file}.part" / "data"
    part.write_bytes(b"\x1f\x8b" + bytes(part.stat().st_size - 2))
    server.fault = ""
    assert_refused("checksum differs")
    fetch()
    assert_good(home)


def test_more_was_there_than_there_is(server: GensimData, home: Path) -> None:
    part = home / "downloads" / f".{ENTRY.file}.part"
    part.mkdir(parents=True)
    (part / "data").write_bytes(bytes(ENTRY.bytes + 1))
    fetch()
    assert_good(home)


def test_not_found(server: GensimData) -> None:
    server.fault = "404"
    assert_refused("does not have it (404)")


def test_offline(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDLAB_MIRROR", "http://127.0.0.1:9")  # nobody listens there
    assert_refused("cannot be reached. Check the Internet connection")


@pytest.fixture
def small_files() -> Iterator[None]:
    """A disk that is full after 20 kB, as far as this process can tell."""
    resource = pytest.importorskip("resource")  # Windows has none
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


def test_disk_full(server: GensimData, small_files: None) -> None:
    assert_refused("the disk is full")
    part = catalogue.downloads_folder() / f".{ENTRY.file}.part" / "data"
    assert part.stat().st_size == 0  # others have the room


def test_no_room_is_said_before_anything_is_fetched(server: GensimData, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = catalogue.shutil.disk_usage("/")
    monkeypatch.setattr(catalogue.shutil, "disk_usage", lambda path: usage._replace(free=1000))
    assert_refused("of disk with its converted form, and 1.0 kB are free")
    assert not server.asked


def test_no_memory_is_said_before_anything_is_fetched(server: GensimData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "limit", lambda root=None: 1000)
    with pytest.raises(NotEnoughMemory, match="Reading tiny-vectors needs about 894 kB of memory"):
        fetch()
    assert not server.asked


def test_read_only_folder(server: GensimData, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "mkdir", refuse)  # tests may run as root, whom no permission stops
    assert_refused("cannot be written (Read-only file system)")


def test_the_folder_is_a_file(server: GensimData, home: Path) -> None:
    home.write_text("not a folder")
    assert_refused("cannot be written")


def test_two_ask_at_once_and_one_downloads(server: GensimData, home: Path) -> None:
    server.fault = "slow"
    stages: list[list[str]] = []

    def visitor() -> None:
        stages.append([progress.stage for progress in catalogue.fetch(ENTRY)])

    visitors = [threading.Thread(target=visitor) for _ in range(3)]
    for thread in visitors:
        thread.start()
    for thread in visitors:
        thread.join(30)
    assert len(server.asked) == 1
    assert [stage[-1] for stage in stages] == ["ready"] * 3
    assert Counter("waiting" in stage for stage in stages) == {True: 2, False: 1}
    assert_good(home)


CHILD = """
import sys
from dataclasses import replace
from embedlab.library import catalogue
from tests.loopback import entry_and_content
list(catalogue.fetch(entry_and_content()[0]))
"""


def child() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CHILD], cwd=ROOT)


def test_two_processes_download_once(server: GensimData, home: Path) -> None:
    server.fault = "slow"
    processes = [child(), child()]
    assert [process.wait(60) for process in processes] == [0, 0]
    assert len(server.asked) == 1
    assert_good(home)


def test_killed_halfway_then_tried_again(server: GensimData, home: Path) -> None:
    server.fault = "slow"
    process = child()
    deadline = time.monotonic() + 30
    while server.sent < ENTRY.bytes // 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait(10)
    assert not (home / "downloads" / ENTRY.file).exists()
    assert not kept(home).parent.exists()
    server.fault = ""
    fetch()
    assert server.asked[-1][1] > 0
    assert_good(home)


def test_cancelling_keeps_what_came_and_frees_the_lock(server: GensimData, home: Path) -> None:
    server.fault = "slow"
    steps = catalogue.fetch(ENTRY)
    while next(steps).done < ENTRY.bytes // 3:
        pass
    steps.close()
    assert catalogue.used_bytes(ENTRY) >= ENTRY.bytes // 3
    server.fault = ""
    fetch()
    assert server.asked[-1][1] > 0
    assert_good(home)


@pytest.mark.parametrize("harm", ["flipped", "emptied", "truncated", "gone"])
def test_a_damaged_store_is_made_again_from_the_download(server: GensimData, home: Path, harm: str) -> None:
    fetch()
    damage(home / "stores" / ENTRY.name / "matrix.npy", harm)
    assert_good(home)
    assert len(server.asked) == 1


@pytest.mark.parametrize("harm", ["flipped", "emptied", "truncated", "gone"])
def test_when_both_are_damaged_it_is_downloaded_again(server: GensimData, home: Path, harm: str) -> None:
    fetch()
    damage(home / "stores" / ENTRY.name / "matrix.npy", harm)
    damage(kept(home), harm)
    with pytest.raises(VectorFileError, match=r"tiny-vectors\.gz is (damaged|not on this machine)"):
        catalogue.open_entry(ENTRY)
    assert not catalogue.is_here(ENTRY), "what cannot be opened must be offered for download again"
    assert not kept(home).parent.exists()
    fetch()
    assert_good(home)


def damage(path: Path, harm: str) -> None:
    content = bytearray(path.read_bytes())
    if harm == "gone":
        path.unlink()
        return
    content[len(content) // 2] ^= 1
    path.write_bytes({"flipped": content, "emptied": b"", "truncated": content[:-100]}[harm])


def test_a_link_in_place_of_the_private_folder_is_not_followed(server: GensimData, home: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "data").write_text("precious")
    (home / "downloads").mkdir(parents=True)
    (home / "downloads" / f".{ENTRY.file}.part").symlink_to(tmp_path / "elsewhere")
    fetch()
    assert_good(home)
    assert (tmp_path / "elsewhere" / "data").read_text() == "precious"


def test_leftovers_are_swept_after_a_week(server: GensimData, home: Path) -> None:
    parts = {age: home / "downloads" / f".{age}.gz.part" for age in ("old", "new")}
    for age, part in parts.items():
        part.mkdir(parents=True)
        (part / "data").write_bytes(b"x")
        then = time.time() - (8 if age == "old" else 6) * 86_400
        os.utime(part / "data", (then, then))
        os.utime(part, (then, then))
    fetch()
    assert not parts["old"].exists()
    assert parts["new"].exists()


def test_removing_frees_the_disk(server: GensimData, home: Path) -> None:
    fetch()
    assert catalogue.used_bytes(ENTRY) > ENTRY.bytes
    catalogue.remove(ENTRY)
    assert catalogue.used_bytes(ENTRY) == 0
    assert not catalogue.is_here(ENTRY)


def test_nothing_is_removed_under_a_download(server: GensimData, home: Path) -> None:
    server.fault = "slow"
    steps = catalogue.fetch(ENTRY)
    while next(steps).done < ENTRY.bytes // 3:
        pass
    assert not catalogue.remove(ENTRY)
    assert [progress.stage for progress in steps][-1] == "ready"
    assert_good(home)


def test_nothing_is_removed_while_it_is_converted(
    server: GensimData, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[bool] = []
    real = reading.read_vectors

    def read(file: Path, *, name: str) -> object:
        removed.append(catalogue.remove(ENTRY))
        return real(file, name=name)

    monkeypatch.setattr(catalogue, "read_vectors", read)
    fetch()
    assert removed == [False]
    assert_good(home)


def test_a_download_that_another_one_mended_meanwhile_stays(
    server: GensimData, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch()
    damage(kept(home), "flipped")
    damage(home / "stores" / ENTRY.name / "matrix.npy", "flipped")
    real = download.discard

    def mended_first(*args: object, **settings: object) -> bool:
        kept(home).write_bytes(CONTENT)
        return real(*args, **settings)

    monkeypatch.setattr(catalogue, "discard", mended_first)
    with pytest.raises(VectorFileError, match="is damaged"):
        catalogue.open_entry(ENTRY)
    assert kept(home).read_bytes() == CONTENT


def test_what_broken_downloads_and_writers_left_is_counted_and_removed(home: Path) -> None:
    for left in (f"downloads/.{ENTRY.file}.part/data", f"stores/.{ENTRY.name}.part-x1/matrix.npy"):
        (home / left).parent.mkdir(parents=True)
        (home / left).write_bytes(b"x" * 1000)
    assert catalogue.used_bytes(ENTRY) == 2000
    assert catalogue.remove(ENTRY)
    assert catalogue.used_bytes(ENTRY) == 0
    assert catalogue.remove(ENTRY), "nothing is there, and nothing is in the way"


def test_the_catalogue_holds_gensim_data_s_facts() -> None:
    facts = json.loads(shared_file("gensim-data-list.json").read_text("utf-8"))
    gensims = {name: entry for name, entry in catalogue.catalogue().items() if entry.gensim}
    assert len(gensims) == 13
    for name, entry in gensims.items():
        original = facts["models" if entry.kind == "vectors" else "corpora"][name]
        (file,) = entry.files
        assert file.file == original["file_name"]
        assert file.bytes == original["file_size"]
        assert file.md5 == original["checksum"]
        assert file.exact
        assert entry.rows == original["num_records"]
        assert entry.dimensions == original.get("parameters", {}).get("dimension", 0)
        assert original["parts"] == 1
        assert catalogue.wanted(entry)[0].url.endswith(f"/{name}/{name}.gz")


def test_the_downloads_come_from_where_gensim_s_come() -> None:
    source = (Path(sys.prefix) / "lib").glob("python*/site-packages/gensim/downloader.py")
    text = next(source, None)
    if text is None:
        pytest.skip("gensim is not installed beside this Python")
    assert catalogue._GENSIM_DATA in text.read_text("utf-8")


def test_every_entry_says_what_it_is() -> None:
    assert len(catalogue.catalogue()) == 24
    for name, entry in catalogue.catalogue().items():
        assert entry.name == name
        assert entry.text
        assert entry.licence
        assert entry.licence_url.startswith("https://")
        assert entry.disk_bytes >= entry.bytes
        assert entry.rows_exact or entry.rows % 10_000 == 0
        for one in catalogue.wanted(entry):
            assert one.url.startswith("https://")
            assert len(one.published) == {"md5": 32, "sha256": 64 if one.published else 0}[one.algorithm]
        if not entry.gensim:
            assert all(file.url for file in entry.files)


def test_file_names_are_those_of_one_entry() -> None:
    files = [file.file for entry in catalogue.catalogue().values() for file in entry.files]
    assert len(set(files)) == len(files)
    assert all("/" not in file and not file.startswith(".") for file in files)


def test_smaller_downloads_come_first() -> None:
    sizes = [entry.bytes for entry in catalogue.catalogue().values() if entry.kind == "vectors"]
    assert sizes == sorted(sizes)


@pytest.mark.parametrize(("name", "bytes_"), [("potion-base-2M", 7_559_168), ("potion-base-32M", 129_210_368)])
def test_sizes_that_are_about_right_hold_the_matrix(name: str, bytes_: int) -> None:
    model = catalogue.wanted(catalogue.find(name))[0]
    assert model.may_have(bytes_ + 88)  # with a header
    assert not model.may_have(bytes_ // 10)


def test_a_name_that_is_not_in_the_catalogue() -> None:
    with pytest.raises(InvalidSetting, match="glove-twitter-25"):
        catalogue.find("../../etc/passwd")
    with pytest.raises(InvalidSetting):
        catalogue.find("text8")


def test_text8_is_downloaded_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import gzip

    content = gzip.compress(b" anarchism originated as a term" * 100)
    file = catalogue.File("text8.gz", len(content), md5=hashlib.md5(content).hexdigest())
    entry = replace(ENTRY, name="text8", kind="text", files=(file,))
    monkeypatch.setattr(catalogue, "catalogue", lambda: {"text8": entry})
    with serving(entry, content) as data:
        monkeypatch.setenv("EMBEDLAB_MIRROR", data.url)
        assert catalogue.text8().startswith(" anarchism originated")
        assert catalogue.text8().endswith("term")
        assert len(data.asked) == 1
        assert catalogue.is_here(entry)
        assert (home / "gensim-data" / "text8" / "text8.gz").read_bytes() == content


def test_text8_that_cannot_be_unpacked_does_not_stay(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"\x1f\x8b no gz after all"
    file = catalogue.File("text8.gz", len(content), md5=hashlib.md5(content).hexdigest())
    entry = replace(ENTRY, name="text8", kind="text", files=(file,))
    monkeypatch.setattr(catalogue, "catalogue", lambda: {"text8": entry})
    with serving(entry, content) as data:
        monkeypatch.setenv("EMBEDLAB_MIRROR", data.url)
        with pytest.raises(DownloadError, match="try again"):
            catalogue.text8()
    assert not catalogue.is_here(entry)


def test_nothing_of_gensim_is_imported() -> None:
    code = "import sys, embedlab.library.catalogue; print([m for m in sys.modules if m.split('.')[0] == 'gensim'])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
