"""nginx under deploy/nginx.conf, before processes of the app on this machine."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.browser.conftest import answers, free_port
from tests.conftest import ROOT


def nginx_before(addresses: list[str], folder: Path, *, patience: str = "60s") -> AbstractContextManager[str]:
    """The address of an nginx under deploy/nginx.conf, with these in place of its processes.

    Args:
        patience: with one that hangs.
    """
    named = (
        f"upstream app{i} {{ server {address.removeprefix('http://')}; }}" for i, address in enumerate(addresses, 1)
    )
    conf = (ROOT / "deploy/nginx.conf").read_text("utf-8").replace("read_timeout 60s", f"read_timeout {patience}")
    return running_nginx(conf.replace(":8501;", ";").replace("http {", f"http {{ {' '.join(named)}"), folder)


@contextmanager
def running_nginx(conf: str, folder: Path) -> Iterator[str]:
    """The address of an nginx under this configuration."""
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        pytest.skip("needs nginx (Debian: apt-get install nginx-light)")
    port = free_port()
    (folder / "nginx.conf").write_text(conf.replace("listen 80;", f"listen 127.0.0.1:{port};"), "utf-8")
    own = f"daemon off; master_process off; error_log stderr; pid {folder}/pid;"
    # Without a master process it stays the user's own and needs no user named www-data.
    server = subprocess.Popen([program, "-p", str(folder), "-c", "nginx.conf", "-g", own], stderr=subprocess.DEVNULL)
    try:
        while not answers(f"http://127.0.0.1:{port}/_stcore/health"):
            assert server.poll() is None, f"nginx ended: {server.returncode}"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
