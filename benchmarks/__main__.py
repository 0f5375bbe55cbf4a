"""Run all benchmarks in turn, or those named, each in its own process: python -m benchmarks [names].

All take some three hours and `flow` many more, most of them for trainings. Nothing else should run on the machine
meanwhile. Comparisons are made within one run. `papers` writes what it measures into the README.
"""

import subprocess
import sys

NAMES = ["frames", "training", "past", "crowd", "start", "page", "recipes", "vae", "diffusion", "gan", "images"]
NAMES += ["detector", "shapes", "likelihood", "sampler_orders", "race", "peers", "gpu", "hostile", "soak", "flow"]


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode:
            print(f"benchmarks.{name} broke", flush=True)


if __name__ == "__main__":
    main()
