"""The past of a run in an engine: at each step the very model of then is asked, and trained on from."""

import pytest

from playground import Experiment
from playground.families import FAMILIES
from playground.questions import answer
from playground.scene import Scene, ViewState
from playground.views import VIEWS, SlowLayer
from tests.training.runs import experiment, same, trained_to

SAMPLE = {"ask": "sample", "n": 20, "seed": 3}


@pytest.mark.parametrize("family", FAMILIES)
def test_a_question_that_names_a_step_is_answered_by_the_model_of_that_step(inline, until, family):
    handle = until(inline.start(experiment(family)), "done")
    for step in (17, 33, 0, 40):
        run = trained_to(experiment(family), step)
        assert handle.ask(SAMPLE | {"step": step})["samples"] == answer(Scene(run), SAMPLE)["samples"], step
    assert handle.ask(SAMPLE) == handle.ask(SAMPLE | {"step": 40})


def test_pointing_at_an_earlier_step_asks_the_model_of_then(inline, small, until):
    handle = until(inline.start(small(steps=60)), "done")
    point = {"ask": "trace", "x": [0.3, 0.2], "t": 0.5}
    then = Scene(trained_to(small(steps=60), 37))
    assert handle.ask(point | {"step": 37}) == answer(then, point)
    assert handle.ask(point) != handle.ask(point | {"step": 37})
    view = ViewState(weights="current")
    then.see(view)
    assert handle.ask(point | {"step": 37, "view": view.model_dump(mode="json")}) == answer(then, point)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_picture_of_an_earlier_step_has_all_layers_that_are_looked_at(inline, until, frame, family):
    short = experiment(family, steps=23)
    then = frame(until(inline.start(short, look=(view := everything_of(family))), "done"))
    handle = until(inline.start(short.model_copy(update={"steps": 23}), look=view, steps=23), "done")
    handle.step(9)
    until(handle, "done")
    found = handle.ask({"ask": "picture", "step": 23, "view": view.model_dump(mode="json")})
    slow = {name for name in found["layers"] if isinstance(VIEWS[name], SlowLayer)}  # which a frame comes without
    assert slow or family == "vae", "whose first layout is of latents"
    assert (found["step"], found["layers"].keys() - slow) == (23, then["layers"].keys())
    assert {name: found["layers"][name] for name in then["layers"]} == then["layers"]
    assert {name: then["scalars"][name] for name in found["scalars"]} == found["scalars"]
    assert found["notes"] == then.get("notes", {})
    few = handle.ask({"ask": "picture", "step": 23, "view": {"layers": ["samples"]}})
    assert few["layers"].keys() <= {"samples"} < found["layers"].keys()


def everything_of(family: str) -> ViewState:
    from playground.views import layers, layouts

    return ViewState(layers=frozenset(layers(FAMILIES[family])), layout=next(iter(layouts(FAMILIES[family], "points"))))


def test_questions_about_several_steps_at_once_are_all_answered_by_their_own(inline, small, until):
    handle = until(inline.start(small(steps=60)), "done")
    host = inline._host
    steps = [50, 10, 50, 30]
    for number, step in enumerate(steps):
        handle._answers[number + 1000] = None
        host.receive({"do": "ask", "run": handle.name, "number": number + 1000, "question": SAMPLE | {"step": step}})
    while host.turn():
        pass
    for number, step in enumerate(steps):
        run = trained_to(small(steps=60), step)
        assert handle._answer(number + 1000)["samples"] == answer(Scene(run), SAMPLE)["samples"]


def test_a_figure_of_one_step_keeps_no_other_step_waiting(inline, until):
    handle = until(inline.start(experiment("vae")), "done")
    figure = {"ask": "plot", "figure": "likelihood"}
    wanted = handle.ask(figure | {"step": 10})
    host = inline._host
    for number, question in enumerate((figure | {"step": 10}, SAMPLE | {"step": 30}), start=1000):
        handle._answers[number] = None
        host.receive({"do": "ask", "run": handle.name, "number": number, "question": question})
    while handle._answers[1001] is None:
        assert host.turn()
    assert handle._answers[1000] is None, "it is still being measured"
    while handle._answers[1000] is None:
        assert host.turn()
    assert handle._answer(1000) == wanted


def test_sampling_is_as_it_is_set_now(inline, small, until):
    """The knobs on the page say how the picture is made, whichever step it is of."""
    handle = until(inline.start(small(steps=30)), "done")
    handle.ask(SAMPLE | {"step": 12})
    handle.edit({"solver": "euler", "solver_steps": 2})
    found = handle.ask(SAMPLE | {"step": 12})
    run = trained_to(small(steps=30), 12)
    run.edit(solver="euler", solver_steps=2)
    assert found["samples"] == answer(Scene(run), SAMPLE)["samples"]


def test_while_it_trains_its_past_can_be_asked(inline, small, until):
    handle = until(inline.start(small(steps=100_000)), lambda frame: frame["step"] > 40)
    run = trained_to(small(steps=100_000), 25)
    assert handle.ask(SAMPLE | {"step": 25})["samples"] == answer(Scene(run), SAMPLE)["samples"]
    seen = handle.step_count
    until(handle, lambda frame: frame["step"] > seen)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (31, "This run has come to step 30. Ask about that step, or an earlier one."),
        (10**9, "This run has come to step 30. Ask about that step, or an earlier one."),
        (-1, "greater than or equal to 0"),
        (2.0, "valid integer"),
        (True, "valid integer"),
        ("2", "valid integer"),
        (10**10, "less than or equal to"),
    ],
)
def test_a_step_that_is_none_of_the_run_s_is_refused(inline, small, until, step, sentence):
    handle = until(inline.start(small(steps=30)), "done")
    with pytest.raises(ValueError, match=sentence):
        handle.ask(SAMPLE | {"step": step})
    assert handle.ask(SAMPLE | {"step": 30})


def test_a_shipped_model_has_no_past(inline, until):
    handle = until(inline.start(Experiment(dataset="smiley"), checkpoint="flow"), "done")
    with pytest.raises(ValueError, match="The history of this run begins at step 4,000"):
        handle.ask(SAMPLE | {"step": 52})
    assert handle.ask(SAMPLE | {"step": 4000})


@pytest.mark.parametrize("family", FAMILIES)
def test_training_from_an_earlier_step_goes_on_exactly_there(inline, until, frame, family):
    wanted = experiment(family, steps=60)
    source = until(inline.start(wanted), "done")
    fork = until(inline.fork(source, 23, {}, steps=4, replaces=True), "paused")
    first = frame(fork)
    assert first["step"] == 27
    assert first["origin"] == {"run": source.name, "step": 23, "replaces": True}
    assert same(inline._host.runs[fork.name].run, trained_to(wanted, 27))
    source.close()
    fork.resume()
    until(fork, "done")
    assert same(inline._host.runs[fork.name].run, trained_to(wanted, 60))
    assert fork.ask(SAMPLE | {"step": 9})["samples"] == answer(Scene(trained_to(wanted, 9)), SAMPLE)["samples"], (
        "its past reaches back to the beginning"
    )


def test_no_frame_of_a_fork_is_of_a_step_before_it(inline, small, until, frame):
    source = until(inline.start(small(steps=2000), steps=150), "paused")
    source_history = inline._host.runs[source.name].history
    source_history.states = source_history.states[:1]  # the whole way is trained again
    fork = inline.fork(source, 140, {"learning_rate": 0.001}, replaces=True)
    fork.pause()
    asked = fork.ask(SAMPLE)
    assert frame(until(fork, "paused"))["step"] == 140
    assert fork.experiment.config.learning_rate == 0.001
    assert asked == fork.ask(SAMPLE), "it was asked when it had come there"
