"""The tabs: one for each family, with one data set that all of them share."""

import pytest
from e2e import SMALL, until
from playwright.sync_api import expect

from playground.families import FAMILIES
from playground.training.checkpoints import SHIPPED, shipped

OTHERS = [family for family in FAMILIES if family != "flow"]
TRAINED = [family for family in OTHERS if shipped(family)]
UNTRAINED = [family for family in OTHERS if not shipped(family)]


@pytest.mark.parametrize("family", TRAINED)
def test_a_tab_opens_with_a_trained_model_and_its_own_knobs(shown, family):
    shown.open().tab(family)
    shown.wait_for("stage.state === 'done'")
    assert shown.step == SHIPPED[family].steps
    assert shown.picture()["painted"] > 0.01
    assert shown.page.locator(".knobs:visible").count() == 1
    assert shown.page.locator(f"#{family}-knobs").is_visible()
    shown.wait_for_link(family=family, dataset=SHIPPED[family].dataset.name, step=None)
    shown.tab("flow")
    shown.page.wait_for_selector("#flow-knobs", state="visible")


def test_a_tab_that_was_opened_early_stays_open(shown):
    """A page opens before the server says what its link asks for. Here that answer comes late."""
    page, held = shown.page, []
    page.route("**/queue/data*", lambda route: held.append(route) or page.wait_for_timeout(1000) or route.continue_())
    page.goto(shown.app.url)
    shown.tab("gan")
    shown.wait_for("stage.state === 'done'")
    page.wait_for_timeout(500)
    assert held
    assert page.locator("#gan-knobs").is_visible()
    page.unroute_all(behavior="ignoreErrors")  # an answer may still be held


@pytest.mark.parametrize("family", [TRAINED[0], *UNTRAINED[:1]])
def test_other_samples_come_by_a_button_and_by_a_key(shown, family):
    shown.open().tab(family)
    before = shown.picture()
    shown.page.click(f"#{family}-redraw")
    after = shown.wait_for_another_picture(before)
    shown.page.keyboard.press("n")
    shown.wait_for_another_picture(after)
    assert shown.step == (SHIPPED[family].steps if shipped(family) else 0), "nothing was trained"


@pytest.mark.parametrize("family", UNTRAINED)
def test_a_tab_without_a_shipped_model_opens_untrained_and_invites_to_train(shown, family):
    shown.open().tab(family)
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    assert "Press Train" in shown.says()
    assert shown.page.locator(f"#{family}-train").inner_text() == "Train"
    before = shown.picture()
    assert before["painted"] > 0.01
    shown.page.click(f"#{family}-stage [data-layer=density]")
    shown.wait_for_another_picture(before)
    assert shown.step == 0, "looking around trains nothing"
    shown.train(least=5)
    assert "Press Train" not in shown.says()
    shown.pause()
    assert len(shown.runs()) == 1


@pytest.mark.parametrize("family", UNTRAINED)
def test_steps_of_a_model_that_is_not_shipped_begin_at_its_beginning(shown, family):
    shown.open().tab(family)
    shown.wait_for("stage.state === 'paused'")
    shown.page.click(f"#{family}-step")
    shown.wait_for("stage.state === 'paused' && stage.step === '10'")


def test_every_family_trains_on_what_was_chosen_in_another_tab(shown):
    shown.open()
    shown.page.click("#dataset [data-set=two_moons]")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    for family in OTHERS:
        shown.tab(family)
        shown.wait_for("stage.state === 'paused' && stage.step === '0'")
        shown.wait_for_link(family=family, dataset="two_moons")
        shown.train(5)
        shown.pause()
    trained = {run.experiment.family: run.experiment.dataset.name for run in shown.runs() if run.step_count}
    assert trained == dict.fromkeys(OTHERS, "two_moons")


def test_a_run_is_still_there_when_its_tab_is_opened_again(shown):
    shown.open(f"?family=flow&dataset=two_moons&steps=100000&{SMALL}")
    shown.train(10)
    step = shown.pause()
    shown.tab(OTHERS[0])
    shown.tab("flow")
    assert (shown.step, shown.stage("state")) == (step, "paused")
    shown.page.click("#dataset [data-set=ring]")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")


@pytest.mark.parametrize("family", OTHERS[:2])
def test_a_link_opens_the_tab_of_its_family(shown, family):
    shown.open(f"?family={family}&dataset=two_moons&steps=54321&seed=4")
    assert shown.page.locator(f"#{family}-knobs").is_visible()
    assert shown.page.locator("#dataset [aria-checked=true]").get_attribute("data-set") == "two_moons"
    assert shown.page.locator(f"#{family}-stage .count").inner_text().startswith("step 0 of 54,321")
    shown.train(3)
    [run] = [run for run in shown.runs() if run.experiment.family == family]
    assert (run.experiment.steps, run.experiment.seed) == (54_321, 4)
    shown.pause()


def test_a_damaged_link_to_another_tab_says_so_there(shown):
    shown.family = OTHERS[0]
    shown.page.goto(shown.app.url + f"?family={OTHERS[0]}&batch_size=NaN")
    shown.wait_for("!says.hidden && says.textContent.startsWith('This link')")
    assert shown.frames >= 1
    assert shown.stage("state") == "done", "the shipped model is there all the same"


def test_a_recipe_shows_its_view_with_a_trained_model_and_no_layers_of_the_one_before(shown):
    shown.open()
    page = shown.page
    field, time = page.locator("#flow-stage [data-layer=field]"), page.locator("#flow-time")
    page.click("#flow-recipes [data-recipe=exact_field]")
    expect(field).to_have_attribute("aria-pressed", "true")
    expect(time).to_have_value("0.7")
    page.click("#flow-recipes [data-recipe=one_step]")
    expect(field).to_have_attribute("aria-pressed", "false")
    shown.wait_for("stage.state === 'done' && stage.step === '4000'")
    until(lambda: shown.runs()[-1].experiment.config.solver_steps == 1, why="it is sampled in one step")
