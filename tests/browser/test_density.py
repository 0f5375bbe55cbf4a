"""Densities on the Stage: asked for at rest, in the frames of a training, and looked back at."""

import pytest
from e2e import BUS, SHORT, until

TIMES = """async ([slot, layer]) => {
    const { stages } = BUS;
    const piece = stages.get(slot).shown?.layers[layer];
    const found = [piece].flat()[0];
    return found ? found.times.length : -1;
}""".replace("BUS", BUS)


def times(shown, layer: str) -> int:
    """At how many times a layer is there: 0 if at one, −1 if it is not."""
    return shown.page.evaluate(TIMES, [shown.family, layer])


def switch(shown, layer: str) -> None:
    shown.page.click(f"#{shown.family}-stage [data-layer={layer}]")


def test_the_density_moves_with_the_time(shown):
    shown.open("?family=diffusion&dataset=two_moons&width=16&depth=2")
    for layer in ("samples", "data"):
        switch(shown, layer)
    before = shown.picture()
    switch(shown, "density")
    shown.wait_for_another_picture(before)
    until(lambda: times(shown, "density") == 11, why="it is there at all times")
    at_data = shown.picture()
    shown.choose("#diffusion-time", "0.2")
    shown.wait_for_another_picture(at_data)
    asked = shown.questions()
    shown.choose("#diffusion-time", "1")
    shown.page.wait_for_timeout(500)
    assert shown.questions() == asked, "all times are there"
    switch(shown, "density")
    switch(shown, "density")
    assert times(shown, "density") == 11, "it is not asked for again"


def test_a_training_has_it_a_pause_asks_for_it_and_who_looks_back_meanwhile_has_both(shown):
    shown.open(SHORT.replace("steps=300", "steps=100000"))
    switch(shown, "density")
    until(lambda: times(shown, "density") == 11)
    shown.train(20)
    until(lambda: (shown.stage("state"), times(shown, "density")) == ("training", 0))
    shown.pause()
    shown.choose("#flow-scrubber", "0")
    shown.wait_for("stage.state === 'rewound'")
    until(lambda: times(shown, "density") == 11)
    shown.page.click("#flow-now")
    until(lambda: times(shown, "density") == 11)


@pytest.mark.parametrize(("family", "layout", "layer"), [("gan", "overlay", "kernels"), ("vae", "overlay", "density")])
def test_other_families_have_what_they_can_have(shown, family, layout, layer):
    shown.open()
    shown.tab(family)
    shown.page.click(f"#{family}-stage [data-layout={layout}]")
    switch(shown, layer)
    until(lambda: times(shown, layer) == 0)
