"""Many visitors at once: how long a rerun takes, and what it costs, when 1, 5, 20 and 50 ask at the same moment.

The peer of Home shows the nearest words in a table; Home draws them as bars and on a map with its trustworthiness.

    python -m benchmarks.load                     all pages, all numbers of visitors
    python -m benchmarks.load Neighbors -n 20     one page, twenty visitors
    python -m benchmarks.load Home --training     as it is, and beside two long trainings
    python -m benchmarks.load Home --processes 2  two processes behind deploy/nginx.conf

A fresh server is started for each page and asked over its websocket, as a browser asks it. Every visitor opens the page
(all at once), then all press Enter at the same moment, twice, each with another word. `open` and `rerun` are
milliseconds from asking until the script has finished; `cpu` is the server's processor time for one of them, and
`answers/s` is by the time until the last visitor had theirs.

The server's other ends are in this process, so the machine does both: figures are a little worse than with browsers
elsewhere.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import psutil
import websockets
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks import machine
from benchmarks.figures import Row, Scale
from benchmarks.first_answer import naive_app
from embedlab.library.bundled import DATA
from tests.browser.conftest import ROOT, running_app
from tests.nginx import nginx_before

VISITORS = (1, 5, 20, 50)
# Address of each page, the label of the box that gets another word ("": it is only run again), and what else the
# address holds.
PAGES = {
    "Home": ("", "A word", ""),
    "Neighbors": ("Neighbors", "A word, or several", "map=PCA"),
    "Analogies": ("Analogies", "as this word is to …?", ""),
    "Compare": ("Compare", "A word", ""),
    "Evaluate": ("Evaluate", "", ""),
    "Vectors": ("Vectors", "", ""),
    "Lookup": ("Lookup", "", ""),
    "Ten words": ("Ten_words", "", ""),
    "Letters": ("Letters", "", ""),
    "Word2vec": ("Word2vec", "", ""),
    "Count or predict": ("Count_or_predict", "", ""),
    "Transfer": ("Transfer", "", ""),
    "Atlas": ("Atlas", "Find a word", ""),
    "Teach": ("Teach", "", ""),
}
EXPLORE = ("Home", "Neighbors", "Analogies", "Compare", "Evaluate", "Vectors", "Atlas")
NAIVE = "naive app"  # of benchmarks.first_answer: the nearest words in a table, and no map
BOXES = {**PAGES, NAIVE: ("", "word", "")}
# Pages beside the naive app, and how many visitors.
SIZES: dict[Scale, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "full": (EXPLORE, VISITORS),
    "quick": (EXPLORE, (1, 20, 50)),
    "tiny": (("Home",), (1,)),
}
_PATIENCE = 300  # seconds
_UNDER_WAY = 15  # seconds until two trainings have loaded PyTorch


class Answer(NamedTuple):
    """One run of a page's script, as a visitor sees it."""

    seconds: float
    bytes: int  # over the wire
    failed: bool  # an error was drawn: a page that refuses is quick


class Connection(websockets.ClientConnection):
    """A websocket that counts what comes over the wire, which is compressed."""

    received = 0  # bytes

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)


class Visitor:
    """A session: its connection, and the inputs that the page has drawn for it."""

    def __init__(self, connection: Connection, page: str, query: str) -> None:
        self._connection, self._page, self._query = connection, page, query
        self._boxes: dict[str, tuple[str, str]] = {}  # label -> id of a text box, and of the fragment that it is in
        self._button = ""  # the form's
        self._kept: set[str] = set()  # messages that are not sent again

    async def run(self, **typed: str) -> Answer:
        """Runs the page with these words in the boxes of these labels."""
        states = [WidgetState(id=self._boxes[label][0], string_value=word) for label, word in typed.items()]
        if typed and self._button:
            states.append(WidgetState(id=self._button, trigger_value=True))
        message = BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_name = self._query, self._page
        message.rerun_script.widget_states.widgets.extend(states)
        message.rerun_script.cached_message_hashes.extend(self._kept)
        message.rerun_script.fragment_id = next((self._boxes[label][1] for label in typed), "")
        start = time.perf_counter()
        await self._connection.send(message.SerializeToString())
        before, failed = self._connection.received, False
        while True:
            data = await asyncio.wait_for(self._connection.recv(), _PATIENCE)
            assert isinstance(data, bytes)
            answer = ForwardMsg.FromString(data)
            if answer.metadata.cacheable:
                self._kept.add(answer.hash)
            element = answer.delta.new_element
            kind = element.WhichOneof("type")
            if kind == "text_input":
                self._boxes[element.text_input.label] = element.text_input.id, answer.delta.fragment_id
            elif kind == "button" and element.button.is_form_submitter:
                self._button = self._button or element.button.id
            failed |= kind == "exception" or (kind == "alert" and element.alert.format == Alert.ERROR)
            if answer.WhichOneof("type") == "script_finished":
                if answer.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                return Answer(time.perf_counter() - start, self._connection.received - before, failed)


@asynccontextmanager
async def connected(address: str, page: str, query: str = "") -> AsyncIterator[Visitor]:
    """A visitor of the app at this address, who leaves with the context; `query` in place of the page's own."""
    path, _, usual = BOXES[page]
    url = address.replace("http", "ws") + "/_stcore/stream"
    async with websockets.connect(
        url, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None, create_connection=Connection
    ) as connection:
        yield Visitor(cast(Connection, connection), path, query or usual)


class Round(NamedTuple):
    """The answers of all visitors who asked at the same moment, and the servers' processor seconds meanwhile."""

    answers: list[Answer]
    processor: float


@contextmanager
def running_servers(count: int, script: Path) -> Iterator[tuple[str, dict[str, psutil.Process]]]:
    """Where visitors go, nginx before several processes, and each process by its own address."""
    with ExitStack() as stack:
        servers = {}
        for _ in range(count):
            address = stack.enter_context(running_app(script))
            servers[address] = machine.server()
        if count > 1:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            address = stack.enter_context(nginx_before(list(servers), folder))
        yield address, servers


async def measure(
    servers: Sequence[psutil.Process], address: str, page: str, visitors: int, words: Sequence[str]
) -> list[Round]:
    """All visitors open the page, then ask for another word, twice."""
    box = BOXES[page][1]
    rounds = []
    async with AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(connected(address, page)) for _ in range(visitors)]
        for turn in range(3):
            asked = [{box: word} for word in words[turn * visitors :]] if turn and box else [{}] * visitors
            before = processor_seconds(servers)
            answers = await asyncio.gather(*(one.run(**typed) for one, typed in zip(sessions, asked, strict=False)))
            rounds.append(Round(answers, processor_seconds(servers) - before))
    return rounds


def at_work(servers: Sequence[psutil.Process]) -> int:
    """How many processes of the servers' own compute, in this second."""
    workers = [worker for server in servers for worker in server.children(recursive=True)]
    for worker in workers:
        worker.cpu_percent()  # since this call
    time.sleep(1)
    return sum(worker.cpu_percent() > 20 for worker in workers)


@asynccontextmanager
async def two_trainings(address: str, servers: Sequence[psutil.Process]) -> AsyncIterator[None]:
    """Two visitors who train word2vec for minutes, and look at it every two seconds, as browsers do."""
    stop = asyncio.Event()

    async def watch(seed: int) -> None:
        long = f"passes=20&world_words=200000&dims=100&w_seed={seed}"
        async with connected(address, "Word2vec", long) as visitor:
            while not stop.is_set():
                await visitor.run()
                with suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), 2)

    watching = [asyncio.create_task(watch(seed)) for seed in (11, 12)]
    await asyncio.sleep(_UNDER_WAY)
    try:
        if (count := at_work(servers)) < 2:
            raise SystemExit(f"Of two trainings {count} are at work: there is nothing to measure beside.")
        yield
    finally:
        stop.set()
        await asyncio.gather(*watching)


def processor_seconds(servers: Sequence[psutil.Process]) -> float:
    """Used by the servers so far."""
    times = [server.cpu_times() for server in servers]
    return float(sum(each.user + each.system for each in times))


def line(name: str, rounds: Sequence[Round]) -> str:
    """What a visitor waits, and what a run costs."""
    answers = [answer for each in rounds for answer in each.answers]
    p50, p95 = (1000 * float(np.percentile([answer.seconds for answer in answers], share)) for share in (50, 95))
    cpu = 1000 * sum(each.processor for each in rounds) / len(answers)
    size = max(answer.bytes for answer in answers) / 1000
    failed = failures(rounds)
    rate = len(answers) / sum(max(answer.seconds for answer in each.answers) for each in rounds)
    row = f"{name:30} p50 {p50:7,.0f} ms   p95 {p95:7,.0f} ms   cpu {cpu:5,.0f} ms   {size:4.0f} kB"
    return f"{row}   {rate:5.1f} answers/s" + f"   {failed} failed" * bool(failed)


def failures(rounds: Sequence[Round]) -> int:
    """How many visitors saw an error."""
    return sum(answer.failed for each in rounds for answer in each.answers)


def at_once(
    page: str, visitors: int, script: Path = ROOT / "streamlit_app.py", *, training: bool = False, processes: int = 1
) -> tuple[list[Round], float]:
    """The rounds of a fresh server, first opening and then asking, and its resident MB after them.

    Args:
        training: while two visitors train.
        processes: servers behind nginx; the MB are those of all.
    """
    words = (DATA / "vectors/words.txt").read_text("utf-8").split("\n")[300:3_000]
    with running_servers(processes, script) as (address, by_address):
        servers = list(by_address.values())
        for own in by_address:  # what a process does once
            asyncio.run(measure(servers, own, page, 1, words))

        async def measured() -> list[Round]:
            async with two_trainings(address, servers) if training else nullcontext():
                return await measure(servers, address, page, visitors, words[3:])

        return asyncio.run(measured()), sum(machine.resident_mb(server.pid) for server in servers)


def p95_ms(rounds: Sequence[Round]) -> float:
    """What 95 of 100 visitors wait at most."""
    return 1000 * float(np.percentile([answer.seconds for each in rounds for answer in each.answers], 95))


def rows(scale: Scale = "full") -> Iterator[Row]:
    """What visitors wait when all ask at the same moment, each another word; beside Home, a naive app does likewise."""
    pages, numbers = SIZES[scale]
    for visitors in numbers:
        what = f"{visitors} at once" if visitors > 1 else "one visitor"
        for page in pages:
            (opened, *asked), resident = at_once(page, visitors)
            answers = [answer for each in asked for answer in each.answers]
            cpu = 1000 * sum(each.processor for each in asked) / len(answers)
            failed = ", FAILED" * bool(failures([opened, *asked]))
            note = f"processor {cpu:,.0f} ms each, {resident:,.0f} MB{failed}"
            most = max(answer.bytes for answer in opened.answers) / 1000
            yield Row(f"{page}, {what}: open, p95", "ms", p95_ms([opened]), note=f"at most {most:,.0f} kB")
            own = Row(f"{page}, {what}: rerun, p95", "ms", p95_ms(asked), note=note)
            if page != "Home":
                yield own
                continue
            for cached, peer in ((False, NAIVE), (True, f"{NAIVE}, vectors cached")):
                with naive_app(cached=cached) as script:
                    (_, *theirs), _ = at_once(NAIVE, visitors, script)
                yield own._replace(peer=peer, theirs=p95_ms(theirs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pages", nargs="*", choices=[[], *PAGES], help="all where none is named")
    parser.add_argument("-n", type=int, action="append", help="visitors at once; may be given several times")
    parser.add_argument("--training", action="store_true", help="as it is, and beside two long trainings")
    parser.add_argument("--processes", type=int, choices=(1, 2), default=1, help="two need nginx")
    arguments = parser.parse_args()
    print(f"{machine.describe()}; {machine.pace()}")
    failed = 0
    for page in arguments.pages or PAGES:
        for visitors in arguments.n or VISITORS:
            reruns = []
            for training in (False, True) if arguments.training else (False,):
                (opened, *asked), resident = at_once(page, visitors, training=training, processes=arguments.processes)
                name = f"{page}, {visitors} at once" + ", beside trainings" * training
                print(line(f"{name}: open", [opened]))
                print(line(f"{name}: rerun", asked))
                print(f"{'':30} resident {resident:,.0f} MB", flush=True)
                reruns.append(p95_ms(asked))
                failed += failures([opened, *asked])
            if arguments.training:
                print(f"{'':30} p95 of reruns {reruns[1] / reruns[0]:.2f} times as long beside trainings", flush=True)
    if failed:
        raise SystemExit(f"{failed} answers held an error")


if __name__ == "__main__":
    main()
