"""A GAN's recipes: the collapse, and its cure."""

import pytest
import torch

from playground import Run
from playground.families.gan.gan import GANConfig
from playground.lessons.recipes import recipes
from playground.metrics.gan_collapse import detect, measure


def test_collapsed_and_cured_are_the_same_data_and_seed():
    collapse, cured = (recipes("gan")[name].experiment for name in ("collapse", "cured"))
    assert collapse.dataset == cured.dataset
    assert collapse.seed == cured.seed
    assert cured.config == GANConfig(generator_learning_rate=GANConfig().discriminator_learning_rate), "equal rates"


@pytest.mark.training
def test_the_collapse_recipe_collapses_and_the_detector_sees_it():
    """On the shortest of the recipes, halfway; the others are measured by scripts/margins.py."""
    experiment = recipes("gan")["collapse"].experiment
    run, history = Run(experiment), []
    modes, data = experiment.dataset.distribution.modes, experiment.data(500, seed=1)
    real = torch.as_tensor(run.normalizer.to_canvas(data), dtype=torch.float32)
    while run.step < experiment.steps / 2:
        run.advance()
        if run.step % 75 == 0:
            samples = run.sample(500)
            fake = torch.as_tensor(run.normalizer.to_canvas(samples), dtype=torch.float32)
            history.append(measure(run.step, samples, data, modes, run.averaged.signals(real, fake)))
    found = detect(history, experiment.steps)
    assert found is not None
    assert found.kind == "full collapse"
    assert history[-1].effective < 2 / 8
