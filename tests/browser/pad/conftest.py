"""The drawing pad in a real browser, on a page that has nothing else."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from scripts.browser import options

ROOT = Path(__file__).parents[3]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(ROOT)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/tests/browser/pad/pad_page.html"
    server.shutdown()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as p:
        browser = p.chromium.launch(**options())
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def desktop(browser):
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def phone(browser):
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True, device_scale_factor=2
    )
    yield context
    context.close()


@pytest.fixture
def open_page(address):
    """A function that opens the page in a context; whatever goes wrong in the page fails the test."""
    pages, errors = [], []

    def open_page(context):
        page = context.new_page()
        pages.append(page)
        page.set_default_timeout(5000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address)
        page.wait_for_selector("#draw-count")
        return page

    yield open_page
    for page in pages:
        page.close()
    assert not errors


@pytest.fixture
def page(open_page, desktop):
    page = open_page(desktop)
    page.set_viewport_size({"width": 1000, "height": 800})
    return page
