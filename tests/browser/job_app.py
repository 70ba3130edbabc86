"""A page with nothing but one job, for test_jobs.py: an endless count that leaves a note when it ends."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))  # as `streamlit run streamlit_app.py` has it
from embedlab.ui import jobs

NOTES = Path(os.environ["JOB_NOTES"])


def count(name: str) -> Iterator[int]:
    with (NOTES / f"{name}.begun").open("a") as note:
        note.write("x")
    try:
        for number in range(1_000_000):
            time.sleep(0.05)
            yield number
    finally:
        (NOTES / f"{name}.ended").touch()


name = st.query_params.get("job", "one")
job = jobs.submit(name, lambda: count(name))
jobs.panel(job, lambda job: st.text(f"Frame {job.latest}"))
