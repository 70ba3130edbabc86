"""A guarded process that loads files, replaced when it hangs or dies."""

import json
import os
import selectors
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.hostile.unsafe_cases import CANARY

_START = 60.0  # seconds for the libraries to load on a busy machine


class Guard:
    """Hands files to a child process; a file that takes longer than `seconds` ends the child.

    Skips the test where the system is not Linux.
    """

    def __init__(self, canary: Path, *, seconds: float) -> None:
        if sys.platform != "linux":
            pytest.skip("needs Linux, which limits a process's memory and tells its peak")
        self.canary, self.seconds = canary, seconds
        self.child: subprocess.Popen[str] | None = None

    def load(self, path: Path, name: str, options: dict[str, Any]) -> dict[str, Any]:
        """What happened to one file (`guarded_child.answer`); "error" is "HUNG" or "DIED" where nothing came back."""
        child = self._running()
        assert child.stdin is not None
        child.stdin.write(json.dumps({"path": str(path), "name": name, "options": options}) + "\n")
        child.stdin.flush()
        return self._read(self.seconds)

    def _running(self) -> "subprocess.Popen[str]":
        if self.child is None:
            environment = os.environ | {"PYTHONPATH": str(ROOT), CANARY: str(self.canary), "OMP_NUM_THREADS": "1"}
            self.child = subprocess.Popen(
                [sys.executable, "-m", "tests.hostile.guarded_child"],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment,
            )  # fmt: skip
            started = self._line(_START)
            assert started == "ready\n", f"the guarded process did not start: {started!r}"
        return self.child

    def _read(self, seconds: float) -> dict[str, Any]:
        line = self._line(seconds)
        if line:
            return json.loads(line)
        assert self.child is not None
        died = self.child.poll() is not None or line == ""
        self.close()
        return {"error": "DIED" if died else "HUNG", "message": "", "growth": 0, "seconds": seconds, "ran": []}

    def _line(self, seconds: float) -> str | None:
        """The child's next line; "" if it ended, None if none came in time."""
        assert self.child is not None
        assert self.child.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(self.child.stdout, selectors.EVENT_READ)
            return self.child.stdout.readline() if selector.select(seconds) else None

    def close(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.communicate()
            self.child = None
