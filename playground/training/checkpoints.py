"""Checkpoints: trained models as files (see `playground.training.model_file`), some of which ship with the project.

python -m scripts.checkpoints        # train and save those
"""

from pathlib import Path
from typing import Any

import torch

from playground.experiment import Experiment
from playground.training.model_file import Loaded, from_bytes, to_bytes
from playground.training.run import Run

FOLDER = Path(__file__).parents[2] / "checkpoints"

LEARNED = {
    "flow": ("checkerboard", "pinwheel", "digits", "mnist"),
    "diffusion": ("checkerboard", "pinwheel", "digits", "mnist"),
    "vae": ("checkerboard", "pinwheel", "digits", "mnist"),
    "gan": ("checkerboard", "pinwheel", "digits", "mnist"),
    "normalizing_flow": ("checkerboard", "pinwheel"),
}
"""The data sets, besides the face, of which a trained model with a family's default settings is shown at once."""

IN_LATENTS = ("flow", "diffusion")
"""Those of which a model in a latent space ships."""

SHIPPED: dict[str, Experiment] = {
    "flow": Experiment(family="flow", dataset="smiley"),
    "flow_reflowed": Experiment(family="flow", dataset="smiley", config={"reflows": 1}),
    "gan": Experiment(family="gan", dataset="smiley", steps=8000),
    "diffusion": Experiment(family="diffusion", dataset="smiley"),
    "vae": Experiment(family="vae", dataset="smiley"),
    "normalizing_flow": Experiment(family="normalizing_flow", dataset="smiley"),
    **{f"{f}_{data}": Experiment(family=f, dataset=data) for f, known in LEARNED.items() for data in known},
    "vae_prior": Experiment(
        family="vae", dataset="mnist", steps=9000, config={"latents": 4, "prior": "mixture", "components": 32}
    ),
    **{f"{f}_latents": Experiment(family=f, dataset="mnist", config={"space": "latents"}) for f in IN_LATENTS},
}
"""Shipped experiments by name. Each family's tab opens with the one of its name; the others are shown where they are
wanted: where their data are chosen, in recipes (see `playground.lessons.recipes`), by links. What has no file (yet) is
trained like any other."""


def save(run: Run, path: Path, history: list[dict[str, Any]] | None = None, half: bool = False) -> None:
    """Write a run's averaged model, experiment, step and recorded scalars, [{"step": …, "loss": …}, …]. half: as for
    `to_bytes`."""
    path.write_bytes(to_bytes(run, history, half))


def load(name: str | Path, device: str | torch.device | None = None) -> Run:
    """The run of a checkpoint, as `read` gives it."""
    return read(name, device).run


def read(name: str | Path, device: str | torch.device | None = None) -> Loaded:
    """The run of a checkpoint, given by the name of a shipped one or by a path, on a device (see `Run`), and the
    scalars recorded while it was trained.

    Raises FileNotFoundError, or ValueError if the file is not a checkpoint of a model that this version can build.
    """
    path = name if isinstance(name, Path) else _file(name)
    try:
        return from_bytes(path.read_bytes(), device)
    except ValueError as error:
        raise ValueError(f"{path.name} is not a checkpoint that this version can read: {error}") from error


def _file(name: str) -> Path:
    return FOLDER / f"{name}.safetensors"


def opening(family: str) -> Experiment:
    """The experiment that a family's tab opens with: that of its shipped checkpoint or, if there is none, the family's
    defaults on the data that all tabs share."""
    return SHIPPED.get(family) or Experiment(family=family, dataset=next(iter(SHIPPED.values())).dataset)


def shipped(family: str) -> str | None:
    """The name of the checkpoint that a family's tab opens with, or None if there is no such file."""
    return family if family in SHIPPED and (FOLDER / f"{family}.safetensors").exists() else None


def nearest(wanted: Experiment) -> str | None:
    """The name of the shipped checkpoint that a run of this experiment can go on from: it differs only in settings that
    may change during training, and has no more rounds. None if there is none."""
    known = [name for name, shipped in SHIPPED.items() if shipped.live_changes(wanted) is not None]
    before = [name for name in known if SHIPPED[name].total_steps <= wanted.total_steps and _file(name).exists()]
    return max(before, key=lambda name: SHIPPED[name].total_steps, default=None)


def prolongs(wanted: Experiment) -> bool:
    """Whether an experiment is a shipped one with more rounds."""
    name = nearest(wanted)
    return name is not None and SHIPPED[name].total_steps < wanted.total_steps


def named(wanted: Experiment) -> str | None:
    """The name of the shipped checkpoint of this experiment, which may be sampled with other settings, or None."""
    known = (name for name, experiment in SHIPPED.items() if experiment.sampling_changes(wanted) is not None)
    return next((name for name in known if _file(name).exists()), None)
