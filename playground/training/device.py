"""The device of a run: the choice of whoever starts it, else of the environment, else what is there."""

import os
import time
from collections.abc import Callable
from functools import cache

import torch

from playground.data.errors import quoted

CHOICE = "PLAYGROUND_DEVICE"
"""The environment variable that names the device of runs that are given none."""


def zero_gpu() -> bool:
    """Whether this is a Space on ZeroGPU, where all processes compute on the CPU but the one that a GPU is lent to
    (see `playground.engine.zero`)."""
    return os.environ.get("SPACES_ZERO_GPU", "").lower() in ("1", "t", "true")


def device_of(name: str | torch.device | None = None) -> torch.device:
    """The device of a name, "cpu", "cuda" or "cuda:1"; without a name, of the one in the environment, else the first
    GPU, else the CPU. Raises ValueError, with a sentence, for a device that isn't there."""
    wanted = name or os.environ.get(CHOICE) or ("cuda" if torch.cuda.is_available() and not zero_gpu() else "cpu")
    try:
        device = torch.device(wanted)
    except RuntimeError:
        device = torch.device("meta")
    if device.type not in ("cpu", "cuda"):
        raise ValueError(f"There is no device called {quoted(str(wanted))}. {CHOICE} can be cpu, cuda or cuda:1.")
    if device.type == "cpu":
        return torch.device("cpu")
    number, there = device.index or 0, torch.cuda.device_count() if torch.cuda.is_available() else 0
    if number >= there:
        raise ValueError(f"There is no GPU {number}: this machine has {there or 'none'}. {CHOICE} can be cpu.")
    return torch.device("cuda", number)


def one_thread() -> None:
    """Let this process, and those that it starts, compute on one thread each.

    There is a worker for each core. Two threads of one process wait for each other, and so for a core that another
    process has: while all cores trained, the app took ten times as long to validate an experiment on images."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when a library is loaded, which may be later
    torch.set_num_threads(1)


@cache
def _stream(device: torch.device) -> torch.cuda.Stream:
    return torch.cuda.Stream(device)


def enter(device: torch.device) -> None:
    """Let what this thread computes on a GPU from now on follow what other threads have computed there, all on one
    stream. It can't be the default stream, on which nothing can be recorded (`playground.training.stepper`); and on
    several streams cuBLAS doesn't promise the same bits (its manual, "Results reproducibility").

    Convolutions from now on give the same bits each time, so that an earlier step and a fork come back as they were,
    and have 24 bits, as on the CPU: by default cuDNN adds in any order, and rounds factors to 11 bits."""
    if device.type != "cuda":
        return
    stream, current = _stream(device), torch.cuda.current_stream(device)
    if stream != current:
        torch.backends.cudnn.deterministic, torch.backends.cudnn.allow_tf32 = True, False
        stream.wait_stream(current)
        torch.cuda.set_stream(stream)


def clock_of(device: torch.device) -> Callable[[], float]:
    """The clock of computations on a device, in seconds."""
    return time.thread_time if device.type == "cpu" else time.perf_counter
