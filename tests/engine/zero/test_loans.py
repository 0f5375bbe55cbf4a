"""A host lends a run and takes back what came of it, and what stands between it and the run's handle asks for loans."""

import base64
import json
import time
from contextvars import ContextVar

import pytest

from playground import Experiment, Run
from playground.engine.hosting.host import Host
from playground.engine.zero.engine import NO_GPU, QUOTA, Loans
from playground.engine.zero.segment import segment
from tests.engine.zero.stepping import everything, stepped

# A host lends a run, and takes back what came of it.


class Lender:
    """A host, and what it sent."""

    def __init__(self, wanted: Experiment, **more):
        self.sent: list[dict] = []
        self.host = Host(self.sent.append, "cpu")
        self.say("start", experiment=wanted.model_dump(mode="json"), look={}, visitor="anna", **more)

    def say(self, do: str, **more) -> dict:
        self.host.receive({"do": do, "run": "a", **more})
        return self.sent[-1] if self.sent else {}

    def pieces(self, loan: int = 1) -> list[dict]:
        lent = self.say("lend", loan=loan, least=1)
        return list(segment(lent["experiment"], base64.b64decode(lent["state"]), lent["steps"], lent["only"]))

    def take(self, piece: dict, loan: int = 1) -> None:
        told = {"scalars": piece["scalars"], "seconds": piece["seconds"]}
        self.say("take", loan=loan, state=base64.b64encode(piece["state"]).decode(), **told)

    @property
    def hosted(self):
        return self.host.runs["a"]

    def frame(self) -> dict:
        while self.host.turn():
            pass
        return json.loads(next(message["frame"] for message in reversed(self.sent) if "frame" in message))


def test_what_comes_back_is_shown_asked_and_kept(small, each_step):
    wanted = small(steps=20, seed=4)
    lender = Lender(wanted)
    pieces = lender.pieces()
    for piece in pieces[:-1]:
        lender.take(piece)
    assert everything(lender.hosted.run) == pieces[-2]["state"]
    shown = lender.frame()  # and it waits: a turn trains no step
    assert (shown["step"], shown["state"]) == (19, "training")
    assert shown["scalars"]["loss"] == pytest.approx(pieces[-2]["scalars"]["loss"], abs=1e-4)
    lender.say("ask", number=1, question={"ask": "sample", "n": 5, "seed": 1, "step": 7})
    lender.frame()
    answer = next(message["answer"] for message in lender.sent if message.get("question") == 1)
    assert answer["samples"] == pytest.approx(stepped(Run(wanted), 7).sample(5, seed=1), abs=1e-4)
    lender.take(pieces[-1])
    shown = lender.frame()
    assert (shown["step"], shown["state"], "loss" in shown["scalars"]) == (20, "done", True)


def test_until_something_comes_and_after_that_it_trains_here(small, each_step):
    lender = Lender(small(steps=100_000))
    late = lender.say("lend", loan=1, least=1)
    lender.host.turn()
    lender.host.turn()
    step = lender.hosted.run.step
    assert step > 0
    old = segment(late["experiment"], base64.b64decode(late["state"]), 1, None)
    lender.take(next(old))
    assert lender.hosted.run.step == step, "it had come further"
    lender.say("return", loan=1, message=QUOTA)
    lender.host.turn()
    assert lender.hosted.run.step > step
    assert lender.hosted.message == QUOTA


@pytest.mark.parametrize("change", ["pause", "edit", "step"])
def test_who_changes_the_run_ends_the_loan(small, each_step, change):
    lender = Lender(small(steps=20))
    pieces = lender.pieces()
    lender.take(pieces[3])
    if change == "step":
        lender.say("pause")
    lender.say(change, **{"edit": {"changes": {"learning_rate": 0.01}}, "step": {"steps": 2}}.get(change, {}))
    before = everything(lender.hosted.run)
    lender.take(pieces[10])
    lender.say("return", loan=1, message=QUOTA)
    assert everything(lender.hosted.run) == before
    assert not lender.hosted.message
    shown = lender.frame()
    assert (shown["step"], shown["state"]) == {"pause": (4, "paused"), "edit": (20, "done"), "step": (6, "paused")}[
        change
    ]


def test_what_gains_nothing_is_not_lent(small):
    for lender in (Lender(small(steps=20), steps=0), Lender(small(steps=20, reflows=1))):
        assert "state" not in lender.say("lend", loan=1, least=1)
    assert "state" not in Lender(small(steps=20)).say("lend", loan=1, least=21)


# The loans of a run, between its handle and its host.

asking: ContextVar[str] = ContextVar("asking", default="nobody")


class Refusal(Exception):
    title = "ZeroGPU quota exceeded"


class Bank:
    """The other end of loans: what their host is sent, and what their function does."""

    def __init__(self, pieces=(), steps=5):
        self.sent: list[dict] = []
        self.asked: list[str] = []
        self.pieces, self.steps, self.closed = pieces, steps, 0
        self.loans = Loans("a", self.send, self.train, least=3)

    def send(self, message: dict) -> None:
        self.sent.append(message)
        if message["do"] == "lend":
            state = base64.b64encode(b"state").decode()
            lent = {"state": state, "steps": self.steps, "only": None, "experiment": {}} if self.steps else {}
            self.loans.receive({"run": "a", "loan": message["loan"], **lent})

    def train(self, experiment, state, steps, only):
        self.asked.append(asking.get())
        ends = "last" in self.pieces
        try:
            for piece in self.pieces:
                if isinstance(piece, Exception):
                    raise piece
                if callable(piece):
                    piece()
                else:
                    yield {"state": b"new", "scalars": {}, "seconds": 1.0, "last": piece == "last"}
        except GeneratorExit:
            self.closed += 1
            raise
        finally:
            if ends:
                self.steps = 0

    def tell(self, *orders: str) -> list[str]:
        """What the host was told, when all is quiet again."""
        for do in orders:
            self.loans.post({"do": do, "run": "a"})
        self.quiet()
        return [message["do"] for message in self.sent]

    def quiet(self) -> None:
        while self.loans._busy:
            time.sleep(0.001)


def test_segment_follows_segment_until_the_end():
    bank = Bank(pieces=["more", "last"])
    told = bank.tell("start")
    assert told == ["start", "lend", "take", "take", "return", "lend"]
    assert bank.sent[2] == {
        "do": "take",
        "run": "a",
        "loan": 1,
        "state": base64.b64encode(b"new").decode(),
        "scalars": {},
        "seconds": 1.0,
    }
    assert [message["message"] for message in bank.sent if message["do"] == "return"] == [""]


@pytest.mark.parametrize(("error", "said"), [(Refusal(), QUOTA), (RuntimeError("broken"), NO_GPU)], ids=str)
def test_a_refusal_is_told_once_and_no_gpu_is_asked_for_again(error, said, caplog):
    bank = Bank(pieces=["more", error])
    assert bank.tell("start") == ["start", "lend", "take", "return"]
    assert bank.sent[-1]["message"] == said
    assert bank.tell("resume", "edit")[4:] == ["resume", "edit"]


def test_a_segment_that_breaks_off_is_not_repeated():
    assert Bank(pieces=["more"]).tell("start") == ["start", "lend", "take", "return"]


def test_a_change_stops_a_segment_and_begins_another():
    bank = Bank()

    def edit() -> None:
        bank.loans.post({"do": "edit", "run": "a"})
        bank.pieces = ["last"]

    bank.pieces = ["more", edit, "more", "more"]
    told = bank.tell("start")
    assert told == ["start", "lend", "take", "edit", "return", "lend", "take", "return", "lend"]
    assert [message["loan"] for message in bank.sent if message["do"] == "lend"] == [1, 2, 2]
    assert bank.closed == 1


@pytest.mark.parametrize("order", ["pause", "close"])
def test_a_run_that_rests_is_not_lent(order):
    bank = Bank()
    bank.pieces = ["more", lambda: bank.loans.post({"do": order, "run": "a"}), "more"]
    assert bank.tell("start") == ["start", "lend", "take", order, "return"]
    assert bank.tell("look", "ask")[5:] == ["look", "ask"]


def test_it_is_the_visitors_own_quota():
    bank = Bank(pieces=["last"])
    for who in ("anna", "bert"):
        token = asking.set(who)
        bank.steps = 5
        bank.tell("resume")
        asking.reset(token)
    assert bank.asked == ["anna", "bert"]
