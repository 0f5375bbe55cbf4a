"""A model as boxes and arrows, from the capabilities that its family claims: what goes in, what is trained, what comes
out. Plain data for the browser, which draws them (static/stage/model).

    diagram(FAMILIES["gan"]) ==
        {"boxes": [{"id": "z", "text": "z", "kind": "noise", "at": [column, row], "layers", "symbols", "size"}, …],
         "arrows": [{"from": "z", "to": "generator", "training": False}, …],
         "wide": columns, "high": rows, "says": the same in a sentence,
         "in_latents": the same of one that can move latents, while it does, else None}
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from playground.families import Family
from playground.families.capabilities import Adversarial, Denoiser, Density, LatentVariable, Trajectory, can

Place = tuple[float, float]


@dataclass
class Diagram:
    """Boxes at places (column, row) of a grid, and arrows between them. training: those that only training needs."""

    says: str
    boxes: list[dict[str, Any]] = field(default_factory=list)
    arrows: list[dict[str, Any]] = field(default_factory=list)

    def box(
        self,
        name: str,
        text: str,
        kind: str,
        at: Place,
        layers: str = "",
        symbols: str = "",
        size: str = "",
        marks: str = "",
    ) -> "Diagram":
        """name: of a network, its name in the model. kind: "noise", "data", "samples", "latent", "time", "network"
        (which is trained) or "answer". layers: those that show it, of which a family may lack some; symbols: its own in
        the equation; marks: layers in which it is seen besides, "samples@0" only at time 0; all with spaces between.
        size: whether it is a "datum", a "latent", or a "position" of the space that samples move in."""
        shown = {"layers": layers.split(), "symbols": symbols.split(), "size": size, "marks": marks.split()}
        self.boxes.append({"id": name, "text": text, "kind": kind, "at": list(at), **shown})
        return self

    def arrow(self, *names: str, training: bool = False, both: bool = False) -> "Diagram":
        """An arrow from each box to the next."""
        self.arrows += [
            {"from": one, "to": other, "training": training, "both": both} for one, other in pairwise(names)
        ]
        return self

    def plain(self, in_latents: "Diagram | None" = None) -> dict[str, Any]:
        columns, rows = zip(*(box["at"] for box in self.boxes), strict=True)
        size = {"wide": max(columns) + 1, "high": max(rows) + 1}
        other = {"in_latents": in_latents.plain() if in_latents else None}
        return {"boxes": self.boxes, "arrows": self.arrows, "says": self.says} | size | other


def diagram(model: type[Family]) -> dict[str, Any]:
    """A family's diagram. Raises ValueError for one without a capability that tells how it makes samples."""
    if can(model, Adversarial):
        return adversarial().plain()
    if can(model, LatentVariable):
        return latent_variable().plain()
    if can(model, Denoiser):
        return either(model, "ε̂ or x̂", "A network learns what noise was added to {}; sampling takes it away.")
    if can(model, Density):
        return invertible().plain()
    if can(model, Trajectory):
        return either(model, "v", "A network learns the velocity from noise to {}; sampling follows it.")
    raise ValueError(f"{model.title} claims nothing that tells how it makes samples.")


def adversarial() -> Diagram:
    return (
        Diagram("The generator G makes samples of noise; the discriminator D tells them from data, and both learn.")
        .box("z", "z", "noise", (0, 0), "latents", "z", "latent")
        .box("generator", "G", "network", (1, 0), "generator_grid gradient", "G")
        .box("samples", "x", "samples", (2, 0), "samples", "", "datum")
        .box("data", "data", "data", (2, 1), "data", "x", "datum")
        .box("discriminator", "D", "network", (3, 0.5), "critic", "D")
        .box("answer", "real?", "answer", (4, 0.5))
        .arrow("z", "generator", "samples")
        .arrow("samples", "discriminator", "answer", training=True)
        .arrow("data", "discriminator", training=True)
    )


def latent_variable() -> Diagram:
    return (
        Diagram("An encoder q maps data to latents z near the prior; a decoder p makes samples of z.")
        .box("data", "x", "data", (0, 1), "data", "x", "datum")
        .box("encoder", "q(z|x)", "network", (1, 1), "posteriors aggregate", "q")
        .box("prior", "p(z)", "noise", (1, 0), "prior", "p", "latent")
        .box("z", "z", "latent", (2, 0.5), "origins holes", "z", "latent")
        .box("decoder", "p(x|z)", "network", (3, 0.5), "decoded reconstructions", "p")
        .box("samples", "x", "samples", (4, 0.5), "samples", "", "datum")
        .arrow("data", "encoder", "z", training=True)
        .arrow("prior", "z", "decoder", "samples")
    )


def either(model: type[Family], target: str, says: str) -> dict[str, Any]:
    """A model over time, in the space of its data, and in that of latents if its settings know one."""
    latent = in_latents(target, says.format("the latents of data")) if "space" in model.Config.model_fields else None
    return over_time(target, says.format("data")).plain(latent)


def over_time(target: str, says: str) -> Diagram:
    return (
        Diagram(says)
        .box("noise", "noise", "noise", (0, 0), "source", "ε", "position", marks="samples@0")
        .box("data", "data", "data", (0, 1), "data", "x_1", "datum")
        .box("x", "xₜ, t", "time", (1, 0.5), "paths noised film", "x_t x t", marks="samples")
        .box("network", "network", "network", (2, 0.5), "field", "v_θ")
        .box("target", target, "answer", (3, 0.5), "denoised conditional")
        .box("samples", "x", "samples", (4, 0.5), "samples", "", "datum")
        .arrow("noise", "x")
        .arrow("data", "x", training=True)
        .arrow("x", "network", "target", "samples")
        .arrow("target", "x")
    )


def in_latents(target: str, says: str) -> Diagram:
    """See `playground.families.spaces`."""
    return (
        Diagram(f"{says} An autoencoder learns beside it.")
        .box("data", "data", "data", (0, 1), "data", "x_1", "datum")
        .box("encoder", "encoder", "network", (1, 1))
        .box("noise", "noise", "noise", (1, 0), "source", "ε", "position", marks="samples@0")
        .box("x", "zₜ, t", "time", (2, 0.5), "paths noised film", "x_t x t", marks="samples")
        .box("network", "network", "network", (3, 0.5), "field", "v_θ")
        .box("target", target, "answer", (4, 0.5), "denoised conditional")
        .box("decoder", "decoder", "network", (5, 1))
        .box("samples", "x", "samples", (5, 0), "samples")
        .arrow("data", "encoder", "x", training=True)
        .arrow("noise", "x", "network", "target", "decoder", "samples")
        .arrow("target", "x")
    )


def invertible() -> Diagram:
    return (
        Diagram("Invertible layers carry data to noise, which gives their likelihood; samples go the other way.")
        .box("z", "z", "noise", (0, 0), "", "z p_Z", "position", marks="samples@0")
        .box("layers", "invertible layers", "network", (2, 0), "paths", "f_θ")
        .box("samples", "x", "samples", (4, 0), "samples", "", "datum")
        .box("data", "data", "data", (4, 1), "data", "x", "datum")
        .box("likelihood", "log p(x)", "answer", (0, 1), "density", "p_X")
        .arrow("z", "layers", "samples")
        .arrow("data", "layers", "likelihood", training=True)
    )
