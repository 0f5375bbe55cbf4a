"""Of visitors who have gone, the page keeps little."""

import json
from importlib import import_module
from itertools import zip_longest

from e2e import SMALL, App, Visitor, serve, until

from playground.engine import InlineEngine
from playground.ui import page
from playground.ui.runs import Runs

launch = import_module("playground.ui.launch")  # the function of that name hides it
CONFIG = {name: int(value) for name, value in (part.split("=") for part in SMALL.split("&"))}


def test_sessions_are_few_and_the_process_is_kept_small(monkeypatch):
    told, order = {}, []
    monkeypatch.setattr(page.Page, "launch", lambda self, **options: (order.append("serve"), told.update(options)))
    monkeypatch.setattr(launch, "few_heaps", lambda: order.append("few"))
    monkeypatch.setattr(launch, "keep_small", lambda: order.append("small"))
    launch.launch(InlineEngine())
    assert told["state_session_capacity"] == launch.SESSIONS <= 200
    assert order == ["few", "small", "serve"]


def test_the_session_of_a_page_that_goes_is_forgotten(app, monkeypatch):
    gone = []
    monkeypatch.setattr(page.Page, "forget", lambda self, session: gone.append(session))
    ada = Visitor(app)
    with ada.http.stream("GET", f"gradio_api/heartbeat/{ada.name}") as stream:
        next(stream.iter_lines())
        assert ada.name not in gone  # somebody else may have left just now
    until(lambda: ada.name in gone)


def test_what_is_forgotten_is_no_longer_kept():
    built = page.build(Runs(InlineEngine()))
    built.queue()
    assert built.state_holder["ada"] is built.state_holder["ada"] is not built.state_holder["bob"]
    for session in ("ada", "ada", "nobody"):
        built.forget(session)
    assert [*built.state_holder.session_data] == [*built.state_holder.time_last_used] == ["bob"]


def test_whose_session_is_forgotten_notices_nothing(monkeypatch):
    monkeypatch.setattr(launch, "SESSIONS", 1)
    app: App = serve(space="of one session")
    ada, bob = Visitor(app), Visitor(app)
    for visitor, steps in ((ada, 40), (bob, 60)):
        assert visitor.join(
            "train", json.dumps([{"dataset": "two_moons", "steps": steps, "config": CONFIG}, ""])
        ).is_success
    ends = {}
    for pair in zip_longest(ada.listen(), bob.listen()):  # turn and turn about
        ends |= {name: message["msg"] for name, message in zip("ab", pair, strict=True) if message}
    assert set(ends.values()) == {"close_stream"}
    assert [run.step_count for visitor in (ada, bob) for run in app.runs(visitor.name)] == [40, 60]
    assert [visitor.call("ask", '[{"ask": "sample", "n": 3}, "flow"]')[1] for visitor in (ada, bob)] == ["", ""]
    ada.leave()
    bob.leave()


def test_gradio_makes_no_table_of_past_events(app, monkeypatch):
    """It would after each event, of the last ten thousand."""
    made = []
    monkeypatch.setattr("gradio.queueing.Queue._get_df", staticmethod(made.append))
    ada = Visitor(app)
    for _ in range(3):
        ada.call("ask", '[{"ask": "sample", "n": 3}, "flow"]')
    ada.leave()
    assert not made
