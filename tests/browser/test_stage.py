"""The Stage while and after a model trains: its picture, its layers, its time, and what is pointed at."""

import pytest
from e2e import LONG, SHORT, until

from playground.training.checkpoints import SHIPPED

# Drag a slider from its first to its last value, one a frame: as a hand does, and however busy the test's process is.
DRAG = """async (selector) => {
    const slider = document.querySelector(selector), say = (event) =>
        slider.dispatchEvent(new Event(event, { bubbles: true }));
    for (slider.value = 0; ; slider.value++) {
        say("input");
        await new Promise(requestAnimationFrame);
        if (slider.value === slider.max) break;
    }
    say("change");
    return +slider.max;
}"""


def test_the_picture_changes_while_it_trains(shown):
    shown.open(LONG)
    before = shown.picture()
    assert before["painted"] > 0.01
    shown.train(20)
    during = shown.wait_for_another_picture(before)
    later = shown.wait_for_another_picture(during)
    assert later["painted"] > 0.01
    shown.pause()


@pytest.mark.parametrize("state", ["done", "training"])
def test_each_layer_can_be_switched(shown, state):
    page = shown.open("" if state == "done" else LONG).page
    if state == "training":
        shown.train()
    chips = page.locator("#flow-stage [data-layer]:visible")
    names = {chip.get_attribute("data-layer"): chip.inner_text().strip() for chip in chips.all()}
    assert set(names.values()) == {
        *("Field", "Speed", "Exact field", "Paths", "Samples", "Data"),
        *("Model density", "True density"),
        *("Pairs", "Conditional velocities", "Chosen class", "Solver steps"),
    }
    if state == "training":  # the picture moves by itself; what the frames bring tells
        page.click("#flow-stage [data-layer=field]")
        page.click("#flow-stage [data-layer=paths]")
        [run] = shown.runs()
        until(lambda: '"field":{' in run.frame and '"paths":{' not in run.frame, why="frames bring what is looked at")
        return
    for name in ("exact", "samples", "density"):  # of lines, of points, and one that takes long
        chip = page.locator(f"#flow-stage [data-layer={name}]")
        pressed = chip.get_attribute("aria-pressed")
        before = shown.picture()
        chip.click()
        other = shown.wait_for_another_picture(before)
        assert chip.get_attribute("aria-pressed") != pressed
        chip.click()
        shown.page.wait_for_function("document.querySelector('#flow-stage .plot canvas')")
        shown.wait_for_another_picture(other)
        assert shown.picture() == before, f"{name} comes back as it was"


def test_the_journey_and_the_time(shown):
    page = shown.open().page
    asked = shown.questions()
    place = shown.picture()
    page.click("#flow-stage [data-layout=journey]")
    journey = shown.wait_for_another_picture(place)
    assert 0 < float(page.input_value("#flow-time")) < 1, "the samples are on their way"
    shown.choose("#flow-time", "0")
    noise = shown.wait_for_another_picture(journey)
    assert page.locator("#flow-stage .clock .now").inner_text() == "t = 0.00"

    page.click("#flow-stage .play")
    seen = page.evaluate(
        """() => new Promise((resolve) => {
            const time = document.querySelector("#flow-time"), seen = [+time.value];
            const look = () => {
                if (+time.value !== seen[seen.length - 1]) seen.push(+time.value);
                +time.value === 1 ? resolve(seen) : requestAnimationFrame(look);
            };
            look();
        })"""
    )
    assert seen == sorted(seen)
    assert (seen[0] < 0.2, seen[-1]) == (True, 1)
    assert len(seen) > 10, "it moves, it doesn't jump"
    assert shown.wait_for_another_picture(noise)
    page.click("#flow-stage [data-layout=overlay]")
    assert shown.questions() == asked, "all of it with the frames that the page has"


def test_rewinding_the_training(shown):
    page = shown.open(SHORT).page
    page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    end = shown.picture()
    shown.choose("#flow-scrubber", "0")
    shown.wait_for("stage.step === '0'")
    begin = shown.wait_for_another_picture(end)
    page.focus("#flow-scrubber")
    page.keyboard.press("ArrowRight")
    shown.wait_for("+stage.step > 0 && +stage.step < 300")
    page.keyboard.press("End")
    shown.wait_for("stage.step === '300'")
    shown.wait_for_another_picture(begin)
    assert shown.picture() == end
    asked = shown.questions()
    frames = sum(page.evaluate(DRAG, "#flow-scrubber") for _ in range(4))  # a busy machine records few in a training
    assert frames > 12
    assert shown.questions() - asked < frames / 3, "with the frames that the page has; it asks where it comes to rest"


def test_hovering_says_where_a_point_comes_from_and_goes(shown):
    page = shown.open().page
    box = shown.box()
    page.mouse.move(box["x"] + box["width"] / 2 + 30, box["y"] + box["height"] / 2 - 20, steps=4)
    page.wait_for_function(
        "/Comes from \\(.*\\), goes to \\(.*\\)/.test(document.querySelector('#flow-stage .pointer').textContent)"
    )
    assert "speed" in page.locator("#flow-stage .pointer").inner_text()
    before = shown.picture()
    page.mouse.move(5, 5)
    page.wait_for_selector("#flow-stage .pointer", state="hidden")
    shown.wait_for_another_picture(before)  # the path that was pointed out is gone
    assert shown.step == SHIPPED["flow"].steps, "asking changes nothing"
