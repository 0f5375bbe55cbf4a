"""What the app loads before it serves the page. A visitor waits for it."""

import os
import subprocess
import sys

HEAVY = {"torch._dynamo", "sympy", "scipy", "sklearn", "torchdiffeq", "IPython", "matplotlib"}

PROGRAM = """
import os, sys
from pathlib import Path
from playground.engine import InlineEngine
from playground.ui import components, page, runs
page.build(runs.Runs(InlineEngine()))
print(*sys.modules)
assert not list(Path(components.__file__).parent.glob("*.pyi")), "Gradio writes no stubs"
assert sys.modules["torch"].get_num_threads() == 1, "the cores are the workers'"
assert os.environ["OMP_NUM_THREADS"] == "1", "and each has one"
"""


def test_the_page_is_built_without_what_only_training_needs():
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert not HEAVY & set(done.stdout.split())
