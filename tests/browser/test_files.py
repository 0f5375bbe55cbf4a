"""An experiment as a file: saved, and opened by someone else."""

import base64
import json

import numpy as np
import pytest
from e2e import PHONE, SHORT, until


def saved(shown, path) -> dict:
    shown.page.click("#file summary")
    with shown.page.expect_download() as download:
        shown.page.click("#save")
    download.value.save_as(path)
    return json.loads(path.read_text())


def opens(shown, path) -> None:
    shown.page.set_input_files("#file input", path)


def saved_model(shown, path) -> None:
    shown.page.click("#file summary")
    with shown.page.expect_download() as download:
        shown.page.click("#save-model")
    assert download.value.suggested_filename.endswith(".safetensors")
    download.value.save_as(path)


def upload(shown, n: int) -> None:
    rows = np.random.default_rng(0).normal(30, 5, (n, 2))
    content = "\n".join(f"{x},{y}" for x, y in rows).encode()
    with shown.page.expect_file_chooser() as chooser:
        shown.page.click("#upload")
    chooser.value.set_files({"name": "points.csv", "mimeType": "text/csv", "buffer": content})
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    until(
        lambda: (shown.page.evaluate("1"), [getattr(r.experiment.dataset, "size", 0) for r in shown.runs()] == [n])[1]
    )


def test_what_is_saved_opens_as_it_was_seen(new_page, tmp_path):
    shown = new_page().open("?family=diffusion&dataset=two_moons&data.noise=0.2&steps=300&width=32&seed=5")
    shown.page.click("#diffusion-step")
    shown.wait_for("stage.state === 'paused' && stage.step === '10'")
    shown.page.locator("#diffusion-stage [data-layer]:visible").first.click()
    content = saved(shown, tmp_path / "file.json")
    assert (content["experiment"]["seed"], content["step"]) == (5, 10)
    other = new_page().open()
    opens(other, tmp_path / "file.json")
    other.family = "diffusion"
    other.wait_for("stage.state === 'paused' && stage.step === '10' && stage.frames >= 1")
    shown.page.mouse.move(0, 0)
    until(lambda: other.picture()["sum"] == shown.picture()["sum"], why="the picture is the same")
    assert saved(other, tmp_path / "again.json") == content
    other.page.go_back()
    other.page.wait_for_selector("#flow-knobs", state="visible")


def test_a_trained_model_opens_elsewhere_as_it_was_and_trains_on(new_page, tmp_path):
    shown = new_page().open(SHORT)
    shown.page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    saved_model(shown, tmp_path / "flow.safetensors")
    other = new_page().open("?family=gan")
    opens(other, tmp_path / "flow.safetensors")
    other.family = "flow"
    other.wait_for("stage.state === 'done' && stage.step === '300' && stage.frames >= 1")
    shown.page.mouse.move(0, 0)
    until(lambda: other.picture()["sum"] == shown.picture()["sum"], why="the picture is the same")
    other.wait_for_chart("loss")
    other.wait_for_link(dataset="two_moons", steps="300")
    other.page.click("#flow-step")
    other.wait_for("stage.step === '310'")
    other.page.go_back()
    other.page.wait_for_selector("#gan-knobs", state="visible")


def test_uploaded_points_are_in_the_link_if_they_are_few(new_page):
    shown = new_page(permissions=["clipboard-read", "clipboard-write"]).open(SHORT)
    upload(shown, 500)
    shown.page.click("#share")
    shown.page.wait_for_function("document.querySelector('#share').textContent === 'Link copied'")
    [run] = shown.runs()
    other = new_page()
    other.page.goto(shown.page.evaluate("navigator.clipboard.readText()"))
    other.wait_for("stage.state === 'paused' && stage.step === '0' && stage.frames >= 1")
    assert [run.experiment for run in other.runs()] == [run.experiment], "exactly"


def test_points_that_are_too_many_for_a_link_are_in_the_file(new_page, tmp_path):
    shown = new_page(permissions=["clipboard-read", "clipboard-write"]).open(SHORT)
    upload(shown, 2000)
    shown.page.click("#share")
    shown.wait_for("says.textContent.startsWith('2,000 points are too many for a link, which holds at most 750.')")
    assert shown.page.inner_text("#share") == "Copied, without the points"
    [run] = shown.runs()
    saved(shown, tmp_path / "file.json")
    other = new_page().open()
    opens(other, tmp_path / "file.json")
    other.wait_for("stage.state === 'paused' && stage.step === '0'")
    assert [run.experiment for run in other.runs()] == [run.experiment]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("no file", "holds no JSON."),
        ("[]", "holds no experiment."),
        ('{"experiment": {"steps": NaN}}', "Training steps: must be a finite number."),
        ("x" * 1_100_000, "too large"),
    ],
    ids=["text", "a list", "NaN", "large"],
)
def test_a_file_that_is_none_says_so_and_changes_nothing(shown, tmp_path, content, sentence):
    shown.open(SHORT)
    before = shown.link()
    for name in ("file.json", "file.safetensors") if content == "no file" else ("file.json",):
        (tmp_path / name).write_text(content)
        opens(shown, tmp_path / name)
        wanted = "no header" if name.endswith("safetensors") else sentence
        shown.wait_for("says.dataset.kind === 'error' && says.textContent.includes(value)", wanted)
        assert (shown.stage("state"), shown.step, shown.link()) == ("paused", 0, before)


def test_the_menu_fits_on_a_phone_and_closes(new_page):
    phone = new_page(**PHONE).open()
    phone.page.tap("#file summary")
    for part in ("#save", "#open"):
        box = phone.box(part)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        assert box["height"] >= 40
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360
    phone.page.keyboard.press("Escape")
    assert not phone.page.locator("#save").is_visible()


def test_a_model_is_published_with_its_picture_and_opened_by_its_name(new_page):
    """The hub is played here; tests/api/test_hub.py asks a stand-in."""
    shown, sent = new_page().open("?family=vae&dataset=two_moons"), []

    def answer(route) -> None:
        sent.append(route.request.post_data_json)
        found = {"address": "https://example.org/anna/model"} if "picture" in sent[-1] else {"error": "No such model."}
        route.fulfill(json=found)

    shown.page.route("**/playground/hub", lambda route: route.fulfill(json={"account": "anna", "sign_in": None}))
    shown.page.route("**/playground/hub/*", answer)
    shown.page.click("#file summary")
    shown.page.click("#publish")
    shown.page.wait_for_selector("dialog .sub:text('You publish as anna.')")
    shown.page.click("dialog .go")
    shown.page.wait_for_selector("dialog a:text('https://example.org/anna/model')")
    assert (sent[-1]["slot"], sent[-1]["name"]) == ("vae", "vae-on-two-moons")
    assert base64.b64decode(sent[-1]["picture"]).startswith(b"\x89PNG")
    shown.page.keyboard.press("Escape")
    shown.page.click("#file summary")
    shown.page.click("#from-hub")
    shown.page.fill("dialog input", " anna/nothing ")
    shown.page.keyboard.press("Enter")
    shown.page.wait_for_selector("dialog output.bad:text('No such model.')")
    assert sent[-1]["name"] == "anna/nothing"
