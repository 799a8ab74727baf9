"""A real server, a real worker and a real browser, on each engine."""

import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from flask import Flask
from flask_migrate import upgrade
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from akiya import create_app
from akiya.municipalities import service as municipalities
from tests import factories
from tests.conftest import close, empty, settings
from tests.serving import answers, free_port
from tests.waiting import until

BIN = Path(sys.executable).parent
# A machine that is busy with other work may take longer than Playwright's five seconds to receive three photos.
expect.set_options(timeout=30_000)


@dataclass
class Site:
    """A running site: its address, and an application in this process on the same database and storage."""

    url: str
    app: Flask

    def code(self, who: str) -> str:
        """Return a valid confirmation code of a persona, as if none had been used before."""
        with self.app.app_context():
            return factories.code(who)


def picture_when(shown: Locator, right: Callable[[NDArray[np.int16]], bool]) -> NDArray[np.int16]:
    """Return the pixels that are shown, as soon as they are `right`: tiles are drawn one a frame, and faded in."""
    end = time.monotonic() + 60
    while not right(seen := np.asarray(Image.open(io.BytesIO(shown.screenshot())).convert("RGB"), np.int16)):
        assert time.monotonic() < end, "the picture did not become right"
    return seen


@contextmanager
def running(data: Path, database: str) -> Iterator[Site]:
    """Yield a server and a worker on the data folder and the database, and end both afterwards."""
    app = create_app(settings(data, database))
    with app.app_context():
        upgrade(directory=app.extensions["migrate"].directory)
    environment = {
        **os.environ,
        "AKIYA_DATA": str(data),
        "DATABASE_URL": database,
        "SECRET_KEY": "a key for tests only",
    }
    port = free_port()
    process = subprocess.Popen(
        [BIN / "akiya", "serve", "--port", str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(url))
        yield Site(url, app)
    finally:
        close(app)
        process.send_signal(signal.SIGINT)
        process.wait(30)  # the server and the worker may take 12 s each to end


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, make_database) -> Iterator[Callable[[str], Site]]:
    """Yield a function that returns the server of an engine, started when a module first needs it and shared by all."""

    @cache
    def started(engine: str) -> Site:
        return stack.enter_context(running(tmp_path_factory.mktemp(engine), make_database(engine)))

    with ExitStack() as stack:
        yield started


@pytest.fixture(scope="module")
def site(request: pytest.FixtureRequest, servers: Callable[[str], Site]) -> Site:
    """Return the server of an engine with the four personas and a home to let, without the rows of other modules."""
    served = servers(request.param)
    with served.app.app_context():
        empty()
        municipalities.ensure_prefecture("熊本県")
        people = factories.people()
        factories.listing(people["sora"], factories.B, number="借家1", is_sale=False, is_rent=True, rent=30_000)
    return served


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    arguments = [
        "--no-sandbox",
        "--use-angle=swiftshader",
        "--enable-unsafe-swiftshader",
        "--disable-background-networking",
        # Without a graphics card the CPU draws pages directly; only a tour's WebGL needs SwiftShader.
        "--disable-gpu-compositing",
        "--disable-gpu-rasterization",
    ]
    with sync_playwright() as playwright:
        program = shutil.which("chromium-headless-shell") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Yield a page, and fail if its console shows an error or a violation of the policy, or a dialog opens."""
    width = getattr(request, "param", 1280)
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="ja-JP")
    opened = context.new_page()
    heard: list[str] = []
    opened.on("console", lambda message: heard.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: heard.append(str(error)))
    opened.on("dialog", lambda dialog: (heard.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield opened
    context.close()
    # A form that is sent back with its errors answers 400; a test cuts tiles off.
    noise = (
        "GPU stall",
        "WebGL",
        "GL Driver",
        "swiftshader",
        "status of 400",
        "status of 401",
        "net::ERR_INTERNET_DISCONNECTED",
    )
    assert not [text for text in heard if not any(word in text for word in noise)]
