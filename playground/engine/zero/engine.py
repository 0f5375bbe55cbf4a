"""The engine of a Space on ZeroGPU: worker processes on the CPU, which see no GPU, and a GPU that is lent to some runs.

Each run lives in a worker, as anywhere else: that answers what it is asked, and sends its frames. While a run trains
that would gain by it (see `segment`), its state is sent to a GPU, segment after segment, and the states that come back
take the place of its own. Until they come, and when no more come, because the quota is used up or no GPU is free, the
worker trains it itself: nobody waits for a GPU.
"""

import base64
import logging
import queue
import threading
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context, copy_context
from typing import Any

from playground.engine.handle import Handle
from playground.engine.worker import WorkerEngine
from playground.engine.zero.segment import Piece, least_steps, seconds, segment
from playground.experiment import Experiment
from playground.training.run import Run

Message = dict[str, Any]
Segment = Callable[[dict[str, Any], bytes, int, str | None], Generator[Piece, None, None]]

PATIENCE = 60.0
"""Seconds until a worker that doesn't answer isn't waited for any more."""

STARTS = {"start", "fork", "resume", "step", "edit"}
"""Messages after which a run may train. After each of them, and after those that end it, another loan begins."""

ENDS = {"pause", "close"}

QUOTA = "The GPU quota of today is used up. This training goes on on the CPU."
NO_GPU = "No GPU could be had. This training goes on on the CPU."


def decorated() -> Segment:
    """The function that a GPU is lent to.

    `spaces` is imported in this process alone, where it changes PyTorch so that CUDA seems to be there: a worker can't
    import it. And in a thread that ends: there it has each call of PyTorch go through Python, for models that are to
    move to a GPU, of which there are none here.
    """

    # Loads what a step needs: the process that a GPU is lent to is a fork of this one, and its seconds are counted.
    Run(Experiment(steps=1), "cpu").advance()

    def decorate() -> Segment:
        import spaces

        return spaces.GPU(duration=seconds)(segment)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(decorate).result()


class Loans:
    """The loans of one run, one after the other. It stands between the run's Handle and its host.

    send: to the host. train: the decorated function. least: the least steps that are worth a loan. It is called in the
    context of the visitor's last request, by which ZeroGPU knows whose quota it takes.
    """

    def __init__(self, run: str, send: Callable[[Message], None], train: Segment, least: int):
        self.run, self.send, self.train, self.least = run, send, train, least
        self.refused = False  # and not asked for again
        self._lock = threading.Lock()
        self._number = 0  # of the loan that is wanted
        self._wanted: Context | None = None
        self._busy = False
        self._answers: queue.Queue[Message] = queue.Queue()

    def post(self, message: Message) -> None:
        """Pass on what the Handle sends."""
        starts = message["do"] in STARTS
        with self._lock:
            if starts or message["do"] in ENDS:
                self._number += 1
                self._wanted = copy_context() if starts else None
            begins = starts and not self._busy and not self.refused
            self._busy = self._busy or begins
        self.send(message)
        if begins:
            threading.Thread(target=self._work, name=f"loans of {self.run}", daemon=True).start()

    def receive(self, message: Message) -> None:
        """Process the host's answer to "lend"."""
        self._answers.put(message)

    def _work(self) -> None:
        while True:
            with self._lock:
                number, context, self._wanted = self._number, self._wanted, None
                if context is None or self.refused:
                    self._busy = False
                    return
            try:
                context.run(self._lend, number)
            except Exception:
                logging.exception("a loan of run %s failed", self.run)

    def _lend(self, number: int) -> None:
        """Lend the run, segment after segment, until it has come to its end, or something else is wanted."""
        while self._number == number and not self.refused:
            self.send({"do": "lend", "run": self.run, "loan": number, "least": self.least})
            lent = self._answer(number)
            if "state" not in lent:
                return
            said = ""
            try:
                self.refused = not self._segment(number, lent)
            except Exception as error:
                self.refused, said = True, sentence(error)
            finally:
                self.send({"do": "return", "run": self.run, "loan": number, "message": said})

    def _answer(self, number: int) -> Message:
        while True:
            try:
                message = self._answers.get(timeout=PATIENCE)
            except queue.Empty:  # its worker has died, perhaps
                return {}
            if message["loan"] == number:
                return message

    def _segment(self, number: int, lent: Message) -> bool:
        """One segment. Whether it ended as it should, or was stopped from here."""
        pieces = self.train(lent["experiment"], base64.b64decode(lent["state"]), lent["steps"], lent["only"])
        complete = False
        for piece in pieces:
            if self._number != number:
                pieces.close()
                return True
            told = {"scalars": piece["scalars"], "seconds": piece["seconds"]}
            state = base64.b64encode(piece["state"]).decode()
            self.send({"do": "take", "run": self.run, "loan": number, "state": state, **told})
            complete = piece["last"]
        return complete or self._number != number


def sentence(error: Exception) -> str:
    """What a visitor is told when no GPU is lent. `spaces` says it as a gradio.Error with a title."""
    title = str(getattr(error, "title", ""))
    if not title.startswith("ZeroGPU"):
        logging.error("a segment on ZeroGPU failed", exc_info=error)
    return QUOTA if any(word in title for word in ("quota exceeded", "credits exceeded", "illegal")) else NO_GPU


class ZeroEngine(WorkerEngine):
    """workers: as of `WorkerEngine`. train: the function that a GPU is lent to, by default `decorated`."""

    def __init__(self, workers: int | None = None, train: Segment | None = None) -> None:
        try:
            self._train = train or decorated()
        except ImportError:
            raise ValueError("The engine “zero” is for Spaces on ZeroGPU: it needs the package spaces.") from None
        self._loans: dict[str, Loans] = {}
        super().__init__(workers, "cpu")

    def start(self, experiment: Experiment, *args: Any, **more: Any) -> Handle:
        handle = super().start(experiment, *args, **more)
        # Runs that share out their hosts among them race each other: a GPU for some would be unfair.
        rivals = [other.name for other in (more.get("beside"), *more.get("apart", ())) if other is not None]
        for name in [handle.name, *rivals] if rivals else []:
            if name in self._loans:
                self._loans[name].refused = True
        return handle

    def receive(self, message: Message) -> None:
        if "loan" in message:
            if loans := self._loans.get(message["run"]):
                loans.receive(message)
        else:
            super().receive(message)

    def _place(
        self,
        name: str,
        experiment: Experiment,
        visitor: str,
        beside: Handle | None = None,
        apart: Sequence[Handle] = (),
    ) -> Handle:
        handle = super()._place(name, experiment, visitor, beside, apart)
        self._loans = {other: loans for other, loans in self._loans.items() if other in self.handles}
        if least := least_steps(experiment):
            loans = self._loans[name] = Loans(name, handle.post, self._train, least)
            handle.post = loans.post
        return handle
