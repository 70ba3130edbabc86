"""The limits of a machine and of control groups, read from files made for the test."""

from pathlib import Path

import pytest

from embedlab.errors import NotEnoughMemory
from embedlab.formats import DEFAULT_LIMITS
from embedlab.library import memory

GB = 1 << 30


def machine(root: Path, *, total: int = 16 * GB, free: int = 10 * GB, groups: str = "", **files: object) -> Path:
    """A root folder with /proc and /sys/fs/cgroup as Linux has them; `__` in a name stands for /."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/meminfo").write_text(f"MemTotal: {total // 1024} kB\nMemAvailable: {free // 1024} kB\nHugePages: 0\n")
    (root / "proc/self/cgroup").write_text(groups)
    for name, value in files.items():
        path = root / "sys/fs/cgroup" / name.replace("__", "/").replace("memory_", "memory.")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(value))
    return root


def test_without_groups_the_machine_is_the_limit(tmp_path: Path) -> None:
    root = machine(tmp_path)
    assert memory.limit(root) == 16 * GB
    assert memory.available(root) == 10 * GB
    assert memory.budget(root) == int(16 * GB * 0.6)


def test_version_2_limits_of_the_group_and_of_those_above_it(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        groups="0::/app/worker\n",
        app__worker__memory_max="max\n",
        app__memory_max=2 * GB,
        app__memory_current=GB,
        app__memory_stat=f"anon 5\ninactive_file {GB // 4}\n",
    )
    assert memory.limit(root) == 2 * GB
    assert memory.available(root) == GB + GB // 4


def test_version_2_inside_a_container_where_the_path_is_the_host_s(tmp_path: Path) -> None:
    root = machine(tmp_path, groups="0::/../..\n", memory_max=3 * GB, memory_current=GB, memory_stat="")
    assert memory.limit(root) == 3 * GB
    assert memory.available(root) == 2 * GB


def test_version_1(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        groups="12:cpu,cpuacct:/x\n4:memory:/docker/abc\n0::/\n",
        memory__memory_limit_in_bytes=GB,
        memory__memory_usage_in_bytes=GB // 2,
        memory__memory_stat=f"total_inactive_file {GB // 8}\n",
    )
    assert memory.limit(root) == GB
    assert memory.available(root) == GB // 2 + GB // 8


def test_version_1_without_a_limit_says_a_huge_number(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        groups="4:memory:/\n",
        memory__memory_limit_in_bytes=9223372036854771712,
        memory__memory_usage_in_bytes=5,
    )
    assert memory.limit(root) == 16 * GB
    assert memory.available(root) == 10 * GB


def test_a_system_without_these_files(tmp_path: Path) -> None:
    assert memory.limit(tmp_path) > 0
    assert memory.available(tmp_path) > 0


def test_this_machine() -> None:
    assert 0 < memory.available() <= memory.limit()


def test_the_refusal_names_the_numbers(tmp_path: Path) -> None:
    root = machine(tmp_path, groups="0::/\n", memory_max=GB, memory_current=0, memory_stat="")
    memory.check(100, "A small set", root=root)
    with pytest.raises(NotEnoughMemory, match=r"glove needs about 900 MB of memory, and 644 MB are left") as caught:
        memory.check(900_000_000, "glove", root=root)
    assert "Unload others" in str(caught.value)
    with pytest.raises(NotEnoughMemory, match="and 0 bytes are left"):
        memory.check(1, "glove", held=GB, root=root)


def test_what_is_present_already_is_not_asked_for_again(tmp_path: Path) -> None:
    root = machine(tmp_path, groups="0::/\n", memory_max=GB, memory_current=GB * 9 // 10, memory_stat="")
    with pytest.raises(NotEnoughMemory):
        memory.check(GB // 2, "loaded", root=root)
    memory.check(GB // 2, "loaded", present=GB // 2, root=root)


def test_a_file_may_take_no_more_than_all_vectors_together(tmp_path: Path) -> None:
    root = machine(tmp_path, groups="0::/\n", memory_max=GB, memory_current=0, memory_stat="")
    assert memory.limits(root).memory_bytes == memory.budget(root) < DEFAULT_LIMITS.memory_bytes
