"""The code of what is seen: shown, copied and saved."""

import nbformat
from axe_playwright_python.sync_playwright import Axe

from playground import Experiment
from playground.export import script


def test_code_is_shown_and_saved(new_page, tmp_path):
    shown = new_page(permissions=["clipboard-read", "clipboard-write"]).open("?family=vae&dataset=two_moons&steps=300")
    page = shown.page
    page.click("#vae-code")
    listing = page.locator("dialog.code pre")
    assert "def loss" in listing.inner_text()
    assert page.locator(".code .py").is_hidden()
    page.click(".code [data-part=script]")
    wanted = script(Experiment(family="vae", dataset="two_moons", steps=300))
    assert listing.text_content() == wanted
    broken = Axe().run(page, context="dialog.code").response["violations"]
    assert [rule["id"] for rule in broken] == []
    page.click(".code .copy")
    page.wait_for_function("document.querySelector('.code output').textContent === 'Copied'")
    assert page.evaluate("navigator.clipboard.readText()") == wanted
    for kind in ("py", "ipynb"):
        with page.expect_download() as download:
            page.click(f".code .{kind}")
        assert download.value.suggested_filename == f"vae-two-moons.{kind}"
        download.value.save_as(tmp_path / kind)
    assert (tmp_path / "py").read_text("utf-8") == wanted
    nbformat.validate(nbformat.read(tmp_path / "ipynb", as_version=4))
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.code", state="detached")
