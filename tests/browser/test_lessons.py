"""Lessons: walked by somebody who predicts, plays in between, and goes back and forward."""

import json
from urllib.parse import parse_qsl

from e2e import until

SMALL = "width=32&depth=2&batch_size=64"
MINE = {
    "title": "Mine",
    "about": "What I teach.",
    "steps": [
        {
            "title": "One",
            "text": "From <b>noise</b> to data.",
            "equation": "d{x}/d{t} = {v_θ}({x}, {t})",
            "state": "family=flow&dataset=smiley&view.layout=journey&view.time=0.5",
            "press": "play",
        },
        {
            "title": "Two",
            "text": "One step.",
            "state": "family=flow&dataset=smiley",
            "hides": ["path", "seed"],
            "question": {
                "asks": "How far?",
                "measure": {"what": "floors", "scalar": "distance"},
                "choices": [{"says": "near", "range": [None, 2]}, {"says": "far", "range": [2, None]}],
                "reveals": "family=flow&dataset=smiley&solver=euler&solver_steps=1",
                "because": "All end at the mean.",
            },
        },
        {
            "title": "Three",
            "text": "Train it.",
            "state": f"family=vae&dataset=two_moons&steps=40&{SMALL}&step=0",
            "press": "train",
            "question": {
                "asks": "Does the loss fall?",
                "measure": {"what": "ratio", "scalar": "loss"},
                "choices": [{"says": "yes", "range": [None, 0.999]}, {"says": "no", "range": [0.999, None]}],
            },
        },
    ],
}
STRIP = "#lesson-strip"


def titled(shown, title: str, family: str) -> None:
    """Wait for a step, and for what it shows: until then its buttons wait, too."""
    shown.page.wait_for_selector(f"{STRIP} h2:text-is('{title}')")
    shown.family = family
    shown.wait_for("root.offsetParent && stage.frames >= 1 && !('opening' in stage)")


def address(shown) -> dict[str, str]:
    return dict(parse_qsl(shown.page.evaluate("location.search.slice(1)")))


def answered(shown) -> str:
    shown.page.wait_for_selector(f"{STRIP} .choices .right")
    return shown.page.inner_text(f"{STRIP} .answer")


def test_a_teachers_lesson_is_walked_there_and_back(shown):
    page = shown.open().page
    file = {"name": "mine.json", "mimeType": "application/json", "buffer": json.dumps(MINE).encode()}
    page.set_input_files("#file input", file)
    titled(shown, "One", "flow")
    assert page.inner_text(f"{STRIP} .text") == MINE["steps"][0]["text"], "text is never HTML"
    assert page.locator(f"{STRIP} .equation abbr").count() == 5
    page.wait_for_selector("#flow-stage [data-layout=journey][aria-pressed=true]")

    page.locator(f"{STRIP} .equation abbr[data-symbol=v_θ]").hover()
    page.wait_for_selector("#flow-stage .model-band [data-box=network].marked", state="attached")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert shown.box(f"{STRIP} .next")["y"] >= 0, "the way on stays on the screen"
    page.click(f"{STRIP} .next")
    titled(shown, "Two", "flow")
    page.wait_for_function("document.querySelector('#lesson-strip').getBoundingClientRect().top >= 0")
    page.wait_for_selector("#flow-stage [data-layout=overlay][aria-pressed=true]")
    page.keyboard.press("PageUp")
    titled(shown, "One", "flow")
    page.keyboard.press("PageDown")
    titled(shown, "Two", "flow")
    assert page.locator("#flow-path").is_hidden(), "a lesson hides knobs"
    page.click(f"{STRIP} .choices button:text-is('near')")
    assert "The answer: far. All end at the mean." in answered(shown)
    assert page.input_value("#flow-solver") == "euler"

    page.click(f"{STRIP} .next")
    titled(shown, "Three", "vae")
    page.click(f"{STRIP} .choices button:text-is('yes')")
    assert "You were right." in answered(shown)
    shown.wait_for("stage.state === 'done' && stage.step === '40'")
    until(lambda: address(shown).get("lesson", "").endswith(".3"), why="the address holds the step")
    assert page.locator("#flow-path").get_attribute("hidden") is None

    page.go_back()
    titled(shown, "Two", "flow")
    page.go_forward()
    titled(shown, "Three", "vae")
    shown.wait_for("stage.state === 'done' && stage.step === '40'")
    page.click(f"{STRIP} .again")
    shown.wait_for("stage.state === 'paused' && stage.step === '0'")
    page.wait_for_selector(f"{STRIP} .choices button:enabled")

    link = page.evaluate("location.href")
    page.click(f"{STRIP} .next")
    page.wait_for_selector(STRIP, state="hidden")
    until(lambda: "lesson" not in address(shown), why="the lesson is over")
    page.goto(link)
    titled(shown, "Three", "vae")
    assert page.locator(f"{STRIP} .place").inner_text() == "Mine · step 3 of 3"


def test_a_lesson_of_the_menu_opens_and_a_link_goes_to_its_step(shown):
    page = shown.open().page
    page.click("#lessons summary")
    page.click("[data-lesson=diffusion]")
    titled(shown, "Adding noise", "diffusion")
    shown.wait_for_link(lesson="diffusion.1")
    page.goto(f"{shown.app.url}?lesson=diffusion.4")
    titled(shown, "The score", "diffusion")
    page.wait_for_selector("#diffusion-stage [data-layout=score][aria-pressed=true]")
    page.keyboard.press("PageUp")
    titled(shown, "What the network answers", "diffusion")
    page.wait_for_selector("#diffusion-stage [data-layout=overlay][aria-pressed=true]")
    page.click(f"{STRIP} .close")
    page.wait_for_selector(STRIP, state="hidden")
