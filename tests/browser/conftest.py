"""The page in real Chromium: a fresh visitor for each test, and whatever goes wrong in the page fails it."""

from collections.abc import Callable, Iterator
from urllib.parse import parse_qsl, urlparse

import pytest
from e2e import PATIENCE, App, serve, until
from hosts import framing
from playwright.sync_api import TimeoutError

from playground.families import FAMILIES
from scripts.browser import options

PICTURE = """() => {
    const canvas = document.querySelector("#%s-stage .plot canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let painted = 0, sum = 0;
    for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] > 0) painted += 1;
        sum = (Math.imul(sum, 31) + data[i] + (data[i + 1] << 8) + (data[i + 2] << 16) + data[i + 3]) | 0;
    }
    return { painted: painted / (data.length / 4), sum };
}"""

STILL = """async () => {
    const look = %s, frame = () => new Promise(requestAnimationFrame);
    let now = look();
    for (let still = 0, frames = 0; still < 5 && frames < 40; frames++) {
        await frame();
        const next = look();
        still = next.sum === now.sum ? still + 1 : 0;
        now = next;
    }
    return now;
}"""

PAINTED = """(part) => {
    const canvas = document.querySelector(part);
    if (!canvas?.width) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value > 0);
}"""

REST = """async (part) => {
    const where = () => {
        const { x, y, width, height } = document.querySelector(part).getBoundingClientRect();
        return [x, y, width, height].join();
    };
    for (let before = "", still = 0; still < 5; ) {
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 30)));
        const now = where();
        still = now === before ? still + 1 : 0;
        before = now;
    }
}"""


class Shown:
    """A page that a visitor has open, and how it is used."""

    def __init__(self, page, app: App):
        self.page = page
        self.app = app
        self.address = ""  # where the app is reached, if not at its own address
        self.errors: list[str] = []
        self.console: list[str] = []
        self.strangers: list[str] = []
        self.asked: list[str] = []
        self.sessions: set[str] = set()
        self.family = "flow"  # whose tab is open
        page.set_default_timeout(1000 * PATIENCE)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.console.append(said.text))
        page.on("request", self._requested)

    def _requested(self, request) -> None:
        where = urlparse(request.url)
        if where.scheme not in ("data", "blob") and where.hostname != "127.0.0.1":
            self.strangers.append(request.url)
        self.asked.append(request.url)
        if "queue/join" in request.url and request.post_data_json:
            self.sessions.add(request.post_data_json["session_hash"])

    def open(self, query: str = "") -> "Shown":
        """Go there, and wait for the first picture: of the shipped model, or of what the link asks for."""
        self.family = dict(parse_qsl(query[1:])).get("family", "flow")
        self.page.goto((self.address or self.app.url) + query)
        self.wait_for("stage.frames >= 1")
        if query:
            self.wait_for("stage.state === 'paused' && stage.step === '0'")
        else:
            self.wait_for("stage.state === 'done'")
        for part in ("#draw", f"#{self.family}-steps"):  # the parts load in any order
            self.page.wait_for_selector(part, state="attached")
        return self

    def tab(self, family: str) -> None:
        """Open a family's tab, and wait for its picture."""
        self.page.click(f"button[role=tab]:text-is('{FAMILIES[family].title}')")
        self.family = family
        self.wait_for("stage.frames >= 1 && stage.state !== 'idle'")

    def questions(self) -> int:
        """How often the page asked the server for anything so far."""
        return len([url for url in self.asked if "queue/join" in url or "playground/ask" in url])

    def wait_for_chart(self, name: str) -> None:
        """Wait until the card of a quantity has painted its line."""
        self.page.wait_for_function(PAINTED, arg=f"#{self.family}-readouts [data-chart={name}] canvas")

    def unfold(self) -> None:
        """Open the analyses, and wait until they are laid out."""
        self.page.click(f"#{self.family}-charts summary")
        self.page.wait_for_selector(f"#{self.family}-charts[open] .figures")

    # The Stage.

    def stage(self, name: str) -> str:
        return self.page.locator(f"#{self.family}-stage").get_attribute(f"data-{name}")

    @property
    def step(self) -> int:
        return int(self.stage("step"))

    @property
    def frames(self) -> int:
        return int(self.stage("frames"))

    def wait_for(self, condition: str, value=None) -> None:
        """Wait for a condition in JavaScript on `stage`, the Stage's data-…, `says`, its sentence, and `value`."""
        try:
            self.page.wait_for_function(
                f"""(value) => {{
                    const root = document.querySelector("#{self.family}-stage");
                    if (!root) return false;
                    const stage = root.dataset, says = root.querySelector(".says");
                    return {condition};
                }}""",
                arg=value,
            )
        except TimeoutError:
            found = self.page.evaluate(f"({{...document.querySelector('#{self.family}-stage')?.dataset}})")
            raise AssertionError(f"not so: {condition} (value {value}); the Stage has {found}") from None

    def train(self, least: int = 1) -> None:
        """Press Train, or Resume, and wait until it trains."""
        before = self.step if self.stage("state") == "paused" else 0
        self.page.click(f"#{self.family}-train")
        self.wait_for("stage.state === 'training' && +stage.step >= value", before + least)

    def pause(self) -> int:
        self.page.click(f"#{self.family}-pause")
        self.wait_for("stage.state === 'paused'")
        return self.step

    def box(self, part: str = "") -> dict[str, float]:
        """Where a part of the page is on the screen, the Stage's picture unless another is named, as soon as it stands
        still: what comes late moves it, and on a busy machine it comes between the looking and the pointing."""
        part = part or f"#{self.family}-stage .plot canvas"
        self.page.evaluate(REST, part)
        return self.page.locator(part).bounding_box()

    def picture(self) -> dict:
        """The picture as soon as it stands still, or of a moment while it moves: what a frame brings is painted after
        the page has said that it is there."""
        return self.page.evaluate(STILL % (PICTURE % self.family))

    def wait_for_another_picture(self, before: dict) -> dict:
        self.page.wait_for_function(f"(before) => ({PICTURE % self.family})().sum !== before.sum", arg=before)
        return self.picture()

    def says(self) -> str:
        return self.page.locator(f"#{self.family}-stage .says").inner_text()

    def choose(self, selector: str, value: str) -> None:
        """Drag a slider there and let go."""
        self.page.locator(selector).evaluate(
            """(slider, value) => {
                slider.value = value;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                slider.dispatchEvent(new Event("change", { bubbles: true }));
            }""",
            value,
        )

    # The link.

    def link(self) -> dict[str, str]:
        return dict(parse_qsl(urlparse(self.page.url).query))

    def wait_for_link(self, **wanted: str | None) -> None:
        until(
            lambda: (
                self.page.evaluate("1"),
                all(self.link().get(n.replace("__", ".")) == v for n, v in wanted.items()),
            )[1],
            why=f"the link says {wanted}",
        )

    def runs(self):
        """Of all sessions of this page: a page that is loaded again is the same visitor only if it comes back."""
        return [run for session in sorted(self.sessions) for run in self.app.runs(session)]


@pytest.fixture(scope="session")
def app() -> App:
    return serve()


# For a module: the drawing pad's tests bring a browser of their own, and Playwright runs once in a thread.
@pytest.fixture(scope="module")
def chromium(app):
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(**options())
        yield browser
        browser.close()


@pytest.fixture
def new_page(app, chromium) -> Iterator[Callable[..., Shown]]:
    """Makes pages, each a visitor's with a browser of its own: new_page(**settings of the browser's context)."""
    pages: list[Shown] = []

    def make(**context) -> Shown:
        context = {"viewport": {"width": 1280, "height": 900}} | context
        pages.append(Shown(chromium.new_context(**context).new_page(), app))
        return pages[-1]

    yield make
    for shown in pages:
        if not shown.page.is_closed():
            shown.page.context.close()
        for session in shown.sessions:
            app.engine.leave(session)
    for shown in pages:
        assert not shown.errors, "errors in the page"
        assert not shown.strangers, "requests that leave the machine"


@pytest.fixture
def shown(new_page) -> Shown:
    """A page that was not opened yet."""
    return new_page()


NO_STORAGE = """if (window !== top) for (const name of ["localStorage", "sessionStorage", "indexedDB", "caches"])
    Object.defineProperty(window, name, { get() { throw new DOMException("Access is denied.", "SecurityError"); } });"""
"""What Chromium does in frames of other sites when third parties may keep nothing. Without windows it has no such
setting."""


@pytest.fixture
def framed(app, chromium) -> Iterator[Shown]:
    """The page in a frame of another site, in a browser that gives frames of other sites no storage."""
    context = chromium.new_context()
    context.add_init_script(NO_STORAGE)
    try:
        with framing(f"{app.url}?steps=100000") as address:  # which no test waits for
            outer = context.new_page()
            shown = Shown(outer, app)
            outer.goto(address)
            [shown.page] = outer.main_frame.child_frames
            shown.wait_for("stage.state === 'paused' && stage.frames >= 1")
            yield shown
            for session in shown.sessions:
                app.engine.leave(session)
            assert not shown.errors, "errors in the page"
    finally:
        context.close()
