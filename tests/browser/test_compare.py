"""The race on the page: from a link to the verdict."""

from urllib.parse import parse_qs

from e2e import until

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
