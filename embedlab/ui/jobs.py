"""Work that takes longer than a second: asked for by its settings, done by a pool, watched by pages.

Nothing in the work itself may call `st.*`; a page draws what there is so far:

    job = jobs.submit(f"names {seed}", lambda: jobs.compute("embedlab.lessons.letters.char_mlp:run", names), total=50)
    jobs.panel(job, lambda job: st.vega_lite_chart(chart(job.latest), key="map"))

- The key says everything the result depends on. Visitors with the same key watch one run, and a page that is loaded
  again finds it. Data that belongs to one visitor needs its own mark in the key (a hash of its content).
- At most two jobs work at once, and a short one beside them; on small hosts one in all. The others wait in line and
  know their place.
- A run ends when nobody watches it: every look (`Job.touch`, which `panel` does) holds it for another 8 seconds.
  Stopping is leaving at once, so that one visitor's Stop does not end what another is watching.
- The iterator is made, advanced and closed by its thread alone, and asked to end between two snapshots: each should
  take at most about a second. Where there is nothing new it may yield None, so that it can be ended.
- What needs PyTorch, gensim or scikit-learn runs in a process of its own: `compute` gives its iterator. No page imports
  them, so that one visitor's training takes neither memory nor time from the others.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embedlab.errors import DownloadCanceled, DownloadError
from embedlab.formats.limits import size
from embedlab.library import memory
from embedlab.library.download import Progress, by_percent, download
from embedlab.library.http import Wanted
from embedlab.text.sources import TextChoice
from embedlab.ui import shell, turns
from embedlab.ui.address import address
from embedlab.ui.pool import Job, Pool
from embedlab.workers import recorded as runs
from embedlab.workers.processes import Workers

F = TypeVar("F")
POLL = 0.5  # seconds between two looks of a panel
_SMALL = 1 << 30  # bytes of a host, below which one process at most trains
_STAGES = {
    "waiting": "Somebody else is downloading it; waiting. {done} of {total} are there.",
    "downloading": "Downloading: {done} of {total}.",
    "checking": "Comparing checksums: {done} of {total}.",
    "converting": "Reading it once, into a form that opens at once.",
    "ready": "Ready.",
}
_STATES = {"running": "Running", "finished": "Done", "stopped": "Stopped", "failed": "Failed"}


@st.cache_resource(show_spinner=False)
def _pool() -> Pool:
    return Pool(workers=1 if _is_small() else 2)


@st.cache_resource(show_spinner=False)
def _short_pool() -> Pool:
    return Pool(workers=1)


@st.cache_resource(show_spinner=False)
def _downloads() -> Pool:
    return Pool(workers=4)  # which wait for hosts, and keep no training waiting


@st.cache_resource(show_spinner=False)
def _workers() -> Workers:
    return Workers()


def _is_small() -> bool:
    return memory.limit() < _SMALL


def _viewer() -> str:
    context = get_script_run_ctx()
    return context.session_id if context else "nobody"


def submit(
    key: str,
    make: Callable[[], Iterable[F | None]],
    *,
    total: int | None = None,
    recorded: str | None = None,
    short: bool = False,
) -> Job[F]:
    """The job of these settings: under way, kept from before (about ten minutes), or begun now.

    A job that this visitor stopped, or that failed, comes back as it ended; `Job.again` takes that back.

    Args:
        key: names and numbers that the result depends on, all of them.
        make: returns the iterator of snapshots; called in a thread of its own, so it must not call `st.*`.
        total: how many snapshots are expected, for the progress bar.
        recorded: the lesson whose recorded run answers in place of work, where its key is this one.
        short: it takes seconds, so it need not stand in line behind what takes minutes, except on small hosts.
    """
    pool = _short_pool() if short and not _is_small() else _pool()
    snapshots = None if recorded is None else runs.find(recorded, key)
    if snapshots is not None:
        return pool.recorded(key, snapshots, viewer=_viewer())
    return pool.submit(key, make, viewer=_viewer(), total=total)


def compute(task: str, *arguments: Any) -> Iterator[Any]:
    """What the function "module:name" yields for these arguments, in a worker process; see `Workers.run`."""
    return _workers().run(task, *arguments)


def find(key: str) -> Job[Any] | None:
    """The job of these settings if there is one; never begins it. For work that waits for a button."""
    return _pool().find(key, viewer=_viewer())


def await_download(what: str, steps: Callable[[], Iterator[Progress]]) -> None:
    """Makes the script wait for what is not here, below how much has come and a button that cancels.

    Scripts of other visitors go on meanwhile. A click elsewhere begins this one anew, which finds the download under
    way; what is clicked in a fragment comes after it.

    Args:
        what: is fetched, for a sentence: "the film reviews".
        steps: makes the download.

    Raises:
        DownloadCanceled: by the visitor.
        DownloadError: it failed.
    """
    key = f"download {what}"
    before: Job[Progress] | None = _downloads().find(key, viewer=_viewer())
    if before is not None and not before.live:
        canceled = before.state == "stopped"
        before.again()
        if canceled:
            raise DownloadCanceled(
                f"You canceled the download of {what}. What came stays: the next one goes on from there."
            )
    job: Job[Progress] = _downloads().submit(key, lambda: by_percent(steps()), viewer=_viewer(), total=101)
    job.wait(POLL)
    if job.live:
        place = st.empty()
        with place.container():
            bar = st.progress(0.0)
            st.button("Cancel the download", key=f"{key}_cancel", on_click=job.stop)
        while job.live:
            bar.progress(job.progress or 0.0, text=status(job) if job.latest is None else stage(job.latest))
            job.wait(POLL)
        place.empty()
    if job.state != "finished":
        raise job.error or DownloadError(f"The download of {what} broke off. What came stays: ask for it again.")


def await_file(what: str, wanted: Wanted) -> None:
    """Waits for a file that belongs with the downloads and is not there; see `await_download`."""
    from embedlab.library.catalogue import downloads_folder  # not needed where nothing is downloaded

    folder = downloads_folder()
    if not (folder / wanted.file).is_file():
        await_download(what, lambda: download(wanted, folder))


def await_text(choice: TextChoice) -> None:
    """Waits for a text that has to be downloaded and is not here; see `await_download`."""
    if choice.source == "text8":
        from embedlab.library import catalogue  # not needed for other texts

        if not catalogue.text8_is_here():
            await_download("text8", catalogue.download_text8)


def stage(progress: Progress) -> str:
    """How far a download is, as a sentence."""
    return _STAGES[progress.stage].format(done=size(progress.done), total=size(progress.total))


def say_if_recorded(job: Job[Any], button: str) -> None:
    """Says so where nothing was computed, and which button computes it."""
    if job.recorded:
        st.caption(f"Recorded; “{button}” runs it live.")


def status(job: Job[Any]) -> str:
    """A few words on how far a job is."""
    if job.state == "queued":
        return f"Waiting, number {job.position} in line"
    return f"{_STATES[job.state]}, {job.elapsed:.1f} s"


def panel(
    job: Job[F],
    draw: Callable[[Job[F]], None],
    *,
    key: str = "job",
    stop: str = "Stop computing",
    again: Callable[[], object] | None = None,
    done: Callable[[F], float] | None = None,
) -> None:
    """Draws a job twice a second while it lives, under progress and a Stop button; at its end the page runs once more.

    A job that this visitor watched in the same panel before, with other settings, is left at once.

    Args:
        draw: draws the snapshots so far; called in a fragment, also when there is no snapshot yet.
        key: distinguishes the panels of a session.
        stop: what the button says; Streamlit's own menu has a "Stop" already.
        again: called when "Start again" is pressed, for pages that do not submit by themselves or keep what ended.
    """
    before = st.session_state.get(f"_{key}_watched")
    if isinstance(before, Job) and before.key != job.key:
        before.leave()
    st.session_state[f"_{key}_watched"] = job
    live = job.live

    def look() -> None:
        job.touch()
        if not job.recorded:
            with (
                address.working(key) if live else nullcontext(),
                st.container(horizontal=True, vertical_alignment="bottom"),
            ):
                share = done(job.latest) if done is not None and job.latest is not None else job.progress
                st.progress(share or 0.0, text=status(job))
                if live:
                    st.button(stop, key=f"{key}_stop", on_click=job.stop)
                elif job.state in ("stopped", "failed") and st.button("Start again", key=f"{key}_again"):
                    job.again()
                    if again is not None:
                        again()
                    st.rerun()
        draw(job)
        if live and not job.live:
            address.wait()  # the view comes with the next run, which is none of the visitor's
            st.rerun()

    # Who waits in line looks, too: the job must not end where that takes longer than its lease.
    turns.fragment(look, run_every=POLL if live else None, meanwhile=job.touch)()
    if job.error is not None:
        shell.show_error(job.error)
