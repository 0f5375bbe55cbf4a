"""The whole way through, in a real browser: open, train, pause, step, begin again; nothing leaves the machine."""

from urllib.parse import urlparse

import pytest
from e2e import serve
from playwright.sync_api import sync_playwright

from scripts import browser as system

STAGE = "(document.querySelector('#flow-stage')?.dataset ?? {})"
PATIENCE = 60_000


@pytest.fixture
def page():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**system.options())
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(PATIENCE)
        page.errors, page.strangers = [], []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on("request", lambda request: page.strangers.append(request.url) if leaves(request.url) else None)
        yield page
        browser.close()


def leaves(url: str) -> bool:
    where = urlparse(url)
    return where.scheme not in ("data", "blob") and where.hostname != "127.0.0.1"


def wait_for(page, condition: str) -> None:
    page.wait_for_function(f"() => {{ const stage = {STAGE}; return {condition}; }}")


def step(page) -> int:
    return int(page.evaluate(f"{STAGE}.step"))


def test_a_visitor_trains_a_flow(page):
    page.goto(serve().url)
    wait_for(page, "+stage.frames > 0 && stage.state === 'done'")
    page.click("#flow-train")
    wait_for(page, "stage.state === 'training' && +stage.step > 0 && +stage.step < 4000")
    page.click("#flow-pause")
    wait_for(page, "stage.state === 'paused'")
    paused = step(page)
    page.click("#flow-step")
    wait_for(page, f"stage.state === 'paused' && +stage.step === {paused + 10}")
    page.click("#flow-reset")
    wait_for(page, "stage.state === 'paused' && stage.step === '0'")
    assert not page.errors
    assert not page.strangers


def test_a_damaged_link_gets_a_sentence_and_the_page_goes_on(page):
    page.goto(serve().url + "?family=flow&dataset=two_moons&width=100000")
    page.wait_for_function("document.querySelector('.says')?.textContent.includes('Width')")
    page.click("#dataset [data-set=ring]")
    wait_for(page, "stage.state === 'paused' && stage.step === '0'")
    assert not page.errors
