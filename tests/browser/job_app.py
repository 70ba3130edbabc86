"""A page with one job or one download, for test_jobs.py: an endless count that leaves a note when it ends."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).parents[2]))  # as `streamlit run streamlit_app.py` has it
from embedlab.errors import DownloadCanceled
from embedlab.library.download import Progress
from embedlab.ui import jobs, shell

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


def fetch() -> Iterator[Progress]:
    return (Progress("downloading", number, 10_000) for number in count("download"))


if "download" in st.query_params:
    st.button("Begin the script anew")
    try:
        jobs.await_download("the words", fetch)
    except DownloadCanceled as error:
        shell.show_error(error)
else:
    name = st.query_params.get("job", "one")
    job = jobs.submit(name, lambda: count(name))
    jobs.panel(job, lambda job: st.text(f"Frame {job.latest}"))
