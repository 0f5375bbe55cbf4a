"""Games of small GANs, for the tests of their pictures."""

from playground import Experiment, Run
from playground.scene import Scene, ViewState

SMALL = {"width": 16, "depth": 2, "batch_size": 64}


def game(dataset="ring", steps: int = 3, **config) -> Scene:
    run = Run(Experiment(family="gan", dataset=dataset, steps=200, config=SMALL | config))
    for _ in range(steps):
        run.advance()
    scene = Scene(run, ViewState(layout="latent_map"))
    scene.renew(whole=True)
    return scene
