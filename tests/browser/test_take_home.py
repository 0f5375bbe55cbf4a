"""What is taken home, and opened there: by Pillow, by NumPy, and by a browser without a network."""

import base64

import numpy as np
import pytest
from e2e import PHONE, SHORT, until
from PIL import Image

MODULES = """(await import(document.querySelector("script[src$='/page.js']").src)).modules"""

STAGE = f"""const modules = {MODULES}, stage = modules["page/bus.js"].openStage();"""

SUM = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.reduce((sum, value) => (Math.imul(sum, 31) + value) | 0, 0);
}"""

PAINTED = f"""async (step) => {{
    {STAGE}
    const canvas = document.createElement("canvas"), {{ width, height }} = stage.screen.canvas;
    Object.assign(canvas, {{ width, height }});
    const picture = stage.pictureOf(stage.recording.frames.find((frame) => frame.step === step));
    modules["paint/paint.js"].paint(canvas, picture, stage.clock.time, modules["page/palette.js"].palette());
    return ({SUM})(canvas);
}}"""

PLAYS = """async (bytes) => {
    const video = document.createElement("video");
    video.src = `data:video/webm;base64,${bytes}`;
    await new Promise((ready, fails) => Object.assign(video, { oncanplay: ready, onerror: fails }));
    video.currentTime = video.duration / 2;
    await new Promise((done) => { video.onseeked = done; });
    return [video.duration, video.videoWidth, video.videoHeight];
}"""


@pytest.fixture
def trained(new_page):
    shown = new_page(viewport={"width": 1280, "height": 800}).open(SHORT.replace("300", "2000"))  # some pictures long
    shown.page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    shown.page.mouse.move(0, 0)
    return shown


def take(shown, tmp_path, thing: str, **chosen: str):
    """Save it from the dialog, as chosen there. Returns the file."""
    page = shown.page
    page.click(f".take-home [data-thing={thing}]")
    for field, value in chosen.items():
        part = page.locator(f".take-home [name={field}]")
        part.fill(value) if field == "number" else part.select_option(value)
    with page.expect_download() as download:
        page.click(".take-home .go")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    page.wait_for_selector(f".take-home output:has-text('Saved {path.name}')")
    return path


def test_films_and_numbers_are_what_was_seen(trained, tmp_path):
    page = trained.page
    frames = page.evaluate(f"async () => {{ {STAGE} return stage.recording.frames.length; }}")
    page.click("#flow-take")
    gif = take(trained, tmp_path, "training", format="gif", size="Small")
    assert gif.name == "flow-two-moons-training.gif"
    with Image.open(gif) as film:
        assert film.n_frames == min(frames, 100)
        assert film.size[0] == 360
        looks = []
        for i in (0, film.n_frames - 1):
            film.seek(i)
            looks.append(np.asarray(film.convert("RGB"), dtype=int))
    assert np.abs(looks[0] - looks[1]).max(axis=2).mean() > 2, "it moves"
    webm = take(trained, tmp_path, "time", format="webm", size="Small")
    duration, width, height = page.evaluate(PLAYS, base64.b64encode(webm.read_bytes()).decode())
    assert duration == pytest.approx(99 * 0.05 + 1.5, abs=0.1)
    assert [width, height] == [looks[0].shape[1], looks[0].shape[0]]
    page.keyboard.press("Escape")
    page.locator("#flow-scrubber").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    trained.wait_for("stage.state === 'rewound' && +stage.step > 0")
    page.click("#file summary")
    page.click("#take-home")
    csv = take(trained, tmp_path, "samples", format="csv", number="50")
    names, *rows = csv.read_text().splitlines()
    asked = f'async () => {{ {STAGE} return modules["page/asking.js"].ask(stage, {{ ask: "sample", n: 50 }}); }}'
    assert names == "x,y"
    found = np.array([row.split(",") for row in rows], dtype=float)
    assert np.allclose(found, page.evaluate(asked)["samples"], atol=1e-5), "of the step that is shown"
    page.fill(".take-home [name=number]", "10001")
    page.click(".take-home .go")
    assert page.locator(".take-home :invalid[name=number]").count() == 1


def test_a_player_shows_the_same_without_a_network(trained, chromium, tmp_path):
    page = trained.page
    page.click("#flow-take")
    html = take(trained, tmp_path, "player")
    assert html.stat().st_size <= 1_500_000
    first, last = (page.evaluate(PAINTED, step) for step in (0, 2000))
    assert last == page.locator("#flow-stage canvas").first.evaluate(SUM)
    width, height = page.evaluate(
        f"async () => {{ {STAGE} return [stage.plot.clientWidth, stage.plot.clientHeight]; }}"
    )
    context = chromium.new_context(viewport={"width": width + 34, "height": height + 400}, offline=True)
    player, asked, wrong = context.new_page(), [], []
    player.on("request", lambda request: asked.append(request.url))
    player.on("console", lambda said: said.type == "error" and wrong.append(said.text))
    player.on("pageerror", lambda error: wrong.append(str(error)))
    player.goto(html.as_uri())
    main, picture = player.locator("main"), player.locator(".plot canvas")

    def at(step: int) -> None:  # its policy allows no code of Playwright's that waits
        until(lambda: main.get_attribute("data-step") == str(step))

    def shows(painted: int) -> None:
        until(lambda: picture.evaluate(SUM) == painted)

    at(2000)
    shows(last)
    player.locator("#training input").focus()
    player.keyboard.press("Home")
    at(0)
    shows(first)
    player.keyboard.press("ArrowRight")
    until(lambda: main.get_attribute("data-step") != "0")
    second = page.evaluate(PAINTED, int(main.get_attribute("data-step")))  # of a long training, some are left out
    assert second not in (first, last)
    shows(second)
    assert player.locator("#clock input").is_disabled(), "while it trains, one time is recorded"
    player.click("#training button")
    at(2000)
    player.locator("#clock input").focus()
    player.keyboard.press("Home")
    player.wait_for_selector("#clock .count:text('t = 0.00')")
    until(lambda: picture.evaluate(SUM) not in (first, second, last))
    player.click("[data-layer=samples]")
    player.click("[data-layout=journey]")
    player.wait_for_selector("#clock .count:text('t = 0.00')")
    context.close()
    assert asked == [html.as_uri()]
    assert not wrong


def test_the_dialog_fits_on_a_phone_and_says_what_is_not_there(new_page):
    phone = new_page(**PHONE).open("?family=gan")
    phone.page.tap("#gan-take")
    said = phone.page.locator(".take-home .sub")
    for thing, sentence in (("training", "Train first"), ("time", "in one step")):
        phone.page.tap(f"[data-thing={thing}]")
        assert sentence in said.inner_text()
        assert phone.page.locator(".take-home .go").is_disabled()
    phone.page.keyboard.press("ArrowRight")
    assert "one page" in said.inner_text(), "the player is chosen by an arrow"
    box = phone.box(".take-home")
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    phone.page.keyboard.press("Escape")
    phone.page.wait_for_selector(".take-home", state="detached")
