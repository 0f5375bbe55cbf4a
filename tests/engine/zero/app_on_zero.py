"""The app as it starts on ZeroGPU, with the emulation of `spaces`, on a machine without a GPU: `python -m` this file.

The environment says where the device API is, and which file is told what each process has seen. What can't be had
without a GPU is left out: CUDA in the process that `spaces` forks, which computes on the CPU instead. Its worker trains
a visitor's run only where no GPU is lent: elsewhere, each step must have come from the fork.
"""

import json
import multiprocessing
import os
import sys
import time

import app  # noqa: F401 (a worker imports it as it imports this file)


def tell(process: str, **more: object) -> None:
    import torch

    with open(os.environ["TOLD"], "a") as file:
        seen = {name: name in sys.modules for name in ("spaces", "gradio")}
        used = {"initialized": torch.cuda.is_initialized(), "visible": os.environ.get("CUDA_VISIBLE_DEVICES")}
        file.write(json.dumps({"process": process, **seen, **used, **more}) + "\n")


def only_what_no_gpu_is_lent_to() -> None:
    from playground.engine.hosting.hosted import Hosted

    train = Hosted.train

    def waits(self, seconds: float) -> None:
        if self.message or not self.run.experiment.seed:
            train(self, seconds)
        else:
            time.sleep(seconds)

    Hosted.train = waits  # type: ignore[method-assign]


def tell_at_the_end() -> None:
    from playground.engine import worker

    serve = worker.serve

    def serve_and_tell(*given) -> None:
        serve(*given)
        tell("worker")

    worker.serve = serve_and_tell


def pretend_cuda() -> None:
    """Let PyTorch without CUDA look like a build with it, whose CUDA nobody may touch: `spaces` asks for no more."""
    import torch

    def touched() -> None:
        raise RuntimeError("CUDA was touched")

    torch.version.cuda = "12.8"
    torch._C._cuda_init = touched
    torch.cuda._is_in_bad_fork = bool  # which can be pickled


def main() -> None:
    pretend_cuda()
    from playground.engine.zero import segment
    from playground.engine.zero.engine import ZeroEngine

    segment.GAINS, segment.WORTH, segment.EVERY, segment.LONGEST, segment.LAUNCH = 0, 1, 0, 60, 60
    engine = ZeroEngine(1)
    import spaces
    import spaces.zero.torch as emulation

    emulation.init = emulation.move = lambda *_, **__: None  # in the fork: a GPU is there, and tensors move to it

    import torch

    from playground.ui import launch

    factor = spaces.zero.config.get_config()["duration_factor"]
    _, url, _ = launch(engine, server_port=None, prevent_thread_lock=True, quiet=True)
    print(url, factor * segment.LONGEST, flush=True)
    os.read(0, 1)  # until the test has seen enough; not by sys.stdin, which a fork would wait for
    tell("app", engine=type(engine).__name__, emulated=torch.cuda.is_available())
    engine.close()
    for fork in multiprocessing.active_children():
        fork.kill()
    os._exit(0)


if __name__ == "__main__":
    main()
else:
    only_what_no_gpu_is_lent_to()
    tell_at_the_end()
