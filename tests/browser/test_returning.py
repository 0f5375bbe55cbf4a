"""A reload goes back to its run, leaving a training asks first, and a copy of a page is a stranger."""

import pytest
from e2e import LONG, SHORT, until

from playground.engine.visits import visitors


def reload(shown, condition: str, value=None) -> None:
    shown.page.reload()
    shown.wait_for(f"stage.frames >= 1 && {condition}", value)


def test_a_reload_goes_back_to_a_training(shown):
    shown.open(LONG)
    shown.train(20)
    step = shown.step
    [run] = shown.runs()
    reload(shown, "stage.state === 'training' && +stage.step > value", step)
    assert shown.runs() == [run]
    paused = shown.pause()
    assert (run.state, run.step_count) == ("paused", paused)
    assert shown.page.locator("#flow-train").inner_text() == "Resume"
    assert not shown.page.evaluate("sessionStorage.length"), "while a page is open, a copy of it finds nothing"
    reload(shown, "stage.state === 'paused' && +stage.step === value", paused)
    assert shown.runs() == [run]
    shown.train(5)
    assert shown.runs() == [run]
    shown.pause()


def test_a_reload_under_the_address_before_goes_back_too(shown):
    """The browser may learn of a new address only after it was told to reload."""
    shown.open(LONG)
    shown.train(10)
    paused = shown.pause()
    [run] = shown.runs()
    shown.page.evaluate(
        """addEventListener("pagehide", () => {
            const left = JSON.parse(sessionStorage.visitor);
            sessionStorage.visitor = JSON.stringify({ ...left, wanted: "another" });
        })"""
    )
    reload(shown, "stage.state === 'paused' && +stage.step === value", paused)
    assert shown.runs() == [run]


def test_a_reload_goes_back_to_what_was_trained_to_its_end(shown):
    shown.open(SHORT)
    shown.page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    [run] = shown.runs()
    reload(shown, "stage.state === 'done' && stage.step === '300'")
    assert shown.runs() == [run]


def test_a_reload_goes_back_to_the_runs_of_all_tabs(shown):
    shown.open(LONG)
    shown.train(10)
    paused = shown.pause()
    shown.tab("gan")
    shown.choose("#gan-width", "64")
    shown.page.click("#gan-step")
    shown.wait_for("stage.state === 'paused' && stage.step === '10'")
    runs = shown.runs()
    assert len(runs) == 2
    reload(shown, "stage.state === 'paused' && stage.step === '10'")
    width = shown.page.locator("label:has(#gan-width) output").text_content()
    shown.tab("flow")
    shown.wait_for("stage.frames >= 1 && stage.state === 'paused' && +stage.step === value", paused)
    assert shown.page.locator("label:has(#flow-width) output").inner_text() == "32", "with its settings"
    assert shown.page.locator("label:has(#gan-width) output").text_content() == width
    assert shown.runs() == runs


def test_a_reload_after_the_run_is_gone_trains_to_the_same_step(shown):
    shown.open(SHORT)
    shown.page.click("#flow-step")
    shown.wait_for("stage.state === 'paused' && stage.step === '10'")
    shown.wait_for_link(step="10")
    before, [run] = shown.picture(), shown.runs()
    run.close()
    reload(shown, "stage.state === 'paused' && stage.step === '10'")
    until(lambda: shown.picture()["sum"] == before["sum"], why="it is the same model")
    assert run not in shown.runs()


def test_another_link_in_the_same_place_begins_anew(shown):
    shown.open(LONG)
    shown.train(10)
    shown.pause()
    shown.open("?family=flow&dataset=ring&steps=300")
    assert shown.step == 0


def test_a_copy_of_a_page_is_a_stranger(shown):
    shown.open(LONG)
    shown.train(10)
    [run] = shown.runs()
    with shown.page.expect_popup() as opened:
        shown.page.evaluate("window.open(location.href)")  # with a copy of what the tab keeps
    copy = opened.value
    copy.wait_for_selector("#flow-stage[data-state=paused]")
    step = shown.step
    shown.wait_for("stage.state === 'training' && +stage.step > value", step)
    assert len([other for other in shown.runs() if other is run]) == 1
    copy.close()
    shown.pause()


def test_leaving_asks_only_while_it_trains(shown):
    page, asked = shown.open(LONG).page, []
    page.on("dialog", lambda dialog: asked.append(dialog.type) or dialog.dismiss())
    shown.train(5)
    page.evaluate("setTimeout(() => location.assign('about:blank'))")
    until(lambda: (page.evaluate("1"), asked)[1], why="the page asks")
    assert asked == ["beforeunload"]
    step = shown.step
    shown.wait_for("stage.state === 'training' && +stage.step > value", step)
    shown.pause()
    page.goto("about:blank")
    assert asked == ["beforeunload"]


@pytest.mark.parametrize("how", ["closed", "left for another"])
def test_who_leaves_is_waited_for_while_the_run_rests(shown, how, monkeypatch):
    shown.open(LONG)
    shown.train()
    [run] = shown.runs()
    if how == "closed":
        shown.page.context.close()
    else:
        shown.page.goto("about:blank")
    until(lambda: run.state == "paused", timeout=20, why="the run rests; the house's own bound is 2 s")
    assert shown.runs() == [run]


@pytest.mark.parametrize("trains", [True, False])
def test_the_run_of_who_doesn_t_come_back_ends(shown, trains, monkeypatch):
    monkeypatch.setattr(visitors, "GRACE", 0.5)
    shown.open(LONG)
    shown.train()
    if not trains:
        shown.pause()
    shown.page.context.close()
    until(lambda: not shown.runs(), timeout=20, why="the run ends")
