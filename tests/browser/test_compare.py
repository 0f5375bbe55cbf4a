"""The race on the page: from a link to the verdict, and back after a reload or from a file."""

import json
from urllib.parse import parse_qs, parse_qsl

import numpy as np
from e2e import until

from playground.race import Race

RACE = "?dataset=two_moons&basis=steps&steps=120&lane.1=flow&lane.2=gan&lane.3=flow&lane.3.name=Twin" + "".join(
    f"&lane.{lane}.width=8&lane.{lane}.batch_size=32" for lane in (1, 2, 3)
)


def test_a_race_from_its_link_to_the_verdict_and_back_in_time(new_page):
    shown = new_page()
    page = shown.page
    page.goto(shown.app.url + RACE)
    page.wait_for_selector(".lane:nth-child(3) h3:text-is('Twin')")
    page.wait_for_selector(".lane .floor:text-matches('floor')")
    page.click(".lane:nth-child(2) .picture")
    assert "Your choice: GAN" in page.inner_text(".tells")
    page.keyboard.press(" ")
    page.wait_for_selector("#compare-stage[data-state=done]")
    badges = page.locator(".lane .rank").all_inner_texts()
    assert badges[0] == badges[2], "the same contestant twice can't be told apart"
    page.wait_for_selector(".tells:text-matches('Your choice, GAN|You were right')")
    page.wait_for_selector(".standings th:text-is('MMD')")  # the measures came
    assert page.locator(".standings tbody tr").count() == 3
    steps = page.locator(".lane .told").all_inner_texts()
    assert steps == ["step 120 of 120"] * 3
    page.locator("#compare-scrubber").fill("0")
    until(lambda: page.inner_text(".lane:nth-child(1) .told") != steps[0], why="one scrubber rewinds all")
    assert parse_qs(page.url.partition("?")[2])["lane.3.name"] == ["Twin"]
    page.click("#compare-reset")
    page.wait_for_selector("#compare-stage[data-state=idle]")
    page.click(".lane:nth-child(3) .edit")
    page.click("dialog.contestant .remove")
    until(lambda: page.locator(".lane").count() == 2)
    shown.wait_for_link(lane__2="gan", lane__3=None)  # the address holds the race that is shown


def test_a_race_on_drawn_points_outlasts_a_reload_and_is_in_its_file(shown, tmp_path):
    points = np.random.default_rng(0).normal(size=(60, 2)).tolist()
    small = {"width": 8, "depth": 1, "batch_size": 16}
    contestants = [{"family": family, "config": small} for family in ("gan", "flow", "gan")]
    race = Race(dataset={"points": points}, contestants=contestants, basis="steps", steps=50_000, seeds=2, seed=3)
    query = dict(parse_qsl(race.to_query()))
    linked = Race.from_query(query)
    page = shown.page
    page.on("dialog", lambda dialog: dialog.accept())  # it asks whether to leave a training
    page.goto(f"{shown.app.url}?{race.to_query()}")
    page.wait_for_selector(".lane:nth-child(3) .floor:text-matches('floor')")
    page.click(".lane:nth-child(2) .picture")
    page.click("#compare-train")
    shown.family = "compare"
    shown.wait_for("stage.state === 'training' && +stage.step > 20")
    runs = shown.runs()
    assert [run.experiment for run in runs] == linked.experiments()
    page.reload()
    shown.wait_for("stage.state === 'training' && stage.frames >= 3")
    assert page.get_attribute(".lane:nth-child(2) .pick", "aria-pressed") == "true", "what was predicted still is"
    page.click("#compare-pause")
    until(lambda: {run.state for run in runs} == {"paused"}, why="the same runs, which trained meanwhile")
    assert shown.runs() == runs
    page.click("#file summary")
    with page.expect_download() as download:
        page.click("#save")
    download.value.save_as(tmp_path / "race.json")
    assert Race.model_validate(json.loads((tmp_path / "race.json").read_text())["race"]) == linked
    page.click("#compare-reset")
    page.click(".lane:nth-child(3) .edit")
    page.click("dialog.contestant .remove")
    until(lambda: page.locator(".lane").count() == 2)
    page.set_input_files("#file input", tmp_path / "race.json")
    until(lambda: page.locator(".lane").count() == 3, why="the race of the file")
    until(lambda: [run.experiment for run in shown.runs()] == linked.experiments(), why="its contestants are lined up")
    shown.wait_for_link(**{name.replace(".", "__"): value for name, value in query.items()})
