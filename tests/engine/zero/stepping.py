"""Runs of the tests of ZeroGPU, step by step."""

from playground import Run


def everything(run: Run) -> bytes:
    return run.state().to_bytes()


def stepped(run: Run, steps: int) -> Run:
    for _ in range(steps):
        run.advance()
    return run
