"""Training on the page: the buttons, the keys, the knobs, the picture; and what happens around it."""

import os
import signal

from e2e import LONG, SHORT, SMALL, until

from playground.training.checkpoints import SHIPPED


def test_train_pause_go_on_step_reset(shown):
    page = shown.open(LONG).page
    frames = shown.frames
    page.click("#flow-train")
    assert shown.stage("state") == "training", "the button answers at once"
    shown.wait_for("+stage.step >= 30")
    assert shown.frames > frames
    assert page.locator("#flow-train").is_hidden()
    assert page.locator("#flow-step").is_disabled()
    paused = shown.pause()
    [run] = shown.runs()
    assert (run.state, run.step_count) == ("paused", paused)
    page.wait_for_timeout(300)
    assert shown.step == run.step_count == paused, "nothing trains on"

    assert page.locator("#flow-train").inner_text() == "Resume"
    shown.train()
    paused = shown.pause()
    assert shown.runs() == [run], "it is the same run"

    for size in (10, 1):
        page.select_option("#flow-step-size", str(size))
        page.click("#flow-step")
        shown.wait_for("stage.state === 'paused' && +stage.step === value", paused + size)
        paused += size

    page.click("#flow-reset")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    assert page.locator("#flow-train").inner_text() == "Train"


def test_a_training_comes_to_its_end(shown):
    page = shown.open(SHORT).page
    page.click("#flow-train")
    shown.wait_for("stage.state === 'done' && stage.step === '300'")
    assert page.locator("#flow-stage .count").inner_text() == "step 300 of 300"
    assert page.locator("#flow-train").is_visible()
    shown.wait_for_chart("loss")
    page.click("#flow-train")  # and again, from the beginning
    shown.wait_for("stage.state === 'training' && +stage.step < 300")
    shown.wait_for("stage.state === 'done'")


def test_a_first_training_begins_from_nothing(shown):
    """Who presses only Train, with no link and no choice, gets a run of the set that is shown."""
    shown.open()
    shown.page.click("#flow-train")
    shown.wait_for("stage.state === 'training' && +stage.step > 0 && +stage.step < 3000")
    [run] = shown.runs()
    assert run.experiment.dataset == SHIPPED["flow"].dataset
    shown.pause()


def test_keys(shown):
    page = shown.open(LONG).page
    page.keyboard.press("Space")
    shown.wait_for("stage.state === 'training' && +stage.step > 20")
    page.keyboard.press("Space")
    shown.wait_for("stage.state === 'paused'")
    paused = shown.step
    page.keyboard.press("ArrowLeft")
    shown.wait_for("+stage.step < value", paused)
    page.keyboard.press("ArrowRight")
    shown.wait_for("+stage.step === value", paused)
    page.keyboard.press("ArrowRight")  # at the end of the film: train on
    shown.wait_for("stage.state === 'paused' && +stage.step === value", paused + 10)
    page.keyboard.press("r")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")


def test_keys_stay_with_the_control_that_has_the_focus(shown):
    page = shown.open(SHORT).page
    asked = shown.questions()
    page.focus("#flow-time")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    page.focus("#flow-step-size")
    page.keyboard.press("r")
    assert (shown.stage("state"), shown.step) == ("paused", 0)
    page.focus("#flow-time")
    page.keyboard.press("ArrowRight")
    assert shown.questions() == asked
    page.focus("#flow-step")
    page.keyboard.press("Enter")
    shown.wait_for("stage.state === 'paused' && stage.step === '10'")


def test_the_keyboard_keeps_its_place_when_train_becomes_pause(shown):
    page = shown.open(LONG).page
    page.focus("#flow-train")
    page.keyboard.press("Enter")
    shown.wait_for("stage.state === 'training' && +stage.step > 0")
    assert page.evaluate("document.activeElement.id") == "flow-pause"
    page.keyboard.press("Enter")
    shown.wait_for("stage.state === 'paused'")
    assert page.evaluate("document.activeElement.id") == "flow-train"


def test_a_live_knob_edits_the_run(shown):
    shown.open(LONG)
    shown.train()
    [run] = shown.runs()
    shown.choose("#flow-solver-steps", "3")
    until(lambda: run.experiment.config.solver_steps == 3, why="the run has it")
    step = shown.step
    shown.wait_for("stage.state === 'training' && +stage.step > value", step)
    assert shown.runs() == [run]
    shown.wait_for_link(solver_steps="3")
    shown.pause()
    shown.choose("#flow-learning-rate", "-1000000")  # to its lower end
    until(lambda: run.experiment.config.learning_rate < 0.004, why="a paused run has it too")
    assert shown.runs() == [run]


def test_another_knob_is_for_the_next_training(shown):
    page = shown.open(LONG).page
    shown.train()
    [run] = shown.runs()
    shown.choose("#flow-width", "96")
    shown.wait_for("says.textContent.includes('next training')")
    step = shown.step
    shown.wait_for("stage.state === 'training' && +stage.step > value", step)
    shown.pause()
    assert page.locator("#flow-train").inner_text() == "Train", "it would begin anew"
    page.click("#flow-train")
    until(lambda: (page.evaluate("1"), run.state == "closed" and shown.runs())[1], why="another run takes its place")
    [new] = shown.runs()
    assert new.experiment.config.width == 96
    until(lambda: (page.evaluate("1"), f'"{new.name}"' in new.frame and new.step_count > 0)[1], why="it trains")
    shown.wait_for("stage.state === 'training' && +stage.step > 0")
    shown.wait_for_link(width="96")


def test_a_training_that_diverges_says_so(shown):
    page = shown.open(f"?dataset=two_moons&steps=3000&learning_rate=1&schedule=constant&{SMALL}").page
    page.click("#flow-train")
    shown.wait_for("stage.state === 'failed' && !says.hidden")
    sentence = shown.says()
    assert "loss" in sentence.lower(), "what happened"
    assert "learning rate" in sentence.lower(), "and what to do"
    assert shown.picture()["painted"] > 0.01, "the last good picture stays"
    page.wait_for_timeout(200)
    assert shown.says() == sentence
    page.click("#flow-reset")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    page.locator("#flow-stage .says").wait_for(state="hidden")


def test_a_second_visitor_sees_nothing_of_the_first(new_page):
    one, other = new_page().open(LONG), new_page()
    one.train()
    other.open()
    assert other.step == SHIPPED["flow"].steps
    assert other.stage("state") == "done"
    other.page.click("#dataset [data-set=ring]")
    other.wait_for("stage.state === 'paused' && stage.step === '0'")
    other.choose("#flow-steps", "1000000")  # to its upper end, which no test waits for
    other.train()
    assert one.stage("state") == "training"
    assert [run.experiment.dataset.name for run in one.runs()] == ["two_moons"]
    assert [run.experiment.dataset.name for run in other.runs()] == ["ring"]
    one.pause()
    step = other.step
    other.wait_for("stage.state === 'training' && +stage.step > value", step)


def test_a_trainer_that_dies_is_told_of_and_replaced(shown):
    shown.open(LONG)
    shown.train()
    [run] = shown.runs()
    os.kill(shown.app.engine._home[run.name].process.pid, signal.SIGKILL)
    shown.wait_for("stage.state === 'failed' && says.textContent.includes('stopped unexpectedly')")
    assert shown.picture()["painted"] > 0.01
    shown.page.click("#flow-train")
    shown.wait_for("stage.state === 'training' && +stage.step > 0")


def test_a_double_click_on_train_trains(shown):
    shown.open(LONG)
    shown.page.dblclick("#flow-train")
    shown.wait_for("stage.state === 'training' && +stage.step > 50")


def test_a_knob_that_the_run_can_t_take_offers_to_restart_with_it(shown):
    shown.open(LONG)
    shown.train()
    before = shown.runs()[0].name
    shown.page.locator("#flow-width").fill("64")
    shown.wait_for("says.textContent.startsWith('The next training will have this')")
    assert shown.stage("state") == "training"
    shown.page.click("#flow-stage .says button")
    until(lambda: [run.experiment.config.width for run in shown.runs()] == [64], why="a run with this width")
    assert shown.runs()[0].name != before
    shown.wait_for("stage.state === 'training' && +stage.step > 0")


def test_other_data_end_the_training_and_the_page_says_so(shown):
    shown.open(LONG)
    shown.train()
    shown.page.click("#dataset [data-set=ring]")
    shown.wait_for("stage.state === 'paused' && stage.step === '0' && says.textContent.includes('has ended')")


def test_nothing_drawn_changes_nothing_and_the_page_says_so(shown):
    page = shown.open().page
    page.click("#draw")
    page.click("#draw-done")
    shown.wait_for("says.textContent.startsWith('Nothing is drawn')")
    assert page.get_attribute("#dataset [data-set=smiley]", "aria-checked") == "true"
