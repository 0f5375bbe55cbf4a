"""Back and Forward go through tabs and recipes, and never lose a run."""

from e2e import LONG, until

PAUSES = "is paused until you come back"


def goes(shown, way: str, run, condition: str, value=None) -> None:
    """Go back or forward, to a run."""
    getattr(shown.page, way)()
    shown.wait_for(condition, value)
    assert run in shown.runs()


def test_back_over_a_recipe_comes_back_to_the_run_before(shown):
    shown.open("?family=vae&dataset=two_moons&steps=100000&width=32")
    page = shown.page
    shown.train(10)
    paused = shown.pause()
    [first] = shown.runs()
    shown.choose("#vae-scrubber", "0")
    shown.wait_for("stage.step === '0'")
    page.click("[data-recipe=line]")
    shown.wait_for("stage.state === 'training' && +stage.step > 0")
    shown.wait_for_link(dataset="smiley", latents="1")
    second = next(run for run in shown.runs() if run is not first)

    goes(shown, "go_back", first, "stage.state === 'paused' && +stage.step === value", paused)
    shown.wait_for_link(dataset="two_moons", latents=None)
    assert page.locator("#dataset [aria-checked=true]").get_attribute("data-set") == "two_moons"
    shown.wait_for(f"says.textContent.includes('{PAUSES}')")
    until(lambda: (page.evaluate("1"), second.state == "paused")[1], why="the recipe's run rests")
    page.focus("#vae-scrubber")
    page.keyboard.press("Home")
    shown.wait_for("stage.step === '0'")  # its recording is still there

    goes(shown, "go_forward", second, "stage.state === 'training' && +stage.step > 0")
    shown.wait_for_link(dataset="smiley", latents="1")
    assert len(shown.runs()) == 2
    shown.pause()


def test_back_to_a_run_that_is_gone_trains_it_to_where_it_was(shown):
    shown.open("?family=vae&dataset=two_moons&steps=100000&width=32")
    shown.page.click("#vae-step")
    shown.wait_for("stage.state === 'paused' && stage.step === '10'")
    before = shown.picture()
    [run] = shown.runs()
    shown.page.click("[data-recipe=line]")
    shown.wait_for("stage.state === 'training' && +stage.step > 0")
    run.close()
    shown.page.go_back()
    shown.wait_for("stage.state === 'paused' && stage.step === '10'")
    until(lambda: shown.picture()["sum"] == before["sum"], why="the same seed, so the same model")


def test_a_run_outlasts_other_data_that_are_chosen_in_another_tab(shown):
    shown.open(LONG)
    shown.train(10)
    paused = shown.pause()
    [run] = shown.runs()
    shown.tab("gan")
    shown.page.click("#dataset [data-set=ring]")
    shown.wait_for_link(family="gan", dataset="ring")
    shown.tab("flow")  # on the new data, which begins anew
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    shown.page.go_back()
    shown.page.wait_for_selector("#gan-knobs", state="visible")
    goes(shown, "go_back", run, "stage.state === 'paused' && +stage.step === value", paused)
    assert shown.page.locator("#dataset [aria-checked=true]").get_attribute("data-set") == "two_moons"
    shown.train(5)
    assert run.state == "training"
    shown.pause()
