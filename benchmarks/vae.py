"""The default VAE's gap to the entropy of the data, and the cost of training on digits.

    python -m benchmarks.vae [--seeds 3] [--points 1000]

Points: the negative log-likelihood of held-out data by importance sampling with 5,000 samples per point, in the data's
own coordinates, beside the entropy, which no model can beat. The importance-sampled likelihood is a lower bound, so the
gap is overstated, if anything. The standard error over points is that of the difference to the exact log density of
the same points.

Digits: a VAE of the same recipe with more latents, on 8 × 8 images in [−1, 1], trained for SECONDS of CPU time; rate,
distortion and active units on held-out images. Densities of grey images depend on their scale, so these nats are only
comparable with each other.

Training is on one thread, as in the app's workers; times are the thread's CPU seconds, as in benchmarks.recipes.
"""

import argparse
import math
import time

import numpy as np
import torch

from benchmarks.table import heading, median, show, target
from playground import Experiment
from playground.data.images import handwritten
from playground.families.vae.vae import VAE, VAEConfig
from playground.training.run import Run

MOST_ABOVE = 0.15
"""Target for the gap: most nats above the entropy."""

SECONDS = 20.0
SETS = ("two_moons", "eight_gaussians")
SAMPLES = 5000
LATENTS = (2, 8, 32)
TEST_SEED = 1_000_000


def train(experiment: Experiment) -> tuple[Run, float]:
    """The trained run, and its CPU seconds."""
    cpu = time.thread_time()
    run = Run(experiment)
    while not run.done:
        run.advance()
    return run, time.thread_time() - cpu


@torch.no_grad()
def measure(run: Run, points: int) -> dict[str, float]:
    """Nats per point in the data's own coordinates, on held-out points."""
    data = run.experiment.data(points, TEST_SEED + run.experiment.seed)
    x = torch.as_tensor(run.normalizer.to_canvas(data), dtype=torch.float32)
    jacobian = 2 * math.log(run.normalizer.scale)
    generator = torch.Generator().manual_seed(0)
    model: VAE = run.averaged  # type: ignore[assignment]
    likelihood = model.log_prob(x, SAMPLES, generator).double().numpy() + jacobian
    exact = run.experiment.dataset.distribution.log_density(data)
    bound = model.elbo(x, generator)
    return {
        "above": float((exact - likelihood).mean()),
        "error": float((exact - likelihood).std() / math.sqrt(points)),
        "elbo": float(bound.rate + bound.distortion) - jacobian + float(exact.mean()),
        "rate": float(bound.rate),
        "active": int(model.active_units(x).sum()),
    }


def digits(latents: int) -> tuple[VAE, int, float]:
    """A VAE after SECONDS of CPU time on the digits, its steps, and milliseconds per step.

    Not yet an Experiment, whose data have two coordinates: this is the loop of `playground.training`.
    """
    torch.manual_seed(0)
    images = torch.as_tensor(handwritten.digits().training.points, dtype=torch.float32)
    vae = VAE(VAEConfig(latents=latents, width=128, depth=2, learning_rate=3e-3), (8, 8))
    (player,) = vae.players()
    optimizer = torch.optim.Adam(list(player.parameters), player.learning_rate, fused=True)
    generator = torch.Generator().manual_seed(0)
    begin, steps = time.thread_time(), 0
    while vae.progress < 1:
        optimizer.param_groups[0]["lr"] = player.learning_rate * (1 + math.cos(math.pi * vae.progress)) / 2
        chosen = torch.randint(len(images), (128,), generator=generator)
        optimizer.zero_grad()
        player.loss(images[chosen], generator, chosen).backward()
        optimizer.step()
        steps += 1
        vae.progress = min(1.0, (time.thread_time() - begin) / SECONDS)
    return vae, steps, 1000 * SECONDS / steps


def digits_row(latents: int) -> tuple[str, ...]:
    vae, steps, cost = digits(latents)
    vae.requires_grad_(False)
    test = torch.as_tensor(handwritten.digits().points, dtype=torch.float32)
    training = torch.as_tensor(handwritten.digits().training.points, dtype=torch.float32)
    generator = torch.Generator().manual_seed(0)
    bound, seen = vae.elbo(test, generator), vae.elbo(training, generator)
    likelihood = float(vae.log_prob(test, 500, generator).mean())
    error = float((vae.reconstruct(test) - test).square().mean())
    return (
        str(latents),
        f"{int(vae.active_units(test).sum())}",
        f"{bound.rate + bound.distortion:.1f}",
        f"{seen.rate + seen.distortion:.1f}",
        f"{-likelihood:.1f}",
        f"{bound.rate:.1f}",
        f"{bound.distortion:.1f}",
        f"{error:.3f}",
        f"{vae.std:.3f}",
        f"{steps:,}",
        f"{cost:.1f}",
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--points", type=int, default=1000)
    given = parser.parse_args()
    torch.set_num_threads(1)
    rows, runs = [], []
    for name in SETS:
        above, seconds = [], []
        for seed in range(given.seeds):
            run, cpu = train(Experiment(family="vae", dataset=name, seed=seed))
            found = measure(run, given.points)
            above.append(found["above"])
            seconds.append(cpu)
            runs.append(
                (
                    f"{name}, seed {seed}",
                    f"{found['above']:.3f} ± {found['error']:.3f}",
                    f"{found['elbo']:.3f}",
                    f"{found['rate']:.2f}",
                    found["active"],
                    f"{cpu:.1f}",
                )
            )
        rows.append(
            (
                name,
                f"{median(above):.3f}",
                f"{np.max(above):.3f}",
                *target(median(above), most=MOST_ABOVE),
                f"{median(seconds):.1f}",
                *target(median(seconds), most=SECONDS, digits=0),
            )
        )
    heading(f"Points, two latents: nats above the entropy, medians of {given.seeds} seeds, {SAMPLES:,} samples a point")
    show(("", "NLL above", "worst", "target", "met", "CPU s", "target", "met"), rows)
    heading("Each run")
    show(("", "NLL above", "−ELBO above", "rate", "active", "CPU s"), runs)
    heading(f"Digits: {SECONDS:.0f} s of CPU, nats per image held out")
    columns = ("latents", "active", "−ELBO", "in training", "NLL", "rate", "distortion", "error²", "s", "steps", "ms")
    show(columns, [digits_row(latents) for latents in LATENTS])


if __name__ == "__main__":
    main()
