"""Looking back in the browser: at a step that is shown, all is of that step, and training can go on from there."""

import re

import pytest
from e2e import BUS, LONG, until
from playwright.sync_api import expect

from playground import Run
from playground.questions import answer
from playground.scene import Scene


def in_stage(shown, expression: str):
    """The value of an expression in JavaScript about `stage`, the page's own."""
    stage = f"{BUS}.stages.get('{shown.family}')"
    return shown.page.evaluate(f"async () => {{ const stage = {stage}; return {expression}; }}")


def rewind(shown, share: float = 0.5) -> int:
    """Drag the scrubber to a share of the recording, and wait until the whole picture of that step is there."""
    most = int(shown.page.locator(f"#{shown.family}-scrubber").get_attribute("max"))
    shown.choose(f"#{shown.family}-scrubber", str(round(share * most)))
    until(lambda: in_stage(shown, "stage.shown.whole === true"), why="the picture of the step comes")
    return shown.step


@pytest.fixture
def trained(shown):
    """A page whose run was trained for some hundred steps and paused."""
    shown.open(LONG).train(200)
    shown.pause()
    return shown


def test_at_an_earlier_step_everything_is_of_that_step(trained):
    shown, page = trained, trained.page
    newest = shown.step
    step = rewind(shown)
    assert 0 < step < newest
    assert shown.stage("state") == "rewound"
    assert page.inner_text("#flow-stage .count") == f"step {step:,} of 100,000"
    assert page.inner_text("#flow-now") == f"Back to now: step {newest:,}"

    [handle] = shown.runs()
    run = Run(handle.experiment)
    while run.step < step:
        run.advance()
    scene = Scene(run)

    # What the pointer is told is what a run that was trained to that step would say.
    box = shown.box()
    page.mouse.move(box["x"] + 0.55 * box["width"], box["y"] + 0.4 * box["height"])
    until(lambda: in_stage(shown, "stage.trace !== null"), why="the pointer is answered")
    told = page.inner_text("#flow-stage .pointer")
    t, x, *path = in_stage(
        shown,
        "[stage.trace.here.t, ...[stage.trace.here.x, ...stage.trace.path].map((x) => stage.recording.fromCanvas(x))]",
    )
    expected = answer(scene, {"ask": "trace", "x": x, "t": t})
    assert path[-1] == pytest.approx(expected["path"][-1], abs=1e-3)
    assert path[0] == pytest.approx(expected["path"][0], abs=1e-3)
    assert path[0] != pytest.approx(answer_now(shown, x, t)["path"][0], abs=1e-3), "the newest says another thing"
    assert "Comes from" in told

    # A layer that the recorded frame lacks is that step's, too; so are new samples.
    page.click("#flow-stage [data-layer=field]")
    until(lambda: in_stage(shown, "'field' in stage.shown.layers"), why="the layer comes")
    assert shown.step == step
    before = shown.picture()
    page.click("#flow-redraw")
    shown.wait_for_another_picture(before)
    assert (shown.step, shown.stage("state")) == (step, "rewound")

    page.click("#flow-now")
    shown.wait_for("stage.state === 'paused' && +stage.step === value", newest)
    until(lambda: in_stage(shown, "'field' in stage.shown.layers"), why="the newest step has what is looked at now")
    expect(page.locator("#flow-now")).to_be_hidden()


def answer_now(shown, x: list[float], t: float) -> dict:
    [handle] = shown.runs()
    return handle.ask({"ask": "trace", "x": x, "t": t})


def test_train_from_here_goes_on_at_the_step_that_is_shown(trained):
    shown, page = trained, trained.page
    [source] = shown.runs()
    step = rewind(shown)
    assert page.inner_text("#flow-train") == "Train from here"
    page.click("#flow-train")
    assert shown.stage("state") == "training", "the button answers at once"
    shown.wait_for("+stage.step > value", step)
    until(lambda: shown.runs() and shown.runs()[0] is not source, why="another run has taken the place")
    shown.pause()
    assert len(shown.runs()) == 1
    steps = in_stage(shown, "stage.recording.frames.map(({ step }) => step)")
    assert steps == sorted(steps)
    assert step in steps, "the recording has what was before"
    assert steps[steps.index(step) + 1] < step + 100, "and goes on from there"
    assert in_stage(shown, "stage.lanes.length") == 1
    [fork] = shown.runs()
    run = Run(fork.experiment)
    while run.step < fork.step_count:
        run.advance()
    sample = {"ask": "sample", "n": 20}
    assert fork.ask(sample)["samples"] == answer(Scene(run), sample)["samples"]
    page.focus("#flow-scrubber")
    page.keyboard.press("Home")
    shown.wait_for("stage.state === 'rewound' && stage.step === '0'")


def test_a_run_that_trains_on_is_not_in_the_way(shown):
    page = shown.open(LONG).page
    shown.train(60)
    step = rewind(shown, 0.3)
    seen = page.inner_text("#flow-now")
    until(lambda: page.inner_text("#flow-now") != seen, why="it trains on")
    assert (shown.step, shown.stage("state")) == (step, "rewound")
    assert not re.search("/s", page.inner_text("#flow-stage .count"))
    page.click("#flow-step")  # forward, as the arrow key
    shown.wait_for("+stage.step > value && stage.state === 'rewound'", step)
    page.focus("#flow-scrubber")
    page.keyboard.press("ArrowLeft")
    shown.wait_for("+stage.step === value", step)
    page.click("#flow-now")
    shown.wait_for("stage.state === 'training' && +stage.step > value", step)
    expect(page.locator("#flow-pause")).to_be_visible()
    shown.pause()


def test_a_knob_turned_while_looking_back_shows_in_the_picture_and_in_what_is_trained_from_there(trained):
    shown, page = trained, trained.page
    step = rewind(shown)
    shown.choose("#flow-solver-steps", "3")
    until(lambda: in_stage(shown, "stage.shown.layers.samples.times.length") == 4, why="it is sampled so")
    assert (shown.step, shown.stage("state")) == (step, "rewound")
    shown.choose("#flow-width", "96")
    shown.wait_for("says.textContent.includes('next training')")
    assert page.inner_text("#flow-train") == "Train", "another network can't go on from there"


def test_two_players_go_on_from_an_earlier_step_too(shown):
    page = shown.open("?family=gan&dataset=ring&width=16&depth=2&batch_size=64&steps=100000").page
    shown.train(120)
    shown.pause()
    step = rewind(shown)
    page.click("#gan-train")
    shown.wait_for("stage.state === 'training' && +stage.step > value", step)
    shown.pause()
    assert in_stage(shown, "stage.lanes.length") == 1
