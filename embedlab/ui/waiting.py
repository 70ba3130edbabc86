"""Waiting for work of a few seconds, so that a page opens with a result rather than with a beginning."""

import time
from typing import Any

import streamlit as st

from embedlab.ui.pool import Job

_SHORT, _LONGEST = 8.0, 20.0  # seconds: what is waited for, and how long at most


def wait_for(job: Job[Any], expected: float, what: str) -> None:
    """Waits until the job has ended, when it is expected to take a few seconds; not at all for longer ones.

    Args:
        expected: seconds.
        what: said meanwhile, "Learning from the text".
    """
    if expected > _SHORT or not job.live:
        return
    began = time.monotonic()
    with st.spinner(what):
        while job.live and time.monotonic() - began < _LONGEST:
            job.touch()
            time.sleep(0.05)
