"""deploy/: what the files have to say, and nginx.conf before two real processes."""

import asyncio
import json
import os
import re
import signal
import socketserver
import struct
import subprocess
import sys
import threading
import time
import tomllib
import urllib.error
import urllib.request
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from embedlab.library.catalogue import find
from tests.browser.conftest import running_app
from tests.conftest import ROOT
from tests.nginx import nginx_before, running_nginx
from tests.test_requirements import required

DEPLOY = ROOT / "deploy"
CLOUD = DEPLOY / "community_cloud"
GUIDE = (ROOT / "docs/deploy.md").read_text("utf-8")
SESSIONS = 16  # all on one process by chance: 1 in 33,000
# A process that says who it is, and offers a file that nobody else has.
WHOAMI = """
import os
import streamlit as st
st.text(os.getpid())
st.download_button("File", str(os.getpid()), f"{os.getpid()}.txt")
"""


def text(file: str) -> str:
    return (DEPLOY / file).read_text("utf-8")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's, in order: the word and what follows."""
    lines = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text("Dockerfile"))).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines if line)]


def test_the_clouds_requirements_are_the_roots_with_pytorchs_cpu_build() -> None:
    lines = [line for line in (CLOUD / "requirements.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines == [
        "--find-links https://download.pytorch.org/whl/cpu/torch/",
        f"torch=={required()['torch']}+cpu",
        "-r ../../requirements.txt",
    ]
    assert (CLOUD / "../../requirements.txt").samefile(ROOT / "requirements.txt")


def test_the_roots_requirements_name_no_index() -> None:
    assert not re.search(r"(?m)^-", (ROOT / "requirements.txt").read_text("utf-8"))


def test_the_guide_gives_the_cloud_the_python_of_the_image() -> None:
    image = re.search(r"FROM python:([\d.]+)-slim", text("Dockerfile"))
    assert image is not None
    assert re.findall(r"Advanced settings: Python ([\d.]+\d)", GUIDE) == [image[1]]


def test_the_clouds_entrypoint_opens_home_and_runs_from_any_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from streamlit.testing.v1 import AppTest; page = AppTest.from_file(sys.argv[1]).run(timeout=60); "
        "assert not page.exception, page.exception; print(page.title[0].value)"
    )
    command = [sys.executable, "-c", code, str(CLOUD / "streamlit_app.py")]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "Which words live near yours?\n"), ran.stderr


def test_the_image_runs_one_process_as_a_user_who_is_not_root() -> None:
    words = [word for word, _ in instructions()]
    assert [rest for word, rest in instructions() if word == "USER"] == ["1000"]
    assert words.index("USER") < words.index("CMD") == len(words) - 1
    assert "-slim" in dict(instructions())["FROM"]


def test_the_image_holds_what_a_wheel_holds_and_installs_pytorchs_cpu_build() -> None:
    copied = {rest.split()[0] for word, rest in instructions() if word == "COPY"}
    assert copied >= {".streamlit", "embedlab", "pages", "data", "streamlit_app.py"}
    assert all((ROOT / path).exists() for path in copied)
    installed = next(rest for word, rest in instructions() if "pip install" in rest)
    assert installed.endswith("-r deploy/community_cloud/requirements.txt")
    assert copied >= {"requirements.txt", "deploy/community_cloud/requirements.txt"}


def test_the_images_health_check_tells_a_process_that_answers_from_one_that_does_not() -> None:
    words = json.loads(dict(instructions())["HEALTHCHECK"].partition("CMD ")[2])
    assert words[:2] == ["python", "-c"]
    status = {"/_stcore/health": 200}

    class App(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status.get(self.path, 404))
            self.end_headers()

    with HTTPServer(("127.0.0.1", 0), App) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code = words[2].replace(":8501", f":{server.server_port}")

        def healthy() -> bool:
            return subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0

        assert healthy()
        status["/_stcore/health"] = 503
        assert not healthy()
        server.shutdown()
    assert not healthy()


def test_nginx_takes_uploads_that_the_app_takes() -> None:
    settings = tomllib.loads((ROOT / ".streamlit/config.toml").read_text("utf-8"))
    (size,) = re.findall(r"client_max_body_size (\d+)m;", text("nginx.conf"))
    assert int(size) > settings["server"]["maxUploadSize"]


def test_nginx_knows_each_process_that_compose_starts() -> None:
    conf, compose = text("nginx.conf"), text("compose.yaml")
    processes = re.findall(r"^  (app\d+):", compose, re.M)
    assert len(processes) >= 2
    assert set(re.findall(r"proxy_pass http://(.*);", conf)) == {"$process:8501", "$other:8501"}
    drawn, known, other = (
        dict(re.findall(r"^\s+(\S+)\s+(\S+);", part, re.M))
        for part in re.findall(r"(?s)(?:\$drawn|\$process|\$other) {(.*?)}", conf)
    )
    assert set(drawn.values()) == set(processes)
    assert known == {"default": "$drawn"} | {name: name for name in processes}
    assert sorted(other) == sorted(other.values()) == processes
    assert all(name != taker for name, taker in other.items())


@pytest.mark.parametrize("file", ["compose.yaml", "kubernetes.yaml"])
def test_yaml_files_parse(file: str) -> None:
    yaml = pytest.importorskip("yaml", reason="needs PyYAML")
    assert all(isinstance(document, dict) for document in yaml.safe_load_all(text(file)))


def test_kubernetes_names_only_what_is_there() -> None:
    conf = text("kubernetes.yaml")
    kinds = re.findall(r"(?m)^kind: (\w+)", conf)
    assert set(kinds) >= {"Deployment", "Service", "Ingress", "HorizontalPodAutoscaler", "PersistentVolumeClaim"}
    assert len(set(kinds)) == len(kinds)
    assert set(re.findall(r"(?m)^  name: (\S+)", conf)) == {"embedlab", "embedlab-vectors"}
    assert conf.count("path: /_stcore/health, port: http") == 3
    assert "containerPort: 8501" in conf
    assert "runAsNonRoot: true" in conf
    assert 'service.sticky.cookie: "true"' in conf
    assert re.search(r"(?m)^\s+sessionAffinity", conf) is None  # by address: a school would be on one pod


def test_kubernetes_job_downloads_what_the_pods_cannot(tmp_path: Path) -> None:
    lines = re.search(r"          command:\n((?:            - .*\n)+)", text("kubernetes.yaml"))
    assert lines is not None
    python, *rest = re.findall(r"- (\S+)\n", lines[1])
    assert (python, rest[:3]) == ("python", ["-m", "embedlab", "download"])
    assert set(rest) >= {"text8", "makemore-names", "film-reviews"}, "of lessons"
    vectors = [name for name in rest[3:] if name not in {"text8", "makemore-names", "film-reviews"}]
    assert [find(name).name for name in vectors] == vectors != []
    nowhere = {"EMBEDLAB_MIRROR": "http://127.0.0.1:9", "EMBEDLAB_HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, *rest[:3], vectors[0]], cwd=ROOT, env=os.environ | nowhere, capture_output=True, text=True
    )
    assert "127.0.0.1" in ran.stderr
    assert ran.returncode == 1  # so that the job is tried again


def test_the_image_keeps_downloads_where_the_volumes_are() -> None:
    home = re.search(r"(?m)^ENV EMBEDLAB_HOME=(\S+)", text("Dockerfile"))
    assert home is not None
    assert f"vectors:{home[1]} " in text("compose.yaml")
    assert f"mountPath: {home[1]}, readOnly: true" in text("kubernetes.yaml")


def test_the_guide_names_each_variable_that_the_code_reads_and_no_other() -> None:
    sources = [*(ROOT / "embedlab").rglob("*.py"), ROOT / "tests/conftest.py"]
    read = {name for path in sources for name in re.findall(r'"(EMBEDLAB_[A-Z_]+)"', path.read_text("utf-8"))}
    assert set(re.findall(r"`(EMBEDLAB_[A-Z_]+)`", GUIDE)) == read


def test_files_and_anchors_that_the_guide_names_exist() -> None:
    files = set(re.findall(r"deploy/[\w./]+\w", GUIDE))
    assert files == {path for path in files if (ROOT / path).is_file()}
    assert files >= {f"deploy/{path.relative_to(DEPLOY).as_posix()}" for path in DEPLOY.rglob("*") if path.suffix}
    titles = {title.lower().replace(" ", "-") for title in re.findall(r"(?m)^#+ (.*)", GUIDE)}
    assert set(re.findall(r"\(#([\w-]+)\)", GUIDE)) <= titles


class Told(NamedTuple):
    """What a run of WHOAMI shows."""

    process: int
    file: str  # path of its download


class Visitor:
    """A browser: it takes the cookie with the first answer, and sends it with whatever it asks for."""

    def __init__(self, address: str) -> None:
        self.address = address
        with urllib.request.urlopen(address) as answer:
            self.cookie = cookie_in(answer.headers.get_all("Set-Cookie"))

    async def connect(self) -> None:
        url = self.address.replace("http", "ws") + "/_stcore/stream"
        protocol, cookie = websockets.Subprotocol("streamlit"), {"Cookie": self.cookie}
        self.socket = await websockets.connect(
            url, subprotocols=[protocol], additional_headers=cookie, origin=websockets.Origin(self.address)
        )
        assert self.socket.response is not None
        self.cookie = cookie_in(self.socket.response.headers.get_all("Set-Cookie"))

    async def run(self) -> Told:
        message = BackMsg()
        message.rerun_script.query_string = ""
        await self.socket.send(message.SerializeToString())
        shown = {}
        while True:
            answer = ForwardMsg.FromString(await asyncio.wait_for(self.socket.recv(decode=False), 60))
            element = answer.delta.new_element
            shown[element.WhichOneof("type")] = element
            if answer.WhichOneof("type") == "script_finished":
                return Told(int(shown["text"].text.body), shown["download_button"].download_button.url)

    def fetch(self, path: str) -> str:
        request = urllib.request.Request(self.address + path, headers={"Cookie": self.cookie})
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()


def cookie_in(headers: list[str]) -> str:
    (cookie,) = (header.partition(";")[0] for header in headers if header.startswith("embedlab="))
    return cookie


def test_nginx_finds_a_process_that_an_update_gave_the_address_of_another(tmp_path: Path) -> None:
    addresses = {"app1": "127.0.0.1", "app2": "127.0.0.2"}

    class NameServer(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            query, socket = self.request
            name = query[13 : 13 + query[12]].decode()
            answer = struct.pack(
                ">HHHLH", 0xC00C, 1, 1, 600, 4
            )  # the name that was asked for, for 600 s, as Docker says
            head = query[:2] + struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0)
            socket.sendto(head + query[12:] + answer + bytes(map(int, addresses[name].split("."))), self.client_address)

    class Process(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(str(self.server.server_address[0]).encode())

    def reached() -> str:
        request = urllib.request.Request(nginx, headers={"Cookie": "embedlab=app1"})
        with urllib.request.urlopen(request) as answer:
            return answer.read().decode()

    with ExitStack() as stack:
        names = stack.enter_context(socketserver.UDPServer(("127.0.0.1", 0), NameServer))
        first = stack.enter_context(HTTPServer(("127.0.0.1", 0), Process))
        other = stack.enter_context(HTTPServer(("127.0.0.2", first.server_port), Process))
        for server in (names, first, other):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        conf = text("nginx.conf").replace(":8501;", f":{first.server_port};").replace("valid=5s", "valid=1s")
        conf = conf.replace("127.0.0.11", f"127.0.0.1:{names.server_address[1]}")
        nginx = stack.enter_context(running_nginx(conf, tmp_path))
        assert reached() == "127.0.0.1"
        addresses.update(app1="127.0.0.2", app2="127.0.0.1")
        deadline = time.monotonic() + 60
        while reached() != "127.0.0.2":
            assert time.monotonic() < deadline, "it keeps the old address"
            time.sleep(0.2)


def test_nginx_spreads_one_schools_visitors_and_keeps_each_on_a_process(tmp_path: Path) -> None:
    script = tmp_path / "app.py"
    script.write_text(WHOAMI, "utf-8")
    with ExitStack() as stack:
        processes = [stack.enter_context(running_app(script)) for _ in range(2)]
        address = stack.enter_context(nginx_before(processes, tmp_path))
        asyncio.run(_a_class(address))


def test_nginx_leaves_a_process_that_hangs(tmp_path: Path) -> None:
    class Process(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/_stcore/health" and self.server is hangs:
                over.wait()
            self.send_response(200)
            self.end_headers()

    over = threading.Event()
    with ExitStack() as stack:
        hangs, other = (stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Process)) for _ in range(2))
        for server in (hangs, other):
            threading.Thread(target=server.serve_forever, daemon=True).start()
            stack.callback(server.shutdown)
        stack.callback(over.set)
        addresses = [f"http://127.0.0.1:{server.server_port}" for server in (hangs, other)]
        nginx = stack.enter_context(nginx_before(addresses, tmp_path, patience="1s"))
        request = urllib.request.Request(nginx, headers={"Cookie": "embedlab=app1"})
        with urllib.request.urlopen(request) as answer:
            assert cookie_in(answer.headers.get_all("Set-Cookie")) == "embedlab=app2", "for good"


async def _a_class(address: str) -> None:
    visitors = [Visitor(address) for _ in range(SESSIONS)]
    for visitor in visitors:
        await visitor.connect()
    told = [await visitor.run() for visitor in visitors]
    assert len({one.process for one in told}) == 2  # though all have one address
    for visitor, one in zip(visitors, told, strict=True):
        assert (await visitor.run()).process == one.process
        assert visitor.fetch(one.file) == str(one.process)
    first, other = visitors[0], next(v for v, one in zip(visitors, told, strict=True) if one.process != told[0].process)
    with pytest.raises(urllib.error.HTTPError, match="404"):  # so that the line before this means something
        other.fetch(told[0].file)

    os.kill(told[0].process, signal.SIGKILL)
    for visitor, one in zip(visitors, told, strict=True):
        if one.process == told[0].process:
            with pytest.raises(websockets.ConnectionClosed):
                await visitor.run()
        else:
            assert (await visitor.run()).process == one.process
    assert Visitor(address).cookie == other.cookie  # who is new
    await first.connect()  # with the old cookie, as a browser does by itself
    moved = await first.run()
    assert (first.cookie, moved.process) == (other.cookie, (await other.run()).process)
    assert first.fetch(moved.file) == str(moved.process)
    for visitor in visitors:
        await visitor.socket.close()
