"""What a visitor finds who opens the page, and what a link restores."""

from typing import get_args

import pytest

from playground.config import marks
from playground.data import DATASETS
from playground.experiment import BUDGET, Experiment
from playground.families import FAMILIES
from playground.training.checkpoints import SHIPPED


def test_it_opens_with_a_picture_of_a_trained_model(shown):
    shown.open()
    assert shown.step == SHIPPED["flow"].steps
    assert shown.frames >= 1
    assert shown.picture()["painted"] > 0.02
    assert shown.page.locator("#flow-train").inner_text() == "Train"
    assert shown.page.locator("#dataset [aria-checked=true]").get_attribute("data-set") == SHIPPED["flow"].dataset.name
    shown.wait_for_chart("distance")
    assert not shown.console
    assert not shown.runs(), "a look at the page costs no run"


TRANSFERRED = """performance.getEntriesByType("resource")
    .filter(({ transferSize }) => transferSize > 0).map(({ name }) => name)"""


def test_a_visit_asks_for_few_files_and_a_second_for_almost_none(new_page):
    """Gradio's scripts are some thirty; nothing is asked for twice, and no figure needs Plotly's library yet."""
    shown = new_page()
    shown.open()
    page = shown.page
    files = [url for url in shown.asked if url.startswith("http") and "gradio_api" not in url]
    assert len(files) == len(set(files)) < 45
    assert [url.rsplit("/", 1)[1] for url in files if "/playground/" in url] == ["page.css", "page.js"]
    assert sum(url.endswith(".css") for url in files) <= 3, "the page's, Gradio's first, and its theme"
    page.goto(shown.app.url)
    shown.wait_for("stage.state === 'done' && stage.frames >= 1")
    again = page.evaluate(TRANSFERRED)
    assert len([url for url in again if "gradio_api" not in url]) <= 2, again


def change(page, script: str) -> None:
    """Add to the page's scripts."""

    def fulfill(route) -> None:
        reply = route.fetch()
        route.fulfill(response=reply, body=reply.text() + script)

    page.route("**/page.js", fulfill)


def test_a_data_rail_that_comes_late_changes_nothing(shown):
    part = 'modules["panels/data/data.js"]'
    change(shown.page, f"const {{ mount }} = {part}; {part}.mount = (all) => setTimeout(() => mount(all), 1000);")
    shown.open()
    shown.page.wait_for_selector("#dataset [aria-checked=true]")
    shown.page.wait_for_timeout(500)
    assert shown.step == SHIPPED["flow"].steps
    assert not shown.runs()


@pytest.mark.parametrize("part", ["header/header", "knobs/knobs", "cards/cards", "recipes", "about"])
def test_a_part_that_breaks_breaks_no_other(shown, part):
    change(shown.page, f'modules["panels/{part}.js"].mount = () => {{ throw Error("broken"); }};')
    shown.page.goto(shown.app.url)
    shown.wait_for("stage.state === 'done' && stage.frames >= 1")
    shown.train()
    assert {"broken"} == {error.removeprefix("Error: ") for error in shown.errors}
    shown.errors.clear()


def test_the_distance_stands_beside_that_of_a_perfect_model(shown):
    shown.open()
    card = shown.page.locator("#flow-readouts [data-scalar=distance]")
    card.locator(".floor", has_text="perfect model").wait_for()
    value = float(card.locator(".big").inner_text())
    low, high = (float(end) for end in card.locator(".floor").inner_text().split()[-1].split("–"))
    assert low / 2 < value < 10 * high
    good = "Indistinguishable from fresh data"
    assert card.locator(".verdict").inner_text() == (good if value <= high else "")


def test_the_loss_stands_beside_its_floor(shown):
    shown.open()
    card = shown.page.locator("#flow-readouts [data-scalar=loss]")
    card.locator(".floor", has_text="floor").wait_for()
    value, floor = float(card.locator(".big").inner_text()), float(card.locator(".floor").inner_text().split()[1])
    assert 0.9 * floor < value < 1.5 * floor


def test_every_setting_has_a_control(shown):
    shown.open()
    fields = FAMILIES["flow"].Config.model_fields | {n: Experiment.model_fields[n] for n in BUDGET}
    for name, field in fields.items():
        control = shown.page.locator(f"#flow-{name.replace('_', '-')}")
        assert control.count() == 1, name
        if marks(field).get("widget"):
            continue
        kind = control.evaluate("e => e.tagName + (e.type === 'range' ? '' : e.type)")
        if kind == "INPUT":  # a slider
            bounds = {k: getattr(part, k) for part in field.metadata for k in ("ge", "le") if hasattr(part, k)}
            ends = control.evaluate(
                """e => [e.min, e.max].map(end => {
                    e.value = end;
                    e.dispatchEvent(new Event("input"));
                    return e.parentElement.querySelector("output").textContent;
                })"""
            )
            numbers = [float(end.replace(",", "").replace("−", "-")) for end in ends]
            assert numbers == pytest.approx([bounds["ge"], bounds["le"]], rel=1e-3), name
        else:
            values = control.locator("option").evaluate_all("all => all.map((e) => e.value)")
            wanted = set(get_args(field.annotation))
            assert set(values) <= wanted if marks(field).get("classes") else set(values) == wanted, name
            assert "_" not in "".join(control.locator("option").all_text_contents()), "words, not names"
        assert control.evaluate("e => e.closest('label').title.length") > 5, f"{name} has help"
    assert set(shown.page.locator("#dataset [role=radio]").evaluate_all("all => all.map(e => e.dataset.set)")) == {
        *DATASETS,
        "draw",
        "upload",
        "hub",
    }


ALL_SETTINGS = (
    "?family=flow&dataset=two_moons&data.noise=0.2&width=96&learning_rate=0.03&solver=rk4&solver_steps=7&depth=2"
    "&frequencies=2&batch_size=128&schedule=constant&averaging=0.9&steps=321&seed=17"
)


def test_a_link_restores_every_setting(shown):
    shown.open(ALL_SETTINGS)
    assert shown.page.locator("#dataset [aria-checked=true]").get_attribute("data-set") == "two_moons"
    sliders = {
        "#data-noise": "0.2",
        "#flow-width": "96",
        "#flow-learning-rate": "0.03",
        "#flow-solver-steps": "7",
        "#flow-depth": "2",
        "#flow-frequencies": "2",
        "#flow-batch-size": "128",
        "#flow-averaging": "0.9",
        "#flow-steps": "321",
        "#flow-seed": "17",
    }
    for slider, value in sliders.items():
        assert shown.page.locator(f"label:has({slider}) output").text_content() == value, slider
    assert shown.page.locator("#flow-solver").input_value() == "rk4"
    assert shown.page.locator("#flow-schedule").input_value() == "constant"
    assert shown.page.locator("#flow-stage .count").inner_text().startswith("step 0 of 321")
    shown.page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    assert shown.step == 321
    [run] = shown.runs()
    assert run.experiment == Experiment.from_query(dict(part.split("=") for part in ALL_SETTINGS[1:].split("&")))


TAMPERED = {
    "a number that is none": "?steps=NaN",
    "out of range": "?dataset=two_moons&data.noise=-1",
    "a setting that is none": "?dataset=two_moons&data.poison=1",
    "a path": "?dataset=../../etc/passwd",
    "a drawing": "?points=A!!!",
    "too much": "?width=256&depth=6&batch_size=4096",
    "a script": "?solver=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
    "a family": "?family=gun",
}


@pytest.mark.parametrize("query", TAMPERED.values(), ids=TAMPERED)
def test_a_tampered_link_shows_one_sentence(shown, query):
    shown.page.goto(shown.app.url + query)
    shown.wait_for("!says.hidden && says.textContent.startsWith('This link')")
    sentence = shown.says()
    assert sentence.endswith(".")
    assert len(sentence) < 420
    assert not any(word in sentence for word in ("Traceback", "pydantic", "NoneType", "<class"))
    assert shown.frames >= 1, "the picture that every visitor finds is there all the same"


def test_the_page_works_after_a_tampered_link(shown):
    shown.page.goto(shown.app.url + "?points=A!!!&steps=0")
    shown.wait_for("!says.hidden && says.textContent.startsWith('This link')")
    shown.page.click("#dataset [data-set=two_moons]")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    shown.wait_for_link(dataset="two_moons", points=None)
    shown.train()
    shown.pause()


def test_what_a_link_says_besides_is_left_alone(shown):
    shown.open()
    shown.page.goto(shown.app.url + "?__theme=light&utm_source=mail&fbclid=1")
    shown.wait_for("stage.state === 'done' && stage.frames >= 1")
    assert shown.page.locator("#flow-stage .says").is_hidden()
    assert shown.step == SHIPPED["flow"].steps
    shown.page.click("#dataset [data-set=ring]")
    shown.wait_for_link(dataset="ring")
    assert shown.link()["__theme"] == "light", "what the host says stays"
