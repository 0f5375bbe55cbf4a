"""What the app loads before it serves the page. A visitor waits for it."""

import subprocess
import sys

HEAVY = {"torch._dynamo", "sympy", "scipy", "sklearn", "torchdiffeq", "IPython", "matplotlib"}

PROGRAM = """
import sys
from pathlib import Path
from playground.engine import InlineEngine
from playground.ui import components, page, runs
page.build(runs.Runs(InlineEngine()))
print(*sys.modules)
assert not list(Path(components.__file__).parent.glob("*.pyi")), "Gradio writes no stubs"
"""


def test_the_page_is_built_without_what_only_training_needs():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not HEAVY & set(done.stdout.split())
