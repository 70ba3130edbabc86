"""Wording: counts and long lists as sentences write them, the same in every message, note and page."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def counted(n: int, noun: str, plural: str = "") -> str:
    """1 row, 2 rows, 1,000 rows.

    Args:
        plural: where it is not the noun with an s.
    """
    return f"{n:,} {noun if n == 1 else plural or f'{noun}s'}"


def first_of(items: Sequence[Item], most: int, show: Callable[[Item], str] = str) -> str:
    """a, b, …: the first items, and a sign where there are more."""
    return ", ".join(map(show, items[:most])) + (", …" if len(items) > most else "")


def first_and_more(items: Sequence[Item], most: int, show: Callable[[Item], str] = str) -> str:
    """a, b and 3 more: the first items, and how many follow."""
    more = f" and {len(items) - most} more" if len(items) > most else ""
    return ", ".join(map(show, items[:most])) + more
