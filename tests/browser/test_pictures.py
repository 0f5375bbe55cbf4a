"""A visitor's own pictures become the data of all tabs: seen by class, read in another way, and learned."""

from e2e import until
from odd_files.albums import pictures, zipped

FOLDERS = zipped(pictures(12, "cats/") + pictures(10, "dogs/"))


def test_pictures_become_the_data(shown):
    shown.open("?family=flow&dataset=two_moons&steps=40&width=32&depth=2&batch_size=64")
    page = shown.page
    with page.expect_file_chooser() as chooser:
        page.click("#upload")
    [(name, content)] = FOLDERS
    chooser.value.set_files({"name": name, "mimeType": "application/zip", "buffer": content})
    page.get_by_text("Read 22 pictures in 2 classes; a fifth is held out.").wait_for()
    assert page.locator("#upload").get_attribute("aria-checked") == "true"
    page.locator(".gallery canvas").nth(1).wait_for()
    assert page.locator(".gallery span").all_inner_texts() == ["cats", "dogs"]
    assert page.locator("#flow-label option").all_inner_texts() == ["any", "cats", "dogs"]
    assert page.is_checked("#pictures-colour")

    page.select_option("#pictures-side", "8")
    page.uncheck("#pictures-colour")

    def shapes() -> set[tuple[int, ...]]:
        page.evaluate("1")
        return {run.experiment.dataset.shape for run in shown.runs()}

    until(lambda: (8, 8) in shapes(), why="a run of the pictures as they are read now")
    before = shown.picture()
    page.click("#flow-train")
    shown.wait_for("stage.state === 'done'")
    shown.wait_for_another_picture(before)

    page.reload()
    shown.wait_for("stage.state === 'done' && stage.step === '40'")
    assert page.locator(".gallery span").all_inner_texts() == ["cats", "dogs"]

    page.click("#share")
    page.get_by_text("Your pictures are in no link").wait_for()
    assert "points" not in shown.link()
    page.click("[data-set=two_moons]")
    page.locator(".gallery").wait_for(state="hidden")
    page.click("#upload")  # back to the pictures, without a file
    page.locator(".gallery span").nth(1).wait_for()
    assert (8, 8) in shapes()
