"""Speed beside the peers, in one run: steps a second, the time to a stated quality, and the time of sampling.

    python -m benchmarks.peers [--dataset two_moons] [--quality 0.12] [--seconds 60]

Flow matching by ours, by the loop of torchcfm's tutorial with its path and network (three SELU layers of 64, a batch of
256, Adam with 1e-3), and by the loop that anybody would write, with our network and batch. They take turns of 100
steps: a busy machine slows all alike. The time is that of their own thread. The quality is the sliced distance of 2,000
samples, whose measurement isn't counted. Then DDIM with 20 steps, by ours and by the scheduler of diffusers, on our
network.

torchcfm is installed without its requirements (`pip install --no-deps torchcfm`, as `make bench` does): they would
replace PyTorch by one for CUDA.
"""

import argparse
import time
from collections.abc import Callable, Iterator
from statistics import median

import torch
from torch import Tensor

from benchmarks.bare import bare_loop
from benchmarks.table import heading, show
from playground import Experiment
from playground.experiment import POOL
from playground.metrics.distances import sliced_wasserstein
from playground.training.run import Run

TURN = 100
SAMPLES = 2000
BATCH = 1000
STEPS = 20

Sampler = Callable[[], Tensor]


def tutorial(experiment: Experiment) -> tuple[Iterator[None], Sampler]:
    """torchcfm's tutorial: a loop that yields after each step, and its samples by 100 Euler steps, on the canvas."""
    from torchcfm.conditional_flow_matching import ConditionalFlowMatcher
    from torchcfm.models.models import MLP

    normalizer = experiment.dataset.normalizer
    data = torch.as_tensor(normalizer.to_canvas(experiment.data(POOL, seed=0)), dtype=torch.float32)
    network, matcher = MLP(dim=2, time_varying=True), ConditionalFlowMatcher(sigma=0.1)
    optimizer = torch.optim.Adam(network.parameters())

    def loop() -> Iterator[None]:
        while True:
            optimizer.zero_grad()
            x1 = data[torch.randint(len(data), (256,))]
            t, x_t, u_t = matcher.sample_location_and_conditional_flow(torch.randn_like(x1), x1)
            loss = torch.mean((network(torch.cat([x_t, t[:, None]], dim=-1)) - u_t) ** 2)
            loss.backward()
            optimizer.step()
            yield

    @torch.no_grad()
    def sample() -> Tensor:
        x = torch.randn(SAMPLES, 2)
        for i in range(100):
            x = x + network(torch.cat([x, torch.full((SAMPLES, 1), i / 100)], 1)) / 100
        return x

    return loop(), sample


def ours(experiment: Experiment) -> tuple[Iterator[None], Sampler]:
    run = Run(experiment)

    def loop() -> Iterator[None]:
        while not run.done:
            run.advance()
            yield

    def sample() -> Tensor:
        with torch.no_grad():
            return run.averaged.sample(SAMPLES, torch.Generator().manual_seed(0))

    return loop(), sample


def training(experiment: Experiment, quality: float, seconds: float) -> None:
    data = experiment.dataset.normalizer.to_canvas(experiment.data(SAMPLES, seed=1))
    peers: dict[str, tuple[Iterator, Sampler | None]] = {
        "ours": ours(experiment),
        "torchcfm's tutorial": tutorial(experiment),
        "plain PyTorch, our network": (bare_loop(experiment), None),
    }
    steps, spent = dict.fromkeys(peers, 0), dict.fromkeys(peers, 0.0)
    reached: dict[str, float] = {}
    best = dict.fromkeys(peers, float("inf"))
    while min(spent.values()) < seconds:
        for name, (loop, sample) in peers.items():
            began = time.thread_time()
            steps[name] += sum(1 for _ in zip(range(TURN), loop, strict=False))
            spent[name] += time.thread_time() - began
            if sample is not None and steps[name] % (5 * TURN) == 0:
                best[name] = min(best[name], sliced_wasserstein(sample().numpy(), data))
                if best[name] <= quality:
                    reached.setdefault(name, spent[name])
        if all(name in reached for name, (_, sample) in peers.items() if sample is not None):
            break
    heading(f"Flow matching on {experiment.dataset.title}: the distance comes to {quality} on the canvas")
    rows = []
    for name, (_, sample) in peers.items():
        at = f"{reached[name]:.1f}" if name in reached else ("" if sample is None else f"> {spent[name]:.0f}")
        rows.append([name, f"{steps[name] / spent[name]:,.0f}", at, "" if sample is None else f"{best[name]:.3f}"])
    show(["", "steps a second", "seconds to it", "best distance"], rows)


@torch.no_grad()
def sampling() -> None:
    from diffusers import DDIMScheduler

    model = Run(Experiment(family="diffusion", config={"sampler": "ddim", "sampler_steps": STEPS})).averaged
    scheduler = DDIMScheduler(1000, prediction_type="sample", clip_sample=False)

    def theirs() -> None:
        scheduler.set_timesteps(STEPS)
        x = torch.randn(BATCH, 2)
        for t in scheduler.timesteps:
            denoised = model.denoise(x, torch.full((BATCH,), 1 - float(t) / 1000))
            x = scheduler.step(denoised, t, x).prev_sample

    makers = {"ours": lambda: model.sample(BATCH, torch.Generator().manual_seed(0)), "diffusers' scheduler": theirs}
    times: dict[str, list[float]] = {name: [] for name in makers}
    for _ in range(20):
        for name, make in makers.items():
            began = time.thread_time()
            make()
            times[name].append(time.thread_time() - began)
    heading(f"DDIM, {STEPS} steps, {BATCH:,} samples, one network")
    show(["", "ms"], [[name, f"{1000 * median(found):.1f}"] for name, found in times.items()])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dataset", default="two_moons")
    parser.add_argument("--quality", type=float, default=0.1)
    parser.add_argument("--seconds", type=float, default=60)
    given = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    training(Experiment(dataset=given.dataset), given.quality, given.seconds)
    sampling()


if __name__ == "__main__":
    main()
