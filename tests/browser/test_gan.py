"""The tab of the GAN: two players, what each does alone, the collapse and what cures it."""

from itertools import cycle

import pytest
from e2e import BUS, PHONE, until
from playwright.sync_api import expect

from playground import Experiment

SMALL = "?family=gan&dataset=ring&width=16&depth=2&batch_size=64&steps=100000"


def games(shown):
    return [run for run in shown.runs() if run.experiment.family == "gan"]


@pytest.fixture
def gan(shown):
    return shown.open(SMALL)


def test_each_player_moves_alone_and_in_turn(gan):
    page = gan.page
    page.select_option("#gan-stage .who", "discriminator")
    page.click("#gan-step")
    gan.wait_for("stage.state === 'paused' && +stage.step === 10")
    assert page.inner_text("#gan-stage .turn") == "the discriminator has moved"
    page.select_option("#gan-stage .who", "in turn")
    for step, player in ((20, "discriminator"), (30, "generator"), (40, "discriminator")):
        page.click("#gan-step")
        gan.wait_for("stage.state === 'paused' && +stage.step === value", step)
        assert page.inner_text("#gan-stage .turn") == f"the {player} has moved"


def test_slow_motion_goes_on_until_it_is_paused(gan):
    gan.page.click("#gan-stage .slow")
    gan.wait_for("+stage.step >= 30")
    assert gan.page.is_visible("#gan-pause")
    gan.page.click("#gan-pause")
    gan.wait_for("stage.state === 'paused'")
    step = gan.step
    gan.page.wait_for_timeout(1500)
    assert gan.step == step
    assert gan.page.is_visible("#gan-train")


def test_latents_are_carried_to_data_and_back(gan):
    page = gan.page
    page.click("[data-layout=latent_map]")
    box = gan.box()
    trembling = cycle((0, 2))  # whoever points before the layout has come is answered in the one before

    def told(share: float) -> str:
        page.mouse.move(box["x"] + share * box["width"] + next(trembling), box["y"] + box["height"] / 2)
        page.wait_for_timeout(200)
        return page.inner_text("#gan-stage .pointer")

    until(lambda: "This latent" in told(0.75))
    until(lambda: "The rings on the right" in told(0.25))


def test_a_collapse_is_told_and_one_click_shows_what_would_have_been(shown):
    page = shown.open().page
    shown.tab("gan")
    page.click("[data-recipe=collapse]")
    page.locator("#gan-alert [data-remedy]").first.click()
    page.wait_for_function("document.querySelector('#gan-alert .parted').textContent.includes('Left: as it was')")
    expect(page.locator("#gan-stage .plot")).to_be_in_viewport(ratio=0.9)
    shown.wait_for("stage.state === 'done'")
    source, fork = sorted(games(shown), key=lambda run: run.used)
    assert (source.experiment.config.r1, fork.step_count) == (0, 3000)
    assert fork.experiment.config.r1 > 0
    shown.wait_for_link(r1=str(fork.experiment.config.r1))
    assert Experiment.from_query(shown.link()) == fork.experiment, "the link is that of the fork"
    both = shown.picture()
    page.click("#gan-alert .alone")
    shown.wait_for_another_picture(both)
    page.click("#gan-step")
    shown.wait_for("+stage.step === 3010")
    assert len(games(shown)) == 2, "the fork goes on: its settings are those of the knobs"


TELLS = """
    const { say, stages } = BUS;
    const { says, lanes, recording, shown } = stages.get("gan");
    const alert = { title: "Cycling", sentence: "It wanders.", step: 5, before: 1, remedies: [] };
    const seen = Object.create(recording, { alerts: { writable: true } });
    const tells = (alerts) => {
        seen.alerts = alerts;
        const told = { lanes: [{ ...lanes[0], recording: seen }], recording: seen };
        say("gan", "recording", { ...told, step: shown.step, frame: shown });
    };
""".replace("BUS", BUS)
"""JavaScript: tells of alerts, as frames of a training do."""


def test_an_alert_that_is_withdrawn_is_no_longer_told(gan):
    """As in a fork that heals: on its way back to all modes it may look like cycling for a moment."""
    told = gan.page.evaluate(
        f"""async () => {{
            {TELLS}
            return [{{ it: alert }}, {{}}].map((alerts) => {{
                tells(alerts);
                return [says.element.hidden, says.element.textContent];
            }});
        }}"""
    )
    assert told == [[False, "Cycling. It wanders."], [True, ""]]


def test_a_remedy_stays_where_it_is_while_its_alert_changes(gan):
    """A button that was replaced between press and release would never be clicked."""
    told = gan.page.evaluate(
        f"""async () => {{
            {TELLS}
            alert.remedies = [{{ title: "Calm", why: "It helps.", changes: {{ r1: 1 }} }}];
            tells({{ it: alert }});
            const button = document.querySelector("#gan-alert [data-remedy]");
            tells({{ it: {{ ...alert, sentence: "It wanders on.", step: 6 }} }});
            return [button.isConnected, document.querySelector("#gan-alert .found").innerText.split("\\n\\n")];
        }}"""
    )
    assert told[0]
    assert told[1][:2] == ["Cycling, since step 6", "It wanders on."]


BELOW = """() => {
    const canvas = document.querySelector("#gan-stage .plot canvas");
    const ratio = canvas.width / canvas.getBoundingClientRect().width;
    const foot = Math.round(18 * ratio);
    const { data } = canvas.getContext("2d").getImageData(0, canvas.height - foot, canvas.width, foot);
    const shades = new Set();
    for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0) shades.add(data.slice(i, i + 4).join());
    return shades.size;
}"""


@pytest.mark.parametrize("context", [{}, PHONE], ids=["desktop", "phone"])
def test_the_map_has_a_colour_bar_below_the_picture(new_page, context):
    shown = new_page(**context).open(SMALL)
    until(lambda: shown.page.evaluate(BELOW) > 20, why="the bar's shades are seen")
    shown.page.evaluate("document.querySelector('#gan-stage [data-layer=critic]').click()")
    until(lambda: shown.page.evaluate(BELOW) < 20, why="without the map, there is no bar")


def test_the_symbols_of_the_equation_are_explained_by_pointer_and_by_keyboard(gan):
    equation = gan.page.locator("#gan-tab .equation")
    assert "probability" in equation.locator("abbr", has_text="D").first.get_attribute("title")
    meaning = equation.locator("dd", has_text="latent").first
    expect(meaning).to_be_hidden()
    equation.locator("summary").press("Enter")
    expect(meaning).to_be_visible()


def test_of_a_curve_regions_are_covered_and_no_modes_are_lost(shown):
    """Neither a card nor a switch is there that could show nothing."""
    shown.open("?family=gan&dataset=heart")
    shown.page.wait_for_selector("#gan-readouts [data-chart=coverage]", state="visible")
    shown.page.wait_for_selector("#gan-stage [data-layer=lost]", state="hidden")
    assert shown.page.locator("#gan-readouts [data-chart=modes]").is_hidden()
    shown.page.click("#dataset [data-set=ring]")
    shown.page.wait_for_selector("#gan-readouts [data-chart=modes]", state="visible")
    shown.page.wait_for_selector("#gan-stage [data-layer=lost]", state="visible")
    shown.page.wait_for_selector("#gan-readouts [data-chart=coverage]", state="hidden")
