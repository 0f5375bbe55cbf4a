"""The page's data: sets and their settings, the drawing pad, uploads; and what the link keeps of it."""

import io

import numpy as np
import pytest
from e2e import LONG, SHORT, until
from PIL import Image

from playground.experiment import Experiment


def place(shown, x: float, y: float) -> tuple[float, float]:
    """Where a point of the square is on the screen, while the pad is open."""
    box = shown.box("#draw-canvas")
    return box["x"] + (x + 4) / 8 * box["width"], box["y"] + (4 - y) / 8 * box["height"]


def draw(shown, *strokes: list[tuple[float, float]]) -> None:
    mouse = shown.page.mouse
    for stroke in strokes:
        mouse.move(*place(shown, *stroke[0]))
        mouse.down()
        for corner in stroke[1:]:
            mouse.move(*place(shown, *corner), steps=6)
        mouse.up()


def points(shown) -> np.ndarray:
    """What the link holds of a drawing."""
    return np.array(Experiment.from_query(shown.link()).dataset.points)


def trained(shown) -> np.ndarray:
    """What the visitor's run learns, if it is points."""
    return next((np.array(getattr(run.experiment.dataset, "points", [])) for run in shown.runs()), np.array([]))


def test_choosing_a_set_begins_anew(shown):
    page = shown.open(SHORT).page
    page.click("#flow-step")
    shown.wait_for("stage.step === '10'")
    before = shown.picture()
    page.click("#dataset [data-set=ring]")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    shown.wait_for_another_picture(before)
    shown.wait_for_link(dataset="ring", steps="300", width="32")
    assert page.locator("#dataset [aria-checked=true]").get_attribute("data-set") == "ring"
    [run] = shown.runs()
    assert run.experiment.dataset.name == "ring"


def test_a_set_s_settings_are_in_the_link(shown):
    page = shown.open(SHORT).page
    before = shown.picture()
    shown.choose("#data-noise", "0.3")
    until(lambda: (page.evaluate("1"), "data.noise" in shown.link())[1], why="the link has it")
    noise = float(shown.link()["data.noise"])
    assert noise == pytest.approx(0.3, abs=0.005), "a slider has steps"
    shown.wait_for_another_picture(before)
    until(lambda: [run.experiment.dataset.settings["noise"] for run in shown.runs()] == [noise], why="the run too")


def test_a_drawing_survives_a_reload(shown):
    page = shown.open(SHORT).page
    page.click("#draw")
    page.wait_for_selector("#draw-pad")
    draw(shown, [(-2, -1), (2, -1)], [(0, 2), (0.5, 2)])
    shown.wait_for_link(dataset=None)
    page.click("#draw-done")
    assert page.locator("#draw-pad").count() == 0
    until(
        lambda: (page.evaluate("1"), np.array_equal(trained(shown), points(shown)) and (points(shown)[:, 1] > 1).any())[
            1
        ],
        why="what is trained is what is in the link, both strokes of it",
    )
    drawn = points(shown)
    assert len(drawn) > 20
    assert np.ptp(drawn[:, 0]) > 3.6, "from left to right"

    page.reload()
    shown.wait_for("stage.state === 'paused' && stage.step === '0' && stage.frames >= 1")
    assert np.array_equal(points(shown), drawn)
    assert page.locator("#dataset [aria-checked=true]").get_attribute("id") == "draw"
    assert page.locator("label:has(#flow-steps) output").inner_text() == "300"
    until(lambda: np.array_equal(trained(shown), drawn), why="a run of it")
    page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    page.click("#draw")  # and one can draw on
    page.wait_for_selector("#draw-pad")
    draw(shown, [(1, 0), (1, 1)])
    until(lambda: (page.evaluate("1"), len(points(shown)))[1] > len(drawn), why="the link has more points")
    assert np.array_equal(points(shown)[: len(drawn)], drawn)


def test_a_smiley_is_drawn_and_trained(shown):
    page = shown.open().page
    page.click("#draw")
    page.wait_for_selector("#draw-pad")
    draw(shown, [(-1, 1), (-1, 1.2)], [(1, 1), (1, 1.2)], [(-1.5, -0.5), (-0.5, -1.3), (0.5, -1.3), (1.5, -0.5)])
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    page.click("#flow-train")
    shown.wait_for("stage.state === 'training' && +stage.step > 0")
    assert page.locator("#draw-pad").count() == 0, "who trains wants to see it"
    [run] = shown.runs()
    assert run.experiment.dataset.on_canvas
    shown.pause()


def test_a_set_can_be_chosen_while_the_pad_is_open(shown):
    page = shown.open().page
    page.click("#draw")
    page.wait_for_selector("#draw-pad")
    page.click("#dataset [data-set=ring]")
    shown.wait_for_link(dataset="ring")
    assert page.locator("#draw-pad").count() == 0
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")


def test_training_on_an_empty_drawing_says_so(shown):
    page = shown.open(SHORT).page
    page.click("#draw")
    page.wait_for_selector("#draw-pad")
    draw(shown, [(-2, -1), (2, -1)])
    shown.wait_for_link(dataset=None)
    page.click("#draw-clear")
    page.click("#flow-train")
    shown.wait_for("!says.hidden && says.textContent === 'Draw at least two points in different places.'")
    page.click("#dataset [data-set=ring]")
    shown.wait_for_link(dataset="ring")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")


def test_a_pad_that_is_left_empty_changes_nothing(shown):
    page = shown.open(SHORT).page
    page.click("#draw")
    page.wait_for_selector("#draw-pad")
    page.click("#draw-done")
    assert page.locator("#dataset [aria-checked=true]").get_attribute("data-set") == "two_moons"
    page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    assert [run.experiment.dataset.name for run in shown.runs()] == ["two_moons"]


def picture() -> bytes:
    drawn = Image.new("L", (64, 64), 255)
    drawn.paste(0, (10, 10, 50, 20))
    file = io.BytesIO()
    drawn.save(file, "PNG")
    return file.getvalue()


def upload(shown, name: str, content: bytes) -> None:
    with shown.page.expect_file_chooser() as chooser:
        shown.page.click("#upload")
    kind = "image/png" if name.endswith(".png") else "application/octet-stream"
    chooser.value.set_files({"name": name, "mimeType": kind, "buffer": content})


def test_points_are_uploaded(shown):
    page = shown.open(SHORT).page
    before = shown.picture()
    upload(shown, "points.csv", b"x,y,class\n" + b"".join(b"%d,%d,%d\n" % (i, 100 * i, i % 2) for i in range(50)))
    page.get_by_text("Read 50 points in 2 classes.").first.wait_for()
    shown.wait_for_another_picture(before)
    until(
        lambda: shown.runs() and hasattr(shown.runs()[0].experiment.dataset, "points"), why="a run of the file's points"
    )
    dataset = shown.runs()[0].experiment.dataset
    assert dataset.points[49].tolist() == [49, 4900], "in their own coordinates"
    assert not dataset.on_canvas
    page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    assert shown.runs()[0].experiment.dataset == dataset


def test_a_picture_is_uploaded(shown):
    page = shown.open(SHORT).page
    upload(shown, "picture.png", picture())
    page.get_by_text("Read 4,000 points from the picture.").first.wait_for()
    until(
        lambda: shown.runs() and hasattr(shown.runs()[0].experiment.dataset, "points"),
        why="a run of the picture's points",
    )
    points = shown.runs()[0].experiment.dataset.points
    assert np.ptp(points[:, 0]) > 3 * np.ptp(points[:, 1]), "a bar lies"


def test_a_file_stays_in_its_tile_and_its_axes_can_be_scaled(shown):
    """Points in a flat strip: what is shown, trained and linked is then each axis from −1 to 1."""
    page = shown.open(SHORT).page
    content = b"".join(b"%d,%f\n" % (i, (i % 7) / 10) for i in range(50))
    upload(shown, "points.csv", content)

    def points() -> list:
        page.evaluate("1")
        drawn = [run.experiment.dataset for run in shown.runs() if hasattr(run.experiment.dataset, "points")]
        return drawn[-1].points.tolist() if drawn else [[0, 0]]

    until(lambda: points()[-1][0] == 49, why="the points are there")
    page.check("#upload-apart")
    until(lambda: points()[-1] == [1, -1], why="each axis from −1 to 1")
    page.click("#dataset [data-set=ring]")
    shown.wait_for_link(dataset="ring")
    assert not page.locator("#upload-apart").count()
    page.click("#upload")
    shown.wait_for_link(dataset=None)
    assert page.is_checked("#upload-apart")
    assert page.get_attribute("#upload", "aria-checked") == "true"
    page.uncheck("#upload-apart")
    until(lambda: points()[-1][0] == 49, why="as in the file")


def test_a_file_can_be_dropped_on_the_rail(shown):
    page = shown.open(SHORT).page
    page.evaluate(
        """() => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File(["0,1\\n2,3\\n4,4\\n"], "points.csv"));
            for (const type of ["dragover", "drop"]) {
                const dropped = new DragEvent(type, { dataTransfer, bubbles: true });
                document.querySelector("#dataset").dispatchEvent(dropped);
            }
        }"""
    )
    page.get_by_text("Read 3 points.").first.wait_for()
    shown.wait_for_link(dataset=None)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("one.csv", b"1,2\n", "The file needs at least two points in different places."),
        ("text.npy", b"no array", "This is not a NumPy array file, or it is damaged."),
    ],
)
def test_a_bad_upload_says_so(shown, name, content, sentence):
    page = shown.open(SHORT).page
    upload(shown, name, content)
    page.get_by_text(sentence).first.wait_for()
    assert (shown.stage("state"), shown.step) == ("paused", 0)
    assert shown.link()["dataset"] == "two_moons"
    upload(shown, "points.csv", b"1,2\n3,4\n")  # the button still works
    page.get_by_text("Read 2 points.").first.wait_for()


def test_a_set_chosen_while_it_trains_ends_the_training(shown):
    shown.open(LONG)
    shown.train()
    shown.page.click("#dataset [data-set=ring]")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    shown.page.wait_for_timeout(300)
    assert (shown.stage("state"), shown.step) == ("paused", 0), "no late frame of the old run comes through"
    assert [run.experiment.dataset.name for run in shown.runs()] == ["ring"]


def draws(shown) -> None:
    shown.page.click("#draw")
    shown.page.wait_for_selector("#draw-pad")
    draw(shown, [(-2, -1), (2, -1)])
    shown.wait_for_link(dataset=None)
    shown.page.click("#draw-done")


def test_a_drawing_is_sent_once_and_then_its_hash(shown):
    page = shown.open(SHORT).page
    sent: list[str] = []
    page.on("request", lambda request: request.post_data and sent.append(request.post_data))
    draws(shown)
    until(lambda: (page.evaluate("1"), np.array_equal(trained(shown), points(shown)))[1], why="a run of the drawing")
    assert len([text for text in sent if "on_canvas" in text]) == 1
    sent.clear()
    shown.choose("#flow-learning-rate", "100")
    until(lambda: (page.evaluate("1"), "learning_rate" in shown.link())[1], why="the link has the setting")
    assert len(points(shown)) > 10, "and the drawing"
    assert max(map(len, sent)) < 4_000
    assert any("hash" in text for text in sent)


@pytest.mark.parametrize("lies", [1, 2], ids=["once", "twice"])
def test_a_drawing_that_the_server_has_put_away_is_sent_again(shown, lies):
    page = shown.open(SHORT).page
    sent: list[str] = []

    def keeps(route) -> None:
        sent.append(route.request.post_data)
        route.fulfill(json={"hash": "0" * 64}) if len(sent) <= lies else route.continue_()

    page.route("**/playground/data", keeps)
    draws(shown)
    until(lambda: (page.evaluate("1"), np.array_equal(trained(shown), points(shown)))[1], why="a run of the drawing")
    assert sent == [sent[0]] * 2
    page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    assert np.array_equal(trained(shown), points(shown))
