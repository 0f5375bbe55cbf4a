"""A whole session through the HTTP API, as the documentation of playground.ui.api shows it."""

from urllib.parse import parse_qsl

import httpx
import numpy as np
import pytest
from asking import LONG, SHORT, SMALL, started
from e2e import until

from playground import Experiment
from playground.data import DATASETS
from playground.training.checkpoints import SHIPPED

ENDPOINTS = {
    "/train": ["experiment", "slot"],
    "/step": ["experiment", "steps", "player", "slot"],
    "/fork": ["slot", "step", "changes"],
    "/pause": ["slot"],
    "/reset": ["experiment", "slot"],
    "/edit": ["experiment", "slot"],
    "/look": ["look", "slot"],
    "/ask": ["question", "slot"],
    "/share": ["experiment"],
    "/dataset": ["experiment", "n", "seed"],
    "/race": ["race"],
}


def test_a_training_streams_frames_until_it_is_done(client):
    frames = list(client.submit(SHORT | {"steps": 300}, api_name="/train"))
    steps = [frame["step"] for frame in frames]
    assert steps == sorted(steps)
    assert steps[-1] == 300
    assert [frame["state"] for frame in frames] == ["training"] * (len(frames) - 1) + ["done"]
    assert len({frame["run"] for frame in frames}) == 1
    assert {"samples", "paths"} == set(frames[0]["layers"])
    assert {"loss", "distance"} <= set(frames[-1]["scalars"])
    assert {"loss", "distance"} <= client.predict({"ask": "floors"}, "flow", api_name="/ask")["floors"].keys()


def test_the_same_experiment_gives_the_same_samples(new_client):
    answers = []
    for client in (new_client(), new_client()):
        list(client.submit(SHORT, api_name="/train"))
        answers.append(client.predict({"ask": "sample", "n": 50, "seed": 7}, "flow", api_name="/ask"))
    assert answers[0]["samples"] == answers[1]["samples"]
    assert answers[0]["run"] != answers[1]["run"]
    assert np.array(answers[0]["samples"]).shape == (50, 2)


def test_pausing_and_going_on(app, client):
    job = started(client, LONG)
    assert client.predict("flow", api_name="/pause") == "paused"
    first = job.outputs() if job.result() else []
    assert first[-1]["state"] == "paused"
    assert len(app.runs(client.session_hash)) == 1

    more = client.submit(LONG, api_name="/train")
    until(lambda: more.outputs() and more.outputs()[-1]["step"] > first[-1]["step"], why="the run goes on")
    client.predict("flow", api_name="/pause")
    more.result()
    assert {frame["run"] for frame in more.outputs()} == {first[0]["run"]}
    assert min(frame["step"] for frame in more.outputs()) >= first[-1]["step"]

    another = started(client, LONG | {"seed": 4})
    assert another.outputs()[0]["run"] != first[0]["run"]
    assert another.outputs()[0]["step"] == 0
    assert len(app.runs(client.session_hash)) == 1


def test_a_run_edited_while_it_trains_goes_on(app, client):
    job = started(client, LONG)
    change = LONG | {"config": SMALL | {"learning_rate": 0.001, "solver_steps": 3}}
    assert client.predict(change, api_name="/edit") is True
    until(lambda: len(job.outputs()[-1]["layers"]["paths"]["times"]) == 4, why="paths take three steps")
    assert job.outputs()[-1]["state"] == "training"
    assert client.predict(change | {"config": SMALL | {"width": 64}}, api_name="/edit") is False
    assert client.predict(change | {"seed": 9}, api_name="/edit") is False
    seen = job.outputs()[-1]["step"]
    until(lambda: job.outputs()[-1]["step"] > seen, why="it still trains")
    assert len({frame["run"] for frame in job.outputs()}) == 1
    assert app.runs(client.session_hash)[0].experiment.config.learning_rate == 0.001


def test_two_runs_of_one_family_train_at_once_in_two_slots(app, client):
    lanes = {"lane-1": LONG, "lane-2": LONG | {"config": SMALL | {"solver": "euler"}}}
    jobs = {slot: client.submit(wanted, slot, api_name="/train") for slot, wanted in lanes.items()}
    until(lambda: all(job.outputs() for job in jobs.values()), why="both have begun")
    seen = {slot: job.outputs()[-1]["step"] for slot, job in jobs.items()}
    until(lambda: all(jobs[slot].outputs()[-1]["step"] > seen[slot] for slot in lanes), why="both train")
    runs = {run.experiment.config.solver: run for run in app.runs(client.session_hash)}
    assert {run.state for run in runs.values()} == {"training"}
    assert len(runs) == 2

    change = LONG | {"config": SMALL | {"solver": "euler", "solver_steps": 3}}
    assert client.predict(change, "lane-2", api_name="/edit") is True
    assert client.predict("lane-2", api_name="/pause") == "paused"
    jobs["lane-2"].result()
    assert runs["euler"].experiment.config.solver_steps == 3
    last = jobs["lane-1"].outputs()[-1]["step"]
    until(lambda: jobs["lane-1"].outputs()[-1]["step"] > last, why="the other goes on")
    assert client.predict({"ask": "sample", "n": 3}, "lane-2", api_name="/ask")["samples"]
    assert "field" in client.predict({"layers": ["field"]}, "lane-2", api_name="/look")["layers"]
    assert client.predict(SHORT, "lane-1", api_name="/reset")["step"] == 0
    assert runs["euler"].state == "paused", "nothing of it reached the other lane"


def test_an_edit_followed_by_a_training_goes_on(client):
    first = list(client.submit(SHORT, 5, api_name="/step"))[-1]
    change = SHORT | {"config": SMALL | {"learning_rate": 0.001}}
    edit = client.submit(change, api_name="/edit")
    frames = list(client.submit(change, api_name="/train"))
    assert edit.result() is True
    assert {frame["run"] for frame in frames} == {first["run"]}
    assert (frames[-1]["step"], frames[-1]["state"]) == (60, "done")


def test_steps_are_counted(client):
    frames = list(client.submit(SHORT, 7, api_name="/step"))
    assert (frames[-1]["step"], frames[-1]["state"]) == (7, "paused")
    frames = list(client.submit(SHORT, 1, api_name="/step"))
    assert (frames[-1]["step"], frames[-1]["state"]) == (8, "paused")
    frames = list(client.submit(SHORT, 52, api_name="/step"))
    assert (frames[-1]["step"], frames[-1]["state"]) == (60, "done")
    frames = list(client.submit(SHORT, 5, api_name="/step"))  # who wants more gets more
    assert (frames[-1]["step"], frames[-1]["state"]) == (65, "done")


def test_reset_begins_again(app, client):
    trained = list(client.submit(SHORT, api_name="/train"))[-1]
    frame = client.predict(SHORT, api_name="/reset")
    assert (frame["step"], frame["state"]) == (0, "paused")
    assert frame["run"] != trained["run"]
    assert len(app.runs(client.session_hash)) == 1


def test_looking_at_other_layers_and_times(client):
    shipped = client.predict({"layers": ["field"], "time": 0.5}, "flow", api_name="/look")  # there is no run yet
    assert shipped["step"] == SHIPPED["flow"].steps
    client.predict(SHORT, api_name="/reset")
    frame = client.predict({"layers": ["data", "field"], "time": 0.5}, "flow", api_name="/look")
    assert frame["time"] == 0.5
    assert "field" in frame["layers"]
    job = started(client, LONG)
    assert client.predict({"layers": ["speed"], "time": 0.25}, "flow", api_name="/look") == {}
    until(lambda: set(job.outputs()[-1]["layers"]) == {"speed"}, why="the stream brings what is looked at")
    assert job.outputs()[-1]["layers"]["speed"]["times"] == [0.25]


def test_questions(client):
    list(client.submit(SHORT, api_name="/train"))
    way = client.predict({"ask": "trace", "x": [0.5, 0.25], "t": 0.5}, "flow", api_name="/ask")
    assert way["x"] == [0.5, 0.25]
    assert (way["times"][0], way["times"][-1]) == (0, 1)
    assert len(way["path"]) == len(way["times"])
    assert way["path"][way["times"].index(0.5)] == pytest.approx([0.5, 0.25], abs=1e-4)
    one = client.predict({"ask": "sample", "n": 5, "seed": 1}, "flow", api_name="/ask")
    assert one != client.predict({"ask": "sample", "n": 5, "seed": 2}, "flow", api_name="/ask")


def test_the_shipped_model_answers_before_there_is_a_run(new_client):
    answers = []
    for n in range(2):
        client = new_client()
        answers.append(client.predict({"ask": "sample", "n": 2000}, "flow", api_name="/ask")["samples"])
        if not n:  # what one visitor trains is nothing to the next
            list(new_client().submit(SHORT, api_name="/train"))
    assert answers[0] == answers[1]
    data = SHIPPED["flow"].data(2000, seed=1)
    assert np.array(answers[0]).mean(axis=0) == pytest.approx(data.mean(axis=0), abs=0.2)
    assert np.array(answers[0]).std(axis=0) == pytest.approx(data.std(axis=0), abs=0.2)


def test_an_untrained_model_answers_where_none_ships(new_client, monkeypatch):
    """For any family: here the flow has lost its checkpoint. What it makes is still noise."""
    monkeypatch.delitem(SHIPPED, "flow")
    client = new_client()
    answer = client.predict({"ask": "trace", "x": [0.5, 0.25], "t": 0.0}, "flow", api_name="/ask")
    assert answer["path"][0] == pytest.approx([0.5, 0.25], abs=1e-4)
    frame = client.predict({"layers": ["samples"], "noise_draw": 1}, "flow", api_name="/look")
    assert (frame["step"], frame["state"]) == (0, "paused")
    assert client.predict(SHORT, api_name="/edit") is False
    frames = list(client.submit(SHORT, 7, api_name="/step"))
    assert (frames[-1]["step"], frames[-1]["state"]) == (7, "paused")


@pytest.mark.parametrize(
    "experiment",
    [
        {},
        {"dataset": {"name": "two_moons", "settings": {"noise": 0.2}}, "steps": 77, "seed": 5},
        {"config": {"width": 64, "learning_rate": 0.02, "solver": "rk4", "solver_steps": 3, "schedule": "constant"}},
        {"dataset": {"points": [[-1, 0.5], [2, -3], [0.25, 0.125]], "labels": [0, 3, 1]}},
    ],
)
def test_shared_links_restore_the_experiment(client, experiment):
    query = client.predict(experiment, api_name="/share")
    assert Experiment.from_query(dict(parse_qsl(query))) == Experiment.model_validate(experiment)


def test_fresh_data(client):
    wanted = {"dataset": "two_moons"}
    answer = client.predict(wanted, 40, 2, api_name="/dataset")
    assert np.allclose(answer["points"], Experiment(**wanted).data(40, seed=2), atol=1e-4)
    assert answer["known"] == list(DATASETS)
    drawn = {"dataset": [[0, 1], [5, 7]]}
    points = client.predict(drawn, 10, 0, api_name="/dataset")["points"]
    assert {tuple(point) for point in points} <= {(0, 1), (5, 7)}


def test_a_training_that_diverges_says_why(client):
    wild = SHORT | {"config": SMALL | {"learning_rate": 1, "schedule": "constant"}, "steps": 3000}
    last = list(client.submit(wild, api_name="/train"))[-1]
    assert last["state"] == "failed"
    assert "loss" in last["message"]
    assert "learning rate" in last["message"].lower()
    assert last["layers"], "the last good picture comes with it"


def test_every_endpoint_is_documented(app, client):
    documented = client.view_api(return_format="dict")
    assert {
        name: [parameter["parameter_name"] for parameter in endpoint["parameters"]]
        for name, endpoint in documented["named_endpoints"].items()
    } == ENDPOINTS
    assert not documented["unnamed_endpoints"], "the page's own events are private"
    for name, endpoint in documented["named_endpoints"].items():
        assert len(endpoint["description"]) > 20, name
    schema = httpx.get(app.url + "gradio_api/info").json()
    assert set(schema["named_endpoints"]) == set(ENDPOINTS)


def test_a_run_is_forked_from_its_past(app, client):
    first = list(client.submit(SHORT | {"steps": 100}, api_name="/train"))[-1]
    frames = list(client.submit("flow", 50, {"learning_rate": 0.001}, api_name="/fork"))
    assert frames[-1]["state"] == "done"
    assert frames[-1]["origin"] == {"run": first["run"], "step": 50, "replaces": False}
    assert frames[0]["step"] >= 50
    assert len(app.runs(client.session_hash)) == 2
    list(client.submit("flow", 0, {"width": 16}, api_name="/fork"))
    assert len(app.runs(client.session_hash)) == 2, "the one before the one before is closed"


def test_what_a_fork_parted_from_can_still_be_asked_and_paused(client):
    list(client.submit(SHORT | {"steps": 100}, api_name="/train"))
    before = client.predict({"ask": "sample", "n": 5}, "flow", api_name="/ask")
    list(client.submit("flow", 50, {"learning_rate": 0.001}, api_name="/fork"))
    assert client.predict({"ask": "sample", "n": 5}, "flow/before", api_name="/ask") == before
    assert client.predict({"ask": "sample", "n": 5}, "flow", api_name="/ask") != before
    assert client.predict("flow/before", api_name="/pause") == "paused"
    with pytest.raises(Exception, match="name of a slot"):
        client.submit("flow/before", 50, {}, api_name="/fork").result()
    with pytest.raises(Exception, match="name of a slot"):
        client.predict(SHORT, "flow/before", api_name="/reset")


@pytest.mark.parametrize(
    ("slot", "step", "changes", "sentence"),
    [
        ("nope", 0, {}, "no run in that slot"),
        ("flow/before", 0, {}, "no run in that slot"),
        ("", 0, {}, "name of a slot"),
        ("flow", -1, {}, "step must be a whole number from 0"),
        ("flow", 10**30, {}, "step must be a whole number from 0"),
        ("flow", 1.5, {}, "step must be a whole number from 0"),
        ("flow", 10, [1], "name a step"),
        ("flow", 10, {"nope": 1}, "no setting called"),
        ("flow", 10, {"learning_rate": 1e9}, "at most 1"),
        ("flow", 10, {"width": 10**9}, "at most"),
        ("vae", 10, {}, "no longer there"),
    ],
    ids=str,
)
def test_a_fork_that_is_refused_says_why(client, slot, step, changes, sentence):
    list(client.submit(SHORT, api_name="/train"))
    with pytest.raises(Exception, match=sentence):
        client.submit(slot, step, changes, api_name="/fork").result()
