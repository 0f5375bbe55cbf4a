"""The constants of a run, asked for once: its data, their normalizer, and the floors."""

from collections.abc import Generator
from typing import Any, cast

import torch

from playground.data.kinds import ANY
from playground.families import Family
from playground.families.capabilities import Adversarial, LatentVariable, Trajectory, can
from playground.questions.base import Answer, Question
from playground.scene.encode import finite
from playground.scene.scene import Scene
from playground.views import charts, layers, suiting


class Constants(Question):
    """The constant layers, the normalizer, the scalars of a checkpoint's training, the views that mean nothing for the
    data or with the settings, and how large the model is: {"layers", "normalizer": {"centre", "scale"}, "curves":
    [{"step", …}], "absent": [name, …], "anatomy": see `anatomy`}."""

    kinds = ANY

    @torch.no_grad()
    def answer(self, scene: Scene) -> Answer:
        known = layers(scene.model, scene.kind).items()
        constant = {name: layer for name, layer in known if layer.constant and layer.applies(scene)}
        return {
            "layers": {name: layer.drawn(layer.measure(scene, True)) for name, layer in constant.items()},
            "normalizer": scene.run.normalizer.model_dump(mode="json"),
            "curves": scene.curves,
            "absent": [
                name
                for name, view in suiting(type(scene.model), scene.kind).items()
                if not (view.suits(scene.model, scene.kind) and view.applies(scene))
            ],
            "anatomy": anatomy(scene.model, scene.run.device),
        }


def anatomy(model: Family, device: torch.device) -> dict[str, dict[str, Any]]:
    """How many weights each network of a model has, and of a model that learns beside it; and of how many numbers a
    datum, a latent, and a position on a trajectory are, in words: {"parts": {the network's name: weights}, "sizes":
    {"datum": "8 × 8 pixels", "latent": "2 numbers", "position": "16 latents"}}."""
    models = [part for part in model.modules() if isinstance(part, Family)]
    children = [child for one in models for child in one.named_children()]
    networks = [(name, part) for name, part in children if not any(isinstance(p, Family) for p in part.modules())]
    parts = {name: sum(weight.numel() for weight in network.parameters()) for name, network in networks}
    datum = f"{model.dim} numbers" if len(model.shape) == 1 else f"{' × '.join(map(str, model.shape))} pixels"
    sizes, seeded = {"datum": datum}, torch.Generator(device).manual_seed(0)
    if can(model, LatentVariable) or can(model, Adversarial):
        numbers = cast(LatentVariable, model).latent(1, seeded).shape[1]
        sizes["latent"] = f"{numbers} number{'s' if numbers > 1 else ''}"
    if can(model, Trajectory):
        moved = cast(Trajectory, model).noise(1, seeded).shape[1]
        sizes["position"] = datum if moved == model.dim else f"{moved} latent{'s' if moved > 1 else ''}"
    return {"parts": {name: count for name, count in parts.items() if count}, "sizes": sizes}


class Floors(Question):
    """The floor or ceiling of each scalar that has one, for the current settings: {"floors", "edits"}."""

    kinds = ANY

    @torch.no_grad()  # whenever it computes, not between its pieces
    def answer(self, scene: Scene) -> Generator[None, None, Answer]:
        edits, floors = scene.run.edits, dict[str, float]()
        known = charts(scene.model, scene.kind).values()
        for chart in (chart for chart in known if chart.applies(scene)):
            yield from chart.floors_ahead(scene)
            floors |= chart.floors(scene)
            yield
        return {"floors": finite(floors), "edits": edits}
