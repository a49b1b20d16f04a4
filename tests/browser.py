"""Chromium without a window, told what to do through the pipes of its DevTools protocol."""

import base64
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
SECONDS = 30


def find_chromium() -> str | None:
    """Return the program that MOPS_CHROMIUM names, or else a Chromium on the PATH."""
    return os.environ.get("MOPS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One page in a browser."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO) -> None:
        self._requests = requests
        self._replies = replies
        self._number = 0
        self._session: str | None = None
        target = self.tell("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.tell("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def tell(self, method: str, **values: Any) -> Any:
        """Give an order and return its result."""
        self._number += 1
        order = {"id": self._number, "method": method, "params": values}
        if self._session:
            order["sessionId"] = self._session
        self._requests.write(json.dumps(order).encode() + b"\0")
        self._requests.flush()
        while True:
            reply = json.loads(self._read())
            if reply.get("id") == self._number:
                assert "error" not in reply, reply["error"]
                return reply["result"]

    def _read(self) -> bytes:
        found = bytearray()
        while (byte := self._replies.read(1)) != b"\0":
            assert byte, "the browser is gone"
            found += byte
        return bytes(found)

    def ask(self, script: str) -> Any:
        """Return the value of an expression of JavaScript in the page."""
        result = self.tell("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def show(self, path: Path, width: int, height: int, *, dark: bool = False, paper: bool = False) -> None:
        """Open a file at a size, and wait until it stands."""
        self.tell(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.tell("Emulation.setEmulatedMedia", media="print" if paper else "screen", features=[scheme])
        self.tell("Page.navigate", url=path.as_uri())
        until = time.monotonic() + SECONDS
        while self.ask("document.readyState + location.protocol") != "completefile:":
            assert time.monotonic() < until, "the page does not load"
            time.sleep(0.02)

    def pages(self, width: float, height: float) -> int:
        """Return on how many pages of paper, in inches, the page is printed; show it on paper before."""
        printed = self.tell("Page.printToPDF", paperWidth=width, paperHeight=height)["data"]
        return len(re.findall(rb"/Type\s*/Page\b", base64.b64decode(printed)))

    def screenshot(self) -> bytes:
        """Return what is to be seen, as PNG."""
        return base64.b64decode(self.tell("Page.captureScreenshot", captureBeyondViewport=True)["data"])


@contextmanager
def open_browser(program: str, folder: Path) -> Iterator[Browser]:
    """Start a browser that keeps its files in a folder."""
    asked, ask = os.pipe()
    answered, answer = os.pipe()

    def put_in_place() -> None:
        # The protocol reads from 3 and writes to 4.
        os.dup2(asked, 1000)
        os.dup2(answer, 1001)
        os.dup2(1000, 3)
        os.dup2(1001, 4)

    command = [
        program,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--remote-debugging-pipe",
        f"--user-data-dir={folder / 'profile'}",
    ]
    with (folder / "browser.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, close_fds=False, preexec_fn=put_in_place, start_new_session=True
        )
    os.close(asked)
    os.close(answer)
    with os.fdopen(ask, "wb", buffering=0) as requests, os.fdopen(answered, "rb") as replies:
        try:
            yield Browser(requests, replies)
        finally:
            with suppress(OSError):
                requests.write(b'{"id":0,"method":"Browser.close"}\0')
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
