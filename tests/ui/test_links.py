"""The link of a page that nobody has changed says nothing of the view, and what a link asks for is checked."""

import pytest
from pydantic import ValidationError

from playground import Experiment
from playground.data.kinds import kind_of
from playground.families import FAMILIES
from playground.scene import ViewState
from playground.training.checkpoints import SHIPPED
from playground.ui.links.page_state import PageState, from_link, opening_view
from playground.ui.requests import Refused
from playground.ui.schema import family_page


@pytest.mark.parametrize("dataset", ["two_moons", "digits"])
@pytest.mark.parametrize("family", FAMILIES)
def test_the_view_that_the_page_opens_on_is_in_no_link(family, dataset):
    """What the page opens on is what its schema tells it: see static/stage/switches.js."""
    try:
        wanted = Experiment(family=family, dataset=dataset)
    except ValidationError:
        pytest.skip("this family doesn't learn such data")
    page, kind = family_page(family), kind_of(wanted.dataset.shape)
    layers = frozenset(name for name, layer in page["layers"].items() if layer["defaultOn"])
    layout = next(name for name, layout in page["layouts"].items() if kind in layout["kinds"])
    assert ViewState(layers=layers, layout=layout) == opening_view(wanted)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_link_holds_a_tab_a_view_and_a_step(family):
    wanted = Experiment(family=family, dataset="two_moons", steps=77)
    assert from_link({"family": family, "dataset": "two_moons", "steps": "77"}) == PageState(experiment=wanted)
    link = {"family": family, "dataset": "two_moons", "steps": "77", "view.time": "0.25", "step": "52", "utm": "x"}
    state = from_link(link)
    assert (state.experiment, state.step, state.view.time) == (wanted, 52, 0.25)
    assert state.view.layers == opening_view(wanted).layers, "what it doesn't say is as usual"


def test_a_link_of_a_view_or_a_step_is_of_the_shipped_model():
    assert from_link({"view.time": "0.5"}).experiment == SHIPPED["flow"]
    assert from_link({"step": "3"}) == PageState(experiment=SHIPPED["flow"], step=3)
    assert from_link({"__theme": "dark", "utm_source": "mail"}) is None
    assert from_link({}) is None


@pytest.mark.parametrize("step", ["-1", "1.5", "NaN", "many", "", "100001", "9" * 5000, "1e999"])
def test_a_step_that_there_is_not(step):
    with pytest.raises(Refused, match=r"^Step: [^\n]{5,80}\.$"):
        from_link({"family": "flow", "step": step})
