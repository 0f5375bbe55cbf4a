"""The settings of a diffusion model."""

from typing import Annotated, ClassVar, Literal

from playground.config import knob
from playground.families import settings
from playground.families.base import FamilyConfig
from playground.families.conditioning import class_index, lacking
from playground.families.diffusion.samplers import SAMPLERS


class DiffusionConfig(FamilyConfig):
    """The settings of a diffusion model. The defaults are the recipe measured in benchmarks/diffusion.py."""

    SAMPLING = frozenset({"sampler", "sampler_steps", "spacing", "label", "guidance", "eta", "churn"})
    IMAGES: ClassVar = {"batch_size": 48, "learning_rate": 5e-3, "steps": 6000, "sampler": "dpmpp_2m"}

    noise_schedule: Annotated[
        Literal["linear", "cosine", "sigmoid", "edm"],
        knob("Noise schedule", "How the signal fades: each spends its time at other levels of noise.", live=True),
    ] = "cosine"
    target: Annotated[
        Literal["noise", "data", "velocity", "edm"],
        knob(
            "Prediction target (ε, x₁, v)",
            "What the network answers with: the noise ε, the data point x₁, a mixture that is safe at both ends "
            "(v), or EDM's mixture, which knows the data's spread.",
        ),
    ] = "velocity"
    sampler: Annotated[
        Literal["ddpm", "ddim", "euler_maruyama", "ode_euler", "ode_heun", "dpmpp_2m", "edm_stochastic"],
        knob(
            "Sampler",
            "How noise is taken away: with fresh noise at each step (DDPM, Euler–Maruyama, EDM), or along a flow.",
            live=True,
            words={name: sampler.title for name, sampler in SAMPLERS.items()},
        ),
    ] = "ode_heun"
    sampler_steps: Annotated[
        int, knob("Sampler steps", "From noise to data. Few are fast and coarse.", ge=1, le=1000, live=True, log=True)
    ] = 10
    spacing: Annotated[
        Literal["sampler", "schedule"],
        knob(
            "Step spacing",
            "Where the steps are: at levels that suit the sampler, or evenly along the noise schedule.",
            live=True,
            more=True,
            words={"sampler": "for sampling", "schedule": "as the schedule"},
        ),
    ] = "sampler"
    label: Annotated[settings.Label, settings.label()] = "any"
    guidance: Annotated[float, settings.guidance()] = 1.0
    label_dropout: Annotated[float, settings.label_dropout()] = 0.5
    learning_rate: Annotated[float, settings.learning_rate()] = 2e-2
    eta: Annotated[
        float,
        knob(
            "DDIM's η",
            "Its share of fresh noise: 1 is as much as DDPM's.",
            ge=0,
            le=1,
            live=True,
            more=True,
            when={"sampler": "ddim"},
        ),
    ] = 0.0
    churn: Annotated[
        float,
        knob(
            "Churn",
            "How much noise EDM's sampler adds on its path.",
            ge=0,
            le=100,
            live=True,
            more=True,
            when={"sampler": "edm_stochastic"},
        ),
    ] = 20.0
    weighting: Annotated[
        Literal["plain", "snr", "truncated_snr", "min_snr", "snr_plus_one"],
        knob("Loss weight", "What errors count at each level; plain is each target's own.", live=True, more=True),
    ] = "plain"
    noise_end: Annotated[
        float,
        knob("End of noise", "Where the schedule stops; below 1, signal is left.", ge=0.1, le=1, live=True, more=True),
    ] = 1.0
    space: Annotated[settings.Space, settings.space("Diffusion moves")] = "pixels"
    latents: Annotated[int, settings.space_latents()] = 16
    network: Annotated[settings.Network, settings.network()] = "convolutional"
    channels: Annotated[int, settings.channels()] = 24
    width: Annotated[int, settings.width()] = 64
    depth: Annotated[int, settings.depth()] = 4
    frequencies: Annotated[int, settings.frequencies("Noise frequencies", "how noisy it is")] = 4

    @property
    def class_index(self) -> int | None:
        """The class to sample, or None for any class and for models without classes."""
        return class_index(self.label, self.label_dropout)

    def suits(self, classes: int) -> str:
        return lacking(self.label, classes)
