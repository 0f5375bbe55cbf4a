"""The link of a page that nobody has changed says nothing of the view."""

import json

import pytest
from pydantic import ValidationError

from playground import Experiment
from playground.data.kinds import kind_of
from playground.families import FAMILIES
from playground.scene import ViewState
from playground.ui.handlers import link_text
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
    view = ViewState(layers=layers, layout=layout)
    assert "view." not in json.loads(link_text(wanted, view))["query"]
    assert "view.time=0.5" in json.loads(link_text(wanted, view.model_copy(update={"time": 0.5})))["query"]
