"""The host: many runs on one thread, in time slices.

Thirty runs in thirty threads had a quarter of the total throughput of thirty runs in turn on one thread. A host
therefore lets one run after the other train for a slice; between slices it answers questions and sends the frames that
are due. It knows nothing of processes: an engine delivers its messages in both directions.

Turns are shared among visitors first, then among the runs of each: a visitor with twelve runs gets no more time than a
visitor with one.

Messages are plain data. In: {"do": …, "run": id, …}, see `Host.receive`. Out:

- {"run": id, "order", "state", "step", "message", "scalars", "frame": text};
- {"run": id, "edit": number, "accepted": whether it was}, before the frame that shows it;
- {"run": id, "question": number, "answer": … or "error": sentence};
- {"run": id, "loan": number, …}, what a trainer elsewhere needs (see `Hosted.lend`).
"""

import base64
import logging
import math
import time
from collections.abc import Callable, Generator

from playground.engine.handle import GONE
from playground.engine.heap import memory
from playground.engine.hosting.camera import encode
from playground.engine.hosting.hosted import Hosted, Message
from playground.engine.hosting.pace import interval
from playground.experiment import Experiment
from playground.messages import explain
from playground.scene.view_state import ViewState
from playground.training import checkpoints
from playground.training.device import device_of, enter
from playground.training.model_file import from_bytes
from playground.training.run import Run, Snapshot
from playground.training.state import State

SLICE = 0.012
"""Seconds that a run trains in one turn."""

PIECES = 0.006
"""CPU seconds for the pieces of an answer, or of layers that take long, in one turn. The last piece may take longer."""

SHARE = 8
"""The part of the machine's memory that the histories of all runs may have, as one of so many. There are one or two
hosts on a machine. Of thirty runs, fifteen in each, on a machine of 2 GB, each has 17 MB, which holds the whole history
of most models of points (`playground.training.history`), and half of an autoencoder's."""

MOST = 512_000_000
"""Most bytes of these histories, however large the machine is: ten runs have as much as they want."""

QUESTIONS_AT_ONCE = 4
"""Most answers of one run in progress. Long ones are computed piece by piece, in the run's turns."""

BROKEN = "The trainer met an error that it did not expect. Reset, and train again."


class Unforkable(ValueError):
    """A fork that can't be had; a sentence for the visitor says why."""


def owner(message: Message) -> str:
    """The visitor whose run a message starts. A run without a visitor counts as a visitor of its own."""
    return message.get("visitor") or message["run"]


class Host:
    def __init__(self, send: Callable[[Message], None], device: str | None = None):
        """device: where its runs compute (see `playground.training.device`)."""
        self.send = send
        self.device = device_of(device)
        self.runs: dict[str, Hosted] = {}
        self._memory = min(memory() // SHARE, MOST)
        self._turns = 0

    @property
    def busy(self) -> bool:
        """Whether any run wants a turn."""
        return any(hosted.wants_turn for hosted in self.runs.values())

    def receive(self, message: Message) -> None:
        """Carry out a message: start, fork, resume, pause, step, edit, look, ask or close; and of a loan (see
        `playground.engine.zero`), lend, take or return. Errors are sent back as a
        frame's `message` or an answer's `error`; no message stops the host."""
        try:
            enter(self.device)
            self._carry_out(message["run"], message["do"], message)
        except Exception:
            self._broke(message["run"])

    def _carry_out(self, name: str, do: str, message: Message) -> None:
        if do in ("start", "fork"):
            try:
                self.runs[name] = self._start(message) if do == "start" else self._fork(message)
            except Unforkable as error:
                self._fail(name, 0, str(error))
            self._share_memory()
            return
        if name not in self.runs:
            if do == "ask":
                self.send({"run": name, "question": message["number"], "error": BROKEN})
            return
        hosted = self.runs[name]
        if hosted.begins and do != "close":
            hosted.early.append(message)
            return
        hosted.order = message.get("order", hosted.order)
        match do:
            case "close":
                del self.runs[name]
                self._share_memory()
            case "pause" if hosted.state == "training":
                hosted.change("paused")
            case "resume" if hosted.state == "paused":
                hosted.change("training")
            case "step" if hosted.state in ("paused", "done"):  # a trained model may take steps beyond its end
                hosted.change("training")
                hosted.until = hosted.run.step + int(message["steps"])
                hosted.only = message.get("only")
            case "edit":
                accepted = hosted.edit(message["changes"])
                self.send({"run": name, "edit": message.get("edit"), "accepted": accepted})
            case "look":
                look = ViewState.model_validate(message["look"])
                hosted.scene.see(look)
                hosted.due = hosted.due or hosted.state != "training"  # a training run sends one soon anyway
            case "ask":
                self._answer(hosted, message)
            case "lend":
                lent = hosted.lend(message["loan"], message["least"])
                self.send({"run": name, "loan": message["loan"], **lent})
            case "take":
                state = State.from_bytes(base64.b64decode(message["state"]))
                hosted.take(message["loan"], state, Snapshot(state.step, message["scalars"]), message["seconds"])
            case "return" if message["loan"] == hosted.loan:
                hosted.end_loan()
                hosted.message, hosted.due = message["message"] or hosted.message, True

    def _start(self, message: Message) -> Hosted:
        curves: list[Message] = []
        if message.get("model"):
            (run, curves), state = from_bytes(base64.b64decode(message["model"]), self.device), "done"
        elif message.get("checkpoint"):
            (run, curves), state = checkpoints.read(message["checkpoint"], self.device), "done"
            changes = run.experiment.sampling_changes(Experiment.model_validate(message["experiment"]))
            if changes:
                run.edit(**changes)
                learned = {"step", *run.snapshot().scalars}  # the rest was measured of samples, which are others now
                curves = [{name: value for name, value in of.items() if name in learned} for of in curves]
        else:
            run, state = Run(Experiment.model_validate(message["experiment"]), self.device), "training"
        hosted = Hosted(run, owner(message), ViewState.model_validate(message["look"]), state)
        hosted.scene.curves = curves
        hosted.until, hosted.only = message.get("steps"), message.get("only")
        if hosted.until == 0:
            hosted.change("paused")
        return hosted

    def _fork(self, message: Message) -> Hosted:
        """A fork of a run at an earlier step (see `playground.training.history`). It trains at once.

        Its frames have an "origin": the run and the step that it parted from, and whether it takes that run's place.
        """
        source = self.runs.get(message["from"])
        if source is None:
            raise Unforkable(GONE)
        self._begin(source, math.inf)
        try:
            fork = source.history.fork(source.run, int(message["step"]), message["changes"])
        except ValueError as error:
            raise Unforkable(explain(error)) from None
        origin = {"run": message["from"], "step": fork.step, "replaces": message["replaces"]}
        look = ViewState.model_validate(message["look"])
        hosted = Hosted(fork.run, owner(message), look, "training", fork, origin)
        if message["replaces"]:
            hosted.scene.curves = [scalars for scalars in source.scene.curves if scalars["step"] <= fork.step]
            hosted.camera.goes_on(source.scene, fork.step)
        if message.get("steps"):
            hosted.until, hosted.only = fork.step + message["steps"], message.get("only")
        return hosted

    def _share_memory(self) -> None:
        for hosted in self.runs.values():
            hosted.history.limit(self._memory // len(self.runs))

    def _begin(self, hosted: Hosted, seconds: float) -> None:
        """Bring a fork to the step at which it begins. Then it gets the messages that came too early."""
        hosted.begin(seconds)
        if not hosted.begins:
            early, hosted.early = hosted.early, []
            for message in early:
                self.receive(message)

    def _answer(self, hosted: Hosted, message: Message) -> None:
        reply: Message = {"run": message["run"], "question": message["number"]}
        if len(hosted.answers) >= QUESTIONS_AT_ONCE:
            self.send(reply | {"error": "One thing at a time: wait for the answer before."})
            return
        self._work_out(hosted, (reply, hosted.answer(message["question"])))

    def _work_out(self, hosted: Hosted, wanted: tuple[Message, Generator[None, None, Message]]) -> None:
        """Compute more pieces of an answer. Send the answer if it is complete, else queue it for the next turn."""
        reply, pieces = wanted
        began = time.thread_time()
        try:
            while time.thread_time() - began < PIECES:
                next(pieces)
            hosted.answers.append(wanted)
            return
        except StopIteration as end:
            reply["answer"] = end.value
        except ValueError as error:
            reply["error"] = explain(error)
        except Exception:
            logging.exception("run %s could not answer", reply["run"])
            reply["error"] = "The trainer could not answer this."
        self.send(reply)

    def turn(self) -> bool:
        """Give the next run that wants a turn a slice, and send its frame if one is due. False if there is none."""
        wanting = {name: hosted for name, hosted in self.runs.items() if hosted.wants_turn}
        if not wanting:
            return False
        enter(self.device)
        name = self._next(wanting)
        hosted = wanting[name]
        try:
            if hosted.begins:
                self._begin(hosted, SLICE)
                return True
            if not hosted.away and (hosted.run.step or not hosted.due):  # the first frame shows the untrained model
                hosted.train(SLICE)
            if self._shows(hosted):
                self._send_frame(name, hosted)
            hosted.prepare()
            if hosted.state == "training":
                hosted.camera.slow.go_on(PIECES)
            if hosted.answers:
                self._work_out(hosted, hosted.answers.pop(0))
        except Exception:  # an error in one run must not affect the others
            self._broke(name)
        return True

    def _next(self, wanting: dict[str, Hosted]) -> str:
        """The name of the next run: among those of the visitor who has waited longest, the one that has too."""
        waited: dict[str, int] = {}
        for hosted in self.runs.values():
            waited[hosted.visitor] = max(waited.get(hosted.visitor, 0), hosted.turn)
        visitors = dict.fromkeys(hosted.visitor for hosted in wanting.values())
        visitor = min(visitors, key=lambda who: waited[who])
        own = [name for name, hosted in wanting.items() if hosted.visitor == visitor]
        name = min(own, key=lambda name: wanting[name].turn)
        self._turns += 1
        wanting[name].turn = self._turns
        return name

    def _every(self, hosted: Hosted) -> float:
        """Seconds between two live frames of a run."""
        training = ((run.visitor, run.pace) for run in self.runs.values() if run.state == "training")
        return interval(hosted.pace, hosted.visitor, training)

    def _shows(self, hosted: Hosted) -> bool:
        """Whether a run sends a frame now. At rest, it is complete: it waits for what is still being prepared."""
        if hosted.state != "training":
            return hosted.due and hosted.prepared
        return hosted.due or hosted.pace.due(time.monotonic(), self._every(hosted))

    def _broke(self, name: str) -> None:
        hosted = self.runs.pop(name, None)
        step = hosted.run.step if hosted else 0
        logging.exception("run %s broke at step %d", name, step)
        self._fail(name, step, BROKEN)

    def _fail(self, name: str, step: int, sentence: str) -> None:
        self.send({"run": name, "state": "failed", "step": step, "message": sentence})

    def _send_frame(self, name: str, hosted: Hosted) -> None:
        now, began = time.monotonic(), time.thread_time()
        frame = hosted.frame() | {"run": name}
        if hosted.state == "training":
            hosted.pace.sent(now, self._every(hosted), time.thread_time() - began)
        told = {"run": name, "order": hosted.order, "state": hosted.state, "message": hosted.message}
        self.send(told | {"step": hosted.run.step, "scalars": frame["scalars"], "frame": encode(frame)})
