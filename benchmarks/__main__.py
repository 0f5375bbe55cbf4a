"""Every benchmark, one after the other: python -m benchmarks [names]. Each in a process of its own, as if run alone.

The whole takes some fifteen minutes, most of it exact optimal transport in `recipes`. Nothing else should run on the
machine meanwhile; what is compared is compared within one run.
"""

import subprocess
import sys

NAMES = ("frames", "training", "crowd", "page", "recipes", "vae", "diffusion", "gan")


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"]).returncode:
            print(f"benchmarks.{name} broke", flush=True)


if __name__ == "__main__":
    main()
