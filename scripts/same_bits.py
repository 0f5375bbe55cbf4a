"""Whether two commits do the same: samples, losses and frames of every family, from the same seeds, bit for bit.

    python -m scripts.same_bits [COMMIT]     # compares the working tree with a commit, by default the newest

Each side runs in a process of its own, in its own files, one after the other on this machine: another processor rounds
differently. A change of form, such as a rename or a move, must leave all rows equal.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent

CASES: dict[str, dict[str, Any]] = {
    "flow": {"family": "flow", "dataset": "two_moons"},
    "flow, digits": {"family": "flow", "dataset": "digits"},
    "gan": {"family": "gan", "dataset": "ring", "config": {"r2": 0.1, "instance_noise": 0.2, "packing": 2}},
    "gan, unrolled": {"family": "gan", "dataset": "ring", "config": {"unrolling": 2, "minibatch_statistics": "on"}},
    "vae": {"family": "vae", "dataset": "smiley", "config": {"prior": "standard"}},
    "vae, mixture": {"family": "vae", "dataset": "smiley", "config": {"importance_samples": 3}},
    "diffusion": {"family": "diffusion", "dataset": "eight_gaussians", "config": {"label": "3", "guidance": 2}},
    "diffusion, ddpm": {"family": "diffusion", "dataset": "smiley", "config": {"sampler": "ddpm", "target": "edm"}},
    "normalizing flow": {"family": "normalizing_flow", "dataset": "two_moons"},
}
STEPS = 40
LAYERS = [
    "data",
    "samples",
    "paths",
    "field",
    "exact",
    "speed",
    "critic",
    "gradient",
    "posteriors",
    "aggregate",
    "holes",
]


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def probe() -> dict[str, dict[str, str]]:
    """What this process's own playground does in each case; what it doesn't know is left out."""
    import torch

    from playground import Experiment, Run
    from playground.engine import InlineEngine
    from playground.families import FAMILIES

    torch.set_num_threads(1)
    found: dict[str, dict[str, str]] = {}
    for name, case in CASES.items():
        if case["family"] not in FAMILIES:
            continue
        run, losses = Run(Experiment.model_validate(case | {"steps": STEPS})), []
        while not run.done:
            run.advance()
            losses.append(run.snapshot().scalars)
        found[name] = {"losses": digest(losses), "samples": digest(run.sample(200, seed=1).tolist())}
        frame = paused(InlineEngine(), Experiment.model_validate(case | {"steps": STEPS}))
        # The mean loss since the last frame depends on when that was; losses are compared above.
        found[name]["scalars"] = digest(sorted(v for k, v in frame["scalars"].items() if "loss" not in k))
        for layer in LAYERS:
            if layer in frame["layers"]:
                found[name][f"layer {layer}"] = digest(pictured(frame["layers"][layer]))
    return found


def paused(engine: Any, experiment: Any) -> dict[str, Any]:
    """The frame of a run that has stopped halfway, with every layer that it can show."""
    view = (
        type(engine)
        .start.__annotations__["look"]
        .__args__[0](layers=frozenset(LAYERS), layout="latent" if experiment.family == "vae" else "place", time=0.5)
    )
    handle = engine.start(experiment, look=view, steps=STEPS // 2)
    while handle.state == "training":
        handle.wait(handle.sent, timeout=60)
    frame = json.loads(handle.frame)
    if "data" not in frame["layers"]:
        frame["layers"] |= handle.ask({"ask": "constants"})["layers"]
    engine.close()
    return frame


def pictured(layer: Any) -> list[str]:
    """What a layer shows: the numbers of its pieces, whatever they are called."""
    pieces = layer if isinstance(layer, list) else [layer]
    return [
        str(piece[key]) for piece in pieces for key in sorted(piece) if key not in ("kind", "type", "panel", "title")
    ]


def at(folder: Path) -> dict[str, dict[str, str]]:
    """What the playground in another folder does."""
    code = f"import runpy; print(runpy.run_path({str(Path(__file__))!r})['answer']())"
    environment = os.environ | {"PYTHONPATH": str(folder)}
    answer = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, text=True)
    if answer.returncode:
        raise SystemExit(answer.stderr)
    return json.loads(answer.stdout.splitlines()[-1])


def answer() -> str:
    return json.dumps(probe())


def main() -> None:
    parser = argparse.ArgumentParser(description="Whether two commits do the same, bit for bit.")
    parser.add_argument("commit", nargs="?", default="HEAD")
    commit = parser.parse_args().commit
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        before, after = at(Path(folder)), at(ROOT)
    different = 0
    for name in before:
        rows = {key: before[name][key] == after[name].get(key) for key in before[name]}
        different += len(rows) - sum(rows.values())
        others = [key for key, same in rows.items() if not same]
        but = f": not {', '.join(others)}" if others else ""
        print(f"{name:18} {sum(rows.values()):2} of {len(rows):2} the same{but}")
    sys.exit(different > 0)


if __name__ == "__main__":
    main()
