"""The coupling: which noise is paired with which data while a flow learns, and what the pairs cost."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from playground.families.capabilities import ConditionalPaths
from playground.families.flow.couplings import optimal
from playground.families.paths import Pairs
from playground.scene import encode
from playground.scene.scene import Scene
from playground.views.base import Layer, Measured

SHOWN = 64
"""Pairs that are drawn."""

COMPARED = 256
"""Most pairs of which costs and crossings are told: their best pairing takes some milliseconds."""

TIMES = np.linspace(0, 1, 9)


class Told(NamedTuple):
    """crossing: the share of pairs of lines that cross. cost: the mean squared distance of noise and data as they are
    paired; best: the same of the best pairing. In the data's own coordinates."""

    crossing: float
    cost: float
    best: float


def batches(scene: Scene, size: int) -> Iterator[Pairs]:
    """Batches of pairs, as training draws them, of noise and data in canvas coordinates; always the same ones, until
    the visitor asks for another draw."""
    run, generator = scene.run, scene.rng()
    while True:
        chosen = torch.randint(len(run.pool), (size,), generator=generator, device=run.device)
        yield scene.model.path.coupling(run.pool[chosen], run.labels[chosen], generator)


def cost(x0: Tensor, x1: Tensor) -> float:
    """The mean of ‖x1 − x0‖² over pairs (n, dim)."""
    return float((x1 - x0).square().sum(1).mean())


def best_cost(x0: Tensor, x1: Tensor) -> float:
    """The smallest mean of ‖x1 − x0‖² of all pairings of noise x0 and data x1 (n, dim): optimal transport between the
    two sets."""
    return cost(x0[optimal(x0, x1, None, torch.Generator())], x1)


def crossing(x0: Tensor, x1: Tensor) -> float:
    """The share of pairs of lines, from x0 to x1 (n, dim), that cross: it would be shorter, in squares, to exchange
    their ends. On a line, it is those that meet; optimal transport has none (cyclical monotonicity)."""
    n = len(x0)
    # ‖x0 − y1‖² + ‖y0 − x1‖² < ‖x0 − x1‖² + ‖y0 − y1‖², where ⟨x0 − y0, x1 − y1⟩ < 0
    products = x0.double() @ x1.double().T
    own = products.diagonal()
    crossed = own[:, None] + own < products + products.T
    return float(crossed.sum()) / max(1, n * (n - 1))


class Coupling(Layer):
    title = "Pairs"
    help = (
        "Noise and data as a batch pairs them: each line is a path that is learned from. Two lines cross if exchanging "
        "their ends would shorten them; costs are mean squared lengths."
    )
    needs = ConditionalPaths
    colour = "noise"

    @torch.no_grad()
    def measure(self, scene: Scene, whole: bool) -> Measured:
        key = (scene.run.edits, scene.look.noise_draw)
        if scene.kept.get("coupling", (None,))[0] != key:
            scene.kept["coupling"] = key, self._measure(scene)
        return scene.kept["coupling"][1]

    @staticmethod
    def _measure(scene: Scene) -> Measured:
        model = scene.model
        x0, x1, _ = next(batches(scene, model.config.batch_size))
        x0, x1 = x0[:COMPARED], x1[:COMPARED]
        times = torch.as_tensor(TIMES, dtype=x0.dtype, device=x0.device)
        paths = [model.path.at(x0[:SHOWN], x1[:SHOWN], t.expand(len(x0[:SHOWN])))[0] for t in times]
        scale = scene.run.normalizer.scale**2
        told = Told(crossing(x0, x1), cost(x0, x1) / scale, best_cost(x0, x1) / scale)
        return {"xy": torch.stack(paths).cpu().numpy(), "told": np.array(told)}

    def draw(self, measured: Measured):
        told = Told(*measured["told"].tolist())
        title = f"{told.crossing:.0%} cross · cost {told.cost:.3g}, at best {told.best:.3g}"
        return [
            encode.paths(measured["xy"], "noise", TIMES, size=1.2) | {"title": title},
            encode.points(measured["xy"], "noise", TIMES, size=1.6),
        ]
