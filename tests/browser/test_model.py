"""The picture of the model over the Stage."""

from e2e import SMALL


def test_its_boxes_switch_layers_tell_their_size_and_light_up_in_turn(shown):
    page = shown.open(f"?family=gan&dataset=two_moons&steps=100000&{SMALL}").page
    band, box = page.locator("#gan-stage .model-band"), "#gan-stage .model-band [data-box={}]".format
    if band.is_hidden():
        page.click("#gan-stage .shows-model")
    page.wait_for_selector(f"{box('generator')} .note:text-matches('weights')")
    [run] = shown.runs()
    assert page.text_content(f"{box('z')} .note") == f"{run.experiment.config.latents} numbers"

    chip = page.locator("#gan-stage [data-layer=critic]")
    pressed = chip.get_attribute("aria-pressed")
    page.click(f"{box('discriminator')} rect")
    assert chip.get_attribute("aria-pressed") != pressed
    page.focus(box("discriminator"))
    page.keyboard.press("Enter")
    assert chip.get_attribute("aria-pressed") == pressed
    page.click(f"{box('z')} rect")  # latents are seen in another layout
    page.wait_for_selector("#gan-stage [data-layout=latent_map][aria-pressed=true]")

    page.hover("#gan-tab .about abbr[data-symbol=D] >> nth=0")
    page.wait_for_selector(f"{box('discriminator')}.marked")
    page.wait_for_selector("#gan-stage [data-layer=critic].marked", state="attached")
    page.hover("#gan-tab .about h2 >> nth=0")
    page.wait_for_selector("#gan-stage .model-band:not(:has(.marked))")

    page.select_option("#gan-stage .who", "generator")
    page.click("#gan-step")
    shown.wait_for("stage.state === 'paused' && +stage.step > 0")
    assert page.locator("#gan-stage .model-band .moves").count() == 0, "it rests"
    page.select_option("#gan-stage .who", "")
    shown.train()
    for player in ("generator", "discriminator"):
        page.wait_for_selector(f"{box(player)}.moves")
    shown.pause()
    page.wait_for_function("!document.querySelector('#gan-stage .model-band .moves')")


def test_in_latents_an_autoencoder_stands_beside(shown):
    """It comes with a run that moves latents, and goes with it."""
    page = shown.open(f"?family=flow&dataset=digits&steps=10000&space=latents&{SMALL}").page
    box = "#flow-stage .model-band [data-box={}]".format
    if page.locator("#flow-stage .model-band").is_hidden():
        page.click("#flow-stage .shows-model")
    page.wait_for_selector(f"{box('decoder')} .note:text-matches('weights')")
    assert page.text_content(f"{box('noise')} .note") == "16 latents"
    shown.train()
    page.wait_for_selector(f"{box('encoder')}.moves")
    shown.pause()
    page.select_option("#flow-space", "pixels")
    page.click("#flow-reset")
    page.wait_for_selector(box("decoder"), state="detached")
    page.wait_for_selector(f"{box('noise')} .note:text-matches('8 × 8 pixels')")
