"""Races over HTTP."""

import pytest
from gradio_client.exceptions import AppError

from playground.race import Race

TINY = {"batch_size": 32, "width": 8}


def test_a_race_comes_to_a_result(client, app):
    contestants = [{"family": "flow", "config": TINY, "name": "Thin"}, {"family": "gan", "config": TINY}]
    race = {"dataset": "two_moons", "contestants": contestants, "seconds": 1, "seeds": 2}
    *told, result = client.submit(race, api_name="/race")
    assert {message["round"] for message in told} == {0, 1}
    assert sorted(lane["rank"] for lane in result["results"]) in ([1, 1], [1, 2])
    assert [lane["title"] for lane in result["results"]] == ["Thin", "GAN"]
    for lane in result["results"]:
        assert lane["spread"].keys() == lane["measures"].keys() > {"distance", "wasserstein", "mmd", "coverage"}
    assert result["bands"].keys() >= {"distance", "wasserstein", "mmd", "precision", "recall", "coverage"}
    assert "lane.1.steps=" in result["query"]
    assert len(app.runs(client.session_hash)) == 2, "each lane has a slot"


def test_what_is_no_race_gets_a_sentence(client):
    with pytest.raises(AppError, match="two to 8"):
        client.submit({"contestants": ["flow"]}, api_name="/race").result()


def test_the_link_of_a_race_opens_the_tab(app, visitor):
    race = Race(dataset="two_moons", contestants=("flow", "vae"), basis="steps", steps=50)
    state = visitor.http.get(f"playground/state?{race.to_query()}").json()["state"]
    assert state["family"] == "compare"
    assert [contestant["family"] for contestant in state["contestants"]] == ["flow", "vae"]
    assert state["dataset"]["name"] == "two_moons"
    assert state["knobs"]["steps"] == 50
    broken = visitor.http.get("playground/state?lane.1=flow").json()
    assert broken["family"] == "compare"
    assert "two to 8" in broken["error"]
