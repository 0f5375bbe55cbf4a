"""A scene: one run and what a visitor looks at. It keeps fixed from frame to frame the noise that samples start from,
the data they are compared with, and the floors, so that a picture changes only because the model changed.

Integrating many samples is the most expensive thing that a page asks for. While a run trains, each frame therefore
renews only as many samples as fit in a fixed share of the time; the others stay where an earlier model put them, so
that one sees each image improve from its own noise. When
training pauses or ends, all samples are renewed and the whole chain from noise to data is kept. The cost of a renewal
is bounded for every solver and every number of steps.
"""

import time
from typing import Any

import numpy as np
import torch
from torch import Tensor

from playground.budget import stage_samples
from playground.data import Distribution
from playground.data.canvas import HALF
from playground.data.kinds import Kind, kind_of
from playground.families.capabilities import Conditional, Denoiser, Trajectory, can
from playground.families.conditioning import CLASSES
from playground.scene.view_state import ViewState
from playground.training.run import Run

PATHS = 48
CHAIN_TIMES = 17
"""Most times at which trajectories are kept for the browser, whatever the solver's steps. The default's 11 take 66 kB.
"""
MOST_DRAWS = 20
"""Most draws from all classes to collect enough points of one: sufficient for a class with 5% of the points."""
MOST_CURVES = 400
"""Most steps whose scalars are kept."""
RENEWAL = {"points": 0.006, "images": 0.012}
"""Seconds that renewing samples may take in a frame while a run trains: with 0.012, each of 64 images of 28 × 28 pixels
is renewed every other second, at ten frames a second."""


class Scene:
    """One run and what is looked at. Arrays are float32 in canvas coordinates.

    count: the number of samples, n. data, samples: (n, dim). noise: where samples start, (n, dim) or of as many numbers
    as a latent has. final_samples: the samples at t = 1, also (n, dim).
    paths: the trajectories of PATHS samples (k, PATHS, dim) at paths_times (k,).
    chain: all samples (k, n, dim) at chain_times (k,), or None while the run trains.
    denoised: x̂0 for the chain or, without one, for PATHS samples at the time that is looked at; only for a model that
    predicts it.
    """

    def __init__(self, run: Run, look: ViewState | None = None):
        self.run = run
        self.look = look or ViewState()
        self.count = stage_samples(self.shape)
        self.data, self.labels = self._fresh(self.count, seed=run.experiment.seed + 1)
        self.noise = self._noise()
        self.final_samples = np.zeros(self.data.shape, np.float32)
        self.samples = np.zeros(self.data.shape, np.float32)
        self.paths = np.zeros((1, PATHS, self.data.shape[1]), np.float32)
        self.paths_times = np.zeros(1)
        self.chain: np.ndarray | None = None
        self.chain_times = np.zeros(0)
        self.curves: list[dict[str, Any]] = []  # the scalars over the training, those before a checkpoint included
        self.kept: dict[str, Any] = {}  # what views cache from frame to frame, each under its own name
        self.denoised = np.zeros((PATHS, 2), np.float32)
        self.complete = False
        self._references: dict[int, np.ndarray] = {}
        self._next = PATHS if self.kind == "points" else 0
        self._seconds_each = RENEWAL[self.kind] / (200 if self.kind == "points" else 8)

    def record(self, step: int, scalars: dict[str, float]) -> None:
        """Add the scalars of a step to the curves. Of more than MOST_CURVES steps, every second is dropped."""
        same = next((known for known in self.curves if known["step"] == step), {})
        before = [known for known in self.curves if known["step"] < step]
        self.curves = [*before, {"step": step, **same, **scalars}]
        if len(self.curves) > MOST_CURVES:
            self.curves = self.curves[:-1:2] + self.curves[-1:]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one datum (see `playground.data.Distribution`)."""
        return self.run.experiment.dataset.shape

    @property
    def kind(self) -> Kind:
        return kind_of(self.shape)

    @property
    def model(self) -> Any:
        """The averaged model, or the one being trained. Typed Any: a view calls only methods of what it `needs`."""
        return self.run.family if self.look.weights == "current" else self.run.averaged

    @property
    def label(self) -> int | None:
        """The class that is sampled, or None for all."""
        return self.model.label if can(self.model, Conditional) else None

    @property
    def reference(self) -> np.ndarray:
        """The target of the samples, (count, dim): the data, or fresh data of the class that is sampled."""
        label, experiment = self.label, self.run.experiment
        if label is None:
            return self.data
        if label not in self._references:
            points, _ = of_class(experiment.dataset.distribution, label, self.count, seed=experiment.seed + 1)
            self._references[label] = self.run.normalizer.to_canvas(points).astype(np.float32)
        return self._references[label]

    def fresh(self, n: int, seed: int) -> np.ndarray:
        """n fresh data points (n, dim), float32, in canvas coordinates."""
        return self._fresh(n, seed)[0]

    def _fresh(self, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        xy, labels = of_class(self.run.experiment.dataset.distribution, None, n, seed)
        return self.run.normalizer.to_canvas(xy).astype(np.float32), labels

    def rng(self, device: torch.device | None = None) -> torch.Generator:
        """The generator of the samples' noise. Its seed stays the same until the visitor asks for another draw."""
        return torch.Generator(device or self.run.device).manual_seed(self.run.experiment.seed + self.look.noise_draw)

    def _noise(self) -> Tensor:
        model: Any = self.run.averaged
        if can(model, Trajectory):
            return model.noise(self.count, self.rng())
        return torch.randn(self.count, model.dim, generator=self.rng(), device=self.run.device)

    def see(self, look: ViewState) -> None:
        """Change what is looked at."""
        before, self.look = self.look, look
        if look.noise_draw != before.noise_draw:
            self.noise = self._noise()
        same = all(getattr(look, name) == getattr(before, name) for name in ("time", "weights", "noise_draw"))
        self.complete = self.complete and same  # samples of two times or draws can't be mixed

    @torch.no_grad()
    def renew(self, whole: bool) -> None:
        """Integrate samples through the model: all of them, or as many as the time allows."""
        if can(self.model, Trajectory):
            self._renew_trajectories(whole)
        else:  # one evaluation a sample: cheap enough for all
            self.final_samples = self.samples = self.model.sample(self.count, self.rng()).cpu().numpy()
        self.complete = True

    def complete_samples(self) -> None:
        """Renew all samples if some are missing, or of an earlier model or view."""
        if not self.complete:
            self.renew(whole=True)

    def _renew_trajectories(self, whole: bool) -> None:
        times = self.model.times().numpy()
        kept = np.unique(np.linspace(0, len(times) - 1, CHAIN_TIMES).round().astype(int))
        every = whole or not self.complete or len(kept) != len(self.paths)
        chosen = torch.arange(self.count) if every else self._share()
        began = time.perf_counter()
        z = self.noise[chosen.to(self.run.device)]
        denoised: np.ndarray | None = None
        if can(self.model, Denoiser):
            moved, found = self.model.chain(z)
            trajectories, denoised = moved.cpu().numpy(), found.cpu().numpy()
        else:
            trajectories = self.model.decode(self.model.trajectory(z)).cpu().numpy()
        if not every:
            # A mean over recent renewals, so that one slow renewal doesn't shrink the next share to nothing.
            self._seconds_each += 0.2 * ((time.perf_counter() - began) / len(chosen) - self._seconds_each)
        self.final_samples[chosen] = trajectories[-1]
        self.samples[chosen] = between(trajectories, times, self.look.time)
        first = (chosen < PATHS).numpy()  # of those renewed, the samples whose trajectories are kept
        drawn = chosen.numpy()[first]
        if denoised is not None:
            if whole:
                self.denoised = denoised[kept]
            else:
                self.denoised = self._denoised_now(every)
                self.denoised[drawn] = between(denoised[:, first], times, self.look.time)
        if every:
            self.paths = np.empty((len(kept), PATHS, self.data.shape[1]), np.float32)
        self.paths[:, drawn] = trajectories[kept][:, first]
        self.paths_times, self.chain_times = times[kept], times[kept]
        self.chain = trajectories[kept] if whole else None

    def _denoised_now(self, every: bool) -> np.ndarray:
        """x̂0 of the first PATHS samples as it was at the time that is looked at, (PATHS, dim)."""
        if every:
            return np.empty((PATHS, self.data.shape[1]), np.float32)
        if self.denoised.ndim == 2:
            return self.denoised
        return between(self.denoised[:, :PATHS], self.paths_times, self.look.time)

    def _share(self) -> Tensor:
        """The samples to renew now: those whose paths are drawn, and the next of the others in rotation. Of images,
        which are few and dear, only the next in rotation."""
        least, always = (2 * PATHS, PATHS) if self.kind == "points" else (1, 0)
        count = int(np.clip(RENEWAL[self.kind] / self._seconds_each, least, self.count)) - always
        others = always + (self._next - always + torch.arange(count)) % (self.count - always)
        self._next = int(others[-1]) + 1
        return torch.cat([torch.arange(always), others.unique()])


def of_class(data: Distribution, label: int | None, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """n fresh points (n, 2) in the data's own coordinates and their labels (n,), of one class. For None, or a class
    without points, of all classes."""
    rng = np.random.default_rng(seed)
    if label is None:
        return data.sample(n, rng)
    points, labels = np.zeros((0, data.dim)), np.zeros(0, np.int64)
    for _ in range(MOST_DRAWS):
        more = data.sample(n, rng)
        points, labels = np.concatenate([points, more[0]]), np.concatenate([labels, more[1]])
        same = np.flatnonzero(np.minimum(labels, CLASSES - 1) == label)
        if len(same) >= n:
            break
    kept = same[:n] if len(same) >= n else rng.choice(same if len(same) else len(points), n)
    return points[kept], labels[kept]


def between(trajectories: np.ndarray, times: np.ndarray, t: float) -> np.ndarray:
    """Trajectories (k, n, dim) with times (k,), interpolated linearly at time t: (n, dim)."""
    after = int(np.clip(np.searchsorted(times, t), 1, len(times) - 1))
    share = (t - times[after - 1]) / (times[after] - times[after - 1])
    return (1 - share) * trajectories[after - 1] + share * trajectories[after]


def cell_centres(cells: int) -> Tensor:
    """The centres of cells × cells equal cells of the canvas, (cells², 2), row by row from the bottom."""
    centres = (torch.arange(cells) + 0.5) * (2 * HALF / cells) - HALF
    y, x = torch.meshgrid(centres, centres, indexing="ij")
    return torch.stack([x, y], dim=2).reshape(-1, 2)
