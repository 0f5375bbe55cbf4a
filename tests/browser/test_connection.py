"""A lost connection: what was recorded stays, nothing reloads, and the page comes back to its run by itself."""

import pytest
from e2e import LONG, until
from hosts import cable

from playground.ui.handlers import LOST


@pytest.fixture
def wired(shown):
    """A page behind a cable that can be pulled out."""
    with cable(shown.app.url) as (address, plug):
        shown.address = address
        yield shown, plug


def lose(shown, plug) -> int:
    """Pull the cable out during a training. Gives the number of frames that are recorded."""
    plug.pull()
    shown.wait_for("says.textContent.startsWith('The connection to the server is lost')")
    assert shown.stage("state") == "paused"
    assert shown.page.locator("#flow-train").is_disabled()
    return int(shown.page.locator("#flow-scrubber").get_attribute("max"))


def rewound(shown, there: int) -> int:
    """Rewind to a frame. Gives its step."""
    shown.page.locator("#flow-scrubber").fill(str(there))
    return shown.step


def test_a_training_goes_on_after_six_seconds_without_a_connection(wired):
    shown, plug = wired
    shown.open(LONG)
    shown.train(50)
    [run] = shown.runs()
    shown.page.evaluate("window.mark = 'here'")
    recorded = lose(shown, plug)
    first = rewound(shown, 0)  # of the others, a long recording leaves some out
    assert first < run.step_count
    rewound(shown, recorded)
    until(lambda: run.state == "paused", why="nobody looks at it")
    plug.put_back()
    shown.wait_for("stage.state === 'training' && +stage.step > value", run.step_count)
    assert shown.runs() == [run]
    assert shown.page.evaluate("window.mark") == "here", "nothing was loaded again"
    assert rewound(shown, 0) == first, "the recording is whole"
    rewound(shown, 10**6)
    shown.page.click("#flow-pause")
    until(lambda: run.state == "paused", why="pausing works")


def test_if_the_run_is_gone_the_recording_stays_and_training_again_is_offered(wired):
    shown, plug = wired
    shown.open(LONG)
    shown.train(50)
    recorded = lose(shown, plug)
    shown.app.engine.leave(shown.runs()[0].visitor)  # as a server that was started again
    plug.put_back()
    shown.wait_for("says.textContent.startsWith(value)", LOST)
    assert 0 < rewound(shown, 1) < rewound(shown, recorded)
    shown.page.click("#flow-stage .says button")
    shown.wait_for("stage.state === 'training'")


def test_what_is_pressed_while_the_connection_is_lost_loads_nothing_again(wired):
    """An event that can't be sent is for Gradio a broken connection, after which it would load the page anew."""
    shown, plug = wired
    shown.open(LONG)
    shown.page.evaluate("window.mark = 'here'")
    plug.pull()
    shown.page.locator("#flow-stage [data-layer=field]").click()
    shown.wait_for("says.textContent.startsWith('The connection to the server is lost')")
    plug.put_back()
    shown.page.wait_for_function("!document.querySelector('#flow-train').disabled")
    shown.page.wait_for_timeout(3000)
    assert shown.page.evaluate("window.mark") == "here"
    shown.train(5)
    shown.pause()
