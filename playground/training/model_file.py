"""A trained model as a file: safetensors, with the experiment and the recorded scalars in the header.

Nothing is unpickled: safetensors reads the tensors, and the header is JSON that Experiment validates.
"""

import json
from typing import Annotated, Any, NamedTuple

import torch
from pydantic import Field, ValidationError
from safetensors import SafetensorError
from safetensors.torch import load, save

from playground.config import Config
from playground.experiment import Experiment
from playground.families import FAMILIES
from playground.messages import explain
from playground.training.run import Run

FORMAT = 1
"""The version of the format. Files of a later one are refused; those without a number are of the first."""

LARGEST = 16_000_000
"""Most bytes of a file: four million weights."""

OTHERS = "its weights are not those of its experiment"

Scalar = Annotated[str, Field(pattern=r"^[a-z0-9_:@]{1,64}$")]
Scalars = Annotated[dict[Scalar, Annotated[float, Field(allow_inf_nan=False)]], Field(max_length=128)]


class Header(Config):
    """What a file says of its model. history: the scalars recorded while it trained, [{"step": …, "loss": …}, …]."""

    format: Annotated[int, Field(title="Format", ge=1, le=FORMAT)] = 1
    experiment: Annotated[Experiment, Field(title="Experiment")]
    step: Annotated[int, Field(title="Step", ge=0, le=10**9)]
    history: Annotated[list[Scalars], Field(title="History", max_length=1000, default_factory=list)]


class Loaded(NamedTuple):
    """A model from a file: its run at the file's step, and the scalars recorded while it was trained."""

    run: Run
    history: list[dict[str, float]]


def to_bytes(run: Run, history: list[dict[str, Any]] | None = None, half: bool = False) -> bytes:
    """A run's averaged model, with its experiment, step and recorded scalars. Raises ValueError if that is too much.

    half: save weights as float16, in half the bytes. Pixels then err by some thousandths, which no screen shows."""
    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in run.averaged.state_dict().items()}
    if half:
        weights = {name: tensor.half() for name, tensor in weights.items()}
    header = {
        "format": str(FORMAT),
        "experiment": run.experiment.model_dump_json(),
        "step": str(run.step),
        "history": json.dumps(history or []),
    }
    if sum(tensor.nbytes for tensor in weights.values()) > LARGEST:
        raise ValueError(f"This model is too large for a file: at most {LARGEST // 1_000_000} MB are possible.")
    return save(weights, header)


def from_bytes(content: bytes, device: str | torch.device | None = None) -> Loaded:
    """The model of a file, on a device (see `Run`). Raises ValueError, with a sentence, if it is not one that this
    version can build."""
    header, weights = _read(content)
    run = Run(header.experiment, device)
    try:
        run.take(weights, header.step)
    except RuntimeError:
        raise ValueError(OTHERS) from None
    # JSON has no whole numbers of its own, so that steps came as floats.
    return Loaded(run, [{**scalars, "step": int(scalars["step"])} for scalars in header.history if "step" in scalars])


def checked(content: bytes) -> tuple[Experiment, int]:
    """The experiment of a file's model and its step, if `from_bytes` can read it. Raises ValueError as that does.

    There is no run: its training data would take sixty megabytes, for who passes the file on."""
    header, weights = _read(content)
    wanted = header.experiment
    try:
        with torch.random.fork_rng(devices=[]):
            FAMILIES[wanted.family](wanted.config, wanted.dataset.shape).load_state_dict(weights)
    except RuntimeError:
        raise ValueError(OTHERS) from None
    return wanted, header.step


def _read(content: bytes) -> tuple[Header, dict[str, torch.Tensor]]:
    if len(content) > LARGEST:
        raise ValueError(f"it is too large; at most {LARGEST // 1_000_000} MB are possible")
    header = _header(content)
    try:
        weights = load(content)
    except SafetensorError:
        raise ValueError("its weights are damaged") from None
    if not all(tensor.isfinite().all() for tensor in weights.values()):
        raise ValueError("some of its weights are not finite numbers")
    return header, weights


def _header(content: bytes) -> Header:
    length = int.from_bytes(content[:8], "little")
    try:
        given = json.loads(content[8 : 8 + min(length, LARGEST)])["__metadata__"]
        parts = {name: json.loads(given[name]) for name in Header.model_fields if name in given}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("it has no header of the playground's") from None
    try:
        return Header.model_validate(parts)
    except ValidationError as error:
        if isinstance(parts.get("format"), int) and parts["format"] > FORMAT:
            raise ValueError("it was made by a later version of the playground") from None
        raise ValueError(explain(error)) from None
    except (ValueError, TypeError, RecursionError):
        raise ValueError("its experiment can't be read") from None
