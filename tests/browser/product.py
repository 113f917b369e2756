"""The running product for browser tests: `throughline serve` on a fresh home with the demo, and Chromium."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    """The browser's path, or None."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@dataclass(frozen=True, slots=True)
class Product:
    """A served installation: `url` of the pages, `answer_url` of the answer host, `home` with its files."""

    url: str
    answer_url: str
    home: Path
    log: Path


def free_ports(count: int) -> list[int]:
    """Ports nobody holds right now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for item in sockets:
            item.bind(("127.0.0.1", 0))
        return [item.getsockname()[1] for item in sockets]
    finally:
        for item in sockets:
            item.close()


@contextmanager
def served(*, is_demo: bool = True, extra: dict[str, str] | None = None) -> Iterator[Product]:
    """Serve the product on free ports from a temporary home until the block ends."""
    home = Path(tempfile.mkdtemp(prefix="throughline-browser-"))
    port, live_port = free_ports(2)
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("THROUGHLINE_", "DJANGO_"))}
    environment = {
        **inherited,
        "THROUGHLINE_HOME": str(home),
        "HOST": "localhost",
        "PORT": str(port),
        "THROUGHLINE_LIVE_PORT": str(live_port),
        **(extra or {}),
    }
    log = home / "serve.log"
    command = [sys.executable, "-m", "throughline.project.cli", "serve", *(["--demo"] if is_demo else [])]
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=subprocess.STDOUT)
    product = Product(f"http://localhost:{port}", f"http://127.0.0.1:{port}", home, log)
    try:
        _await(product, process)
        yield product
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
        shutil.rmtree(home, ignore_errors=True)


def _await(product: Product, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 480
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The product ended while starting:\n{product.log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(f"{product.url}/accounts/login/", timeout=5):
                return
        except (OSError, urllib.error.URLError):
            time.sleep(0.2)
    raise TimeoutError(f"The product was not ready:\n{product.log.read_text()[-4000:]}")
