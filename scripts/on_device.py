"""Whether everything works on a device: each layer, chart, figure and question of each family, and recorded steps.

    python -m scripts.on_device cuda [pytest's options]

It needs neither a browser nor gradio. On a machine without a GPU it says so. With pytest-xdist, `-n 4` is faster.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from playground.training.device import device_of

ROOT = Path(__file__).parent.parent
WHERE = ["tests/devices", "tests/training/test_stepper.py"]


def main() -> None:
    parser = argparse.ArgumentParser(description="Whether everything works on a device.")
    parser.add_argument("device", nargs="?", help="cpu, cuda or cuda:1; by default the first GPU, if there is one")
    given, options = parser.parse_known_args()
    try:
        device = device_of(given.device)
    except ValueError as error:
        raise SystemExit(str(error)) from None
    command = [sys.executable, "-m", "pytest", *WHERE, f"--device={device}", *options]
    sys.exit(subprocess.run(command, cwd=ROOT).returncode)


if __name__ == "__main__":
    main()
