"""How much memory this process may use, and the refusal of more.

The limit is the machine's, or that of the control group (container) where it is smaller; Linux tells both in files.
"""

import ctypes
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from embedlab.errors import NotEnoughMemory
from embedlab.formats.limits import DEFAULT_LIMITS, Limits, size

_ROOT = Path("/")
_MMAP_THRESHOLD = -3  # its number in malloc.h
_GIVE_BACK = 4 << 20  # bytes; smaller ones cost more to fetch anew than they are worth
_SHARE = 0.6  # of what the process may use; the rest is for Python, the libraries and training
_SPARE = 64 << 20  # bytes that always stay free


def limit(root: Path = _ROOT) -> int:
    """Bytes that this process may use at most."""
    limits = [value for group in _groups(root) if (value := _number(group, "memory.max", "memory.limit_in_bytes"))]
    return min([_total(root), *limits])


def available(root: Path = _ROOT) -> int:
    """Bytes that this process can still take now; pages of files that can be dropped count as free."""
    free = [_meminfo(root).get("MemAvailable", _total(root) // 2)]
    for group in _groups(root):
        top = _number(group, "memory.max", "memory.limit_in_bytes")
        used = _number(group, "memory.current", "memory.usage_in_bytes")
        if top and used is not None and top < _total(root):
            free.append(top - used + _droppable(group))
    return max(0, min(free))


def budget(root: Path = _ROOT) -> int:
    """Bytes that all loaded vectors together may take."""
    return int(limit(root) * _SHARE)


def limits(root: Path = _ROOT, *, held: int = 0, searched: bool = False) -> Limits:
    """What one vector file may take on this machine.

    Args:
        held: bytes of the budget that are taken already.
        searched: the vectors are to be searched, which may take as much again.
    """
    room = (budget(root) - held) // (2 if searched else 1)
    return Limits(memory_bytes=max(1, min(DEFAULT_LIMITS.memory_bytes, room)))


def room(*, held: int = 0, present: int = 0, root: Path = _ROOT) -> int:
    """Bytes that vectors can still take now; see `check`."""
    return max(0, min(budget(root) - held, available(root) + present - _SPARE))


def check(needed: int, what: str, *, held: int = 0, present: int = 0, root: Path = _ROOT) -> None:
    """Refuses what does not fit.

    Args:
        needed: bytes.
        what: is to be loaded, for the message.
        held: bytes of the budget that are taken already.
        present: bytes of those needed that are in memory already, so that the machine no longer has to give them.

    Raises NotEnoughMemory: with the numbers, and what to do.
    """
    left = room(held=held, present=present, root=root)
    if needed > left:
        raise NotEnoughMemory(
            f"{what} needs about {size(needed)} of memory, and {size(left)} are left for vectors on this machine. "
            "Unload others, or choose a smaller set."
        )


def give_back_freed() -> None:
    """Asks the C library to hand freed arrays back to the system at once, where it is glibc; for servers.

    Each array that is freed raises the size from which on it does so by itself, up to 32 MB: what opening a page needs
    for a moment would stay with the process, some 60 MB of it.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).mallopt(_MMAP_THRESHOLD, _GIVE_BACK)


def _groups(root: Path) -> Iterator[Path]:
    """Folders of the memory control groups that this process is in, innermost first (versions 2 and 1)."""
    mounted = root / "sys/fs/cgroup"
    try:
        lines = (root / "proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "" or "memory" in controllers.split(","):
            top = mounted if controllers == "" else mounted / "memory"
            group = top / path.lstrip("/")
            # Inside a container the path may be the host's: the folders above it, up to the top, hold limits as well.
            while group != top and top in group.parents:
                yield group
                group = group.parent
            yield top


def _number(group: Path, *files: str) -> int | None:
    """The number in the first of these files that there is; None also for "max"."""
    for file in files:
        try:
            return int((group / file).read_text("ascii"))
        except (OSError, ValueError):
            continue
    return None


def _droppable(group: Path) -> int:
    """Bytes of file pages that the system takes back when it needs them."""
    try:
        stat = dict(line.split() for line in (group / "memory.stat").read_text("ascii").splitlines())
        return int(stat.get("total_inactive_file", stat.get("inactive_file", 0)))
    except (OSError, ValueError):
        return 0


def _meminfo(root: Path) -> dict[str, int]:
    try:
        lines = (root / "proc/meminfo").read_text("ascii").splitlines()
        return {name: int(rest.split()[0]) * 1024 for name, _, rest in (line.partition(":") for line in lines)}
    except (OSError, ValueError, IndexError):
        return {}


def _total(root: Path) -> int:
    told = _meminfo(root).get("MemTotal")
    return told if told else int(psutil.virtual_memory().total)
